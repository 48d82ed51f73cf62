package cases

import "time"

// Awaited is what a case waits for the body's own people to do.
type Awaited struct {
	Act   string    // kind of an act that does it; there may be others
	What  string    // the rest of a sentence that begins with the case, e.g. "waits to be screened"
	Since time.Time // when it began to wait
	Due   time.Time // the day that the procedure sets; zero for none
}

// Awaits returns what a case waits for the body's own people to do; false while it waits for a party, for time to
// run, or for nothing.
func (c Case) Awaits() (Awaited, bool) {
	a := Awaited{Since: c.since(), Due: c.nextDue()}
	p := c.Panel
	say := func(act, what string) (Awaited, bool) {
		a.Act, a.What = act, what
		return a, true
	}
	switch {
	case c.Stage == "" || c.Stage == Destroyed:
		return Awaited{}, false
	case !c.Paused.IsZero():
		a.Due = time.Time{}
		return say("case.resume", "is paused")
	case c.Stage == Lodged && c.Manager == "":
		return say("case.assign", "waits for a case manager")
	case c.Stage == Lodged:
		return say("case.investigate", "waits to be screened")
	case c.Stage == UnderReview:
		return say("case.review-dismissal", "waits for a lay reviewer")
	case c.Stage == Investigating && len(c.Charges.Provisions) > 0:
		return say("case.serve-charges", "has charges that are yet to be served")
	case c.Stage == Investigating:
		return say("case.draft-charges", "is investigated")
	case (c.Stage == Charged || c.Stage == Appealed) && len(p.Challenged) > 0:
		return say("case.rule-on-challenge", "has a challenge that is open")
	case (c.Stage == Charged && c.Charges.settled() || c.Stage == Appealed) && len(p.Seats) == 0:
		return say("case.name-panel", "waits for a panel")
	case c.Stage == Charged && c.Consent.Sanction.Measure != "":
		return say("case.rule-on-consent", "has an order by consent before its panel")
	case c.Stage == Charged && c.Charges.settled() && c.Hearing.On.IsZero():
		return say("case.set-hearing", "waits for a day for its hearing")
	case c.Stage == Charged && c.Charges.settled():
		a.Due = c.Hearing.On
		return say("case.hear", "waits for its hearing")
	case c.Stage == Heard:
		return say("case.decide", "waits for a decision")
	case c.Stage == Appealed:
		return say("case.decide-appeal", "waits for a decision on its appeal")
	case c.Stage == Decided, c.Stage == AppealDecided:
		return say("case.serve-decision", "has a decision that is yet to be signed and served")
	case c.Stage == Final:
		return say("case.publish", "is final, and waits to be put in force")
	case !a.Due.IsZero():
		return say("case.feedback", "owes its complainant word of what was done")
	}
	return Awaited{}, false
}

// nextDue returns when the first of the terms ends that bind the body; zero if none runs.
func (c Case) nextDue() (due time.Time) {
	for _, t := range c.Terms {
		if t.Done.IsZero() && t.BindsBody() && (due.IsZero() || t.Due.Before(due)) {
			due = t.Due
		}
	}
	return due
}

// since returns when the last term of a case began or ended.
func (c Case) since() (since time.Time) {
	for _, t := range c.Terms {
		for _, at := range []time.Time{t.From, t.Done} {
			if at.After(since) {
				since = at
			}
		}
	}
	return since
}

// Awaits returns what the matter of a false claim waits for the body's own people to do.
func (c Claim) Awaits() (Awaited, bool) {
	switch c.Stage {
	case Reported:
		return Awaited{Since: c.Reported, Act: "claim.letter", What: "waits for a letter to the company"}, true
	case Lettered:
		return Awaited{Since: c.Reported, Act: "claim.propose", What: "waits for the company's answer, and a decision", Due: c.AnswerBy}, true
	case Proposed:
		return Awaited{Since: c.Reported, Act: "claim.list", What: "waits for a second officer"}, true
	case Cured:
		return Awaited{Since: c.Reported, Act: "claim.unlist", What: "is cured, and comes off the list", Due: c.Removal}, true
	}
	return Awaited{}, false
}
