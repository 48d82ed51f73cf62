package ui_test

import (
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/ui"
)

func TestEveryEventIsSaidInWords(t *testing.T) {
	for _, kind := range flowbody.Catalogue().EventKinds() {
		if kind == "standing.stated" {
			continue // its words are those of a standing
		}
		prefix, _, _ := strings.Cut(kind, ".")
		said := ui.Happens(act.Recorded{Stream: prefix + "/0042", Kind: kind})
		if strings.Contains(said, "has on record: ") {
			t.Errorf("%s has no words; give it some in happens", kind)
		}
	}
	stated := act.Recorded{Stream: "standing/0042", Kind: "standing.stated", Event: standing.Stated{Name: "Acme", Status: standing.Good}}
	if said := ui.Happens(stated); said != "The public log states: Acme is a member in good standing." {
		t.Errorf("a statement is said as %q", said)
	}
}
