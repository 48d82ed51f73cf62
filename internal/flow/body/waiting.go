package flowbody

import (
	"cmp"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
)

// The kinds of what waits for the body's own people.
const (
	WaitingApplication  = "application"    // a company waits to be let in
	WaitingConfirmation = "confirmation"   // an order waits for a second officer
	WaitingReview       = "interim-review" // an interim suspension ends unless it is reviewed
	WaitingInterimEnd   = "interim-end"    // an interim suspension ends for good
	WaitingConditions   = "conditions"     // conditions are to be met, and somebody is to say so
	WaitingCharge       = "charge"         // charges are open
	WaitingCase         = "case"           // a case waits for those who look after it: nobody else may see this
	WaitingClaim        = "claim"          // so does the matter of a false claim
	WaitingCredit       = "credit"         // somebody claims credit for what they completed elsewhere
	WaitingProvider     = "provider"       // somebody asks to be approved as a provider of courses
	WaitingCourse       = "course"         // a provider's course waits to be approved
	WaitingAudit        = "audit"          // a sample is to be drawn
)

// WaitingKinds lists the kinds above.
var WaitingKinds = []string{WaitingApplication, WaitingConfirmation, WaitingReview, WaitingInterimEnd, WaitingConditions, WaitingCharge, WaitingCase, WaitingClaim,
	WaitingCredit, WaitingProvider, WaitingCourse, WaitingAudit}

// Waiting is something that waits for the body's own people. All times are UTC.
type Waiting struct {
	Kind    string
	Subject string // the stream that it is about, e.g. "order/2026-0001"; one thing at a time waits of each
	Member  string // number of the member it concerns; "" of a false claim, and of education
	What    string // a sentence, without names
	Act     string // kind of an act that answers it; there may be others
	Since   time.Time
	Due     time.Time // zero: no day is set
	Until   time.Time // when it no longer waits, without anybody doing anything; zero for never
}

// Compare orders what waits: what has a day first, the earliest before the others; then what has waited longest.
func (v Waiting) Compare(o Waiting) int {
	if v.Due.IsZero() != o.Due.IsZero() {
		if v.Due.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(v.Due.Compare(o.Due), v.Since.Compare(o.Since), cmp.Compare(v.Subject, o.Subject))
}

// WaitingOn returns what waits of one stream, and false if nothing does.
func WaitingOn(w act.World, stream string) (Waiting, bool) {
	kind, id, _ := strings.Cut(stream, "/")
	switch kind {
	case "member":
		return applicationWaits(stream, act.StateOf[membership.Member](w, stream))
	case "order":
		return orderWaits(stream, act.StateOf[discipline.Order](w, stream))
	case "charge":
		c := act.StateOf[discipline.ChargeState](w, stream)
		return Waiting{
			Kind: WaitingCharge, Subject: stream, Member: c.Member, Since: c.Served, Act: "charge.close",
			What: "Charges " + id + " against member " + c.Member + " are open.",
		}, c.Member != "" && c.Outcome == ""
	case "case":
		c := act.StateOf[cases.Case](w, stream)
		a, ok := c.Awaits()
		return Waiting{Kind: WaitingCase, Subject: stream, Member: c.Member, What: "Case " + id + " " + a.What + ".", Act: a.Act, Since: a.Since, Due: a.Due}, ok
	case "claim":
		a, ok := act.StateOf[cases.Claim](w, stream).Awaits()
		return Waiting{Kind: WaitingClaim, Subject: stream, What: "Claim " + id + " " + a.What + ".", Act: a.Act, Since: a.Since, Due: a.Due}, ok
	}
	return educationWaits(w, kind, id)
}

func applicationWaits(stream string, m membership.Member) (Waiting, bool) {
	if m.Stage != membership.Applicant {
		return Waiting{}, false
	}
	waits := Waiting{Kind: WaitingApplication, Subject: stream, Member: m.Number, Since: m.Applied, Act: "member.check"}
	_, failed, missing := m.Looked()
	switch {
	case len(missing) > 0:
		waits.What = "Application " + m.Number + " waits to be checked: " + strings.Join(missing, ", ") + "."
	case len(failed) > 0:
		waits.What, waits.Act = "Application "+m.Number+" waits for a decision; not passed: "+strings.Join(failed, ", ")+".", "member.decline"
	default:
		waits.What, waits.Act = "Application "+m.Number+" waits for a decision; every check is passed.", "member.admit"
	}
	return waits, true
}

func orderWaits(stream string, o discipline.Order) (Waiting, bool) {
	waits := Waiting{Subject: stream, Member: o.Member, Since: o.From, Due: o.Until, Until: o.Until}
	switch {
	case o.Stage == discipline.Proposed:
		waits.Kind, waits.Act, waits.Since, waits.Due, waits.Until = WaitingConfirmation, "order.confirm", o.Proposed, time.Time{}, time.Time{}
		waits.What = "Order " + o.ID + " against member " + o.Member + " waits for a second officer."
	case o.Stage != discipline.InForce || o.Stayed:
		return Waiting{}, false
	case o.Interim && o.Latest.After(o.Until):
		waits.Kind, waits.Act = WaitingReview, "order.interim-review"
		waits.What = "The interim suspension " + o.ID + " of member " + o.Member + " ends unless it is reviewed."
	case o.Interim:
		waits.Kind, waits.Act = WaitingInterimEnd, "order.interim-lift"
		waits.What = "The interim suspension " + o.ID + " of member " + o.Member + " ends, and cannot be continued."
	case o.Sanction == discipline.Conditions:
		waits.Kind, waits.Act = WaitingConditions, "order.conditions-met"
		waits.What = "Member " + o.Member + " is to meet the conditions of order " + o.ID + "."
	default:
		return Waiting{}, false
	}
	return waits, true
}
