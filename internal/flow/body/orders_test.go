package flowbody

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
)

// effective reports whether an order has effect at t, by its own state.
func effective(o discipline.Order, t time.Time) bool {
	return o.Stage == discipline.InForce && !o.Stayed && !t.Before(o.From) && (o.Until.IsZero() || t.Before(o.Until))
}

// because reports whether an order is a reason of how a member stands, rather than said to be stayed or set aside.
func because(a standing.Answer, order string) bool {
	for _, r := range a.Reasons {
		if r.Order == order && r.Rule != "STD-21" && r.Rule != "STD-23" {
			return true
		}
	}
	return false
}

// TestAnOrderDoesWhatItsStateSays lets anything be decided about an order, with days given at will, and holds
// its state to the standing that follows: now, and at any time to come if nothing more happens.
func TestAnOrderDoesWhatItsStateSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := founded(t)
		w.now = noon("2026-04-02")
		paper := expulsion()
		paper.Sanction = rapid.SampledFrom([]string{discipline.Expulsion, discipline.Suspension, discipline.Probation, discipline.Conditions}).Draw(rt, "sanction")
		if paper.Sanction != discipline.Expulsion {
			paper.Until = date("2026-12-31")
		}
		if rapid.Bool().Draw(rt, "later") {
			paper.From = date("2026-04-02").AddDays(rapid.IntRange(0, 90).Draw(rt, "from"))
		}
		const order = "2026-0001"
		interim := rapid.IntRange(0, 3).Draw(rt, "interim") == 0
		for range rapid.IntRange(2, 14).Draw(rt, "acts") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(rt, "hours")) * time.Hour)
			var on act.Date
			if rapid.Bool().Draw(rt, "dated") {
				on = act.DateIn(w.now, time.UTC).AddDays(-rapid.IntRange(0, 120).Draw(rt, "days ago"))
			}
			var begin any = paper
			if interim {
				begin = discipline.Impose{
					Member: "0042", Provisions: []string{"1"}, Reason: act.NewPrivate("", "x"), Heard: act.NewPrivate("", "x"),
					Notified: w.now.AddDate(0, 0, -9), Until: act.DateIn(w.now, time.UTC).AddDays(rapid.IntRange(30, 180).Draw(rt, "until")),
				}
			}
			if act.StateOf[discipline.Order](w, "order/"+order).Stage != "" {
				begin = discipline.Confirm{Order: order}
			}
			cmd := rapid.SampledFrom([]any{
				begin, begin, discipline.Stay{Order: order, Court: "x", Reference: "y", On: on}, discipline.LiftStay{Order: order, Reference: "y"},
				discipline.Quash{Order: order, By: "x", Reference: "y", On: on}, discipline.MeetConditions{Order: order, How: "x"},
				discipline.Lift{Order: order}, discipline.Review{Order: order, Decision: "continue", By: "x", Reason: act.NewPrivate("", "x")},
				discipline.Review{Order: order, Decision: "end", By: "x", Reason: act.NewPrivate("", "x")},
			}).Draw(rt, "command")
			if _, err := w.do(rapid.SampledFrom([]string{"token/1", "token/2"}).Draw(rt, "actor"), cmd); err != nil {
				if _, ok := act.Refused(err); !ok {
					rt.Fatalf("%+v: %v", cmd, err)
				}
				continue
			}
			o := act.StateOf[discipline.Order](w, "order/"+order)
			probes := []time.Time{w.now, o.From, o.Until, o.Until.Add(-time.Microsecond)}
			for range 3 {
				probes = append(probes, w.now.Add(time.Duration(rapid.IntRange(0, 400*24).Draw(rt, "later hours"))*time.Hour))
			}
			for _, at := range probes {
				if at.Before(w.now) {
					continue
				}
				if a := standing.Of(FactsOf(w, "0042"), at, w.now); effective(o, at) != because(a, order) {
					rt.Fatalf("after %+v at %s: the order is %s, stayed %v, from %s until %s, and at %s it stands %s because of %+v",
						cmd, w.now, o.Stage, o.Stayed, o.From, o.Until, at, a.Status, a.Reasons)
				}
			}
		}
	})
}

func TestAnInterimSuspensionThatNobodyReviewsEnds(t *testing.T) {
	w := founded(t)
	w.now = noon("2026-04-10")
	impose := discipline.Impose{
		Member: "0042", Provisions: []string{"1"}, Reason: act.NewPrivate("", "its backups are for sale"),
		Notified: noon("2026-04-01"), Heard: act.NewPrivate("", "nothing"), Until: date("2026-09-30"),
	}
	w.must("chair", impose)
	stands := func(day string) standing.Answer { return standing.Of(FactsOf(w, "0042"), noon(day), w.now) }
	if a := stands("2026-07-10"); a.Status != standing.Suspended || a.Kind != standing.Interim ||
		!strings.HasSuffix(a.Reasons[0].Text, "until the end of 10 July 2026 unless it is continued on review.") {
		t.Errorf("on its last day: %+v", a)
	}
	if a := stands("2026-07-11"); a.Kind == standing.Interim {
		t.Errorf("without a review: %+v", a)
	}
	w.now = noon("2026-07-01")
	kinds := w.must("chair", discipline.Review{Order: "2026-0001", Decision: "continue", By: "the interim panel", Reason: act.NewPrivate("", "the sale goes on")})
	if got := strings.Join(kinds, " "); got != "order.interim-reviewed notice.corrected" {
		t.Errorf("a review made %s", got)
	}
	if a := stands("2026-09-30"); a.Kind != standing.Interim || !strings.HasSuffix(a.Reasons[0].Text, "until the end of 30 September 2026.") {
		t.Errorf("after the review: %+v", a)
	}
	if a := stands("2026-10-01"); a.Kind == standing.Interim {
		t.Errorf("after its time: %+v", a)
	}

	// It is not imposed again for the same cause; charges that are served make another case of it.
	w.now = noon("2026-10-20")
	impose.Notified, impose.Until = noon("2026-10-10"), date("2026-12-31")
	if _, err := w.do("chair", impose); !refusedBy(err, "DISC-32") {
		t.Errorf("it was suspended for %v more: %v", impose.Until, err)
	}
	w.must("case manager", discipline.Charge{Member: "0042", Provisions: []string{"2"}, Served: date("2026-10-12"), ServiceProof: "letter"})
	w.must("chair", impose)
}

func TestWhoLeftLongAgoIsNotCharged(t *testing.T) {
	w := founded(t)
	w.must("registrar", membership.Withdraw{Member: "0042"})
	w.now = noon("2028-02-03")
	charge := discipline.Charge{Member: "0042", Provisions: []string{"2"}, Served: date("2028-02-02"), ServiceProof: "letter"}
	if _, err := w.do("case manager", charge); !refusedBy(err, "DISC-29") {
		t.Errorf("it was charged: %v", err)
	}
	charge.Served = date("2028-02-01")
	w.must("case manager", charge)
	if s := last[standing.Stated](w); s.Status != standing.WithdrawnUnderInvestigation {
		t.Errorf("stated %+v", s)
	}
}

func TestNumbersAreOfTheYearInTheBodysZone(t *testing.T) {
	w := newWorld(t, noon("2026-02-01"))
	w.must("operator", governance.Found{Name: "The Demo Body", Zone: "Pacific/Auckland", Web: "demo.example"})
	w.must("operator", governance.Adopt{Text: text("2026.1", "2026-01-01")})
	w.must("operator", cobalt())
	w.now = noon("2026-12-31") // 1:00 of New Year's Day in Auckland
	w.must("token/1", expulsion())
	w.must("token/2", discipline.Confirm{Order: "2027-0001"})
	if n := last[discipline.NoticePublished](w); n.ID != "2027-0001" {
		t.Errorf("its notice is %s", n.ID)
	}
}

func TestAReadmissionEndsNoStayedExpulsion(t *testing.T) {
	w := founded(t)
	w.now = noon("2026-04-02")
	w.must("token/1", expulsion())
	w.must("token/2", discipline.Confirm{Order: "2026-0001"})
	w.must("token/2", discipline.Stay{Order: "2026-0001", Court: "x", Reference: "y"})
	w.now = noon("2026-05-02")
	w.must("registrar", membership.Withdraw{Member: "0042"})
	for _, check := range []string{"domain", "identity", "references", "sanctions"} {
		w.must("registrar", membership.RecordCheck{Member: "0042", Check: check, How: "looked", Result: "passed"})
	}
	w.must("registrar", membership.Readmit{Member: "0042", Decision: "The board, in spite of the order"})
	w.now = noon("2026-06-02")
	w.must("token/2", discipline.LiftStay{Order: "2026-0001", Reference: "y"})
	if s := last[standing.Stated](w); s.Status != standing.Expelled {
		t.Errorf("stated %+v", s)
	}
}
