package flowbody

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
)

func domainDuties(w *world) (owed []standing.Duty) {
	for _, d := range Duties(w, "0042", w.now) {
		if d.Kind == standing.DutyDomain {
			owed = append(owed, d)
		}
	}
	return owed
}

func TestADomainIsProvenAnewBeforeItsProofRunsOut(t *testing.T) {
	w := founded(t)
	owed := domainDuties(w)
	dublin := bodyOf(w).Location
	if len(owed) != 1 || owed[0].Subject != "cobaltridge.example" || owed[0].LastDay(dublin) != date("2027-02-01") || !owed[0].Lapse.Equal(ProofUntil(w, w.now, w.now)) {
		t.Fatalf("owed %+v", owed)
	}
	w.now = owed[0].Due.AddDate(0, 0, 3)
	if late := domainDuties(w); len(late) != 1 || !late[0].Overdue(w.now) {
		t.Errorf("in grace: %+v", late)
	}
	w.must("registrar", membership.ProveDomain{Member: "0042", Domain: "cobaltridge.example", How: "dns"})
	if again := domainDuties(w); len(again) != 1 || again[0].Overdue(w.now) {
		t.Errorf("proven anew: %+v", again)
	}
	w.must("registrar", membership.AddDomain{Member: "0042", Domain: "added.example"})
	if n := len(domainDuties(w)); n != 1 {
		t.Errorf("for a domain that is merely added something is owed: %d", n)
	}
	w.must("registrar", membership.Withdraw{Member: "0042"})
	if left := Duties(w, "0042", w.now); len(left) > 0 {
		t.Errorf("it left, and owes %+v", left)
	}
}

// TestWhatIsOwedAndWhatWaitsFollowsWhateverHappened lets anything happen: no duty is there twice, those who are out
// owe nothing, and each stream has at most one thing waiting that has begun.
func TestWhatIsOwedAndWhatWaitsFollowsWhateverHappened(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, noon("2026-02-01"))
		w.must("operator", governance.Found{Name: "The Demo Body", Zone: "Europe/Dublin", Web: "demo.example"})
		w.must("operator", governance.Adopt{Text: text("2026.1", "2026-01-01")})
		w.now = noon("2026-04-02")
		for range rapid.IntRange(1, 30).Draw(rt, "acts") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 30*24).Draw(rt, "hours")) * time.Hour)
			_, _ = w.do(rapid.SampledFrom([]string{"officer-1", "officer-2"}).Draw(rt, "officer"), drawCommand(rt, w))
		}
		for _, number := range numbers {
			duties := Duties(w, number, w.now)
			if !slices.IsSortedFunc(duties, standing.Duty.Compare) || len(slices.CompactFunc(slices.Clone(duties), func(a, b standing.Duty) bool { return a.Compare(b) == 0 })) != len(duties) {
				rt.Fatalf("out of order, or twice: %+v", duties)
			}
			switch status := standing.Of(FactsOf(w, number), w.now, w.now).Status; status {
			case "", standing.Withdrawn, standing.WithdrawnUnderInvestigation, standing.Expelled:
				if len(duties) > 0 {
					rt.Fatalf("%s is %q and owes %+v", number, status, duties)
				}
			}
			for _, d := range duties {
				if _, known := w.c.Act(d.Act); !known {
					rt.Fatalf("no act %q fulfils %+v", d.Act, d)
				}
			}
		}
		for stream := range w.states {
			on, waits := WaitingOn(w, stream)
			if !waits {
				continue
			}
			if _, known := w.c.Act(on.Act); !known || !slices.Contains(WaitingKinds, on.Kind) || on.Subject != stream || on.Since.IsZero() || on.What == "" || on.Member == "" {
				rt.Fatalf("%+v", on)
			}
		}
	})
}
