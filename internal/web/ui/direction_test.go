package ui_test

import (
	"strings"
	"testing"

	"shingle/internal/body/standing"
	"shingle/internal/web/ui"
)

func TestANameTurnsNothingAroundIt(t *testing.T) {
	for name, want := range map[string]string{
		"Cobalt Ridge IT":          "Cobalt Ridge IT",
		"Café":                     "Café",
		"evil\u202etxt.exe":        "eviltxt.exe",
		"a\u2069\u202eb\u2066":     "ab",
		"שלום":                     "\u2068שלום\u2069",
		"شركة\u202e ABC":           "\u2068شركة ABC\u2069",
		"株式会社":                     "株式会社",
		"\u2068שלום\u2069\u2069 x": "\u2068שלום x\u2069",
	} {
		if got := ui.Isolated(name); got != want {
			t.Errorf("%+q: %+q, want %+q", name, got, want)
		}
	}
	for _, s := range []string{
		ui.Sentence("a\u202eb", standing.Expelled, standing.Disciplinary, true),
		seal(t, "a\u202eb"),
	} {
		if strings.Contains(s, "\u202e") || !strings.Contains(s, "ab") {
			t.Error(s)
		}
	}
}

func seal(t *testing.T, name string) string {
	t.Helper()
	svg, err := ui.Seal{BodyName: "Guild", Number: "0001", Name: name, Status: standing.Good}.SVG()
	if err != nil {
		t.Fatal(err)
	}
	return string(svg)
}
