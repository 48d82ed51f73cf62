package portal

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	"shingle/internal/proofs"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"overview": overviewPage{}, "read": readPage{}, "asks": asksPage{}, "nothing": nothingPage{}, "people": peoplePage{}, "company": companyPage{},
	"domains": domainsPage{}, "domain": domainPage{}, "seal": sealPage{}, "papers": papersPage{}, "history": historyPage{}, "cases": casesPage{}, "case": casePage{}, "files": filesPage{}, "calendar": calendarPage{}, "education": educationPage{},
}

func TestPagesFitWhatTheyShow(t *testing.T) { webtest.FittingDesk(t, pageFiles, shown) }

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	p := portalOf(founded(t), nil)
	p.Routes(http.NewServeMux())
	webtest.Listed(t, p.Desk.Mux())
}

// People who sign in. The first three work at member 0042, the last at 0007.
var (
	ours         = ui.Who{Actor: "person/0001", Holder: "person/0001", Role: "representative", Member: "0042", Name: "Ada King"}
	compliance   = ui.Who{Actor: "person/0002", Holder: "person/0002", Role: "compliance-officer", Member: "0042", Name: "Bea Moss"}
	practitioner = ui.Who{Actor: "person/0003", Holder: "person/0003", Role: "practitioner", Member: "0042", Name: "Cy Dorn"}
	theirs       = ui.Who{Actor: "person/0004", Holder: "person/0004", Role: "representative", Member: "0007", Name: "Dee Ford"}
)

// founded is a body with an open register and 50 members; 0042 is Cobalt Ridge IT.
func founded(t testing.TB) *webtest.Body {
	b := begun(t)
	b.Do(governance.Open{})
	return b
}

// begun is the same before the register is open.
func begun(t testing.TB) *webtest.Body {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(50, act.On(2026, 3, 1), act.On(2027, 2, 28))
	for _, p := range []ui.Who{ours, compliance, practitioner, theirs} {
		mail := strings.ToLower(strings.Fields(p.Name)[0]) + "@people.example"
		b.Do(people.Invite{Member: p.Member, Role: p.Role, Name: act.NewPersonal("", p.Name), Email: act.NewPersonal("", mail)})
	}
	for _, number := range []string{"0001", "0002", "0004"} {
		b.Do(people.Join{Person: number})
	}
	return b
}

// portalOf is the portal of a body that looks for names in a resolver, and calls nobody on this machine.
func portalOf(b *webtest.Body, r *net.Resolver) *Portal {
	return &Portal{
		Desk: b.Desk(), Register: b.Register, Standing: b.Standing, Origin: "https://demo.example", LogKey: b.LogKey, ReceiptKey: b.ReceiptKey,
		Digest: b.Keys.Digest, Proofs: proofs.New(proofs.Config{Resolver: r}), Attempt: b.Accounts().Attempt, Feeds: account.NewFeeds(b.Record), Reveal: b.Reveal, Exhibits: b.Files().Exhibits(),
	}
}

func open(b *webtest.Body) http.Handler { return openWith(b, nil) }

func openWith(b *webtest.Body, r *net.Resolver) http.Handler {
	p := portalOf(b, r)
	mux := http.NewServeMux()
	p.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	return ui.Secure(mux)
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
	officer := ui.Who{Actor: "person/0009", Role: "registrar"}
	webtest.Get(t, webtest.As(officer, open(b)), "/portal").Is(403).Has("h1", "This is not yours to see")
	webtest.Get(t, webtest.As(ours, open(b)), "/portal/acts/member.admit").Is(403)
	webtest.Get(t, webtest.As(practitioner, open(b)), "/portal/acts/services.set").Is(403)
	if to := webtest.Get(t, open(b), "/portal/acts").Is(303).Header.Get("Location"); to != "/sign-in?next=%2Fportal%2Facts" {
		t.Errorf("nobody is led to %q", to)
	}
}

// Every page of the portal, and who may see it.
var pagesFor = map[string]struct{ compliance, practitioner bool }{
	"/portal":                                    {true, true},
	"/portal/subscribe":                          {true, false},
	"/portal/subscribe/2026.1":                   {false, false},
	"/portal/renew":                              {false, false},
	"/portal/attest":                             {true, false},
	"/portal/withdraw":                           {false, false},
	"/portal/company":                            {true, false},
	"/portal/company/address":                    {true, false},
	"/portal/company/services":                   {true, false},
	"/portal/domains":                            {true, false},
	"/portal/domains/add":                        {false, false},
	"/portal/domains/cobaltridge.example":        {true, false},
	"/portal/domains/cobaltridge.example/remove": {false, false},
	"/portal/people":                             {true, false},
	"/portal/people/invite":                      {false, false},
	"/portal/people/0002/appoint":                {false, false},
	"/portal/people/0002/end/compliance-officer": {false, false},
	"/portal/people/0003/reinvite":               {false, false},
	"/portal/leave":                              {true, true},
	"/portal/seal":                               {true, false},
	"/portal/seal/now.svg":                       {true, true},
	"/portal/papers":                             {true, false},
	"/portal/papers/annex":                       {true, false},
	"/portal/papers/annex.pdf":                   {true, false},
	"/portal/history":                            {true, false},
	"/portal/calendar":                           {true, true},
}

func TestEveryPageIsForWhoMaySeeIt(t *testing.T) {
	h := open(founded(t))
	status := func(ok bool) int {
		if ok {
			return 200
		}
		return 403
	}
	for path, may := range pagesFor {
		webtest.Get(t, webtest.As(ours, h), path).Is(200)
		webtest.Get(t, webtest.As(compliance, h), path).Is(status(may.compliance))
		webtest.Get(t, webtest.As(practitioner, h), path).Is(status(may.practitioner))
		webtest.Get(t, h, path).Is(303)
		if got := webtest.Get(t, webtest.As(ours, h), path).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s is kept: %q", path, got)
		}
	}
}

// What is somebody else's is answered as what is nobody's.
func TestAnothersIsNobodys(t *testing.T) {
	h := webtest.As(ours, open(founded(t)))
	for _, pair := range [][2]string{
		{"/portal/domains/umbervalley.example", "/portal/domains/nobody.example"}, {"/portal/domains/umbervalley.example/remove", "/portal/domains/nobody.example/remove"},
		{"/portal/people/0004/appoint", "/portal/people/9999/appoint"}, {"/portal/people/0004/reinvite", "/portal/people/9999/reinvite"},
		{"/portal/people/0004/end/representative", "/portal/people/9999/end/representative"}, {"/portal/people/0002/end/representative", "/portal/people/0002/end/king"},
		{"/portal/subscribe/2099.1", "/portal/subscribe?version=2099.1"}, {"/portal/seal/good.svg", "/portal/seal/now"},
	} {
		theirs, nobodys := webtest.Get(t, h, pair[0]).Is(404), webtest.Get(t, h, pair[1]).Is(404)
		if theirs.Text != nobodys.Text {
			t.Errorf("%s is told from %s", pair[0], pair[1])
		}
		if !strings.Contains(pair[0], "seal") && !strings.Contains(pair[1], "?") {
			if theirs, nobodys := webtest.Post(t, h, pair[0], nil).Is(404), webtest.Post(t, h, pair[1], nil).Is(404); theirs.Text != nobodys.Text {
				t.Errorf("posted, %s is told from %s", pair[0], pair[1])
			}
		}
	}
}

// Whatever is sent, no page answers with a fault of ours.
func TestBadInputIsNeverAFault(t *testing.T) {
	h := webtest.As(ours, openWith(founded(t), (&webtest.Zone{}).Serve(t)))
	junk := url.Values{"_step": {"do"}, "_key": {"\x00"}, "_version": {"-1"}, "do": {"\xff"}}
	for _, name := range []string{"capacity", "representative", "declaration", "period", "incidents", "name", "email", "role", "until", "domain", "services", "address", "place", "on", "version", "sha256"} {
		junk[name] = []string{"\"><script>alert(1)</script>\u202e'\xff", "${7*7}"}
	}
	webtest.Post(t, h, "/portal/renew", url.Values{"capacity": {strings.Repeat("x", 2<<20)}}).Is(413)
	for path := range pagesFor {
		for _, form := range []url.Values{nil, junk} {
			if got := webtest.Post(t, h, path, form); got.Status >= 500 || strings.Contains(got.Text, "<script>alert") {
				t.Errorf("POST %s: %d", path, got.Status)
			}
		}
		for _, query := range []string{"?version=%00", "?period=" + strings.Repeat("9", 3000), "?done=9223372036854775807&of=1", "?done=1&of=50", "?before=%27", "?signed=1&done=x"} {
			if got := webtest.Get(t, h, path+query); got.Status >= 500 {
				t.Errorf("GET %s%s: %d", path, query, got.Status)
			}
		}
	}
	for _, path := range []string{"/portal/domains/%2e%2e", "/portal/domains/" + strings.Repeat("a.", 200), "/portal/people/%00/appoint", "/portal/people/0001/end/%ff", "/portal/subscribe/%0a", "/portal/seal/%2e%2e%2fnow.svg", "/portal/nowhere"} {
		if got := webtest.Get(t, h, path); got.Status >= 500 || got.Status == 200 {
			t.Errorf("GET %s: %d", path, got.Status)
		}
	}
}
