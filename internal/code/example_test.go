package code_test

import (
	"fmt"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

func Example() {
	version, problems := code.Parse(code.Template(act.On(2026, 3, 1)))
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(version.Title, version.Label, "from", version.Effective)
	for p := range version.All() {
		fmt.Println(p.Name())
	}
	fmt.Println("to answer charges:", version.Requirements.Procedure.Answer.Words())
	if _, set := version.Requirements.Education.Credits.Get(); !set {
		fmt.Println("the number of courses is not yet set")
	}
	// Output:
	// Code of Ethics 1 from 2026-03-01
	// 1 Confidentiality
	// 1.1 Keeping confidences
	// 1.2 What this code does not forbid
	// 2 Lawful disclosure
	// 3 Continuing education
	// 4 Accountability
	// to answer charges: 15 business days
	// the number of courses is not yet set
}

func ExampleParse_problems() {
	_, problems := code.Parse([]byte(`---
title: Code of Ethics
version: "1"
effective: 2026-03-01
transition: 90d
requirements:
  procedure: {anser: 10bd}
---
## 1 Confidentiality

Keep it to yourself.
`))
	for _, p := range problems {
		fmt.Printf("line %d, column %d: %s\n  %s\n  %s\n", p.Line, p.Column, p.Wrong, p.Rule, p.Cure)
	}
	// Output:
	// line 7, column 15: "anser" is not a key of procedure
	//   An unknown key would be signed and mean nothing.
	//   Did you mean "answer"?
	// line 9, column 1: the heading "1 Confidentiality" has no id
	//   Every heading carries the id by which it is cited.
	//   Add {#1} at its end.
}

func ExampleDeadline() {
	served := time.Date(2026, time.December, 22, 16, 0, 0, 0, time.UTC)
	holidays := code.Holidays{act.On(2026, time.December, 25): "Christmas Day"}
	fmt.Println(code.Deadline(served, code.Duration{N: 3, Unit: code.BusinessDays}, time.UTC, holidays))
	// Output: 2026-12-29 00:00:00 +0000 UTC
}

func ExampleDiff() {
	before, _ := code.Parse([]byte("---\n{title: Code, version: a, effective: 2026-01-01, transition: 30d}\n---\n" +
		"# 1 Answering {#1}\n\nA member answers within ten days.\n"))
	after, _ := code.Parse([]byte("---\n{title: Code, version: b, effective: 2027-01-01, transition: 30d}\n---\n" +
		"# 1 Answering {#1}\n\nA member answers within fifteen business days.\n"))
	for _, c := range code.Diff(before, after).Provisions {
		fmt.Println(c.ID, c.Kind)
		for _, run := range c.Text {
			fmt.Printf("%s: %q\n", run.Op, run.Text)
		}
	}
	// Output:
	// 1 changed
	// same: "A member answers within"
	// deleted: " ten"
	// inserted: " fifteen business"
	// same: " days."
}
