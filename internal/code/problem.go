package code

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a code file.
type Problem struct {
	Line   int    // from 1
	Column int    // in characters, from 1; a tab is one character
	Wrong  string // what is wrong, e.g. `"attestaton" is not a key of confidentiality`
	Rule   string // the rule it breaks, as a sentence
	Cure   string // the way out, as a sentence
}

func (p Problem) String() string {
	return fmt.Sprintf("%d:%d: %s. %s %s", p.Line, p.Column, p.Wrong, p.Rule, p.Cure)
}

// Problems are all that is wrong with a code file, in the order of their places. None means that the
// file is good.
type Problems []Problem

// Err returns the problems as an error, or nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Error puts each problem on a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return ps
}

// didYouMean returns a cure for a word that is none of those known.
func didYouMean(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := edits(strings.ToLower(word), k); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("Did you mean %q?", best)
	}
	return "Known are: " + strings.Join(known, ", ") + "."
}

// edits returns how many letters must be put in, taken out or exchanged to make b of a.
func edits(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			swap := diagonal
			if a[i] != b[j] {
				swap++
			}
			diagonal = row[j+1]
			row[j+1] = min(swap, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
