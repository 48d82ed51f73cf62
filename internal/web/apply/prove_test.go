package apply

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/proofs"
	"shingle/internal/web/webtest"
)

// TestAnApplicantShowsThatItsDomainsAreItsOwn publishes one line after the other; nothing is recorded before the last.
func TestAnApplicantShowsThatItsDomainsAreItsOwn(t *testing.T) {
	p, z := open(t), &webtest.Zone{}
	p.face.Proofs = proofs.New(proofs.Config{Resolver: z.Serve(t)})
	who := p.person("Ada Byron", "ada@northwind.example")
	h := p.as(who)
	p.answerAll(h)
	to := webtest.Post(t, h, "/apply/check", webtest.Get(t, h, "/apply/check").Form("Send the application")).Is(303).Header.Get("Location")
	number := strings.TrimSuffix(strings.TrimPrefix(to, "/apply/progress/"), "?sent=yes")
	page := webtest.Get(t, h, Progress(number)).Is(200).Has("h2", "Show that the domains are yours").Has("dd", "_shingle.northwind.example").Has("dd", "https://nw-care.example/.well-known/shingle-member.txt")
	lines := page.All("textarea.copy")
	if len(lines) != 2 || lines[0] == lines[1] || !strings.HasPrefix(lines[0], "shingle-member=") {
		t.Fatalf("to publish is %q", lines)
	}
	before := p.Record.Position()
	look := func() *webtest.Document { return webtest.Post(t, h, Progress(number), nil) }
	look().Is(200).Has(".correction", "It is not there yet. Nothing was recorded.").Has(".correction li", "northwind.example, DNS: There is no TXT record")
	z.Set("_shingle.northwind.example.", lines[0])
	look().Is(200).Has(".correction li", "northwind.example: found.").Has(".correction li", "nw-care.example, DNS: There is no TXT record")
	z.Set("_shingle.nw-care.example.", lines[0]) // the other domain's line
	look().Is(200).Has(".correction li", "nw-care.example, DNS:")

	// Nobody else looks for it, and to them there is no such application.
	mallory := p.as(p.person("Mallory", "mallory@acme.example"))
	webtest.Post(t, mallory, Progress(number), nil).Is(404)
	events, err := p.Record.Events(t.Context(), before, 10)
	if err != nil || slices.ContainsFunc(events, func(e act.Recorded) bool { return e.Kind == "member.checked" }) {
		t.Fatalf("recorded %+v, %v", events, err)
	}

	z.Set("_shingle.nw-care.example.", lines[1])
	if to := look().Is(303).Header.Get("Location"); to != Progress(number)+"?shown=yes" {
		t.Errorf("it leads to %q", to)
	}
	webtest.Get(t, h, Progress(number)+"?shown=yes").Is(200).Has(".said", "The domains are the company’s own.").HasNo("textarea.copy").Has(".tasks li", "That the domains are the company’s own Done")
	state, _, err := p.Record.State(t.Context(), "member/"+number)
	checks := state.(membership.Member).Checks
	if err != nil || len(checks) != 1 || checks[0].Kind != "domain" {
		t.Fatalf("the checks are %+v, %v", checks, err)
	}
	events, err = p.Record.Concerning(t.Context(), "member/"+number, p.Record.Position())
	last := events[len(events)-1]
	if events[0].Kind == "member.checked" {
		last = events[0]
	}
	checked, ok := last.Event.(membership.Checked)
	if err != nil || !ok || last.Actor != who.Actor || last.Role != "system" || !strings.Contains(checked.How, "TXT _shingle.northwind.example "+lines[0]) || !strings.Contains(checked.How, "; TXT _shingle.nw-care.example "+lines[1]) {
		t.Errorf("recorded is %+v by %s as %s, %v", checked, last.Actor, last.Role, err)
	}
	before = p.Record.Position()
	look().Is(303) // there is nothing more to show
	if p.Record.Position() != before {
		t.Error("it was recorded twice")
	}
}

func TestAnApplicantWhoLooksTooOftenWaits(t *testing.T) {
	p := open(t)
	p.face.Proofs = proofs.New(proofs.Config{Resolver: (&webtest.Zone{}).Serve(t)})
	h := p.as(p.person("Ada Byron", "ada@northwind.example"))
	p.answerAll(h)
	to := webtest.Post(t, h, "/apply/check", webtest.Get(t, h, "/apply/check").Form("Send the application")).Is(303).Header.Get("Location")
	path, _, _ := strings.Cut(to, "?")
	for range 12 {
		webtest.Post(t, h, path, url.Values{}).Is(http.StatusOK)
	}
	webtest.Post(t, h, path, url.Values{}).Is(http.StatusTooManyRequests).Has(".correction", "It can be looked at again from 11:00 on.")
	p.Pass(time.Hour)
	webtest.Post(t, h, path, url.Values{}).Is(http.StatusOK)
}
