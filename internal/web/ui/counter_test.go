package ui

import (
	"slices"
	"testing"

	"shingle/internal/body/people"
)

// TestNoNameMakesAnAffairOnesOwn names oneself as the member of an act that is about somebody else.
func TestNoNameMakesAnAffairOnesOwn(t *testing.T) {
	for _, a := range people.Domain().Acts {
		if a.Kind != "person.leave" {
			continue
		}
		me := Who{Actor: "person/0012", Role: "person"}
		if about := concerning(a, people.Leave{Person: "0001", Member: "person/0012"}, me); slices.Contains(about, me.Actor) {
			t.Errorf("an act about person 0001 is about %v", about)
		}
		if about := concerning(a, people.Leave{Person: "0012", Member: "0042"}, me); !slices.Contains(about, me.Actor) || !slices.Contains(about, "0042") {
			t.Errorf("an act about person 0012 at 0042 is about %v", about)
		}
	}
}
