package cases

import (
	"testing"
	"time"
)

// Whatever a case waits for, somebody can do.
func TestWhatIsAwaitedIsAnAct(t *testing.T) {
	kinds := map[string]bool{}
	for _, a := range Domain().Acts {
		kinds[a.Kind] = true
	}
	for want, r := range map[string]*room{
		"case.investigate": enter(t).lodged(), "case.draft-charges": enter(t).investigating(), "case.feedback": enter(t).charged(), "case.name-panel": enter(t).answered(),
		"case.hear": enter(t).panelled(), "case.decide": enter(t).heard(), "case.serve-decision": enter(t).decided(), "case.publish": enter(t).final(),
		"case.decide-appeal": enter(t).appealVoted(),
	} {
		a, ok := r.c.Awaits()
		if a.Act != want || !ok || !kinds[a.Act] || a.What == "" || a.Since.IsZero() {
			t.Errorf("while it is %s, %+v is awaited, want %s", r.c.Stage, a, want)
		}
	}
	if a, _ := enter(t).heard().c.Awaits(); !a.Due.Equal(date("2027-04-13").End(time.UTC)) && a.Due.IsZero() {
		t.Errorf("the decision is due %s", a.Due)
	}
	r := enter(t)
	r.do(anyone, complaint())
	if a, _ := r.c.Awaits(); a.Act != "case.assign" {
		t.Errorf("first %+v is awaited", a)
	}
	paused := enter(t).charged()
	paused.do(rep, BarAnswer{id, "0042", "x"})
	if a, _ := paused.c.Awaits(); a.Act != "case.resume" || !a.Due.IsZero() {
		t.Errorf("while it is paused, %+v is awaited", a)
	}
	settled := enter(t).lodged()
	settled.do(manager, Settle{id, words("x"), true, true})
	if a, _ := settled.c.Awaits(); a.Act != "case.feedback" {
		t.Errorf("after it is settled, %+v is awaited", a)
	}
	claim := enter(t)
	claim.do(anyone, seen())
	if a, ok := claim.claim.Awaits(); !ok || !kinds[a.Act] {
		t.Errorf("of a claim %+v is awaited", a)
	}
}
