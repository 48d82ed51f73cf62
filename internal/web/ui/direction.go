package ui

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// overrides begin or end a stretch of text whose letters run another way than they would (UAX #9, section 2).
// Names have no use for them, and can do harm by them: what stands around a name would run the other way too.
const overrides = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

// Isolate and pop: what stands between them runs its own way, and nothing else does.
const isolate, pop = "\u2068", "\u2069"

// Isolated returns a name, or whatever else somebody chose, as it stands among words of ours: without what
// turns their direction, and kept to itself if it is written from right to left.
func Isolated(name string) string {
	if strings.ContainsAny(name, overrides) {
		name = strings.Map(func(r rune) rune {
			if strings.ContainsRune(overrides, r) {
				return -1
			}
			return r
		}, name)
	}
	if strings.ContainsFunc(name, rightToLeft) {
		return isolate + name + pop
	}
	return name
}

func isolatedList(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = Isolated(n)
	}
	return out
}

func rightToLeft(r rune) bool {
	if r < 0x0590 { // Hebrew is the first
		return false
	}
	p, _ := bidi.LookupString(string(r))
	return p.Class() == bidi.R || p.Class() == bidi.AL
}
