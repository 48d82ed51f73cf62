package code

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shingle/internal/act"
)

const revised = `---
title: Code of Ethics
version: "2027.1"
effective: 2027-03-01
transition: 90d
requirements:
  education: {credits: 12, period: 1y}
  confidentiality: {attestation: 3mo, grace: 30d, undertaking: 12mo}
  disclosure: {acknowledge: 2bd}
  procedure: {panel: 5}
---
What we owe.

## 1 Learning {#learning}

Keep
learning.

## 2 Confidentiality {#1}

Keep it strictly to your team.

## 3 Lawful disclosure {#2}

Answer the law.

### 3.1 Undertakings {#1.1}

Promise it, see [1](#1).
`

func TestDiff(t *testing.T) {
	r := Diff(good(t, small), good(t, revised))

	if r.From != "2026.1" || r.To != "2027.1" {
		t.Errorf("from %s to %s", r.From, r.To)
	}
	var changed []RequirementChange
	for _, c := range r.Requirements {
		if c.Changed() {
			changed = append(changed, c)
		}
	}
	if diff := cmp.Diff([]RequirementChange{
		{"effective", "2026-03-01", "2027-03-01"},
		{"education.credits", "not-set", "12"},
		{"education.period", "not-set", "1y"},
		{"procedure.answer", "10bd", "15bd"},
	}, changed); diff != "" {
		t.Errorf("requirements (-want +got):\n%s", diff)
	}

	type line struct {
		id    string
		kind  Kind
		moved bool
		text  string
	}
	var got []line
	for _, c := range r.Provisions {
		got = append(got, line{c.ID, c.Kind, c.Moved, marked(c.Name) + " | " + marked(c.Text)})
	}
	if diff := cmp.Diff([]line{
		{"", Unchanged, false, " | What we owe."},
		{"learning", Changed, false, "{+1+} Learning | Keep\nlearning."},
		{"1", Changed, true, "{-1-}{+2+} Confidentiality | Keep it{+ strictly+} to{- yourself.-}{+ your team.+}"},
		{"2", Added, false, "{+3 Lawful disclosure+} | {+Answer the law.+}"},
		{"1.1", Changed, true, "{-1.1-}{+3.1+} Undertakings | Promise it, see [1](#1)."},
	}, got, cmp.AllowUnexported(line{})); diff != "" {
		t.Errorf("provisions (-want +got):\n%s", diff)
	}
}

func marked(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(map[Op]string{Same: "", Deleted: "{-", Inserted: "{+"}[r.Op] + r.Text + map[Op]string{Same: "", Deleted: "-}", Inserted: "+}"}[r.Op])
	}
	return b.String()
}

func TestWhatWasRemovedIsShownWhereItStood(t *testing.T) {
	without := strings.Replace(small, "### 1.1 Undertakings {#1.1}\n\nPromise it, see [1](#1).\n\n", "", 1)
	without = strings.Replace(without, "What we owe.\n", "", 1)
	var kinds []string
	for _, c := range Diff(good(t, small), good(t, without)).Provisions {
		kinds = append(kinds, c.ID+" "+string(c.Kind))
	}
	if got := strings.Join(kinds, ", "); got != " changed, 1 unchanged, 1.1 removed, learning unchanged" {
		t.Error(got)
	}
	if c := Diff(good(t, without), good(t, without)).Provisions; len(c) != 2 || c[0].ID != "1" {
		t.Errorf("where there is no preamble, none is compared: %v", c)
	}
}

func TestSwappedProvisionsHaveMoved(t *testing.T) {
	front, text, _ := strings.Cut(small, "## 1 ")
	one, two, _ := strings.Cut(text, "## Learning")
	swapped := front + "## Learning" + two + "\n## 1 " + one
	var moved []string
	for _, c := range Diff(good(t, small), good(t, swapped)).Provisions {
		if c.Kind != Unchanged {
			t.Errorf("%q is %s", c.ID, c.Kind)
		}
		if c.Moved {
			moved = append(moved, c.ID)
		}
	}
	// One of the two has moved past the other; 1.1 stands where it stood, under 1.
	if !cmp.Equal(moved, []string{"1"}) {
		t.Errorf("moved: %q", moved)
	}
}

func TestWordsAreComparedReadably(t *testing.T) {
	for _, c := range [][3]string{
		{"a b c", "a b c", "a b c"},
		{"a\nb", "a b", "a b"},
		{"a b", "a\n\nb", "a{+\n\n+}b"},
		{"answer within ten days of service", "answer within fifteen business days of service", "answer within{- ten-}{+ fifteen business+} days of service"},
		{"keep secret what the customer says", "hold back all the things said", "{-keep secret what the customer says-}{+hold back all the things said+}"},
		{"", "new", "{+new+}"},
		{"old", "", "{-old-}"},
	} {
		if got := marked(compare(c[0], c[1])); got != c[2] {
			t.Errorf("%q to %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestRedlineKeepsEveryWord(t *testing.T) {
	piece := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"the", "member", "shall", " ", " ", "\n", "\n\n", "- ", "ü", "x."}), 0, 60),
		func(s []string) string { return strings.Join(s, "") })
	rapid.Check(t, func(t *rapid.T) {
		a, b := piece.Draw(t, "a"), piece.Draw(t, "b")
		var before, after strings.Builder
		for _, r := range compare(a, b) {
			if r.Op != Inserted {
				before.WriteString(" " + r.Text)
			}
			if r.Op != Deleted {
				after.WriteString(r.Text)
			}
		}
		if strings.TrimSpace(after.String()) != strings.TrimSpace(b) {
			t.Fatalf("the text after is %q, not %q", after.String(), b)
		}
		if got, want := strings.Fields(before.String()), strings.Fields(a); !cmp.Equal(got, want) {
			t.Fatalf("the words before are %q, not %q", got, want)
		}
	})
}

func TestTextsWithNothingInCommonAreReplaced(t *testing.T) {
	a, b := strings.Repeat("one two three ", 5000), strings.Repeat("four five six ", 5000)
	if runs := compare(a, b); len(runs) != 2 || runs[0].Op != Deleted || runs[1].Op != Inserted {
		t.Errorf("%d runs", len(runs))
	}
}

func TestRedate(t *testing.T) {
	file := strings.Replace(small, `"2026.1"`, `"2026.1"   # the label`, 1)
	out, err := Redate([]byte(file), "9.9", act.On(2031, 5, 6))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(`"2026.1"`, `"9.9"`, "   # the", "  # the", "2026-03-01", "2031-05-06").Replace(file)
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v := good(t, string(out)); v.Label != "9.9" || v.Effective != act.On(2031, 5, 6) {
		t.Errorf("version %s, effective %s", v.Label, v.Effective)
	}
	for name, c := range map[string][2]string{
		"a file with problems":            {"x", "9.9"},
		"a version that is bad":           {small, "9 9"},
		"a version on no line of its own": {"---\n{title: a, version: \"1\", effective: 2026-03-01, transition: 0d}\n---\n# A {#a}\nb\n", "9.9"},
	} {
		if _, err := Redate([]byte(c[0]), c[1], act.On(2031, 5, 6)); err == nil {
			t.Errorf("%s cannot be redated", name)
		}
	}
}

func TestTemplateIsAGoodCode(t *testing.T) {
	v := good(t, string(Template(act.On(2026, 1, 1))))
	usual := Usual()
	if v.Requirements.Procedure != usual.Procedure || v.Requirements.Publication != usual.Publication {
		t.Error("the template spells out the defaults")
	}
	if v.Requirements.Education.Credits.IsSet() || !v.Requirements.SubscriptionRequired() || v.Effective != act.On(2026, 1, 1) {
		t.Errorf("%+v", v.Requirements)
	}
}
