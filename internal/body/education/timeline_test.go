package education

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/code"
)

const yearly = "credits: 2\nperiod: 1y\nlate: {grace: 60d, make-up: 6mo}\nwho: {roles: [practitioner], share: 50%}\n"

// A year is missed, the grace runs out, a plan is made, and the plan is kept.
func TestATimelineTellsWhatTimeBrings(t *testing.T) {
	s := scheme(t, yearly)
	p := Person{Joined: act.On(2026, 1, 1)}
	credits := []Credit{{On: act.On(2026, 3, 1)}}
	lines := func() (all []string) {
		for _, span := range (Rules{{Scheme: s}}).Timeline(&p, credits, act.On(2027, 12, 31)) {
			all = append(all, fmt.Sprint(span.From, " ", span.Status))
		}
		return all
	}
	for _, c := range []struct {
		what string
		then func()
		want []string
	}{
		{"missed", func() {}, []string{"2026-01-01 open", "2027-01-01 in grace", "2027-03-02 short"}},
		{"a plan", func() { p.Plans = []Plan{{act.On(2026, 12, 31), act.On(2027, 6, 30), act.On(2027, 3, 10)}} },
			[]string{"2026-01-01 open", "2027-01-01 in grace", "2027-03-02 short", "2027-03-10 making up", "2027-07-01 short"}},
		{"made up", func() { credits = append(credits, Credit{On: act.On(2027, 5, 1), For: act.On(2026, 12, 31)}) },
			[]string{"2026-01-01 open", "2027-01-01 in grace", "2027-03-02 short", "2027-03-10 making up", "2027-05-01 open"}},
		{"next year too", func() { credits = append(credits, Credit{On: act.On(2027, 6, 1)}, Credit{On: act.On(2027, 7, 1)}) },
			[]string{"2026-01-01 open", "2027-01-01 in grace", "2027-03-02 short", "2027-03-10 making up", "2027-05-01 open", "2027-07-01 complete"}},
		{"reversed", func() { credits[1].Reversed = "the audit" },
			[]string{"2026-01-01 open", "2027-01-01 in grace", "2027-03-02 short", "2027-03-10 making up", "2027-07-01 short"}},
	} {
		c.then()
		if diff := cmp.Diff(c.want, lines()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// On no day in between does a ledger say anything else than the timeline.
func TestNoDayDiffersFromTheTimeline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someScheme(t, false)
		credits := someCredits(t, 8, 6, 2)
		spans := Rules{{Scheme: s}}.Timeline(&newcomer, credits, act.On(2027, 12, 31))
		day := act.On(2026, 1, 1).AddDays(rapid.IntRange(0, 729).Draw(t, "day"))
		if said, is := (Colleague{Spans: spans}).At(day), s.Evaluate(&newcomer, credits, day).Worst(); said != is {
			t.Errorf("on %s the timeline says %s, the ledger %s\n%v", day, said, is, spans)
		}
	})
}

func TestAMemberNeedsAShareOfItsPeople(t *testing.T) {
	s := scheme(t, yearly)
	day := func(n int) act.Date { return act.On(2026, 1, n) }
	good := Colleague{From: day(1), Spans: []Span{{day(1), Open}}}
	falls := Colleague{From: day(1), Spans: []Span{{day(1), Open}, {day(5), MakingUp}, {day(7), Short}}}
	want := []MemberSpan{
		{day(1), Met, 3, 2, 0, 0},
		{day(5), Making, 3, 2, 2, 0},
		{day(7), Missed, 3, 2, 0, 2},
		{day(9), Met, 2, 1, 0, 1},
	}
	leaves := falls
	leaves.Until = day(9)
	if diff := cmp.Diff(want, s.Member([]Colleague{good, falls, leaves}), sameDays); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if spans := s.Member(nil); len(spans) != 0 {
		t.Errorf("without people, %v", spans)
	}
	if !s.Binds("practitioner") || s.Binds("representative") {
		t.Error("the scheme binds practitioners")
	}
}

var sameDays = cmp.Comparer(func(a, b act.Date) bool { return a == b })

func TestASampleCanBeDrawnAgain(t *testing.T) {
	var people []string
	for i := range 95 {
		people = append(people, fmt.Sprintf("%04d", i+1))
	}
	drawn := Sample([]byte("seed"), people, 5)
	if want := []string{"0003", "0010", "0027", "0049", "0057"}; !slices.Equal(drawn, want) {
		t.Errorf("drawn are %v, as by sha256sum %v", drawn, want)
	}
	slices.Reverse(people)
	if again := Sample([]byte("seed"), append(people, "0001", "0001"), 5); !slices.Equal(drawn, again) {
		t.Errorf("in another order %v", again)
	}
	if other := Sample([]byte("seeds"), people, 5); slices.Equal(drawn, other) {
		t.Error("another seed draws the same")
	}
	if n := len(Sample([]byte("seed"), people, 100)); n != 95 {
		t.Errorf("all are %d", n)
	}
	if n := len(Sample([]byte("seed"), nil, 5)); n != 0 {
		t.Errorf("of nobody %d", n)
	}
	if Commitment([]byte("seed")) != "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b" {
		t.Error("a commitment is the SHA-256 of the seed")
	}
}

// Everyone is drawn about as often.
func TestASampleIsFair(t *testing.T) {
	people := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}
	count := map[string]int{}
	for i := range 2000 {
		for _, p := range Sample(fmt.Append(nil, i), people, code.Percent(20)) {
			count[p]++
		}
	}
	for _, p := range people {
		if count[p] < 330 || count[p] > 470 {
			t.Errorf("%s was drawn %d times of 2,000, 400 are expected", p, count[p])
		}
	}
}
