package education

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/code"
)

func periodsOf(l Ledger) string {
	var b strings.Builder
	for _, p := range l.Periods {
		fmt.Fprintf(&b, "%s (%s owed)\n", p, need(p))
	}
	return b.String()
}

func need(p Period) code.Amount {
	if len(p.Needs) == 0 {
		return 0
	}
	return p.Needs[0].Least
}

// A version that sets the number takes effect in March: what is left of the year is owed in part. A later one
// that raises it in July takes effect with the next year.
func TestAPeriodIsJudgedByTheSchemeItBeganUnder(t *testing.T) {
	rules := Rules{
		{Scheme: Ready(code.Education{})},
		{act.On(2027, 3, 1), scheme(t, "credits: 6\nperiod: 1y\n")},
		{act.On(2028, 7, 1), scheme(t, "credits: 8\nperiod: 1y\n")},
	}
	p := Person{Joined: act.On(2020, 1, 1)}
	credits := []Credit{{ID: "early", On: act.On(2027, 2, 28)}, {ID: "march", On: act.On(2027, 3, 1)}}
	l := rules.Evaluate(&p, credits, act.On(2029, 6, 1))
	if diff := cmp.Diff(`1 January 2027 to 31 December 2027: short, at least 4 more; the time for it ended on 31 December 2027 (bound for 10 of 12 months) (5 owed)
1 January 2028 to 31 December 2028: short, at least 6 more; the time for it ended on 31 December 2028 (6 owed)
1 January 2029 to 31 December 2029: open, at least 8 more by 31 December 2029 (8 owed)
`, periodsOf(l)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if l.Lines[0].String() != "0 of 1: earned before anything was owed" || l.Lines[1].Counts != 100 || l.NotSet {
		t.Errorf("%v", l.Lines)
	}
	if l := rules.Evaluate(&p, credits, act.On(2027, 2, 28)); !l.NotSet || len(l.Periods) != 0 || l.Lines[0].Why != Kept {
		t.Errorf("before the number is set, %v, %v", l.Periods, l.Lines)
	}
	want := []Span{{act.On(2027, 3, 1), Open}, {act.On(2028, 1, 1), Short}}
	if diff := cmp.Diff(want, rules.Timeline(&p, credits, act.On(2030, 1, 1))[1:], sameDays); diff != "" {
		t.Errorf("after a time in which nothing was owed (-want +got):\n%s", diff)
	}
}

// What is left of an old scheme's period counts in the new one's, as both say.
func TestWhatIsCarriedOverCrossesToANewScheme(t *testing.T) {
	topics := "topics: [a, b]\nof-which:\n  - {name: A, topic: a, least: 1}\n"
	rules := Rules{
		{Scheme: scheme(t, "credits: 2\nperiod: 1y\ncarry-over: {most: 1}\n"+topics)},
		{act.On(2027, 1, 1), scheme(t, "credits: 3\nperiod: 1y\ncarry-over: {most: 2}\n"+topics)},
		{act.On(2028, 1, 1), scheme(t, "credits: 3\nperiod: 1y\n"+topics)},
	}
	p := Person{Joined: act.On(2026, 1, 1)}
	var credits []Credit
	for i := range 5 {
		credits = append(credits, Credit{ID: fmt.Sprint(i), On: act.On(2026, 1, 1+i), Topics: []string{"a"}})
	}
	l := rules.Evaluate(&p, credits, act.On(2028, 1, 1))
	if len(l.Periods) != 3 || l.Periods[0].Out != 100 || len(l.Periods[1].In) != 1 || l.Periods[1].Needs[1].Have != 100 || len(l.Periods[2].In) != 0 {
		t.Errorf("%s%+v", periodsOf(l), l.Periods)
	}
}

// A scheme with periods of another length begins where the last period of the old one ends.
func TestPeriodsOfAnotherLengthFollow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rules Rules
		day := act.On(2024, 1, 1)
		for range rapid.IntRange(1, 4).Draw(t, "versions") {
			text := fmt.Sprintf("credits: 3\nperiod: %s\nanchor: %s\nnewcomers: %s\n",
				rapid.SampledFrom([]string{"5mo", "1y", "18mo", "3y"}).Draw(t, "period"),
				rapid.SampledFrom([]string{"calendar", "joined", "2023-04-15"}).Draw(t, "anchor"),
				rapid.SampledFrom([]string{"pro-rata", "full", "exempt"}).Draw(t, "newcomers"))
			e, problems := code.ParseEducation([]byte(text))
			if problems != nil {
				t.Fatal(problems)
			}
			if rapid.IntRange(0, 4).Draw(t, "not set") == 0 {
				e = code.Education{}
			}
			rules = append(rules, Reign{day, Ready(e)})
			day = day.AddDays(rapid.IntRange(1, 900).Draw(t, "reign"))
		}
		p := Person{Joined: act.On(2024, 1, 1).AddDays(rapid.IntRange(-500, 500).Draw(t, "joined"))}
		at := p.Joined.AddDays(rapid.IntRange(0, 3000).Draw(t, "days"))
		cycles := rules.cycles(&p, at)
		for i, c := range cycles {
			if c.binds.Before(c.from) || c.binds.After(c.until) || c.counts.After(c.binds) || i > 0 && !c.counts.After(cycles[i-1].until) {
				t.Fatalf("%+v", cycles)
			}
			if find(cycles, c.binds) != i || find(cycles, c.until) != i {
				t.Fatalf("the period from %s is not found", c.binds)
			}
		}
		credits := someCredits(t, 6, 2, 3)
		for _, line := range rules.Evaluate(&p, credits, at).Lines {
			if line.String() == "" || line.Why == Counted != (line.Period >= 0) {
				t.Errorf("%+v", line)
			}
		}
	})
}
