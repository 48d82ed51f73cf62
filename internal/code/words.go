package code

import (
	"slices"
	"strings"
	"unicode"
)

// Op says what became of the words of a [Run].
type Op string

// What can become of words.
const (
	Same     Op = "same"
	Deleted  Op = "deleted"
	Inserted Op = "inserted"
)

// Run is a stretch of Markdown that one thing happened to.
type Run struct {
	Op   Op
	Text string
}

// word is a word with the space before it, or the gap between two paragraphs. Words are compared
// without the space: a text that is only wrapped anew says the same.
type word struct{ space, letters string }

const gap = "\n\n"

func words(s string) []word {
	var all []word
	for s != "" {
		n := strings.IndexFunc(s, func(c rune) bool { return !unicode.IsSpace(c) })
		if n < 0 {
			n = len(s)
		}
		space := s[:n]
		if strings.Count(space, "\n") > 1 && n < len(s) {
			all, space = append(all, word{space, gap}), ""
		}
		s = s[n:]
		if n = strings.IndexFunc(s, unicode.IsSpace); n < 0 {
			n = len(s)
		}
		if n > 0 {
			all = append(all, word{space, s[:n]})
		}
		s = s[n:]
	}
	return all
}

func (w word) text() string {
	if w.letters == gap {
		return w.space
	}
	return w.space + w.letters
}

// compare returns the runs that make b of a. What is the same is given as b spaces it.
func compare(a, b string) []Run {
	wa, wb := words(a), words(b)
	var runs []Run
	add := func(op Op, ws []word) {
		var text strings.Builder
		for _, w := range ws {
			text.WriteString(w.text())
		}
		if len(ws) > 0 {
			runs = append(runs, Run{op, text.String()})
		}
	}
	at := 0
	for _, h := range joined(hunks(letters(wa), letters(wb))) {
		add(Same, wb[at:h.b0])
		add(Deleted, wa[h.a0:h.a1])
		add(Inserted, wb[h.b0:h.b1])
		at = h.b1
	}
	add(Same, wb[at:])
	return runs
}

func letters(ws []word) []string {
	all := make([]string, len(ws))
	for i, w := range ws {
		all[i] = w.letters
	}
	return all
}

// joined makes one of two hunks, each of several words, between which a single word stayed: a "the"
// that both sentences happen to have only makes them harder to read.
func joined(hs []hunk) []hunk {
	var all []hunk
	for _, h := range hs {
		if last := len(all) - 1; last >= 0 && h.a0-all[last].a1 == 1 && h.size() > 2 && all[last].size() > 2 {
			all[last].a1, all[last].b1 = h.a1, h.b1
			continue
		}
		all = append(all, h)
	}
	return all
}

// hunk says that a[a0:a1] was replaced by b[b0:b1].
type hunk struct{ a0, a1, b0, b1 int }

func (h hunk) size() int { return h.a1 - h.a0 + h.b1 - h.b0 }

// mostEdits bounds time and memory of a comparison. Two texts that are further apart have so little in
// common that the whole is shown as replaced.
const mostEdits = 1000

// hunks returns where a and b differ, after Myers, "An O(ND) Difference Algorithm" (1986). A library
// would bring more than these lines: those at hand compare characters or lines, and floor 0 is kept
// free of all but the standard library, Markdown and YAML.
func hunks(a, b []string) []hunk {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	gone, come := edited(a[start:endA], b[start:endB])

	var all []hunk
	for i, j := 0, 0; i < len(gone) || j < len(come); {
		i0, j0 := i, j
		for i < len(gone) && gone[i] {
			i++
		}
		for j < len(come) && come[j] {
			j++
		}
		if i > i0 || j > j0 {
			all = append(all, hunk{start + i0, start + i, start + j0, start + j})
			continue
		}
		i, j = i+1, j+1
	}
	return all
}

// edited marks what is gone from a and what has come into b.
func edited(a, b []string) (gone, come []bool) {
	gone, come = make([]bool, len(a)), make([]bool, len(b))
	limit := min(len(a)+len(b), mostEdits)
	furthest := make([]int32, 2*limit+3) // by diagonal, how far into a
	mid := limit + 1
	var before [][]int32 // furthest as it was before each step
	for d := 0; d <= limit; d++ {
		before = append(before, slices.Clone(furthest[mid-d:mid+d+1]))
		for k := -d; k <= d; k += 2 {
			var x int
			if down(k, d, furthest[mid-d:]) {
				x = int(furthest[mid+k+1])
			} else {
				x = int(furthest[mid+k-1]) + 1
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			furthest[mid+k] = int32(x)
			if x >= len(a) && x-k >= len(b) {
				trace(before, len(a), len(b), gone, come)
				return gone, come
			}
		}
	}
	for i := range gone {
		gone[i] = true
	}
	for j := range come {
		come[j] = true
	}
	return gone, come
}

// down reports whether step d reaches diagonal k by an insertion. furthest starts at diagonal -d.
func down(k, d int, furthest []int32) bool {
	return k == -d || k != d && furthest[k-1+d] < furthest[k+1+d]
}

func trace(before [][]int32, x, y int, gone, come []bool) {
	for d := len(before) - 1; d > 0; d-- {
		if k := x - y; down(k, d, before[d]) {
			x = int(before[d][k+1+d])
			y = x - k - 1
			come[y] = true
		} else {
			x = int(before[d][k-1+d])
			y = x - k + 1
			gone[x] = true
		}
	}
}
