package flowbody

import (
	"errors"
	"slices"
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

var numbers = []string{"0042", "0043", "0044"}

// drawCommand draws something that somebody might ask for.
func drawCommand(t *rapid.T, w *world) any {
	n, m := rapid.SampledFrom(numbers).Draw(t, "member"), rapid.SampledFrom(numbers).Draw(t, "other")
	domain := rapid.SampledFrom([]string{"a.example", "b.example", "c.example"}).Draw(t, "domain")
	order := rapid.SampledFrom([]string{"2026-0001", "2026-0002", "2026-0003"}).Draw(t, "order")
	today := act.DateIn(w.now, time.UTC)
	ada, text := act.NewPersonal("", "Ada Pine"), codeOf(w).Versions[0]
	enrol := cobalt()
	enrol.Number, enrol.Domains = n, []string{domain}
	paper := expulsion()
	paper.Member, paper.Sanction = n, rapid.SampledFrom(discipline.Sanctions).Draw(t, "sanction")
	if slices.Contains([]string{discipline.Suspension, discipline.Probation, discipline.Conditions}, paper.Sanction) {
		paper.Until = date("2026-12-31")
	}
	return rapid.SampledFrom([]any{
		enrol, membership.Subscribe{Member: n, Version: text.Label, SHA256: text.Hash(), Representative: ada, Capacity: "director"},
		membership.RecordDues{Member: n, PaidThrough: today.AddDays(200), Reason: "x"}, membership.Renew{Member: n, Representative: ada, Capacity: "director", Declaration: true},
		membership.Attest{Member: n, Period: rapid.SampledFrom([]string{"2026-Q2", "2026-Q3", "2026-Q4"}).Draw(t, "period")},
		membership.Rename{Member: n, Name: "Renamed " + domain}, membership.AddDomain{Member: n, Domain: domain}, membership.RemoveDomain{Member: n, Domain: domain},
		membership.ProveDomain{Member: n, Domain: domain, How: "dns"}, membership.Withdraw{Member: n}, membership.Merge{Member: n, Into: m},
		membership.RecordCheck{Member: n, Check: rapid.SampledFrom([]string{"domain", "identity", "references", "sanctions"}).Draw(t, "check"), How: "x", Result: "passed"},
		membership.Readmit{Member: n, Decision: "x"}, governance.Open{},
		paper, discipline.Confirm{Order: order}, discipline.Stay{Order: order, Court: "x", Reference: "y"}, discipline.LiftStay{Order: order, Reference: "y"},
		discipline.Quash{Order: order, By: "x", Reference: "y"}, discipline.MeetConditions{Order: order, How: "x"},
		discipline.Impose{Member: n, Provisions: []string{"1"}, Reason: act.NewPrivate("", "x"), Heard: act.NewPrivate("", "x"), Notified: w.now.AddDate(0, 0, -9), Until: today.AddDays(60)},
		discipline.Lift{Order: order}, discipline.Review{Order: order, Decision: "continue", By: "x", Reason: act.NewPrivate("", "x")}, discipline.Charge{Member: n, Provisions: []string{"2"}, Served: today, ServiceProof: "x"},
		discipline.CloseCharge{Charge: order, Outcome: "dismissed"},
	}).Draw(t, "command")
}

// TestWhatIsStatedIsWhatIsSo lets anything happen, in any order, and holds the public statements to the
// answer after each act that concerns a member, without asking for any.
func TestWhatIsStatedIsWhatIsSo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, noon("2026-02-01"))
		w.must("operator", governance.Found{Name: "The Demo Body", Zone: "Europe/Dublin", Web: "demo.example"})
		w.must("operator", governance.Adopt{Text: text("2026.1", "2026-01-01")})
		w.now = noon("2026-04-02")
		for range rapid.IntRange(1, 40).Draw(rt, "acts") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 30*24).Draw(rt, "hours")) * time.Hour)
			before := len(w.events)
			cmd := drawCommand(rt, w)
			if _, err := w.do(rapid.SampledFrom([]string{"token/1", "token/2"}).Draw(rt, "actor"), cmd); err != nil {
				var r *act.Refusal
				if !errors.As(err, &r) {
					rt.Fatalf("%+v: %v", cmd, err)
				}
				continue
			}
			touched := map[string]bool{}
			for _, e := range w.events[before:] {
				for _, s := range e.Subjects {
					touched[s] = true
				}
			}
			for _, n := range numbers {
				if touched["member/"+n] {
					stated(rt, w, n)
				}
			}
			held(rt, w)
		}
	})
}

// stated says that the last statement about a member is true now.
func stated(t *rapid.T, w *world, number string) {
	s := act.StateOf[standing.Statements](w, "standing/"+number)
	a := standing.Of(FactsOf(w, number), w.now, w.now)
	if s.Last.Status != a.Status || s.Last.Kind != a.Kind || !s.Last.Since.Equal(a.Since) && a.Status != "" {
		t.Fatalf("%s is stated %s %s since %s and is %s %s since %s", number,
			s.Last.Status, s.Last.Kind, s.Last.Since, a.Status, a.Kind, a.Since)
	}
}

// held says that whoever has shown a domain to be its own holds it, and nobody else.
func held(t *rapid.T, w *world) {
	holders := map[string]string{}
	for _, n := range numbers {
		for _, d := range memberOf(w, n).Domains {
			if d.ProvenAt.IsZero() {
				continue
			}
			if other, ok := holders[d.Name]; ok {
				t.Fatalf("%s is held by %s and %s", d.Name, other, n)
			}
			holders[d.Name] = n
		}
	}
	for _, d := range []string{"a.example", "b.example", "c.example"} {
		if claimed := strings.TrimPrefix(w.Holder("domain", d), "member/"); claimed != holders[d] {
			t.Fatalf("%s is held by %q and claimed by %q", d, holders[d], claimed)
		}
	}
}

func TestHolidaysMoveBusinessDays(t *testing.T) {
	w := founded(t)
	w.must("operator", governance.SetHolidays{Year: 2027, Holidays: []string{"2027-01-01"}})
	calendars := FactsOf(w, "0042").Body.Calendars
	if len(calendars) != 2 || !calendars[0].Holidays.Works(date("2027-01-01")) || calendars[1].Holidays.Works(date("2027-01-01")) {
		t.Errorf("standing knows the calendars %v", calendars)
	}
}
