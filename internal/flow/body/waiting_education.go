package flowbody

import (
	"fmt"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/people"
)

// educationWaits returns what waits for the education officer of a stream.
func educationWaits(w act.World, kind, id string) (Waiting, bool) {
	waits := Waiting{Subject: kind + "/" + id}
	switch kind {
	case "learner":
		n, since := learnerOf(w, id).Waiting()
		waits.Kind, waits.Act, waits.Since = WaitingCredit, "credit.decide", since
		waits.What = fmt.Sprintf("Person %s claims credit for what they completed elsewhere.", id)
		if n > 1 {
			waits.What = fmt.Sprintf("Person %s claims credit for %d things that they completed elsewhere.", id, n)
		}
		return waits, n > 0 && personOf(w, "person/"+id).Stage != people.Forgotten
	case "provider":
		p := act.StateOf[education.Provider](w, waits.Subject)
		waits.Kind, waits.Act, waits.Since = WaitingProvider, "provider.approve", p.Asked
		waits.What = "Provider " + id + " asks for approval."
		return waits, p.Stage == education.Asked
	case "course":
		c := act.StateOf[education.Course](w, waits.Subject)
		waits.Kind, waits.Act, waits.Since = WaitingCourse, "course.approve", c.Asked
		waits.What = "Course " + id + " of provider " + c.Provider + " waits for approval."
		return waits, c.Stage == education.Asked
	case "audit":
		a := act.StateOf[education.Audit](w, waits.Subject)
		waits.Kind, waits.Act, waits.Since = WaitingAudit, "audit.draw", a.Committed
		if v, ok := codeOf(w).InForce(a.Committed); ok {
			waits.Since = a.DrawnFrom(v.Requirements.Education, bodyOf(w).Location)
		}
		waits.What = "The sample of audit " + id + " is to be drawn, from " + act.DateIn(waits.Since, bodyOf(w).Location).String() + " on."
		return waits, a.Commitment != "" && !a.IsDrawn
	}
	return Waiting{}, false
}
