// Package standing answers one question: how does this member stand, at that time, as far as was known then?
//
// Nobody types a standing in and no nightly job decides it. What happened to a member is a list of facts.
// Every fact that bears on the standing is a cause with a beginning and, perhaps, an end: an unpaid
// due, a suspension, a text that was not signed in time. At any instant the gravest cause that holds is
// the answer; the causes are its reasons. So the whole life of a member, past and to come, is one line
// of spans ([Timeline]), and the answer for an instant ([Of]) is read off the same line.
//
// Two times rule the answer. Facts recorded after the time of knowledge do not exist for it, so what was
// answered once is answered for ever; facts that take effect later are already seen as the next change.
package standing

import (
	"slices"
	"time"
)

// Status is what the register says of a member. The empty status means: no member at that time.
type Status string

// The eight statuses, from best to gravest.
const (
	Good                        Status = "good"
	NotSubscribed               Status = "not-subscribed"
	Conditional                 Status = "conditional"
	Lapsed                      Status = "lapsed"
	Withdrawn                   Status = "withdrawn"
	WithdrawnUnderInvestigation Status = "withdrawn-under-investigation"
	Suspended                   Status = "suspended"
	Expelled                    Status = "expelled"
)

// Statuses lists all statuses, from best to gravest.
var Statuses = []Status{Good, NotSubscribed, Conditional, Lapsed, Withdrawn, WithdrawnUnderInvestigation, Suspended, Expelled}

// Kind says what sort of cause stands behind a status; good standing has none.
type Kind string

// The kinds, from lightest to gravest.
const (
	Administrative Kind = "administrative" // an omission: curable, and over when the member leaves
	Interim        Kind = "interim"        // protective: no finding has been made
	Disciplinary   Kind = "disciplinary"   // by order
)

// Answer is how a member stands at one time, as far as was known at another. All times are UTC.
type Answer struct {
	Status Status    // empty: no member at that time
	Kind   Kind      // empty for good
	Since  time.Time // since when status and kind have been these
	At     time.Time // the time asked about
	Known  time.Time // what was recorded later is left out

	Code *Signed // the newest text signed in this membership, nil for none; it may be yet to take effect

	// Reasons are the member's own, the gravest first: they may speak of money and of time still left. See
	// [Answer.Public].
	Reasons []Reason
	// LastChange is when status or reasons last became others, as far as they follow from time and from
	// what was known: an answer for any time between it and At is the same but for its times.
	LastChange time.Time
	// NextChange is when time alone next changes status or reasons; zero if it never does.
	NextChange time.Time
	// PublicNextChange is when time alone next changes status or kind; zero if it never does.
	PublicNextChange time.Time

	public       []Reason
	publicChange time.Time // when time alone next changes what the public reads, its reasons included
	grace        bool      // that is the end of a grace that runs
}

// Signed is the member's subscription to one exact text.
type Signed struct {
	Version string
	SHA256  string
	At      time.Time
}

// Reason says why the answer is what it is, and what would cure it.
type Reason struct {
	Rule      string    `json:"rule"`                // id, e.g. "STD-04"
	Cites     string    `json:"cites"`               // the parameter of the code behind it
	Provision string    `json:"provision,omitempty"` // ids of provisions, comma separated
	Text      string    `json:"text"`
	Cure      string    `json:"cure,omitempty"`
	By        time.Time `json:"by,omitzero"` // until when the cure is in time
	Evidence  []int64   `json:"evidence"`    // positions in the record
	Order     string    `json:"-"`           // id of the order behind it, e.g. "2026-0001"; "" for none
}

// Of returns how the member stands at the time at, as known at the time known. It is total: every list
// of facts has an answer.
func Of(f Facts, at, known time.Time) Answer {
	asked := instantOf(at)
	e := evaluate(f, instantOf(known), asked)
	answer := Answer{At: at.UTC(), Known: known.UTC(), Code: e.signed(asked)}
	for _, s := range e.spans() {
		if s.from <= asked && asked < s.until {
			answer.Status, answer.Kind = s.rank.status(), s.rank.kind()
			answer.Since = s.from.time()
		}
		if s.from > asked {
			answer.PublicNextChange = s.from.time()
			break
		}
	}
	last, next, public := dawn, never, never
	if !answer.PublicNextChange.IsZero() {
		public = instantOf(answer.PublicNextChange)
	}
	var array [16]*cause
	holding := array[:0]
	for i := range e.causes {
		c := &e.causes[i]
		turn := c.from
		if c.from <= asked {
			if c.until <= asked {
				last = max(last, c.until)
				continue
			}
			last, turn = max(last, c.from), c.until
			holding = append(holding, c)
		}
		next = min(next, turn)
		if c.public || c.publicly != nil {
			public = min(public, turn)
		}
	}
	answer.publicChange = public.time()
	slices.SortStableFunc(holding, func(a, b *cause) int { return int(b.rank) - int(a.rank) }) // gravest first
	for _, c := range holding {
		answer.because(e, c)
	}
	answer.LastChange, answer.NextChange = last.time(), next.time()
	return answer
}

func (a *Answer) because(e *evaluation, c *cause) {
	if c.rule == nil {
		return
	}
	own := Reason{
		Rule: c.rule.ID, Cites: c.rule.Cites, Provision: c.provision, Text: c.say(e, c), Cure: c.rule.Cure,
		By: c.by.time(), Evidence: c.evidence(), Order: c.order,
	}
	a.Reasons = append(a.Reasons, own)
	switch {
	case c.publicly != nil:
		said := func(r Reason) bool { return r.Rule == c.publicly.ID }
		if slices.ContainsFunc(a.public, said) { // two omissions, of which the public reads one sentence
			return
		}
		a.public = append(a.public, Reason{
			Rule: c.publicly.ID, Cites: c.publicly.Cites, Text: c.publicly.Text, Cure: c.publicly.Cure, Evidence: []int64{},
		})
	case c.public:
		a.public = append(a.public, own)
	default:
		a.grace = a.grace || c.until != never && c.until.time().Equal(a.publicChange)
	}
}

// Public returns the answer as anyone may see it: its reasons mention no money, no persons and no open
// cases. Its next change is that of its status, kind or reasons, and none while only grace runs, so that it
// does not tell that one does.
func (a Answer) Public() Answer {
	a.Reasons, a.NextChange = a.public, a.publicChange
	if a.grace {
		a.NextChange = time.Time{}
	}
	return a
}
