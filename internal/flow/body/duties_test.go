package flowbody

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
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
			if _, known := w.c.Act(on.Act); !known || !slices.Contains(WaitingKinds, on.Kind) || on.Subject != stream || on.Since.IsZero() || on.What == "" || on.Member == "" && !ofEducation(on.Kind) {
				rt.Fatalf("%+v", on)
			}
		}
	})
}

// ofEducation reports whether what waits concerns no member.
func ofEducation(kind string) bool {
	return slices.Contains([]string{WaitingCredit, WaitingProvider, WaitingCourse, WaitingAudit}, kind)
}

func TestWhatWaitsForTheEducationOfficer(t *testing.T) {
	w := school(t)
	waits := func(stream, kind, what string) {
		t.Helper()
		on, ok := WaitingOn(w, stream)
		if ok != (what != "") || ok && (on.Kind != kind || on.What != what || on.Since.IsZero()) {
			t.Errorf("%s: %+v, %v; want %q", stream, on, ok, what)
		}
		if _, known := w.c.Act(on.Act); ok && !known {
			t.Errorf("there is no act %q", on.Act)
		}
	}
	waits("learner/0001", "", "")
	claim := education.ClaimCredit{Person: "0001", Title: act.NewPersonal("", "A talk"), On: date("2027-01-02"), Minutes: 60}
	w.must("person/0001", claim)
	waits("learner/0001", WaitingCredit, "Person 0001 claims credit for what they completed elsewhere.")
	w.must("person/0001", claim)
	waits("learner/0001", WaitingCredit, "Person 0001 claims credit for 2 things that they completed elsewhere.")
	w.must("token/1", education.Decide{Person: "0001", Claim: 1, Answer: "accept"})
	waits("learner/0001", WaitingCredit, "Person 0001 claims credit for what they completed elsewhere.")
	w.must("operator", people.Forget{Person: "0001", Reason: "objection"})
	waits("learner/0001", "", "")

	w.must("operator", education.Apply{Name: "Courses Inc.", Contact: adaEmail})
	waits("provider/P-0001", WaitingProvider, "Provider P-0001 asks for approval.")
	w.must("operator", education.Approve{Provider: "P-0001"})
	waits("provider/P-0001", "", "")
	w.must("operator", people.Forget{Person: "P-0001-1", Reason: "objection"})
	if _, err := w.do("operator", people.Forget{Person: "P-0001-2", Reason: "objection"}); err == nil {
		t.Error("nobody was forgotten")
	}
	w.must("operator", education.Commit{Commitment: education.Commitment([]byte("seed"))})
	waits("audit/2027-0001", WaitingAudit, "The sample of audit 2027-0001 is to be drawn, from 2027-01-02 on.")
	waits("course/C-0001", "", "")
}
