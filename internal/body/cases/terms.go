package cases

import (
	"cmp"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// The terms of a case, each named after the parameter that sets it.
const (
	TermAcknowledge = "acknowledge"
	TermScreening   = "screening"
	TermFeedback    = "feedback"
	TermReview      = "screening-review"
	TermOffer       = "fast-track"
	TermAnswer      = "answer"
	TermReopen      = "default-reopen"
	TermChallenge   = "challenge"
	TermDecision    = "decision"
	TermAppeal      = "appeal"
)

// bodysOwn are the terms that bind the body. The others bind the parties, or give them time.
var bodysOwn = []string{TermAcknowledge, TermScreening, TermFeedback, TermDecision}

// Term is time that the procedure gives somebody.
type Term struct {
	Name string
	From time.Time
	Due  time.Time // what is done before it is in time
	Done time.Time // zero while it runs
}

// BindsBody reports whether it is the body that has to act within the term.
func (t Term) BindsBody() bool { return slices.Contains(bodysOwn, t.Name) }

// TermSet begins a term, or moves its end.
type TermSet struct {
	Name string    `json:"name"`
	Due  time.Time `json:"due"`
}

// begin starts a term anew.
func (c *Case) begin(at time.Time, set ...TermSet) {
	c.Terms = slices.Clone(c.Terms)
	for _, s := range set {
		c.Terms = append(c.Terms, Term{Name: s.Name, From: at, Due: s.Due})
	}
}

// done ends the running terms of these names.
func (c *Case) done(at time.Time, names ...string) {
	c.Terms = slices.Clone(c.Terms)
	for i := range c.Terms {
		if t := &c.Terms[i]; t.Done.IsZero() && slices.Contains(names, t.Name) {
			t.Done = at
		}
	}
}

// doneAll ends every running term but the one in which the complainant is told what was done: that is owed whatever
// becomes of the case.
func (c *Case) doneAll(at time.Time) {
	for _, t := range c.Terms {
		if t.Name != TermFeedback {
			c.done(at, t.Name)
		}
	}
}

// move gives running terms another end.
func (c *Case) move(set ...TermSet) {
	c.Terms = slices.Clone(c.Terms)
	for _, s := range set {
		for i := range c.Terms {
			if t := &c.Terms[i]; t.Name == s.Name && t.Done.IsZero() {
				t.Due = s.Due
			}
		}
	}
}

// running returns the term of that name that runs.
func (c Case) running(name string) (Term, bool) {
	i := slices.IndexFunc(c.Terms, func(t Term) bool { return t.Name == name && t.Done.IsZero() })
	if i < 0 {
		return Term{}, false
	}
	return c.Terms[i], true
}

// open reports whether the time that a term gives still runs at t. If it ran when the case was paused, it does while
// the case is.
func (c Case) open(name string, t time.Time) bool {
	if !c.Paused.IsZero() {
		t = c.Paused
	}
	term, ok := c.running(name)
	return ok && t.Before(term.Due)
}

// Deadline is a term that runs, or that the body has missed.
type Deadline struct {
	Term
	Cites  string    // the parameter that sets it, e.g. "procedure.answer"
	Bodys  bool      // it binds the body
	Missed bool      // it binds the body, and was not met
	Paused bool      // it stands still
	Alarm  time.Time // when who must act is reminded; zero for a term that is over
}

// alarm is how many business days before a term ends who must act is reminded: the design's, and no matter of
// the code.
const alarm = 3

// Due returns the deadlines of a case at a time: those that run, the earliest first, and those that the body has
// missed. Holidays and zone are the body's.
func (c Case) Due(now time.Time, zone *time.Location, holidays code.Holidays) []Deadline {
	var all []Deadline
	for _, t := range c.Terms {
		d := Deadline{Term: t, Cites: "procedure." + t.Name, Bodys: t.BindsBody(), Paused: t.Done.IsZero() && !c.Paused.IsZero()}
		d.Missed = d.Bodys && t.missed(now, d.Paused)
		if over := !t.Done.IsZero() || !d.Bodys && !d.Paused && !now.Before(t.Due); over && !d.Missed {
			continue
		}
		if t.Done.IsZero() {
			d.Alarm = alarmOf(t.Due, zone, holidays)
		}
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b Deadline) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Name, b.Name)) })
	return all
}

func (t Term) missed(now time.Time, paused bool) bool {
	if t.Done.IsZero() {
		return !paused && !now.Before(t.Due)
	}
	return !t.Done.Before(t.Due)
}

// Missed counts the terms that the body has missed by a time.
func (c Case) Missed(now time.Time) (n int) {
	for _, t := range c.Terms {
		if t.BindsBody() && t.missed(now, t.Done.IsZero() && !c.Paused.IsZero()) {
			n++
		}
	}
	return n
}

// NextAlarm returns when somebody is next to be reminded of a term that runs; zero if nobody is.
func (c Case) NextAlarm(now time.Time, zone *time.Location, holidays code.Holidays) (next time.Time) {
	for _, d := range c.Due(now, zone, holidays) {
		if d.Alarm.After(now) && !d.Paused && (next.IsZero() || d.Alarm.Before(next)) {
			next = d.Alarm
		}
	}
	return next
}

// alarmOf returns the start of the day some business days before the last day of a term.
func alarmOf(due time.Time, zone *time.Location, holidays code.Holidays) time.Time {
	day := act.DateIn(due.Add(-time.Microsecond), zone)
	for left := alarm; left > 0; {
		if day = day.AddDays(-1); holidays.Works(day) {
			left--
		}
	}
	return day.Start(zone)
}

// moved returns the running terms as they end after they stood still for some time: later by as many days, and
// never on a day on which the body does not work.
func (c Case) moved(f Facts, m act.Meta) (set []TermSet) {
	still := 0
	for day := act.DateIn(c.Paused, f.zone()); day.Before(f.today(m)); day = day.AddDays(1) {
		still++
	}
	for _, t := range c.Terms {
		if !t.Done.IsZero() || !c.Paused.Before(t.Due) { // what had run by then has run
			continue
		}
		last := act.DateIn(t.Due.Add(-time.Microsecond), f.zone()).AddDays(still)
		for still > 0 && !f.Holidays.Works(last) {
			last = last.AddDays(1)
		}
		set = append(set, TermSet{t.Name, code.EndOf(last, f.zone())})
	}
	return set
}
