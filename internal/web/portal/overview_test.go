package portal

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/record"
	"shingle/internal/web/webtest"
)

func TestTheFirstPageSaysHowTheCompanyStandsAndWhatItOwes(t *testing.T) {
	b := founded(t)
	h := open(b)
	page := webtest.Get(t, webtest.As(ours, h), "/portal").Is(200)
	page.Has("section.verdict h1", "Cobalt Ridge IT is a member in good standing.").Has("aside.signed p", "signed in as Ada King, acting as a member's representative for Cobalt Ridge IT (0042)")
	page.Has("h2[id=next]", "What you owe").Has(".empty strong", "Nothing is due in the next 60 days.").HasNo("h2[id=overdue]")
	page.Has(".quiet .owe strong", "28 February 2027").Has("nav li", "People").Has("a", "End the company’s membership")

	// Three weeks before the dues end, and after a quarter that nobody attested for.
	b.Pass(344 * 24 * time.Hour)
	page = webtest.Get(t, webtest.As(ours, h), "/portal").Is(200)
	page.Has("h2[id=overdue]", "Overdue").Has(".owe.late .owe-what", "Give the attestation for 2026-Q")
	page.Has("section.verdict h1", "Cobalt Ridge IT is suspended from membership.").Has(".reasons li", "What helps:").Has(".owe", "The body’s office records a payment when it has arrived.")
	all := page.All(".owe .owe-when strong")
	if len(all) < 3 {
		t.Errorf("owed is %v", all)
	}
	var links []string
	for _, href := range page.Attributes(".owe-do a", "href") {
		links = append(links, href)
		webtest.Get(t, webtest.As(ours, h), href).Is(200)
	}
	if !strings.Contains(strings.Join(links, " "), "/portal/attest?period=2026-Q") {
		t.Errorf("owed leads to %v", links)
	}
	// What nobody else sees is marked: that dues will lapse is private, that the company is suspended is not.
	if marked := page.All(".only"); len(marked) >= len(page.All(".reasons li")) {
		t.Errorf("%d reasons are private", len(marked))
	}
}

func TestDuesInGraceAreToldInPrivate(t *testing.T) {
	b := founded(t)
	b.Do(membership.Renew{Member: "0042", Representative: act.NewPersonal("", "Ada King"), Capacity: "Director", Declaration: true})
	b.Pass(344 * 24 * time.Hour)
	for _, period := range []string{"2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"} {
		b.Do(membership.Attest{Member: "0042", Period: period, RequestsHandled: true})
	}
	b.Do(membership.Renew{Member: "0042", Representative: act.NewPersonal("", "Ada King"), Capacity: "Director", Declaration: true})
	b.Pass(24 * 24 * time.Hour)
	page := webtest.Get(t, webtest.As(ours, open(b)), "/portal").Is(200)
	page.Has("section.verdict h1", "good standing").Has(".reasons .only", "Only you see this").Has(".owe.late .owe-when", "5 days overdue")
}

func TestAPractitionerSeesAndDoesNothing(t *testing.T) {
	b := founded(t)
	b.Pass(344 * 24 * time.Hour)
	page := webtest.Get(t, webtest.As(practitioner, open(b)), "/portal").Is(200)
	page.Has("section.verdict h1", "suspended").Has(".owe.late", "Ask your company’s representative.").HasNo(".owe-do a").HasNo("h2 a")
	if nav := page.All("nav li"); strings.Join(nav[:2], " ") == "Overview Company" {
		t.Errorf("the navigation leads to %v", nav)
	}
	for _, href := range page.Attributes("main a", "href") {
		if strings.HasPrefix(href, "/portal") {
			webtest.Get(t, webtest.As(practitioner, open(b)), href).Is(200)
		}
	}
}

func TestWhoAppliesIsToldHowFarItIs(t *testing.T) {
	b := founded(t)
	number := strings.TrimPrefix(b.Do(membership.Apply{
		Name: "Newcomer IT", Domains: []string{"newcomer.example"}, Place: "Galway", Country: "Ireland", Services: []string{"backup"},
		ContactName: act.NewPersonal("", "Eva Hill"), ContactEmail: act.NewPersonal("", "eva@newcomer.example"),
	}).Stream, "member/")
	who := ours
	who.Member = number
	page := webtest.Get(t, webtest.As(who, open(b)), "/portal").Is(200).Has("h1", "Newcomer IT").HasNo(".owe").HasNo("section.verdict").HasNo("img.seal")
	if links := page.Attributes("a.primary", "href"); len(links) != 1 || links[0] != "/apply/progress/"+number {
		t.Errorf("it leads to %v", links)
	}
	webtest.Get(t, webtest.As(who, open(b)), "/portal/company").Is(200).Has("dd", "Newcomer IT").HasNo(".change a[href=/portal/company/address]")
	webtest.Get(t, webtest.As(who, open(b)), "/portal/history").Is(200).Has("tbody tr", "You applied to be a member.")
	b.Do(membership.Decline{Member: number, Reason: "its domain is another's"})
	webtest.Get(t, webtest.As(who, open(b)), "/portal").Is(200).Has(".lead", "The application was turned down.")
}

// Who left still reads what is on record, and is offered nothing else.
func TestWhoLeftReadsOn(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	b.Do(membership.Withdraw{Member: "0042"})
	page := webtest.Get(t, h, "/portal").Is(200)
	page.Has("section.verdict h1", "Cobalt Ridge IT has withdrawn from membership.").HasNo(".owe").HasNo("h2[id=next]").Has(".latest li", "The company has left.")
	webtest.Get(t, h, "/portal/history").Is(200).Has("tbody tr", "The company has left.")
	webtest.Get(t, h, "/portal/papers").Is(200).Has("section p", "The company is no member: it cannot promise anybody to remain one.")
	webtest.Get(t, h, "/portal/papers/annex").Is(404)
	webtest.Get(t, h, "/portal/company").Is(200).HasNo(".change a[href=/portal/company/address]")
	webtest.Get(t, h, "/portal/domains").Is(200).HasNo("a.button")
	webtest.Get(t, h, "/portal/subscribe").Is(200).HasNo("a.primary")
}

func TestWhoWasExpelledReadsOn(t *testing.T) {
	b := begun(t)
	h := webtest.As(ours, open(b))
	expel(t, b)
	page := webtest.Get(t, h, "/portal").Is(200)
	page.Has("section.verdict h1", "Cobalt Ridge IT has been expelled from membership.").HasNo(".owe")
	webtest.Get(t, h, "/portal/history").Is(200).Has("tbody tr", "is confirmed and takes effect")
	webtest.Get(t, h, "/portal/seal").Is(200).Has("p", "You have no right to show the seal now.")
	// It is offered nothing that the rules refuse: nobody is let in, and what the register says of it stays.
	for _, path := range []string{"/portal/people", "/portal/domains", "/portal/domains/cobaltridge.example"} {
		if page := webtest.Get(t, h, path).Is(200); strings.Contains(page.Text, "/invite") || strings.Contains(page.Text, "/appoint") || strings.Contains(page.Text, "/remove") || strings.Contains(page.Text, "/add") {
			t.Errorf("%s offers %q", path, page.Attributes("main a", "href"))
		}
	}
}

// expel opens the register, and has a decision from before recorded and confirmed.
func expel(t *testing.T, b *webtest.Body) {
	t.Helper()
	b.Pass(100 * 24 * time.Hour)
	b.Do(governance.Open{})
	as := func(actor, role string, cmd any) record.Done {
		done, err := b.Record.Do(t.Context(), record.Request{Command: cmd, Actor: actor, Holder: actor, Role: role, Expect: -1})
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	done := as("person/0011", "case-manager", discipline.Record{
		Member: "0042", Sanction: discipline.Expulsion, Decided: act.On(2026, 3, 20), Served: act.On(2026, 3, 23), ServiceProof: "courier", AppealClosed: act.On(2026, 5, 1),
		Findings: []string{"1=It sold what it was told in confidence."}, Text: "The member is expelled.",
	})
	// Until somebody else confirms it, the member is told nothing of it.
	for _, said := range webtest.Get(t, webtest.As(ours, open(b)), "/portal/history").All("tbody tr") {
		if strings.Contains(said, "Order") {
			t.Errorf("before it is in force the member reads %q", said)
		}
	}
	_, id, _ := strings.Cut(done.Stream, "/")
	as("person/0012", "chair", discipline.Confirm{Order: id})
	b.Tick()
}

func TestTheHistoryIsPaged(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	for n := range 60 {
		b.Do(membership.SetServices{Member: "0042", Services: []string{"Service " + string(rune('A'+n%26)), "n" + strings.Repeat("x", n)}})
	}
	first := webtest.Get(t, h, "/portal/history").Is(200)
	rows := first.All("tbody tr")
	next := first.Attributes("nav.pager a", "href")
	if len(rows) != 50 || len(next) != 1 {
		t.Fatalf("%d rows, next %v", len(rows), next)
	}
	second := webtest.Get(t, h, next[0]).Is(200).HasNo("nav.pager a").Has("tbody tr", "Ada King became representative.").Has("tbody tr", "The public log states: ")
	if more := second.All("tbody tr"); len(more) < 10 || more[0] == rows[49] {
		t.Errorf("the second page has %d rows", len(more))
	}
	for _, bad := range []string{"0", "-1", "x", "99999999999999999999"} {
		webtest.Get(t, h, "/portal/history?before="+bad).Is(404)
	}
	webtest.Get(t, h, "/portal/history?before=1").Is(200).Has(".empty strong", "There is nothing older.")
}

func TestOfficersAreNotNamed(t *testing.T) {
	b := founded(t)
	if _, err := b.Record.Do(t.Context(), record.Request{Command: membership.RecordDues{Member: "0042", PaidThrough: act.On(2028, 2, 28)}, Actor: "person/0004", Holder: "person/0004", Role: "registrar", Expect: -1}); err != nil {
		t.Fatal(err)
	}
	page := webtest.Get(t, webtest.As(ours, open(b)), "/portal/history").Is(200)
	page.Has("tbody tr", "Your dues are paid through 28 February 2028.").Has("tbody tr td", "a registrar")
	if strings.Contains(page.Text, "Dee Ford") {
		t.Error("an officer, who works at another member, is named")
	}
}
