package roster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is a sort of list: what its rows ask for, and in which columns.
type Kind struct {
	of      string // what it is a list of, e.g. "a roster"
	act     string // that each row asks for
	columns []string
	needs   []need
	aliases map[string][]string // names under which others export what we call otherwise, folded by fold
	normal  func(column, value string) string
	// check returns what finds rows that contradict earlier ones of the file, whatever the record holds.
	check func() func(in *input, r *row)
	// members says that names, and statuses in the file, are looked at as well.
	members bool
}

// need is a column that a file cannot go without.
type need struct{ column, what string }

// Members is a list of members: each row asks for member.enrol.
var Members = &Kind{
	of: "a roster", act: "member.enrol", columns: Columns, needs: []need{{"number", "the member's number"}, {"name", "the member's name"}},
	aliases: aliases, normal: normal, members: true,
	check: func() func(*input, *row) {
		return seen{numbers: map[string]int{}, domains: map[string]int{}}.check
	},
}

// Completions is a list of courses that people completed, as providers send it: each row asks for credit.record.
var Completions = &Kind{
	of: "a list of completions", act: "credit.record",
	columns: []string{"person", "course", "on", "minutes", "attendance", "mark", "checks", "for"},
	needs:   []need{{"person", "the person's number"}, {"course", "the course's number"}, {"on", "the day of completion"}},
	aliases: map[string][]string{
		"person":     {"person number", "person id", "learner", "learner id", "number"},
		"course":     {"course number", "course id", "course code"},
		"on":         {"date", "completed", "completed on", "completion date", "date completed"},
		"minutes":    {"minutes attended", "duration", "duration minutes"},
		"attendance": {"attendance percent", "attended"},
		"mark":       {"score", "grade", "result"},
		"checks":     {"checks answered", "polls answered"},
		"for":        {"makes up for"},
	},
	normal: func(column, value string) string {
		if column == "on" || column == "for" {
			return day(value)
		}
		return value
	},
	check: func() func(*input, *row) {
		return completed{map[[3]string]int{}, map[[2]string]int{}}.check
	},
}

// kind returns what an import takes in: members, unless it says otherwise.
func (im Import) kind() *Kind {
	if im.Of == nil {
		return Members
	}
	return im.Of
}

// completed remembers who completed what on which day, in which line, and how many minutes they were at it that day.
type completed struct {
	lines   map[[3]string]int
	minutes map[[2]string]int
}

func (c completed) check(in *input, r *row) {
	one := func(column string) string { return strings.Join(r.values[column], "") }
	key := [3]string{one("person"), one("course"), one("on")}
	if slices.Contains(key[:], "") {
		return
	}
	if line, ok := c.lines[key]; ok {
		in.blame(r, "", fmt.Sprintf("person %s, course %s on %s are already in line %d", key[0], key[1], key[2], line))
		return
	}
	c.lines[key] = r.line
	n, err := strconv.Atoi(one("minutes"))
	if err != nil || n < 0 {
		return // what it is not is said when it is read
	}
	that := [2]string{key[0], key[2]}
	if c.minutes[that] += min(n, 1<<20); c.minutes[that] > 24*60 && n <= 24*60 {
		in.blame(r, "minutes", fmt.Sprintf("with the lines above, person %s has %d minutes on %s", that[0], c.minutes[that], that[1]))
	}
}
