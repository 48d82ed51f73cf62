package discipline

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
	"shingle/internal/code"
)

func date(s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func start(day string) time.Time { return date(day).Start(time.UTC) }

func noon(day string) time.Time { return start(day).Add(12 * time.Hour) }

func on(day string) acttest.Option { return acttest.At(noon(day)) }

func by(actor string) acttest.Option { return acttest.By(actor, "officer") }

func asking(t *testing.T, f Facts) *acttest.Story { return acttest.For(t, Domain()).Knowing(f) }

// known are facts about member 0042, in a body that went live on 1 June 2026.
func known() Facts {
	v, problems := code.Parse([]byte(`---
title: Code
version: "2026.1"
effective: 2026-01-01
transition: 90d
---
## 1 Confidentiality {#1}

Keep it.

### 1.1 Undertakings {#1.1}

Promise so.
`))
	if problems != nil {
		panic(problems)
	}
	return Facts{
		ID: "2026-0001", Zone: time.UTC, GoLive: date("2026-06-01"),
		Code:       []Text{{v, start("2026-01-01")}},
		Respondent: Respondent{Name: "Cobalt Ridge IT", Joined: start("2020-05-04"), Current: true},
	}
}

// paper is a decision of February, served two days later, whose appeal ran out with 12 March.
func paper(sanction string) Record {
	r := Record{
		Member: "0042", Sanction: sanction, Findings: []string{"1=It sold its customers' data", " 1.1 = Nobody had promised anything "},
		Decided: date("2026-02-10"), Served: date("2026-02-12"), ServiceProof: "courier receipt 1183",
		AppealClosed: date("2026-03-12"), Text: "The panel decides as follows",
	}
	switch sanction {
	case Suspension:
		r.Until = date("2026-12-31")
	case Probation, Conditions:
		r.Until = date("2027-12-31")
	}
	return r
}

func proposed(sanction string) OrderProposed {
	r := paper(sanction)
	o := OrderProposed{
		Order: "2026-0001", Member: "0042", Proposer: "token/1", At: noon("2026-06-10"),
		Proposal: Proposal{
			Sanction: sanction, Provisions: []string{"1", "1.1"}, Decided: r.Decided, Served: r.Served,
			Findings:     []Finding{{"1", "It sold its customers' data"}, {"1.1", "Nobody had promised anything"}},
			ServiceProof: r.ServiceProof, AppealClosed: r.AppealClosed, UntilDay: r.Until, Text: r.Text, CodeVersion: "2026.1",
		},
	}
	if sanction == Advice || sanction == Warning {
		o.Findings, o.Text = nil, ""
		o.Confidential = act.NewPrivate("order/2026-0001", "1: It sold its customers' data\n\n1.1: Nobody had promised anything\n\nThe panel decides as follows")
	}
	return o
}

func confirmed(sanction string) OrderConfirmed {
	p := proposed(sanction).Proposal
	e := OrderConfirmed{
		Order: "2026-0001", Member: "0042", Name: "Cobalt Ridge IT", From: noon("2026-06-11"), At: noon("2026-06-11"), Proposal: p,
	}
	if !p.UntilDay.IsZero() {
		e.Until = p.UntilDay.End(time.UTC)
	}
	if sanction == Expulsion {
		e.BarUntil = start("2029-06-12")
	}
	return e
}

func drawEvent(t *rapid.T) act.Event {
	sanction := rapid.SampledFrom(Sanctions).Draw(t, "sanction")
	at := noon("2026-06-12").AddDate(0, 0, rapid.IntRange(0, 300).Draw(t, "day"))
	return rapid.SampledFrom([]act.Event{
		proposed(sanction), confirmed(sanction), OrderWithdrawn{}, OrderStayed{From: at, At: at}, StayLifted{At: at},
		OrderQuashed{From: at, At: at}, ConditionsMet{At: at}, InterimLifted{At: at}, "no event of an order",
		InterimImposed{Order: "2026-0001", Member: "0042", From: at, Until: at.AddDate(0, 5, 0), Review: at.AddDate(0, 3, 0)},
		InterimReviewed{Continued: true, Until: at.AddDate(0, 4, 0), At: at}, OrderProposed1{Order: "2026-0001"}, OrderConfirmed1{From: at, At: at},
		ChargeRecorded{Charge: "2026-0001"}, ChargeClosed{Outcome: "upheld"},
	}).Draw(t, "event")
}

func TestFoldsTakeWhatComesAndLeaveWhatWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, c, n := Order{}, ChargeState{}, Notice{}
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			e, before := drawEvent(t), fmt.Sprintf("%+v", o)
			after := evolveOrder(o, e)
			if fmt.Sprintf("%+v", o) != before {
				t.Fatal("the state that was given changed")
			}
			o, c, n = after, evolveCharge(c, e), evolveNotice(n, e)
		}
	})
}

// TestAskingAgainChangesNothing holds every act on an order that exists to this: once it is done, the
// same command at the same time does nothing, or is refused.
func TestAskingAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Order{}
		for range rapid.IntRange(0, 6).Draw(t, "events") {
			o = evolveOrder(o, drawEvent(t))
		}
		cmd := rapid.SampledFrom([]any{
			Confirm{"2026-0001"}, TakeBack{"2026-0001"}, Lift{Order: "2026-0001"}, Stay{Order: "2026-0001", Court: "court", Reference: "1"},
			LiftStay{"2026-0001", "2"}, Review{"2026-0001", "continue", "the board", act.NewPrivate("", "x")},
			Review{"2026-0001", "end", "the board", act.NewPrivate("", "x")}, Quash{Order: "2026-0001", By: "court", Reference: "3"}, MeetConditions{"2026-0001", "done"},
		}).Draw(t, "command")
		meta := act.Meta{Actor: rapid.SampledFrom([]string{"token/1", "token/2"}).Draw(t, "actor"), At: noon("2026-09-01")}
		i := slices.IndexFunc(Domain().Acts, func(a *act.Act) bool { return a.Command == reflect.TypeOf(cmd) })
		a := Domain().Acts[i]
		facts := any(known())
		if a.Facts == reflect.TypeFor[act.None]() {
			facts = act.None{}
		}
		events, err := a.Decide(o, facts, cmd, meta)
		if err != nil {
			return
		}
		for _, e := range events {
			o = evolveOrder(o, e)
		}
		if again, err := a.Decide(o, facts, cmd, meta); err == nil && len(again) > 0 {
			t.Fatalf("%+v was done twice: %v, %v", cmd, events, again)
		}
	})
}
