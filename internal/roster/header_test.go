package roster

import (
	"errors"
	"strings"
	"testing"
)

// TestAHeaderOfEndlessColumnsIsRefused hands in a row that would be compared, cell by cell, with all names of ours.
func TestAHeaderOfEndlessColumnsIsRefused(t *testing.T) {
	wide := func(n int) string { return "number,name" + strings.Repeat(",x", n-2) + "\n" }
	var h *HeaderError
	if _, err := Glance(strings.NewReader(wide(mostColumns+1)), 3); !errors.As(err, &h) || !strings.Contains(err.Error(), "1001 columns") {
		t.Errorf("one too many: %v", err)
	}
	if g, err := Glance(strings.NewReader(wide(mostColumns)), 3); err != nil || g.Ours["number"] != "number" {
		t.Errorf("as many as may be: %v", err)
	}
}
