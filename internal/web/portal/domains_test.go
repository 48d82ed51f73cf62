package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

func TestADomainIsAddedAndProven(t *testing.T) {
	b := founded(t)
	z := &webtest.Zone{}
	h := webtest.As(ours, openWith(b, z.Serve(t)))
	to := step(t, h, "/portal/domains/add", url.Values{"domain": {"Cobalt.Example"}})
	webtest.Get(t, h, to).Is(200).Has(".said", "You added cobalt.example, yet to be proven.").Has("tbody tr", "cobalt.example Not yet")

	page := webtest.Get(t, h, "/portal/domains/cobalt.example").Is(200)
	page.Has("dd", "in full _shingle.cobalt.example").Has("code", "https://cobalt.example/.well-known/shingle-member.txt")
	lines := page.All("textarea.copy")
	if len(lines) != 2 || lines[0] != lines[1] || !strings.HasPrefix(lines[0], "shingle-member=") || len(lines[0]) != len("shingle-member=")+32 {
		t.Fatalf("to publish is %v", lines)
	}
	post := func() *webtest.Document { return webtest.Post(t, h, "/portal/domains/cobalt.example", nil) }
	post().Is(200).Has(".correction", "It is not there yet.").Has(".correction li", "There is no TXT record at _shingle.cobalt.example.").Has(".correction li", "leads to no server")
	z.Set("_shingle.cobalt.example.", lines[0]+"0")
	post().Is(200).Has(".correction li", "but it says “"+lines[0]+"0”")
	if d := memberIn(t, b, "0042").Domains; len(d) != 2 || !d[1].ProvenAt.IsZero() {
		t.Fatalf("the domains are %+v", d)
	}
	z.Set("_shingle.cobalt.example.", lines[0])
	post().Is(200).Has(".said", "cobalt.example is yours. It was shown by a DNS record and is on record.").Has(".lead", "Shown to be yours on 2 March 2026, by a DNS record.")

	events, err := b.Record.Concerning(t.Context(), "member/0042", b.Record.Position())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if proven, ok := e.Event.(membership.DomainProven); ok {
			want := membership.DomainProven{Member: "0042", Domain: "cobalt.example", How: "dns", At: b.Now(), Evidence: "TXT _shingle.cobalt.example " + lines[0]}
			if proven != want || e.Actor != "person/0001" || e.Role != "system" {
				t.Errorf("recorded is %+v, by %s as %s", proven, e.Actor, e.Role)
			}
		}
	}
	webtest.Get(t, h, "/portal/history").Has("tbody tr", "You showed that cobalt.example is yours, by a DNS record.").Has("tbody td", "Ada King")
	webtest.Get(t, h, "/portal/seal").Has("p", "It is shown on cobaltridge.example, cobalt.example and what lies below")

	// A year later the same line is looked for again.
	b.Pass(500 * 24 * time.Hour)
	webtest.Get(t, h, "/portal/domains").Has("tbody tr", "Ran out on")
	again := webtest.Get(t, h, "/portal/domains/cobalt.example").Has(".lead", "The proof ran out on")
	if now := again.All("textarea.copy"); now[0] != lines[0] {
		t.Errorf("the line is another: %v", now)
	}
	post().Is(200).Has(".said", "is yours")

	step(t, h, "/portal/domains/cobalt.example/remove", nil)
	webtest.Get(t, h, "/portal/domains/cobalt.example").Is(404)
	post().Is(404)
}

// The line is each member's own: what one published proves nothing for another.
func TestALineIsOneMembers(t *testing.T) {
	b := founded(t)
	z := &webtest.Zone{}
	r := z.Serve(t)
	lineOf := map[string]string{}
	for _, who := range []struct {
		number string
		h      func() *webtest.Document
	}{
		{"0042", func() *webtest.Document {
			return webtest.Get(t, webtest.As(ours, openWith(b, r)), "/portal/domains/shared.example")
		}},
		{"0007", func() *webtest.Document {
			return webtest.Get(t, webtest.As(theirs, openWith(b, r)), "/portal/domains/shared.example")
		}},
	} {
		b.Do(membership.AddDomain{Member: who.number, Domain: "shared.example"})
		lineOf[who.number] = who.h().Is(200).All("textarea.copy")[0]
	}
	if lineOf["0042"] == lineOf["0007"] {
		t.Fatal("both members publish the same line")
	}
	z.Set("_shingle.shared.example.", lineOf["0007"])
	webtest.Post(t, webtest.As(ours, openWith(b, r)), "/portal/domains/shared.example", nil).Is(200).Has(".correction", "It is not there yet.")
	webtest.Post(t, webtest.As(theirs, openWith(b, r)), "/portal/domains/shared.example", nil).Is(200).Has(".said", "is yours")
	// Whoever shows it later does not take it from whoever has it.
	z.Set("_shingle.shared.example.", lineOf["0042"])
	webtest.Post(t, webtest.As(ours, openWith(b, r)), "/portal/domains/shared.example", nil).Is(422).Has(".correction", "belongs to the one member")
}

func TestLookingTooOftenWaits(t *testing.T) {
	b := founded(t)
	r := (&webtest.Zone{}).Serve(t)
	h, other := webtest.As(compliance, openWith(b, r)), webtest.As(compliance, openWith(b, r)) // two nodes
	for range 6 {
		webtest.Post(t, h, "/portal/domains/cobaltridge.example", nil).Is(200)
		webtest.Post(t, other, "/portal/domains/cobaltridge.example", nil).Is(200)
	}
	for _, node := range []http.Handler{h, other} {
		webtest.Post(t, node, "/portal/domains/cobaltridge.example", nil).Is(429).Has(".correction", "It can be looked at again from 11:00 on.")
	}
	b.Pass(time.Hour)
	webtest.Post(t, h, "/portal/domains/cobaltridge.example", nil).Is(200)
}

func TestTheCompanysEntryIsKept(t *testing.T) {
	b := founded(t)
	h := webtest.As(compliance, open(b))
	page := webtest.Get(t, h, "/portal/company").Is(200).Has("dd", "Cobalt Ridge IT").Has(".change a", "Change the address")
	page.Has("dd", "cobaltridge.example")
	form := webtest.Get(t, h, "/portal/company/address").Is(200).Form("Continue")
	if form.Get("place") == "" {
		t.Error("the form begins without the place")
	}
	to := step(t, h, "/portal/company/address", url.Values{"address": {"1 Quay"}, "place": {"Galway"}, "country": {"Ireland"}})
	webtest.Get(t, h, to).Is(200).Has(".said", "You have a new address.").Has("dd", "Galway")
	step(t, h, "/portal/company/services", url.Values{"services": {"Backup\nNetworks"}})
	webtest.Get(t, h, "/portal/company").Has("dd", "Backup, Networks")
	b.Do(membership.Rename{Member: "0042", Name: "<b>Evil</b> & Sons"})
	for _, path := range []string{"/portal", "/portal/company", "/portal/seal", "/portal/withdraw", "/portal/leave"} {
		webtest.Get(t, webtest.As(ours, open(b)), path).Is(200).HasNo("main b")
	}
	code := webtest.Get(t, h, "/portal/seal").Is(200).All("textarea.copy")
	if len(code) != 2 || !strings.Contains(code[0], `alt="&lt;b&gt;Evil&lt;/b&gt; &amp; Sons, member 0042 of `) || !strings.Contains(code[1], fmt.Sprintf(`<iframe src="https://demo.example/seal/%s"`, "0042")) {
		t.Errorf("to copy is %q", code)
	}
}
