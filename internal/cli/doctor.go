package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"text/tabwriter"
)

// Finding is what was found about one side of a place.
type Finding struct {
	Check string `json:"check"`        // e.g. "keys"
	State string `json:"state"`        // Fine, Look or Wrong
	Says  string `json:"says"`         // what is so
	Do    string `json:"do,omitempty"` // what to do about it; "" where all is well
}

// States of a finding.
const (
	Fine  = "fine"
	Look  = "look"  // somebody should look at it before it goes wrong
	Wrong = "wrong" // it does not do what it should
)

// Doctor looks at a place.
type Doctor interface {
	// Examine says how a place is, side by side. It reads and changes nothing; quick leaves out what reads
	// every row. It works beside a server that has the place open.
	Examine(ctx context.Context, at Place, quick bool, tell Telling) ([]Finding, error)
}

// doctor examines a place.
type doctor struct {
	Place
	Quick       bool `help:"Leave out what reads every row: the chain, the public log, the views and the blobs."`
	AcceptClock bool `help:"Believe the machine's clock again, after having looked at it: what was stopped goes on."`
	JSON        bool `help:"Print JSON." name:"json"`
}

// Help is what kong shows below the usage.
func (doctor) Help() string {
	return "Exit status: 0 nothing is wrong, 1 something is, 2 it could not be examined."
}

func (c *doctor) Run(r *run) error {
	if c.AcceptClock {
		return c.acceptClock(r)
	}
	p := newProgress(r.Err, "examining")
	findings, err := r.house.Examine(r.ctx, c.Place, c.Quick, func(_ string, done, of int64) { p.show(done, of) })
	p.end()
	if err != nil {
		return err
	}
	wrong := 0
	for _, f := range findings {
		if f.State == Wrong {
			wrong++
		}
	}
	if c.JSON {
		err = printJSON(r.Out, map[string]any{"findings": findings, "wrong": wrong})
	} else {
		err = printFindings(r, findings)
	}
	if err == nil && wrong > 0 {
		return exit{1, errSilent}
	}
	return err
}

func printFindings(r *run, findings []Finding) error {
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.State, f.Check, f.Says)
		if f.Do != "" {
			fmt.Fprintf(w, "\t\t→ %s\n", f.Do)
		}
	}
	return w.Flush()
}

// acceptClock says to whoever serves the place that its clock is right.
func (c *doctor) acceptClock(r *run) error {
	if c.Quick || c.JSON {
		return errors.New("--accept-clock stands alone: it examines nothing")
	}
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	if _, err := a.read(http.MethodPost, "/local/clock/accept", nil, []byte("{}"), nil); err != nil {
		return err
	}
	_, err = fmt.Fprintln(r.Out, "the machine's clock is believed from now on")
	return err
}
