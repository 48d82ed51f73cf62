package code_test

import (
	"os"
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/code"
)

func TestTheCodeForManagedServiceProvidersIsAGoodOne(t *testing.T) {
	file, err := os.ReadFile("../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	v, problems := code.Parse(file)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	if v.Label != "2026.1" || v.Effective != act.On(2026, 3, 1) || v.Transition != (code.Duration{N: 90, Unit: code.Days}) {
		t.Errorf("version %s, effective %s, transition %s", v.Label, v.Effective, v.Transition)
	}
	if string(v.Text) != string(file) {
		t.Error("the file is not its own canonical text, so that sha256sum gives another hash than members sign")
	}
	if !v.Requirements.SubscriptionRequired() || v.Requirements.Education.Credits.IsSet() {
		t.Error("subscription is required, education not set")
	}
	for id, name := range map[string]string{"1": "1 Confidentiality", "2": "2 Lawful disclosure", "3": "3 Continuing education"} {
		if p, ok := v.Provision(id); !ok || p.Name() != name || len(p.Within) == 0 {
			t.Errorf("provision %s is %q with %d parts", id, p.Name(), len(p.Within))
		}
	}
	_, text, _ := strings.Cut(string(v.Text), "\n---\n")
	if n := len(strings.Fields(text)); n < 900 || n > 1400 {
		t.Errorf("the text has %d words", n)
	}
	if code.Usual().Procedure != v.Requirements.Procedure || code.Usual().Publication != v.Requirements.Publication {
		t.Error("procedure and publication have their defaults")
	}
}
