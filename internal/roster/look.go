package roster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Look is something about a row that a person should look at before the roster is taken in.
type Look struct {
	Line   int    `json:"line"`
	Column string `json:"column"` // as the file calls it
	What   string `json:"what"`
}

// maxLooks bounds how many a report spells out.
const maxLooks = 50

// chosen are our columns that hold what somebody chose to be called.
var chosen = []string{"name", "trading_names", "address", "place", "country", "services", "contact_name"}

// sight looks at the names of a roster while it is previewed.
type sight struct {
	in    *input
	rep   *Report
	alike map[string]seenName // by skeleton
}

// seenName is a company's name in the file.
type seenName struct {
	line           int
	column         string
	number, folded string
}

func (s *sight) note(line int, column, what string) {
	s.rep.Looking++
	if len(s.rep.Looks) < maxLooks {
		s.rep.Looks = append(s.rep.Looks, Look{line, s.in.theirs(column), what})
	}
}

// row looks at one row.
func (s *sight) row(r *row) {
	for _, column := range chosen {
		for _, value := range r.values[column] {
			for _, odd := range Oddities(value) {
				s.note(r.line, column, odd)
			}
		}
	}
	number := strings.Join(r.values["number"], "")
	for _, column := range []string{"name", "trading_names"} {
		for _, list := range r.values[column] {
			for _, name := range namesIn(column, list) {
				bones, plain := skeleton(name), folded(name)
				other, ok := s.alike[bones]
				switch {
				case !ok:
					s.alike[bones] = seenName{r.line, column, number, plain}
				case other.folded != plain && other.number != number:
					s.note(r.line, column, fmt.Sprintf("reads like a name in line %d, in other letters", other.line))
				}
			}
		}
	}
}

func namesIn(column, list string) []string {
	if column == "name" {
		return []string{list}
	}
	return strings.Split(list, ";")
}

// members compares the names with those that are in the register.
func (s *sight) members(ctx context.Context, names func(context.Context, func(number, name string)) error) error {
	if names != nil {
		err := names(ctx, func(number, name string) {
			in, ok := s.alike[skeleton(name)]
			if ok && in.number != number && in.folded != folded(name) {
				s.note(in.line, in.column, fmt.Sprintf("reads like %q, the name of member %s, in other letters", name, number))
			}
		})
		if err != nil {
			return fmt.Errorf("the members' names cannot be read: %w", err)
		}
	}
	slices.SortStableFunc(s.rep.Looks, func(a, b Look) int { return cmp.Compare(a.Line, b.Line) })
	return nil
}
