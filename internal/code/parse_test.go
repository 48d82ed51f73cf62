package code

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shingle/internal/act"
)

var update = flag.Bool("update", false, "write golden files anew")

const small = `---
title: Code of Ethics
version: "2026.1"
effective: 2026-03-01
transition: 90d
requirements:
  education: not-set
  confidentiality: {attestation: 3mo, grace: 30d, undertaking: 12mo}
  disclosure: {acknowledge: 2bd}
  procedure: {answer: 10bd, panel: 5}   # unset keys take their defaults
---
What we owe.

## 1 Confidentiality {#1}

Keep it to yourself.

### 1.1 Undertakings {#1.1}

Promise it, see [1](#1).

## Learning {#learning}

Keep learning.
`

// good parses a file that the test takes to be good.
func good(t testing.TB, file string) *Version {
	t.Helper()
	v, problems := Parse([]byte(file))
	if err := problems.Err(); err != nil {
		t.Fatalf("not a good file:\n%v", err)
	}
	return v
}

func TestParseReadsEverything(t *testing.T) {
	want := Usual()
	want.Confidentiality.Attestation = Set(Duration{3, Months})
	want.Confidentiality.Undertaking = Set(Duration{12, Months})
	want.Disclosure.Acknowledge = Set(Duration{2, BusinessDays})
	want.Procedure.Answer = Duration{10, BusinessDays}
	want.Procedure.Panel = 5

	v := good(t, small)
	if diff := cmp.Diff(&Version{
		Title: "Code of Ethics", Label: "2026.1", Effective: act.On(2026, 3, 1), Transition: Duration{90, Days},
		Requirements: want,
		Preamble:     "What we owe.",
		Provisions: []Provision{
			{ID: "1", Number: "1", Heading: "Confidentiality", Level: 2, Text: "Keep it to yourself.", Within: []Provision{
				{ID: "1.1", Number: "1.1", Heading: "Undertakings", Level: 3, Text: "Promise it, see [1](#1)."},
			}},
			{ID: "learning", Heading: "Learning", Level: 2, Text: "Keep learning."},
		},
		Text: []byte(small), SHA256: v.SHA256,
	}, v, cmp.Comparer(func(a, b act.Date) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p, ok := v.Provision("1.1"); !ok || p.Name() != "1.1 Undertakings" {
		t.Errorf("provision 1.1 is %q, %v", p.Name(), ok)
	}
	if _, ok := v.Provision("2"); ok {
		t.Error("there is no provision 2")
	}
}

func TestEveryProblemIsSaidAtItsPlace(t *testing.T) {
	file, err := os.ReadFile("testdata/wrong.md")
	if err != nil {
		t.Fatal(err)
	}
	v, problems := Parse(file)
	if v != nil {
		t.Error("a file with problems is no version")
	}
	var got bytes.Buffer
	for _, p := range problems {
		got.WriteString(p.String() + "\n")
	}
	if *update {
		if err := os.WriteFile("testdata/wrong.txt", got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each of these is the small file with one thing changed.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		place    string
		wrong    string
	}{
		"no front matter":         {"---\ntitle", "title", "1:1", "there is no front matter"},
		"front matter unended":    {"---\nWhat we owe.", "What we owe.", "1:1", "does not end"},
		"YAML, bracket":           {"{acknowledge: 2bd}", "{acknowledge: 2bd", "10:3", "the YAML cannot be read"},
		"YAML, quotation mark":    {`"2026.1"`, `"2026.1`, "3:10", "the YAML cannot be read"},
		"two documents":           {"transition: 90d\n", "transition: 90d\n...\na: b\n", "7:2", "more than one document"},
		"title with umlaut":       {"title: Code of Ethics\n", "title: Überall\nx: y\n", "3:1", `"x" is not a key`},
		"place counts letters":    {"Keep learning.", "Überäll <b>", "24:9", "there is HTML"},
		"title of two lines":      {"title: Code", `title: "Code\n of" #`, "2:8", "more than one line"},
		"title empty":             {"title: Code of Ethics", "title:", "2:1", "title has no value"},
		"title missing":           {"title: Code of Ethics\n", "", "1:1", "title is missing"},
		"transition missing":      {"transition: 90d\n", "", "1:1", "transition is missing"},
		"transition wrong":        {"90d", "90", "5:13", `"90" is not a duration`},
		"transition too long":     {"90d", "101y", "5:13", "too long"},
		"version with spaces":     {`"2026.1"`, "2026 1", "3:10", "cannot name a version"},
		"version with two dots":   {`"2026.1"`, "a..b", "3:10", "cannot name a version"},
		"anchor":                  {`"2026.1"`, `&a "2026.1"`, "3:10", "something other than one value"},
		"key in capitals":         {"  disclosure", "  Disclosure", "9:3", `"Disclosure" is not a key of requirements`},
		"key that is a number":    {"acknowledge: 2bd", "2: 2bd", "9:16", `"2" is not a key of disclosure`},
		"requirements not a map":  {"requirements:\n", "requirements: none\nx:\n", "6:15", "requirements is no list of keys"},
		"days of nought":          {"attestation: 3mo", "attestation: 0mo", "8:34", "cannot be nought"},
		"attestation in days":     {"attestation: 3mo", "attestation: 90d", "8:34", "does not divide the year"},
		"attestation of 5 months": {"attestation: 3mo", "attestation: 5mo", "8:34", "does not divide the year"},
		"panel of words":          {"panel: 5", "panel: five", "10:36", `"five" is not a whole number`},
		"panel of minus":          {"panel: 5", "panel: -5", "10:36", "not a whole number"},
		"quorum not reached":      {"panel: 5", "panel: 2", "10:36", "quorum is 3 of a panel of 2"},
		"credits without period":  {"education: not-set", "education: {credits: 3}", "7:24", "credits are set, but no period"},
		"forever":                 {"disclosure: {acknowledge: 2bd}", "publication: {expulsion: always}", "9:28", "neither a duration such as 3y nor forever"},
		"no id":                   {" {#1}", "", "14:1", `the heading "1 Confidentiality" has no id`},
		"higher than the first":   {"## Learning", "# Learning", "22:1", "higher level"},
		"id twice":                {"{#learning}", "{#1}", "22:1", `"1" is already taken in line 14`},
		"bad id":                  {"{#learning}", "{#a:b}", "22:1", `"a:b" cannot be an id`},
		"level skipped":           {"### 1.1", "#### 1.1", "18:1", "skips a level"},
		"no text":                 {"Keep learning.\n", "", "22:1", "no text"},
		"no text within":          {"Promise it, see [1](#1).", "", "18:1", "no text"},
		"dangling link":           {"[1](#1)", "[1](#l)", "20:17", `no provision has the id "l"`},
		"NUL":                     {"yourself", "your\x00self", "16:16", "control character, U+0000"},
		"not UTF-8":               {"yourself", "your\xffself", "16:16", "the byte 0xff is not UTF-8"},
		"text turned round":       {"yourself", "your\u202eself", "16:16", "invisible character, U+202E"},
		"too long a line":         {"Keep learning.", strings.Repeat("ever ", 2000) + "x", "24:1", "the line has 10002 bytes"},
		"too many links":          {"Keep learning.", strings.Repeat("[here](#1)\n", 2001), "12:1", "too many links"},
		"too deep":                {"Keep learning.", strings.Repeat("> ", 40) + "x", "24:1", "too many lists or quotations"},
		"a hundred brackets":      {"title: Code", "title: Code" + strings.Repeat("[", 101), "1:1", "the front matter is too much"},
		"second BOM":              {"What we owe.", "\ufeffWhat we owe.", "12:1", "invisible character, U+FEFF"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(small, c.old) {
				t.Fatalf("the small file has no %q", c.old)
			}
			_, problems := Parse([]byte(strings.Replace(small, c.old, c.new, 1)))
			for _, p := range problems {
				if strings.HasPrefix(p.String(), c.place+": ") && strings.Contains(p.Wrong, c.wrong) {
					return
				}
			}
			t.Errorf("want %s: %s, got\n%v", c.place, c.wrong, problems)
		})
	}
}

func TestACodeWithoutProvisionsIsNone(t *testing.T) {
	front, _, _ := strings.Cut(small, "## ")
	_, problems := Parse([]byte(front))
	if len(problems) != 1 || problems[0].Wrong != "there are no provisions" || problems[0].Line != 12 {
		t.Error(problems)
	}
	for _, file := range []string{"", "\n", "---", "---\n", "---\n---", "---\n---\n", "\ufeff", "\xff"} {
		if v, problems := Parse([]byte(file)); v != nil || len(problems) == 0 {
			t.Errorf("%q is no code", file)
		}
	}
	if _, problems := Parse(make([]byte, MaxSize+1)); len(problems) != 1 {
		t.Errorf("too large a file gives %d problems", len(problems))
	}
}

// What editors and mail do to a file changes nothing that is signed.
func TestCanonicalText(t *testing.T) {
	want := good(t, small)
	for name, file := range map[string]string{
		"byte order mark":  "\ufeff" + small,
		"CRLF":             strings.ReplaceAll(small, "\n", "\r\n"),
		"CR":               strings.ReplaceAll(small, "\n", "\r"),
		"spaces at ends":   strings.ReplaceAll(small, "\n", " \t\n"),
		"no last line end": strings.TrimSuffix(small, "\n"),
		"empty last lines": small + "\n \n\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got := good(t, file); got.Hash() != want.Hash() || string(got.Text) != small {
				t.Errorf("the canonical text is\n%q", got.Text)
			}
		})
	}
	if good(t, strings.Replace(small, "Keep", "keep", 1)).Hash() == want.Hash() {
		t.Error("another word is another text")
	}
	// U+00E9 and e with U+0301 look the same, and are left as they were written.
	if good(t, small+"caf\u00e9\n").Hash() == good(t, small+"cafe\u0301\n").Hash() {
		t.Error("characters are left as written")
	}
}

func TestNotSetIsAState(t *testing.T) {
	set := func(old, new string) Requirements { return good(t, strings.Replace(small, old, new, 1)).Requirements }

	if c := set("x", "x").Education.Credits; c.IsSet() || c.String() != NotSet || c.Or(7) != 7 {
		t.Errorf("education is not set, but credits are %v", c)
	}
	e := set("education: not-set", "education: {credits: 12, period: 1y}").Education
	if n, ok := e.Credits.Get(); !ok || n != 12*Credit || e.Period != Set(Duration{1, Years}) {
		t.Errorf("education is %v", e)
	}
	c := set("{attestation: 3mo, grace: 30d, undertaking: 12mo}", "{attestation: not-set, grace: not-set, due: 0d}").Confidentiality
	if c.Attestation.IsSet() || c.Grace.IsSet() || c.Due != Set(Duration{0, Days}) {
		t.Errorf("confidentiality is %v: nought is not the same as not set", c)
	}
	if c := set("{attestation: 3mo, grace: 30d, undertaking: 12mo}", "not-set").Confidentiality; c != (Confidentiality{}) {
		t.Errorf("the section is not set, but is %v", c)
	}
	if m := set("x", "x").Membership; m.Subscription.IsSet() || m.Grace != Set(Duration{30, Days}) {
		t.Errorf("membership is left out, but is %v", m)
	}
	if set("x", "x").SubscriptionRequired() || !set("  disclosure", "  membership: {subscription: required}\n  disclosure").SubscriptionRequired() {
		t.Error("subscription is required if the code says so")
	}
}

// A key that a version spells out reads as it prints.
func TestRequirementsPrintAsTheyRead(t *testing.T) {
	r := good(t, string(Template(act.On(2026, 1, 1)))).Requirements
	for _, s := range r.sections() {
		if s.name == "education" {
			continue // its values are more than a word: see TestSchemesPrintAsTheyRead
		}
		for _, k := range s.keys {
			before := k.String()
			if err := readValue(k.field, before); err != nil || k.String() != before {
				t.Errorf("%s.%s: %q reads as %q (%v)", s.name, k.name, before, k, err)
			}
		}
	}
}
