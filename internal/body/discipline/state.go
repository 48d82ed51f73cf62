// Package discipline keeps what was decided about members, and makes it count.
//
// A decision that was taken on paper, before this system, is recorded by one officer: what was decided,
// how it was served, when the appeal closed ([Record]). Nothing follows from that yet. A second officer
// confirms it ([Confirm]); from that moment, and not back in time, the order is in force, and a notice
// is published that says plainly that this system did not check the procedure behind it.
//
// Where harm threatens before anything can be decided, a member is suspended for the time being, after
// it was heard ([Impose]). That is reviewed while it lasts ([Review]); a suspension that nobody reviews in
// time ends by itself. A court may stay an order, which takes its effect away at once ([Stay]), or
// set it aside for good ([Quash]). Whatever changes an order in public is announced in a notice of its
// own ([Publish]); no notice is ever edited.
//
// What a case ended with is put in force with the certificate of its procedure ([Enforce]); its notice names the
// certificate's hash. How a case gets there is not decided here.
//
// Charges that were served on paper are recorded too ([Charge]), so that leaving does not make them
// vanish. If they fail, and the register has said meanwhile that the company left and is under
// investigation, a notice says that too.
package discipline

import (
	"time"

	"shingle/internal/act"
)

// The sanctions, rising.
const (
	Advice            = "advice"
	Warning           = "warning"
	Reprimand         = "reprimand"
	RequiredEducation = "required-education"
	Conditions        = "conditions"
	Probation         = "probation"
	Suspension        = "suspension"
	Expulsion         = "expulsion"
)

// Sanctions lists all sanctions, rising. The first two are private.
var Sanctions = []string{Advice, Warning, Reprimand, RequiredEducation, Conditions, Probation, Suspension, Expulsion}

// Stage is how far an order has come.
type Stage string

// The stages of an order.
const (
	Proposed  Stage = "proposed"   // recorded by one officer, without effect
	TakenBack Stage = "taken-back" // never confirmed
	InForce   Stage = "in-force"   // it may be stayed, or its time may be over
	Ended     Stage = "ended"      // quashed, lifted, or its conditions are met
)

// Order is the state of a stream "order/2026-0001".
type Order struct {
	ID         string
	Stage      Stage
	Member     string
	Sanction   string // [Suspension] for an interim order
	Interim    bool
	Provisions []string

	Proposal Proposal  // zero for an interim order
	Proposer string    // who proposed it
	Proposed time.Time // when it was proposed; zero for an interim order
	Holder   string    // the person behind the proposer, "" where that is not known

	From     time.Time // when it came into force
	Until    time.Time // when it ends by itself; zero for never
	Latest   time.Time // until when an interim order may be continued on review; zero if it cannot be
	Reviewed time.Time // when it was last reviewed
	BarUntil time.Time // before which an expelled member may not come back

	Case        string // id of the case that it is the end of; "" for an order from paper and an interim one
	Certificate string // SHA-256 of the certificate of that case's procedure, hex

	Stayed  bool
	Quashed bool
	Turns   []Turn // what happened to it in public, in order

	turned time.Time // when the last of it happened, or when it was confirmed
}

// Turn is one thing that happened to an order in public.
type Turn struct {
	Kind      string // the event's: "order.confirmed", "order.stayed", …
	By        string // the court or body that decided it, "" for this one
	Reference string
	Effective time.Time
}

// Public reports whether the order is one that is published.
func (o Order) Public() bool { return o.Interim || public(o.Sanction) }

func (o *Order) turn(kind, by, reference string, at time.Time) {
	o.turned = at
	o.Turns = append(o.Turns[:len(o.Turns):len(o.Turns)], Turn{kind, by, reference, at})
}

func evolveOrder(o Order, e act.Event) Order {
	switch e := e.(type) {
	case OrderProposed1:
		return evolveOrder(o, e.Now())
	case OrderConfirmed1:
		return evolveOrder(o, e.Now())
	case OrderProposed:
		o = Order{
			ID: e.Order, Stage: Proposed, Member: e.Member, Sanction: e.Sanction, Provisions: e.Provisions,
			Proposal: e.Proposal, Proposer: e.Proposer, Proposed: e.At, Holder: e.Holder,
		}
	case OrderWithdrawn:
		o.Stage = TakenBack
	case OrderConfirmed:
		o.Stage, o.From, o.Until, o.BarUntil = InForce, e.From, e.Until, e.BarUntil
		o.turn("order.confirmed", "", "", e.From)
		o.turned = e.At // it may take effect later
	case OrderEnforced:
		o = Order{
			ID: e.Order, Stage: InForce, Member: e.Member, Sanction: e.Sanction, Provisions: e.Provisions, Proposal: e.Proposal,
			From: e.From, Until: e.Until, BarUntil: e.BarUntil, Case: e.Case, Certificate: e.Certificate,
		}
		o.turn("order.enforced", "", "", e.From)
	case InterimImposed:
		o = Order{
			ID: e.Order, Stage: InForce, Member: e.Member, Sanction: Suspension, Interim: true, Provisions: e.Provisions,
			From: e.From, Until: e.Until,
		}
		if !e.Review.IsZero() {
			o.Until, o.Latest = e.Review, e.Until
		}
		o.turn("order.interim-imposed", "", "", e.From)
	case InterimReviewed:
		o.Reviewed = e.At
		if e.Continued {
			if o.Until = e.Until; !o.Until.Before(o.Latest) {
				o.Latest = time.Time{}
			}
			o.turn("order.interim-reviewed", e.By, "", e.At)
		}
	case InterimLifted:
		o.Stage, o.Stayed = Ended, false
		o.turn("order.interim-lifted", "", "", e.At)
	case OrderStayed:
		o.Stayed = true
		o.turn("order.stayed", e.Court, e.Reference, e.From)
	case StayLifted:
		o.Stayed = false
		o.turn("order.stay-lifted", "", e.Reference, e.At)
	case OrderQuashed:
		o.Stage, o.Stayed, o.Quashed = Ended, false, true
		o.turn("order.quashed", e.By, e.Reference, e.From)
	case ConditionsMet:
		o.Stage, o.Stayed = Ended, false
		o.turn("order.conditions-met", "", "", e.At)
	}
	return o
}

// ChargeState is the state of a stream "charge/2026-0001".
type ChargeState struct {
	ID      string
	Member  string
	Served  time.Time // start of the day on which they were
	Outcome string    // "" while it is open
}

func evolveCharge(c ChargeState, e act.Event) ChargeState {
	switch e := e.(type) {
	case ChargeRecorded:
		return ChargeState{ID: e.Charge, Member: e.Member, Served: e.From}
	case ChargeClosed:
		c.Outcome = e.Outcome
	}
	return c
}

var orderStream = act.NewStream("order", evolveOrder,
	act.EventOf[OrderProposed1]("order.proposed"),
	act.EventOf[OrderProposed]("order.proposed/2"),
	act.EventOf[OrderWithdrawn]("order.withdrawn"),
	act.EventOf[OrderConfirmed1]("order.confirmed"),
	act.EventOf[OrderConfirmed]("order.confirmed/2"),
	act.EventOf[OrderEnforced]("order.enforced"),
	act.EventOf[InterimImposed]("order.interim-imposed"),
	act.EventOf[InterimReviewed]("order.interim-reviewed"),
	act.EventOf[InterimLifted]("order.interim-lifted"),
	act.EventOf[OrderStayed]("order.stayed"),
	act.EventOf[StayLifted]("order.stay-lifted"),
	act.EventOf[OrderQuashed]("order.quashed"),
	act.EventOf[ConditionsMet]("order.conditions-met"),
)

var chargeStream = act.NewStream("charge", evolveCharge,
	act.EventOf[ChargeRecorded]("charge.recorded"),
	act.EventOf[ChargeClosed]("charge.closed"),
)

var noticeStream = act.NewStream("notice", evolveNotice,
	act.EventOf[NoticePublished]("notice.published"),
	act.EventOf[NoticeCorrected]("notice.corrected"),
)

// Domain returns the streams and acts of discipline.
func Domain() act.Domain {
	return act.Domain{
		Streams: []*act.Stream{orderStream, chargeStream, noticeStream},
		Acts: []*act.Act{
			recordAct, confirmAct, takeBackAct, enforceAct, imposeAct, reviewAct, liftAct, stayAct, liftStayAct, quashAct, conditionsMetAct,
			chargeAct, closeChargeAct, publishAct,
		},
	}
}
