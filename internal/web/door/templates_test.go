package door

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"shingle/internal/gate"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"account": accountPage{},
	"away":    awayPage{},
	"codes":   codesPage{},
	"enrol":   enrolPage{},
	"guest":   guestPage{},
	"join":    joinPage{},
	"link":    linkPage{},
	"problem": ui.ProblemPage(),
	"recover": recoverPage{},
	"sign-in": signInPage{},
	"step-up": stepUpPage{},
}

func TestPagesFitWhatTheyShow(t *testing.T) {
	webtest.Fitting(t, ui.Parse(pageFiles, slog.New(slog.DiscardHandler)), shown)
}

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	d := &Door{Demo: func(context.Context, string) (Guest, bool) { return Guest{}, false }}
	routes := d.routes()
	for pattern := range routes {
		if !slices.ContainsFunc(gate.Grants(), func(g gate.Grant) bool { return g.Act == pattern }) {
			t.Errorf("%s stands in no line of grants.csv", pattern)
		}
	}
}

func TestThePagesAboutOneselfStandInTheGatesTable(t *testing.T) {
	webtest.Listed(t, (&Door{}).oneself(ui.Desk{Logger: slog.New(slog.DiscardHandler)}).Mux())
}

func TestOnlyPathsOfOursAreFollowed(t *testing.T) {
	for asked, want := range map[string]string{
		"/office":                     "/office",
		"/office/acts?kind=a&b=%2F#c": "/office/acts?kind=a&b=%2F#c",
		"/a//b":                       "/a//b",
		"":                            "", "office": "", "//evil.example": "", "///evil.example": "", "/\\evil.example": "", "\\\\evil.example": "",
		"https://evil.example": "", "https:evil.example": "", "javascript:alert(1)": "", "/\t/evil.example": "", "/\n/evil.example": "", " /office": "",
		"/%2F%2Fevil.example/x": "", "/%2fevil.example": "", "http:///evil.example": "", "//user@evil.example": "", "/\x00": "", "/a\\b": "", "%2F%2Fevil.example": "", "?x=//evil.example": "",
	} {
		if got := next(asked); got != want {
			t.Errorf("%q leads to %q, want %q", asked, got, want)
		}
	}
}
