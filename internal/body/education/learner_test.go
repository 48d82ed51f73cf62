package education

import (
	"reflect"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

// A ledger can be looked at as it was known on any day: what came later, and what was undone later, makes no difference.
func TestALedgerIsKnownAsItWas(t *testing.T) {
	on := func(n int) time.Time { return acttest.Noon.AddDate(0, 0, n) }
	second := recorded
	second.Credit, second.On, second.At = 2, date("2026-06-03"), on(2)
	events := []act.Event{
		recorded, CreditHeld{"0007", 1, true, nil, on(1)}, second, CreditReversed{"0007", 2, "mistake", nil, on(3)},
		LeaveGranted{Person: "0007", From: date("2026-07-01"), Until: date("2026-07-31"), At: on(4)}, EducationWaived{Person: "0007", At: on(5)},
		CreditHeld{"0007", 1, false, nil, on(6)}, MakeUpPlanned{Person: "0007", For: date("2025-12-31"), Until: date("2026-08-31"), At: on(7)},
		CreditHeld{"0007", 1, true, nil, on(8)},
	}
	fold := func(events []act.Event) (l Learner) {
		for _, e := range events {
			l = evolveLearner(l, e)
		}
		return l
	}
	told := func(l Learner) any {
		var p Person
		l.Bear(&p, time.UTC)
		return []any{append([]Credit{}, l.Credits()...), p}
	}
	all := fold(events)
	for n := range len(events) + 1 {
		if got, want := told(all.Known(on(n-1))), told(fold(events[:n])); !reflect.DeepEqual(got, want) {
			t.Errorf("after %d events\ngot  %+v\nwant %+v", n, got, want)
		}
	}
}
