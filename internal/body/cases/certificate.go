package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"shingle/internal/act"
)

// Certificate says how an outcome came about: each step that the procedure asks for, with its place in the record.
// It is read off the record alone, and not off what was decided on the way.
type Certificate struct {
	Case    string   `json:"case"`
	Steps   []Step   `json:"steps"`
	Missing []string `json:"missing,omitempty"` // steps that are not on record; nothing is published while there are any
}

// Step is something that the procedure asks for, and that happened.
type Step struct {
	Rule     string    `json:"rule"` // id of the rule that asks for it
	What     string    `json:"what"`
	At       time.Time `json:"at"`
	Position int64     `json:"position"` // in the record
}

// Hash returns the SHA-256 of a certificate as JSON, hex.
func (c Certificate) Hash() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // it holds nothing that JSON cannot write
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Certifies reports whether a certificate looks at an event.
func Certifies(e act.Event) bool {
	switch e.(type) {
	case CaseLodged, CaseSplit, CaseAssigned, InvestigationOpened, InvestigationNoted, CaseDismissed, DismissalReviewed, FastTrackOffered, OfferAccepted,
		EvidenceAdmitted, ChargesDrafted, ChargesServed, ChargesAnswered, DefaultNoted, DefaultReopened, PanelNamed, SeatsFilled, PanelistChallenged,
		ChallengeRuled, PanelistRecused, HearingSet, CaseHeard, VoteCast, DecisionMade, DecisionSigned, DecisionServed, AppealLodged, AppealResolved,
		AppealDecisionServed, SentBack, ConsentProposed, ConsentApproved, ConsentRefused, CaseFinalized, TookIn:
		return true
	}
	return false
}

// CertificateOf reads the certificate of a case off what happened in it, in the order of the record.
func CertificateOf(id string, events []act.Recorded) Certificate {
	w := walk{hands: map[string]bool{}}
	for _, e := range events {
		w.see(e)
	}
	c := Certificate{Case: id, Steps: []Step{}}
	for _, s := range w.steps() {
		if s.ok {
			c.Steps = append(c.Steps, Step{s.rule.ID, s.what, s.by.At, s.by.Position})
		} else {
			c.Missing = append(c.Missing, s.what)
		}
	}
	return c
}

// walk is what a certificate remembers of a case. Of what was done twice, the last counts: a case that is sent back
// is heard anew.
type walk struct {
	lodged, manager, offered, accepted, served, answered, final act.Recorded

	hands    map[string]bool // streams of people who screened, investigated or reviewed
	named    bool            // some evidence has a name
	first    round
	appeal   round
	appealed act.Recorded
	agreed   act.Recorded
	approved act.Recorded
	outcome  string
	sanction string
}

// round is one panel and what it did.
type round struct {
	panel, hearing, heard, decided, served act.Recorded

	seats      []Seat
	size       int
	lay        int
	quorum     int
	challenged []string
	until      time.Time // when the time to challenge it ends
	sat        []string
	voted      []string
	signed     []string
	lastVote   act.Recorded
	lastSign   act.Recorded
}

func (w *walk) round() *round {
	if w.appealed.Event != nil {
		return &w.appeal
	}
	return &w.first
}

func (w *walk) see(e act.Recorded) {
	r := w.round()
	switch ev := e.Event.(type) {
	case CaseLodged:
		w.lodged = e
	case CaseSplit:
		w.lodged, w.manager = e, e
		for _, h := range append(slices.Clone(ev.Hands), ev.Manager) {
			w.hands[h] = true
		}
	case CaseAssigned:
		w.manager = e
		w.hands[ev.Manager] = true
	case InvestigationOpened:
		w.hands[ev.By] = true
	case InvestigationNoted:
		w.hands[ev.By] = true
	case CaseDismissed:
		w.hands[ev.By] = true
	case DismissalReviewed:
		w.hands[ev.By] = true
	case ChargesDrafted:
		w.hands[ev.By] = true
	case FastTrackOffered:
		w.offered, w.sanction = e, ev.Sanction
	case OfferAccepted:
		w.accepted = e
	case EvidenceAdmitted:
		w.named = w.named || !ev.Anonymous
	case TookIn:
		for _, h := range ev.Hands {
			w.hands[h] = true
		}
	case ChargesServed:
		w.served = e
	case ChargesAnswered:
		w.answered = e
	case DefaultNoted:
		w.answered = e
	case DefaultReopened:
		w.answered = act.Recorded{}
	case PanelNamed:
		*r = round{panel: e, seats: ev.Seats, size: ev.Size, lay: ev.Lay, quorum: ev.Quorum, until: dueOf(ev.Terms)}
	case SeatsFilled:
		r.seats, r.until = append(slices.Clone(r.seats), ev.Seats...), dueOf(ev.Terms)
	case PanelistChallenged:
		r.challenged = append(r.challenged, ev.Panelist)
	case ChallengeRuled:
		r.challenged = without(r.challenged, ev.Panelist)
		if ev.Upheld {
			r.out(ev.Panelist, ev.In)
		}
	case PanelistRecused:
		r.challenged = without(r.challenged, ev.Panelist)
		r.out(ev.Panelist, ev.In)
		if ev.Anew {
			r.hearing, r.heard, r.decided, r.served, r.sat, r.voted, r.signed = act.Recorded{}, act.Recorded{}, act.Recorded{}, act.Recorded{}, nil, nil, nil
		}
	case HearingSet:
		r.hearing = e
	case CaseHeard:
		r.heard, r.sat, r.voted = e, ev.Sat, nil
	case VoteCast:
		r.voted, r.lastVote = append(without(r.voted, ev.Panelist), ev.Panelist), e
	case DecisionMade:
		r.decided, r.signed, w.sanction = e, nil, ev.Sanction
	case DecisionSigned:
		r.signed, r.lastSign = append(without(r.signed, ev.Panelist), ev.Panelist), e
	case DecisionServed:
		r.served = e
	case AppealLodged:
		w.appealed, w.appeal = e, round{}
	case AppealResolved:
		r.decided, r.signed = e, nil
		if ev.Outcome == varied {
			w.sanction = ev.Sanction
		}
	case AppealDecisionServed:
		r.served = e
	case SentBack:
		for _, s := range append(w.first.seats, w.appeal.seats...) {
			w.hands["person/"+s.Person] = true
		}
		w.first, w.appeal, w.appealed = round{}, round{}, act.Recorded{}
	case ConsentProposed:
		w.agreed, w.sanction, r.voted = e, ev.Sanction, nil
	case ConsentRefused:
		w.agreed, r.voted = act.Recorded{}, nil
	case ConsentApproved:
		w.approved = e
	case CaseFinalized:
		w.final, w.outcome = e, ev.Outcome
	}
}

// out takes somebody off the panel, and lets an alternate in.
func (r *round) out(number, in string) {
	r.seats = slices.DeleteFunc(slices.Clone(r.seats), func(s Seat) bool { return s.Person == number })
	for i := range r.seats {
		if r.seats[i].Person == in {
			r.seats[i].Alternate = false
		}
	}
	r.sat, r.voted, r.signed = without(r.sat, number), without(r.voted, number), without(r.signed, number)
}

// check is a step that is asked for.
type check struct {
	rule act.Rule
	what string
	by   act.Recorded
	ok   bool
}

func happened(rule act.Rule, what string, by act.Recorded) check {
	return check{rule, what, by, by.Event != nil}
}

// steps are what the procedure asks for on the road that the case has taken.
func (w *walk) steps() []check {
	steps := []check{
		happened(accountGiven, "a complaint was lodged", w.lodged),
		happened(managersOwn, "a case manager looked after it", w.manager),
	}
	if w.accepted.Event != nil {
		return append(steps,
			happened(fastTrackMild, "an advice or a warning was offered, with reasons", w.offered),
			happened(offerInTime, "the respondent accepted it in time", w.accepted))
	}
	steps = append(steps, happened(serviceProven, "the charges were served, with proof", w.served))
	if w.approved.Event != nil {
		steps = append(steps, w.panel(&w.first, w.approved, "")...)
		approved, _ := w.approved.Event.(ConsentApproved)
		return append(steps,
			happened(longRoad, "the respondent agreed to an order below a suspension, with proof", w.agreed),
			check{everybodyVoted, "a quorum of the panel agreed to the order", w.approved, len(approved.Voted) >= max(approved.Quorum, 1)},
			happened(certificateComplete, "the outcome is final", w.final))
	}
	r := &w.first
	steps = append(steps, happened(answeredFirst, "the charges were answered, or the time to answer ran", w.answered))
	steps = append(steps, w.panel(r, r.heard, "")...)
	set, _ := r.hearing.Event.(HearingSet)
	steps = append(steps,
		check{noticeInTime, "notice of the hearing was served in time", r.hearing, r.hearing.Event != nil && !set.Earliest.IsZero()},
		check{quorate, "a quorum of the panel heard the case, lay members among them", r.heard, r.heard.Event != nil && len(r.sat) >= r.quorum && r.layOf(r.sat) >= r.lay && !r.heard.At.Before(set.On)},
		check{everybodyVoted, "everybody who heard it voted", r.lastVote, r.all(r.sat, r.voted)},
		happened(findingEach, "there is a finding on each charge, with reasons", r.decided),
		check{corroboratedFirst, "the evidence for an expulsion is not anonymous alone", r.decided, r.decided.Event != nil && (w.sanction != Expulsion || w.named)},
		check{signedFirst, "everybody who heard it signed the decision", r.lastSign, r.all(r.sat, r.signed)},
		happened(serviceProven, "the decision was served, with proof", r.served),
	)
	if w.appealed.Event != nil {
		a := &w.appeal
		steps = append(steps, happened(appealInTime, "an appeal was lodged in time", w.appealed))
		steps = append(steps, w.panel(a, a.decided, " of the appeal")...)
		steps = append(steps,
			check{everybodyVoted, "a quorum of the panel of the appeal voted", a.lastVote, len(a.voted) >= max(a.quorum, 1)},
			happened(noWorse, "the appeal was decided, with reasons", a.decided),
			check{signedFirst, "everybody who decided the appeal signed the decision", a.lastSign, a.all(a.voted, a.signed)},
			happened(serviceProven, "the decision on the appeal was served, with proof", a.served),
		)
	}
	return append(steps, check{certificateComplete, "the appeal is closed, or its time ran", w.final, w.final.Event != nil && w.outcome == OutcomeProven})
}

// dueOf returns when the last of some terms ends.
func dueOf(terms []TermSet) (due time.Time) {
	for _, t := range terms {
		if t.Due.After(due) {
			due = t.Due
		}
	}
	return due
}

// panel are the steps that a panel goes through before it does something.
func (w *walk) panel(r *round, did act.Recorded, which string) []check {
	sitting := Panel{Seats: r.seats}.Sitting()
	unconflicted := r.panel.Event != nil && len(r.challenged) == 0
	for _, s := range r.seats {
		if w.hands["person/"+s.Person] {
			unconflicted = false
		}
		if which != "" && slices.ContainsFunc(w.first.seats, func(o Seat) bool { return o.Person == s.Person }) {
			unconflicted = false
		}
	}
	what := fmt.Sprintf("a panel%s was named, with a quorum and lay members", which)
	return []check{
		{panelComplete, what, r.panel, r.panel.Event != nil && len(sitting) >= r.quorum && r.layOf(sitting) >= r.lay},
		{noPartBefore, "nobody on the panel" + which + " had a part in the case before, and every challenge was ruled on", r.panel, unconflicted},
		{panelReady, "the time to challenge the panel" + which + " ran before it acted", did, did.Event != nil && !did.At.Before(r.until)},
	}
}

func (r *round) layOf(numbers []string) int { return Panel{Seats: r.seats}.lay(numbers) }

// all reports whether each of some people, of whom there are any, is among others.
func (r *round) all(of, among []string) bool {
	return len(of) > 0 && !slices.ContainsFunc(of, func(n string) bool { return !slices.Contains(among, n) })
}
