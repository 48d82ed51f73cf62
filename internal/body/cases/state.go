// Package cases takes a complaint from the day it is lodged to the day its outcome is final and published.
//
// Anyone may complain, named or not ([Lodge]). A case manager screens the complaint and never sits on the
// panel ([Assign]): it is dismissed ([Dismiss]), which a lay reviewer looks at once if the complainant
// asks; an advice or a warning is offered and accepted ([Offer]); it is settled ([Settle]); or it is
// investigated ([Investigate]). Charges are drafted and served ([ServeCharges]), and answered, or not:
// silence admits nothing. A panel is named from a pool ([NamePanel]), the respondent may challenge it, and
// conflicts keep people out of it. It hears the case after due notice ([Hear]), deliberates and votes in
// secret, and decides charge by charge ([Decide]). Who sat signs that the decision says what was decided;
// it is served, and may be appealed to people who had no part in the case before ([Appeal]).
//
// An outcome that is final is put in force and published ([Publish]), if the certificate of procedure is
// complete: what happened, step by step, with its place in the record ([CertificateOf]). What an order does
// from then on is not decided here.
//
// Every stage has a clock that the code of ethics sets ([Case.Due]). Cases are confidential until they are
// final: what people confide belongs to the case's key, and goes when that is destroyed ([Destroy]). That
// a company which is no member claims to be one is a matter of its own ([Report]).
package cases

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// Stage is how far a case has come.
type Stage string

// The stages of a case.
const (
	Lodged        Stage = "lodged"         // to be screened
	Offered       Stage = "offered"        // an advice or a warning waits for the respondent
	Dismissed     Stage = "dismissed"      // a review may be asked for
	UnderReview   Stage = "under-review"   // a lay reviewer looks at the dismissal
	Investigating Stage = "investigating"  // facts are gathered, charges drafted
	Charged       Stage = "charged"        // charges are served: answer, panel and hearing follow
	Heard         Stage = "heard"          // the panel deliberates
	Decided       Stage = "decided"        // decided, and not served yet
	Served        Stage = "served"         // the decision can be appealed
	Appealed      Stage = "appealed"       // before the people who hear the appeal
	AppealDecided Stage = "appeal-decided" // decided on appeal, and not served yet
	Final         Stage = "final"          // an order is to be put in force
	Closed        Stage = "closed"         // it is over
	Destroyed     Stage = "destroyed"      // its key is to be destroyed, or is
)

// Stages lists the stages, in the order in which a case meets them.
var Stages = []Stage{
	Lodged, Offered, Dismissed, UnderReview, Investigating, Charged, Heard, Decided, Served, Appealed, AppealDecided, Final, Closed, Destroyed,
}

// The outcomes of a case that is final or closed.
const (
	OutcomeDismissed = "dismissed"
	OutcomeAccepted  = "accepted"   // an advice or a warning that was offered
	OutcomeSettled   = "settled"    // before charges
	OutcomeConsent   = "consent"    // by an order that panel and respondent agree to
	OutcomeProven    = "proven"     // by an order of the panel
	OutcomeNotProven = "not-proven" // charges failed
	OutcomeSetAside  = "set-aside"  // on appeal
	OutcomeJoined    = "joined"     // it goes on as part of another case
)

// Case is the state of a stream "case/2027-0007".
type Case struct {
	ID    string
	Stage Stage

	Member     string   // number of the respondent
	Heirs      []string // numbers of members that answer for it now: it merged into them, or they succeed it
	Provisions []string // ids, as the complaint gives them
	From, To   act.Date // of the conduct
	Known      act.Date // when the complainant learnt of it
	Version    string   // label of the text of the code that bound the respondent then
	Late       bool     // it came after the limitation period, which nobody has extended

	Complainant  Complainant
	ReprisalFor  string // id of the case for which this would be a reprisal
	Told         bool   // the respondent knows of the case
	Manager      string // stream of the case manager, e.g. "person/0007"
	Hands        []Hand // all who had a part in deciding it
	Terms        []Term
	Paused       time.Time // since when all terms stand still; zero if they run
	Evidence     []Evidence
	Files        []File // that parties handed in
	Reviewed     bool   // a dismissal was looked at by a lay reviewer
	Investigated bool

	Offer    Sanction // an advice or a warning
	Charges  Charges
	Panel    Panel
	Hearing  Hearing
	Consent  Consent
	Decision Decision
	Appeal   AppealState

	Outcome   string
	Over      time.Time // when it became final or was closed
	Published time.Time // when its order was put in force
	Orders    []string  // ids of interim orders that belong to it
	Into      string    // id of the case that it goes on in
	Hold      bool      // the file is kept, whatever is over
}

// Hand is somebody who had a part in a case.
type Hand struct {
	Who string // actor, e.g. "person/0007"
	Did string // "screened", "investigated", "sat", …
}

// IsCharged reports whether charges were served and nothing has come of them yet.
func (c Case) IsCharged() bool {
	return !c.Charges.Served.IsZero() && c.Published.IsZero() && c.Stage != Closed && c.Stage != Destroyed
}

// IsOpen reports whether something is yet to come of a case.
func (c Case) IsOpen() bool { return c.Stage != "" && c.Stage != Closed && c.Stage != Destroyed }

// Began returns when a case was lodged, or split off another; zero where there is none.
func (c Case) Began() time.Time {
	if len(c.Terms) == 0 {
		return time.Time{}
	}
	return c.Terms[0].From
}

// hand notes that somebody had a part.
func (c *Case) hand(who, did string) {
	h := Hand{who, did}
	if who != "" && !slices.Contains(c.Hands, h) {
		c.Hands = append(c.Hands[:len(c.Hands):len(c.Hands)], h)
	}
}

// Did reports what somebody did in a case; "" for nothing.
func (c Case) Did(who string) string {
	for _, h := range c.Hands {
		if h.Who == who {
			return h.Did
		}
	}
	return ""
}

// end closes a case.
func (c *Case) end(outcome string, at time.Time) {
	c.Stage, c.Outcome, c.Over = Closed, outcome, at
	c.doneAll(at)
}

// Of says of which case an event is, and when it happened.
type Of struct {
	Case string    `json:"case"`
	At   time.Time `json:"at"`
}

// About is [Of] with the respondent, for what bears on its standing: until charges are served, a case is
// nowhere in what is recorded of a member.
type About struct {
	Case   string    `json:"case"`
	Member string    `json:"member"`
	Heirs  []string  `json:"heirs,omitempty"` // members that answer for it
	At     time.Time `json:"at"`
}

// Concerns names the respondent and those that answer for it.
func (a About) Concerns() []string {
	names := []string{"member/" + a.Member}
	for _, h := range a.Heirs {
		names = append(names, "member/"+h)
	}
	return names
}

func (c Case) of(m act.Meta) Of { return Of{c.ID, m.At} }

func (c Case) about(f Facts, m act.Meta) About { return About{c.ID, c.Member, c.heirs(f), m.At} }

// heirs are those that answer for the respondent now.
func (c Case) heirs(f Facts) []string {
	all := slices.Clone(c.Heirs)
	for _, h := range f.Respondent.Heirs {
		if !slices.Contains(all, h) && h != c.Member {
			all = append(all, h)
		}
	}
	return all
}

// owner is whose key seals what is confided in a case.
func (c Case) owner() string { return "case/" + c.ID }

// room is whose key seals what the panel says among itself.
func (c Case) room() string { return "panel/" + c.ID }

// happening is an event of a case. It changes the case that it is given, and none of the slices in it.
type happening interface{ happen(*Case) }

func evolve(c Case, e act.Event) Case {
	if h, ok := e.(happening); ok {
		h.happen(&c)
	}
	return c
}
