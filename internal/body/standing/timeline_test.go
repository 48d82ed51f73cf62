package standing

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/code"
)

func loadZone(name string) (*time.Location, error) { return time.LoadLocation(name) }

var zones = []string{"UTC", "America/New_York", "Europe/Dublin", "Pacific/Auckland"}

// drawTime draws an instant within some years, often at midnight, where things meet.
func drawTime(t *rapid.T, label string) time.Time {
	when := day("2024-01-01").AddDate(0, 0, rapid.IntRange(0, 5*365).Draw(t, label+" day"))
	if rapid.Bool().Draw(t, label+" exact") {
		return when
	}
	return when.Add(time.Duration(rapid.IntRange(0, 86_399_999_999).Draw(t, label+" time")) * time.Microsecond)
}

func drawBody(t *rapid.T) *Body {
	zone, err := loadZone(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	b := &Body{Zone: zone}
	if rapid.IntRange(0, 5).Draw(t, "opened") > 0 {
		b.Opened = date("2024-06-01").Start(zone)
		b.OpenedRecorded = drawTime(t, "opened recorded")
	}
	recorded := day("2024-01-01")
	for range rapid.IntRange(0, 3).Draw(t, "calendars") {
		days := code.Holidays{}
		for range rapid.IntRange(0, 8).Draw(t, "holidays") {
			days[date("2024-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "holiday"))] = "Holiday"
		}
		b.Calendars = append(b.Calendars, Calendar{recorded, days})
		recorded = recorded.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "days between calendars"))
	}
	effective := date("2024-01-15")
	for i := range rapid.IntRange(0, 3).Draw(t, "versions") {
		effective = effective.AddDays(rapid.IntRange(1, 500).Draw(t, "days between versions"))
		r := code.Usual()
		if rapid.Bool().Draw(t, "required") {
			r.Membership.Subscription = code.Set(code.Required)
		}
		if rapid.Bool().Draw(t, "renewal") {
			r.Membership.Renewal = code.Set(code.Duration{N: 1, Unit: code.Years})
		}
		if interval := rapid.SampledFrom([]int{0, 3, 6, 12}).Draw(t, "attestation"); interval > 0 {
			r.Confidentiality.Attestation = code.Set(code.Duration{N: interval, Unit: code.Months})
		}
		if rapid.Bool().Draw(t, "business days") {
			r.Membership.DuesGrace = code.Set(code.Duration{N: 7, Unit: code.BusinessDays})
			r.Membership.Grace = code.Set(code.Duration{N: 9, Unit: code.BusinessDays})
		}
		if rapid.IntRange(0, 4).Draw(t, "patient") == 0 {
			r.Confidentiality.Grace = code.Setting[code.Duration]{}
		}
		start := effective.Start(zone)
		transition := code.Duration{N: rapid.SampledFrom([]int{0, 30, 90}).Draw(t, "transition"), Unit: code.Days}
		until := start
		if transition.N > 0 {
			until = code.Deadline(start, transition, zone, nil)
		}
		b.Versions = append(b.Versions, Version{
			Label: fmt.Sprint(i), SHA256: fmt.Sprint("sha", i), Requirements: &r, Transition: transition,
			Recorded: start.AddDate(0, 0, -rapid.IntRange(-30, 60).Draw(t, "adopted before")), Effective: start, TransitionUntil: until,
		})
	}
	return b
}

func drawFact(t *rapid.T, position int64) Fact {
	s := Stamp{Position: position, Effective: drawTime(t, "effective")}
	s.Recorded = s.Effective
	if late := rapid.IntRange(0, 3).Draw(t, "late"); late == 0 {
		s.Recorded = s.Effective.AddDate(0, 0, rapid.IntRange(0, 200).Draw(t, "days late"))
	}
	id := fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "id"))
	switch rapid.IntRange(0, 14).Draw(t, "sort") {
	case 0, 1:
		return &Joined{s}
	case 2:
		return &Readmitted{s}
	case 3:
		return &Left{s}
	case 4, 5:
		v := fmt.Sprint(rapid.IntRange(0, 2).Draw(t, "version"))
		return &Subscribed{s, v, "sha" + v}
	case 6:
		return &Renewed{s}
	case 7:
		through := date("2024-01-01").AddDays(rapid.IntRange(0, 1000).Draw(t, "through"))
		return &PaidThrough{s, through}
	case 8, 9:
		label := fmt.Sprintf("%d-Q%d", rapid.IntRange(2024, 2027).Draw(t, "year"), rapid.IntRange(1, 4).Draw(t, "quarter"))
		p, _ := ParsePeriod(label)
		return &Attested{s, p}
	case 10:
		return &Charged{s, id}
	case 11:
		return &Discharged{s, id}
	case 12:
		o := &Ordered{Stamp: s, Order: id, Sanction: rapid.SampledFrom([]string{"expulsion", "suspension", "probation", "conditions", "warning"}).Draw(t, "sanction")}
		if o.Sanction != "expulsion" {
			o.Until = s.Effective.AddDate(0, 0, rapid.IntRange(-10, 300).Draw(t, "until"))
			o.Interim = o.Sanction == "suspension" && rapid.Bool().Draw(t, "interim")
		}
		return o
	case 13:
		return &OrderEnded{s, id, rapid.Bool().Draw(t, "quashed")}
	}
	if rapid.Bool().Draw(t, "lifted") {
		return &StayLifted{s, id}
	}
	return &Stayed{s, id}
}

// drawLearning returns how education stands, as it follows from what was known: the last that was worked out by then.
func drawLearning(t *rapid.T) func(time.Time) []LearningSpan {
	type known struct {
		since time.Time
		spans []LearningSpan
	}
	var all []known
	for range rapid.IntRange(0, 2).Draw(t, "reckonings") {
		k := known{since: drawTime(t, "reckoned")}
		from := k.since.AddDate(0, 0, rapid.IntRange(-200, 100).Draw(t, "learning from"))
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			k.spans = append(k.spans, LearningSpan{From: from, Learning: rapid.SampledFrom([]Learning{LearningMet, LearningMaking, LearningMissed}).Draw(t, "learning")})
			from = from.AddDate(0, 0, rapid.IntRange(1, 300).Draw(t, "then"))
		}
		all = append(all, k)
	}
	return func(at time.Time) (spans []LearningSpan) {
		for _, k := range all {
			if !k.since.After(at) {
				spans = k.spans
			}
		}
		return spans
	}
}

func drawFacts(t *rapid.T) Facts {
	f := Facts{Body: drawBody(t), Learning: drawLearning(t)}
	for i := range rapid.IntRange(0, 14).Draw(t, "facts") {
		f.Member = append(f.Member, drawFact(t, int64(i+1)))
	}
	return f
}

func TestOfAndTimelineNeverDisagree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, known := drawFacts(t), drawTime(t, "known")
		line := Timeline(f, known)
		for i, s := range line {
			if i > 0 && s.From.Before(line[i-1].Until) || i > 0 && line[i-1].Until.IsZero() {
				t.Fatalf("spans overlap: %v", line)
			}
			if i > 0 && s.From.Equal(line[i-1].Until) && s.Status == line[i-1].Status && s.Kind == line[i-1].Kind {
				t.Fatalf("neighbours are alike: %v", line)
			}
			if (s.Status == Good) != (s.Kind == "") {
				t.Fatalf("status %s has kind %q", s.Status, s.Kind)
			}
		}
		probes := []time.Time{drawTime(t, "at")}
		for _, s := range line {
			probes = append(probes, s.From, s.From.Add(-time.Microsecond))
			if !s.Until.IsZero() {
				probes = append(probes, s.Until, s.Until.Add(-time.Microsecond))
			}
		}
		for _, at := range probes {
			a := Of(f, at, known)
			i := slices.IndexFunc(line, func(s Span) bool { return !at.Before(s.From) && (s.Until.IsZero() || at.Before(s.Until)) })
			if i < 0 {
				if a.Status != "" {
					t.Fatalf("at %s: %s outside of every span", at, a.Status)
				}
				continue
			}
			s := line[i]
			if a.Status != s.Status || a.Kind != s.Kind || !a.Since.Equal(s.From) || !a.PublicNextChange.Equal(s.Until) {
				t.Fatalf("at %s: %s %s since %s next %s, span %v", at, a.Status, a.Kind, a.Since, a.PublicNextChange, s)
			}
			if a.Status != Good && len(a.Reasons) == 0 {
				t.Fatalf("at %s: %s without a reason", at, a.Status)
			}
			if a.Status != Good && len(a.Public().Reasons) == 0 {
				t.Fatalf("at %s: %s without a public reason", at, a.Status)
			}
			if !a.NextChange.IsZero() && !a.PublicNextChange.IsZero() && a.NextChange.After(a.PublicNextChange) {
				t.Fatalf("at %s: own change %s after the public one %s", at, a.NextChange, a.PublicNextChange)
			}
		}
	})
}

func TestWhatIsRecordedLaterNeverChangesAnEarlierAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, known, at := drawFacts(t), drawTime(t, "known"), drawTime(t, "at")
		b := *f.Body
		b.Calendars = nil
		for _, c := range f.Body.Calendars {
			if !c.Recorded.After(known) {
				b.Calendars = append(b.Calendars, c)
			}
		}
		before := Facts{Body: &b, Learning: f.Learning}
		for _, fact := range f.Member {
			if !fact.stamp().Recorded.After(known) {
				before.Member = append(before.Member, fact)
			}
		}
		if a, b := Of(f, at, known), Of(before, at, known); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v became %+v", b, a)
		}
	})
}

func TestWhatTakesEffectLaterDoesNotCountYet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, known, at := drawFacts(t), drawTime(t, "known"), drawTime(t, "at")
		now := Facts{Body: f.Body, Learning: f.Learning}
		for _, fact := range f.Member {
			if !fact.stamp().Effective.After(at) {
				now.Member = append(now.Member, fact)
			}
		}
		a, b := Of(f, at, known), Of(now, at, known)
		if a.Status != b.Status || a.Kind != b.Kind || !a.Since.Equal(b.Since) || !reflect.DeepEqual(a.Code, b.Code) {
			t.Fatalf("%s %s since %s; by then %s %s since %s", a.Status, a.Kind, a.Since, b.Status, b.Kind, b.Since)
		}
	})
}

func TestTheOrderOfTheListDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, known, at := drawFacts(t), drawTime(t, "known"), drawTime(t, "at")
		mixed := Facts{Body: f.Body, Learning: f.Learning, Member: rapid.Permutation(f.Member).Draw(t, "order")}
		if a, b := Of(f, at, known), Of(mixed, at, known); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
		if a, b := Timeline(f, known), Timeline(mixed, known); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestNothingToGoByIsNoStanding(t *testing.T) {
	if a := Of(Facts{}, day("2026-01-01"), day("2026-01-01")); a.Status != "" || len(Timeline(Facts{}, day("2026-01-01"))) > 0 {
		t.Errorf("%+v", a)
	}
}

// benchmarked is a member of two years: signed twice, paid, renewed and attested, never in trouble.
func benchmarked() Facts {
	b := body(version("2026.1", "2026-01-01", requirements()), version("2027.1", "2027-01-01", requirements()))
	facts := []Fact{
		joined("2025-06-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2026-12-31"), attested("2026-07-02", "2026-Q2"),
		attested("2026-10-02", "2026-Q3"), paid("2026-12-20", "2027-12-31"), signed("2027-01-02", "2027.1"), attested("2027-01-04", "2026-Q4"),
		attested("2027-04-02", "2027-Q1"), attested("2027-07-02", "2027-Q2"), attested("2027-10-02", "2027-Q3"), paid("2027-12-20", "2028-12-31"),
	}
	for i, f := range facts {
		f.stamp().Position, f.stamp().Recorded = int64(i+1), f.stamp().Effective
	}
	return Facts{Body: b, Member: facts}
}

func BenchmarkOf(b *testing.B) {
	f, at := benchmarked(), day("2027-12-24")
	b.ReportAllocs()
	for b.Loop() {
		Of(f, at, at)
	}
}

func BenchmarkTimeline(b *testing.B) {
	f, known := benchmarked(), day("2027-12-24")
	b.ReportAllocs()
	for b.Loop() {
		Timeline(f, known)
	}
}
