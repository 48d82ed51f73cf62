package record

import (
	"testing"

	"shingle/internal/act"
)

// A series that is found under another name begins again, and looks at every number that was given before.
func TestASeriesIsCountedUnderItsOwnName(t *testing.T) {
	members := &act.Stream{Prefix: "member"}
	for series, id := range map[string]string{"": "0042", "2026-": "2026-0042", "A-": "A-0042"} {
		x := newIndexes(nil)
		x.count(members.Name(id))
		x.count(members.Name(series + "0007"))
		if got := x.series[members.Name(series)]; got != 42 {
			t.Errorf("the series %q of %s has come to %d", series, id, got)
		}
	}
}
