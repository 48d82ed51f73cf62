package cli

import (
	"errors"
	"strings"
	"testing"
)

// TestWhatCannotBeNotedIsHandedInAgain has no place to note anything in: a mail server tries again by the status.
func TestWhatCannotBeNotedIsHandedInAgain(t *testing.T) {
	var out, errs strings.Builder
	r := &run{Terminal: Terminal{In: strings.NewReader("x"), Out: &out, Err: &errs}, ctx: t.Context(), given: map[string]bool{}}
	err := (&mailBounced{File: "-"}).Run(r)
	var status exit
	if !errors.As(err, &status) || status.status != 75 || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
}
