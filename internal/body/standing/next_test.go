package standing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// turns returns instants at which an answer could change: the beginnings and ends of all causes, told as
// far ahead as anybody may ask, and a few drawn ones.
func turns(t *rapid.T, f Facts, known time.Time) []time.Time {
	var all []time.Time
	for _, c := range evaluate(f, instantOf(known), instantOf(day("2040-01-01"))).causes {
		for _, i := range []instant{c.from, c.until} {
			if i != never && i != dawn {
				all = append(all, i.time(), i.time().Add(-time.Microsecond))
			}
		}
	}
	for range 3 {
		all = append(all, drawTime(t, "probe"))
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// says is all that an answer tells but the times it was asked about.
func says(a Answer) string {
	return fmt.Sprintf("%s %s since %s because of %+v", a.Status, a.Kind, a.Since, a.Reasons)
}

// TestNothingChangesBeforeTheNextChange asks at one time, and at every turn after it.
func TestNothingChangesBeforeTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, known, at := drawFacts(t), drawTime(t, "known"), drawTime(t, "at")
		if rapid.Bool().Draw(t, "a subscriber from early on") {
			early := Stamp{Recorded: day("2024-01-20"), Effective: day("2024-01-20")}
			f.Member = append(f.Member, &Joined{early}, &Subscribed{early, "0", "sha0"})
		}
		asked := Of(f, at, known)
		public := asked.Public()
		for _, later := range turns(t, f, known) {
			if !later.After(at) {
				continue
			}
			then := Of(f, later, known)
			if (asked.NextChange.IsZero() || later.Before(asked.NextChange)) && says(then) != says(asked) {
				t.Fatalf("asked at %s, next change %s; yet at %s\n%s\nbecame\n%s", at, asked.NextChange, later, says(asked), says(then))
			}
			// While only grace runs, its end is not told.
			hidden := public.NextChange.IsZero() && asked.grace
			if !hidden && (public.NextChange.IsZero() || later.Before(public.NextChange)) && says(then.Public()) != says(public) {
				t.Fatalf("asked at %s, next public change %s; yet at %s\n%s\nbecame\n%s", at, public.NextChange, later, says(public), says(then.Public()))
			}
		}
		if next := asked.NextChange; !next.IsZero() && !public.NextChange.IsZero() && public.NextChange.Before(next) {
			t.Fatalf("the public change %s comes before the member's own, %s", public.NextChange, next)
		}
	})
}

func TestTheNextMissingAttestationIsTheNextChange(t *testing.T) {
	s := given(t, body(version("2026.1", "2026-01-01", quarterly())), joined("2026-01-01"), signed("2026-01-01", "2026.1"))
	s.on("2026-06-01").is(Suspended, Administrative).next("", "2026-07-31") // Q2 is missed, too
}
