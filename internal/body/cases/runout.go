package cases

import (
	"time"

	"shingle/internal/act"
)

// RunOut notes that the time which a case was waiting for has run: an offer expires, a dismissal stands, silence is
// a default, a decision that nobody appealed is final. The clock asks for it; so may whoever looks after the case.
type RunOut struct {
	Case string `json:"case" label:"Case number"`
}

// DismissalStood closes a case: nobody asked for a review in time.
type DismissalStood struct{ Of }

// DefaultNoted says that the time to answer has run without an answer. It admits nothing.
type DefaultNoted struct {
	Of
	Terms []TermSet `json:"terms"`
}

func (e DismissalStood) happen(c *Case) { c.end(OutcomeDismissed, e.At) }

func (e DefaultNoted) happen(c *Case) {
	c.Charges.Defaulted = e.At
	c.done(e.At, TermAnswer)
	c.begin(e.At, e.Terms...)
}

var runOutAct = act.Define(stream, "case.run-out", "Notes that the time which a case was waiting for has run; the clock asks for it.",
	func(cmd RunOut, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.runOut)

func (c Case) runOut(f Facts, cmd RunOut, m act.Meta) ([]act.Event, error) {
	if c.Stage == "" {
		return nil, c.at(cmd.Case)
	}
	if m.Role != "clock" && m.Role != "system" {
		if err := c.leads(m); err != nil {
			return nil, err
		}
	}
	ran := func(name string) bool {
		t, runs := c.running(name)
		return runs && c.Paused.IsZero() && !m.At.Before(t.Due)
	}
	switch {
	case c.Stage == Offered && ran(TermOffer):
		return []act.Event{OfferDeclined{c.of(m), true}}, nil
	case c.Stage == Dismissed && ran(TermReview):
		return []act.Event{DismissalStood{c.of(m)}}, nil
	case c.Stage == Charged && ran(TermAnswer):
		return []act.Event{DefaultNoted{c.of(m), []TermSet{{TermReopen, f.deadline(m.At, f.procedure(m).DefaultReopen)}}}}, nil
	case c.Stage == Served && ran(TermAppeal):
		t, _ := c.running(TermAppeal)
		return []act.Event{c.finalized(f, OutcomeProven, act.DateIn(t.Due.Add(-time.Microsecond), f.zone()), m)}, nil
	}
	return nil, nil
}

// Runs returns when case.run-out is next to be asked for; zero while nothing waits for time to run.
func (c Case) Runs() time.Time {
	name := map[Stage]string{Offered: TermOffer, Dismissed: TermReview, Charged: TermAnswer, Served: TermAppeal}[c.Stage]
	if t, ok := c.running(name); ok && c.Paused.IsZero() {
		return t.Due
	}
	return time.Time{}
}
