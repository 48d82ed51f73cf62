package static

import (
	"testing"
	"time"
)

// SetPatience changes how long one object may take, until undo.
func SetPatience(d time.Duration) (undo func()) {
	before := patience
	patience = d
	return func() { patience = before }
}

func TestLinksOfPagesLeadToFiles(t *testing.T) {
	for href, want := range map[string]string{
		"/":                         "/",
		"/register":                 "/register/",
		"/register/0042":            "/register/0042/",
		"/register?status=expelled": "/register/status/expelled/",
		"/why#words":                "/why/#words",
		"/log?before=25":            "/log/before/25/",
		"/code/2026.1?as=text":      "/code/2026.1/code.md",
		"/code/2026.1..2026.2":      "/code/2026.1..2026.2/",
		"/notices.atom":             "/notices.atom",
		"/register.csv":             "/register.csv",
		"/api/v1/members/1/receipt": "/api/v1/members/1/receipt",
		"/log/tile/entries/000.p/5": "/log/tile/entries/000.p/5",
		"#main":                     "#main",
		"https://c2sp.org/x":        "https://c2sp.org/x",
		"//elsewhere.example/x":     "//elsewhere.example/x",
	} {
		if got := link(href); got != want {
			t.Errorf("%s leads to %s, want %s", href, got, want)
		}
	}
}

func TestOnlyLinksOfAPageChange(t *testing.T) {
	page := `<!doctype html><a class="x" href="/register/0042">href="/why" &amp; <b>/why</b></a><p title="/why">` +
		`<img src="/seal/1.svg" alt=""><pre>&lt;a href="/why"></pre><a href="/register?status=good&amp;q=1">x</a></p>`
	want := `<!doctype html><a class="x" href="/register/0042/">href="/why" &amp; <b>/why</b></a><p title="/why">` +
		`<img src="/seal/1.svg" alt=""><pre>&lt;a href="/why"></pre><a href="/register?status=good&amp;q=1">x</a></p>`
	got, err := relink([]byte(page))
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}
