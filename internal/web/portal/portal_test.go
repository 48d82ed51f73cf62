package portal

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{"overview": overviewPage{}}

func TestPagesFitWhatTheyShow(t *testing.T) {
	pages := ui.ParseDesk(pageFiles, slog.New(slog.DiscardHandler))
	all := ui.DeskPages()
	maps.Copy(all, shown)
	if got, want := pages.Names(), slices.Sorted(maps.Keys(all)); !slices.Equal(got, want) {
		t.Errorf("the pages are %v, and it is said what %v show", got, want)
	}
	for name, page := range all {
		if err := templatecheck.CheckHTML(pages.Template(name), page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	p := &Portal{Desk: founded(t).Desk()}
	p.Routes(http.NewServeMux())
	webtest.Listed(t, p.Desk.Mux())
}

var ours = ui.Who{Actor: "person/0007", Holder: "person/0007", Role: "representative", Member: "0042", Name: "Ada King"}

// founded is a body with 50 members; 0042 is Cobalt Ridge IT.
func founded(t testing.TB) *webtest.Body {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(50, act.On(2026, 3, 1), act.On(2027, 2, 28))
	return b
}

func open(b *webtest.Body) http.Handler {
	p := &Portal{Desk: b.Desk()}
	mux := http.NewServeMux()
	p.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	return ui.Secure(mux)
}

func TestAMembersPersonSeesTheirOwnMember(t *testing.T) {
	h := webtest.As(ours, open(founded(t)))
	page := webtest.Get(t, h, "/portal").Is(200)
	page.Has("h1", "Cobalt Ridge IT (0042)").Has("aside.signed p", "signed in as Ada King, acting as a member's representative for Cobalt Ridge IT (0042)")
	page.Has("h3", "Gives a member its new address")
	for _, said := range page.All("h3") {
		if strings.Contains(said, "Admits an applicant") {
			t.Error("a member's person is offered the registrar's acts")
		}
	}
}

// Whose member an act is about comes with who asks: neither an address nor a form has a say in it.
func TestTheMemberIsTakenFromNoRequest(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	page := webtest.Get(t, h, "/portal/acts/services.set?member=0007&services=backup").Is(200)
	page.HasNo("input[name=member]")
	form := url.Values{"member": {"0007"}, "services": {"Only backup"}}
	check := webtest.Post(t, h, "/portal/acts/services.set", form).Is(200).Has("section.would li", "Member 0042 offers these services.")
	sent := check.Form("Confirm and record")
	sent.Set("member", "0007")
	webtest.Post(t, h, "/portal/acts/services.set", sent).Is(303)
	for number, want := range map[string]bool{"0042": true, "0007": false} {
		state, _, err := b.Record.State(t.Context(), "member/"+number)
		if got := slices.Equal(state.(membership.Member).Services, []string{"Only backup"}); err != nil || got != want {
			t.Errorf("member %s offers %v, %v", number, state.(membership.Member).Services, err)
		}
	}
}

// For every act that a member's role may ask for: with another member's number the pages are, byte for byte, what
// they are with none's.
func TestAnotherMembersNumberChangesNothing(t *testing.T) {
	b := founded(t)
	tried := 0
	for _, g := range gate.Grants() {
		a, ok := b.Record.Catalogue.Act(g.Act)
		if !ok || g.Scope != gate.Own {
			continue
		}
		who := ours
		who.Role = g.Role
		h := webtest.As(who, open(b))
		answer := func(number string) string {
			path := "/portal/acts/" + a.Kind
			looked := webtest.Get(t, h, path+"?member="+number).Is(200)
			sent := webtest.Post(t, h, path, url.Values{"member": {number}})
			if sent.Status >= 500 {
				t.Errorf("%s as %s: %d", a.Kind, g.Role, sent.Status)
			}
			return looked.Text + withoutKey(sent)
		}
		tried++
		if theirs, none := answer("0007"), answer("9999"); theirs != none {
			t.Errorf("%s as %s: another member is told from none", a.Kind, g.Role)
		}
	}
	if tried == 0 {
		t.Error("nothing was tried")
	}
}

// withoutKey is a page without the key that each has of its own.
func withoutKey(d *webtest.Document) string {
	text := d.Text
	for _, key := range d.Attributes("input[name=_key]", "value") {
		text = strings.ReplaceAll(text, key, "")
	}
	return text
}

func TestWhoHasNoBusinessInThePortal(t *testing.T) {
	b := founded(t)
	officer := ui.Who{Actor: "person/0001", Role: "registrar"}
	webtest.Get(t, webtest.As(officer, open(b)), "/portal").Is(403).Has("h1", "This is not yours to see")
	webtest.Get(t, webtest.As(ours, open(b)), "/portal/acts/member.admit").Is(403)
	practitioner := ours
	practitioner.Role = "practitioner"
	webtest.Get(t, webtest.As(practitioner, open(b)), "/portal/acts/services.set").Is(403)
	for _, offered := range webtest.Get(t, webtest.As(practitioner, open(b)), "/portal").Is(200).All("h3") {
		if offered == "Says what a member offers." {
			t.Error("a practitioner is offered what a representative may ask for")
		}
	}
	if to := webtest.Get(t, open(b), "/portal/acts").Is(303).Header.Get("Location"); to != "/sign-in?next=%2Fportal%2Facts" {
		t.Errorf("nobody is led to %q", to)
	}
}

func TestThePortalIsAccessible(t *testing.T) {
	server := httptest.NewServer(webtest.As(ours, open(founded(t))))
	defer server.Close()
	browser := webtest.Open(t)
	for _, screen := range []webtest.Screen{webtest.DeskDark, webtest.Phone} {
		for what, path := range map[string]string{"overview": "/portal", "a form": "/portal/acts/member.attest", "yes or no": "/portal/acts/member.renew"} {
			browser.Visit(server.URL+path, screen)
			browser.FitsWidth(what + " " + screen.String())
			browser.Accessible(what + " " + screen.String())
		}
	}
}
