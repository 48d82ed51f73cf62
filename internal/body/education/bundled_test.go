package education

import (
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/code"
)

// TestEverySchemeTakesWhateverItIsGiven throws people and credits of all sorts at the bundled schemes: days
// before and after everything, words that nobody knows, plans and leaves that cannot be. Nothing panics, every
// line says something, and what counts adds up.
func TestEverySchemeTakesWhateverItIsGiven(t *testing.T) {
	files, err := filepath.Glob(examplesFolder + "*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d schemes, %v", len(files), err)
	}
	var rules Rules
	for _, file := range files {
		rules = append(rules, Reign{Scheme: bundled(t, strings.TrimSuffix(filepath.Base(file), ".yaml"))})
	}
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Custom(func(t *rapid.T) act.Date {
			if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
				return act.Date{}
			}
			return act.On(2024, 1, 1).AddDays(rapid.IntRange(-2000, 2000).Draw(t, "days"))
		})
		percent := rapid.Custom(func(t *rapid.T) code.Setting[code.Percent] {
			if rapid.Bool().Draw(t, "known") {
				return code.Set(code.Percent(rapid.IntRange(0, 100).Draw(t, "percent")))
			}
			return code.Setting[code.Percent]{}
		})
		words := rapid.SampledFrom([]string{"", "a", "ethics", "bias/implicit", "education/power-skills", "giving-back/practitioner", "unheard-of"})
		p := Person{
			Joined: act.On(2020, 1, 1).AddDays(rapid.IntRange(0, 3000).Draw(t, "joined")), Left: day.Draw(t, "left"), Cohort: words.Draw(t, "cohort"),
			Leaves:  rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Leave { return Leave{day.Draw(t, "from"), day.Draw(t, "until")} }), 0, 2).Draw(t, "leaves"),
			Waivers: []Waiver{{day.Draw(t, "waived"), rapid.SampledFrom([]string{"", "Legal ethics", "Group A", "X"}).Draw(t, "requirement"), code.Amount(rapid.IntRange(0, 20000).Draw(t, "off"))}},
			Plans:   []Plan{{day.Draw(t, "plan for"), day.Draw(t, "plan until"), day.Draw(t, "made")}},
		}
		credits := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Credit {
			return Credit{
				ID: "c", On: day.Draw(t, "on"), Minutes: rapid.IntRange(-100, 3000).Draw(t, "minutes"), Credits: code.Amount(rapid.IntRange(-100, 9000).Draw(t, "credits")),
				Topics: rapid.SliceOfN(words, 0, 3).Draw(t, "topics"), Delivery: rapid.SampledFrom([]string{"", "group", "self-study", "nano"}).Draw(t, "delivery"),
				Kind: rapid.SampledFrom([]string{"", "vendor", "teaching"}).Draw(t, "kind"), Provider: rapid.SampledFrom([]string{"", "own", "external"}).Draw(t, "provider"),
				Proof: rapid.SampledFrom([]string{"", "verified", "self-reported"}).Draw(t, "proof"), Mark: percent.Draw(t, "mark"), Attendance: percent.Draw(t, "attendance"),
				For: day.Draw(t, "for"), Held: rapid.IntRange(0, 5).Draw(t, "held") == 0,
			}
		}), 0, 12).Draw(t, "ledger")
		n := rapid.IntRange(0, len(rules)-1).Draw(t, "scheme")
		two := Rules{rules[n], {From: day.Draw(t, "new version"), Scheme: rules[(n+1)%len(rules)].Scheme}}
		at := act.On(2024, 1, 1).AddDays(rapid.IntRange(-1000, 3000).Draw(t, "at"))
		l := two.Evaluate(&p, credits, at)
		have := make([]code.Amount, len(l.Periods))
		for _, line := range l.Lines {
			if line.String() == "" || line.Counts < 0 || line.Carried < 0 || line.Counts+line.Carried > max(0, line.Worth) {
				t.Fatalf("%+v", line)
			}
			if line.Period >= 0 {
				have[line.Period] += line.Counts
			}
		}
		for i, period := range l.Periods {
			var in code.Amount
			for _, c := range period.In {
				in += c.Counts
				if c.Counts > c.Amount {
					t.Fatalf("%+v", period)
				}
			}
			if len(period.Needs) > 0 && period.Needs[0].Have != have[i]+in || period.Status == "" || period.Short < 0 || period.String() == "" {
				t.Fatalf("%s: the lines count %s, and %s were brought in\n%+v", period, have[i], in, period.Needs)
			}
			if (period.Short > 0) != (period.Status != Complete && period.Status != Exempt) {
				t.Fatalf("%s is short of %s", period, period.Short)
			}
		}
		two.Timeline(&p, credits, at)
	})
}
