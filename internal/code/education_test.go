package code

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shingle/internal/act"
)

func schemes(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../examples/education/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d schemes, %v", len(files), err)
	}
	all := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".yaml")] = string(text)
	}
	return all
}

var sameDates = cmp.Comparer(func(a, b act.Date) bool { return a == b })

// What a scheme prints, key by key, reads as the same scheme, whether in a file of its own or in a code.
func TestSchemesPrintAsTheyRead(t *testing.T) {
	for name, text := range schemes(t) {
		e, problems := ParseEducation([]byte(text))
		if err := problems.Err(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var printed strings.Builder
		for key, value := range (Requirements{Education: e}).All() {
			if key, ok := strings.CutPrefix(key, "education."); ok {
				printed.WriteString(key + ": " + value + "\n")
			}
		}
		again, problems := ParseEducation([]byte(printed.String()))
		if diff := cmp.Diff(e, again, sameDates); diff != "" || problems != nil {
			t.Errorf("%s (-first +again):\n%s%v\n%s", name, diff, problems, &printed)
		}
		indented := "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
		v, problems := Parse([]byte(strings.Replace(small, "education: not-set", "education:\n"+indented, 1)))
		if v == nil {
			t.Errorf("%s within a code: %v", name, problems)
		} else if diff := cmp.Diff(e, v.Requirements.Education, sameDates); diff != "" || !v.Requirements.Education.IsSet() {
			t.Errorf("%s within a code:\n%s", name, diff)
		}
	}
}

// What the template offers for the day on which the number is set is good as it stands.
func TestTheTemplatesSchemeIsGood(t *testing.T) {
	text := string(Template(act.On(2026, 1, 1)))
	text = strings.Replace(text, "  education: not-set ", "  # ", 1)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if rest, ok := strings.CutPrefix(line, "  # "); ok && (strings.HasPrefix(rest, "education:") || strings.HasPrefix(rest, "  ")) && !strings.Contains(rest, "when the number") {
			line = "  " + rest
		}
		lines = append(lines, line)
	}
	if e := good(t, strings.Join(lines, "\n")).Requirements.Education; !e.IsSet() || len(e.OfWhich) != 1 || e.Audit.Rate != 5 {
		t.Errorf("the scheme is %v", e)
	}
}

// A reader who does not know YAML is told the scheme in words; what it leaves out is left out.
func TestASchemeIsExplained(t *testing.T) {
	e, problems := ParseEducation([]byte(plain))
	if problems != nil {
		t.Fatal(problems)
	}
	got := map[string]string{}
	for _, x := range (Requirements{Education: e}).Explained() {
		if x.Section == "education" {
			got[x.Name] = x.Value
		}
	}
	want := map[string]string{
		"credits": "20", "period": "2 years", "topics": "ethics, ethics/bias, ethics/law, tech",
		"deliveries": "live: {}, self-study: {}", "kinds": "attending: {}, teaching: {}",
		"of which": "Ethics: at least 4 (of which Bias: at least 2); Live: at least 5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A redline shows what a new version adds to a scheme and takes from it.
func TestARedlineShowsTheScheme(t *testing.T) {
	with := func(scheme string) *Version {
		return good(t, strings.Replace(small, "education: not-set", "education: "+scheme, 1))
	}
	got := map[string]string{}
	for _, c := range Diff(with("{credits: 4, period: 1y, own: 1}"), with("{credits: 4, period: 1y, late: {grace: 60d}}")).Requirements {
		if c.Changed() {
			got[c.Key] = c.Before + " > " + c.After
		}
	}
	want := map[string]string{"education.own": "1 > left out", "education.late": "left out > {grace: 60d}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const plain = `credits: 20
period: 2y
topics: [ethics, ethics/bias, ethics/law, tech]
deliveries: {live: {}, self-study: {}}
kinds: {attending: {}, teaching: {}}
of-which:
  - name: Ethics
    topic: ethics
    least: 4
    of-which:
      - {name: Bias, topic: ethics/bias, least: 2}
  - {name: Live, delivery: live, least: 5}
`

// Each of these is the plain scheme with one thing changed.
func TestSchemesThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct{ old, new, place, wrong, cure string }{
		"no period":              {"period: 2y\n", "", "1:10", "credits are set, but no period", "period: 1y"},
		"period in days":         {"2y", "700d", "2:9", "a period of 700d is neither", "12mo"},
		"credits in words":       {"20", "twenty", "1:10", `"twenty" is not a number of credits`, "credits: 4"},
		"thousandths":            {"20", "20.125", "1:10", `"20.125" is not a number of credits`, "credits: 4"},
		"no such topic":          {"topic: ethics\n", "topic: ethiks\n", "8:12", `"ethiks" is none of the topics`, `Did you mean "ethics"?`},
		"no such key":            {"least: 4", "lest: 4", "9:5", `"lest" is not a key of a requirement`, `Did you mean "least"?`},
		"least over most":        {"least: 4", "least: 4\n    most: 3", "9:12", `"Ethics" is at least 4 and at most 3`, "Change one"},
		"parts over the whole":   {"least: 2", "least: 5", "7:5", `the parts of "Ethics" come to 5`, "Lower the parts"},
		"more than the credits":  {"least: 4", "least: 21", "1:10", "by topic, 21 are owed of 20 credits", "Lower it"},
		"same dimension":         {"delivery: live", "topic: ethics/law", "12:5", `"Ethics" and "Live" overlap`, "Put one below the other"},
		"crossing":               {"delivery: live", "topic: [tech, ethics/law]", "12:5", `"Ethics" and "Live" overlap`, "in one of them only"},
		"no part of it":          {"topic: ethics/bias", "topic: tech", "11:29", `"Bias" is no part of "Ethics"`, "beside it"},
		"other dimension below":  {"least: 2}", "least: 2}\n      - {name: Taught, kind: teaching, least: 1}", "12:9", `"Bias" and "Taught" overlap`, "top of the list"},
		"two dimensions in one":  {"delivery: live", "delivery: live, kind: teaching", "12:34", "kind stands beside delivery", "of its own"},
		"looks at nothing":       {"delivery: live, ", "", "12:5", "does not say what it looks at", "topic: ethics"},
		"asks for nothing":       {", least: 5", "", "12:5", `"Live" asks for nothing`, `Add "least"`},
		"name twice":             {"name: Live", "name: Bias", "12:5", `two requirements named "Bias"`, "another"},
		"own twice":              {"of-which:\n  - name", "own: 3\nof-which:\n  - {provider: [own, approved], least: 1}\n  - name", "6:6", `both look at the body's own courses`, `Take out "own"`},
		"each too much":          {"of-which:\n  - name", "each: {period: 1y, least: 11}\nof-which:\n  - name", "6:7", "11 in each of 2 parts is more than the 20 credits", "Lower it"},
		"each does not divide":   {"of-which:\n  - name", "each: {period: 7mo, least: 1}\nof-which:\n  - name", "6:7", "parts of 7mo do not divide", "1y for a period"},
		"window and each":        {"of-which:\n  - name", "each: {period: 1y, least: 1}\nof-which:\n  - {window: 6mo, least: 1}\n  - name", "8:14", "a window crosses the parts", "leave out"},
		"window too long":        {"of-which:\n  - name", "of-which:\n  - {window: 2y, least: 1}\n  - name", "7:14", "a window of 2y is not", "6mo"},
		"three dimensions":       {"of-which:\n  - name", "carry-over: {most: 2}\nof-which:\n  - {kind: teaching, least: 1}\n  - name", "8:3", "requirements look at kind, topic, delivery", "least of the rest"},
		"carried over as it was": {"of-which:\n  - name", "carry-over: {most: 2}\nof-which:\n  - name", "6:13", "requirements look at topic, delivery", "counts-as: general"},
		"counted twice":          {"of-which:\n  - name", "double-counting: yes\ncarry-over: {most: 2}\nof-which:\n  - name", "6:18", "double counting stands beside", "Take out"},
		"no room under caps":     {"delivery: live, least: 5", "proof: verified, most: 5}\n  - {proof: self-reported, most: 9", "1:10", "by proof, at most 14 can be earned of 20", "Raise one"},
		"choice":                 {"of-which:\n  - name", "leave: prorata\nof-which:\n  - name", "6:8", `"prorata" is none of pro-rata, full`, "pro-rata"},
		"unit without minutes":   {"of-which:\n  - name", "unit: {step: 0.5}\nof-which:\n  - name", "6:1", "has no minutes", "minutes: 60"},
		"business days":          {"of-which:\n  - name", "late: {grace: 10bd}\nof-which:\n  - name", "6:7", "10bd is not such a term", "months"},
		"percent":                {"of-which:\n  - name", "who: {share: 120%}\nof-which:\n  - name", "6:14", `"120%" is not a percentage`, ""},
		"date":                   {"of-which:\n  - name", "anchor: soon\nof-which:\n  - name", "6:9", `"soon" is none of these`, "calendar"},
		"word":                   {"tech]", "Tech!]", "3:43", `"Tech!" is not such a word`, "ethics"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(plain, c.old) {
				t.Fatalf("the plain scheme has no %q", c.old)
			}
			_, problems := ParseEducation([]byte(strings.Replace(plain, c.old, c.new, 1)))
			for _, p := range problems {
				if strings.HasPrefix(p.String(), c.place+": ") && strings.Contains(p.Wrong, c.wrong) && strings.Contains(p.Cure, c.cure) {
					return
				}
			}
			t.Errorf("want %s: %s, got\n%v", c.place, c.wrong, problems)
		})
	}
	if _, problems := ParseEducation([]byte(plain)); problems != nil {
		t.Errorf("the plain scheme is good: %v", problems)
	}
}

// A scheme can be described before its number is set: it then counts, and binds nobody.
func TestASchemeWithoutItsNumberBindsNobody(t *testing.T) {
	e, problems := ParseEducation([]byte(strings.Replace(plain, "credits: 20", "credits: not-set", 1)))
	if problems != nil || e.IsSet() || len(e.OfWhich) != 2 {
		t.Errorf("%v, %v", e, problems)
	}
}

func FuzzParseEducation(f *testing.F) {
	f.Add([]byte(plain))
	for _, text := range schemes(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, problems := ParseEducation(file)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Wrong == "" || p.Rule == "" || p.Cure == "" {
				t.Errorf("a problem without place or reason: %q", p)
			}
		}
	})
}
