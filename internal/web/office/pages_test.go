package office

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// byRole serves the office to whoever the path of a request begins with: "/as/chair/office".
func byRole(o http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", o)
	for _, who := range []ui.Who{registrar, president, chair, auditor, administrator} {
		mux.Handle("/as/"+who.Role+"/", http.StripPrefix("/as/"+who.Role, webtest.As(who, o)))
	}
	return mux
}

func TestThePagesOfTheOfficeAreAccessibleOnEveryScreen(t *testing.T) {
	b := judging(t, 60)
	b.Do(membership.RecordDues{Member: "0042", PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	number := applied(t, b, "Newcomer Networks")
	b.DoAs("person/0001", membership.RecordCheck{Member: number, Check: "domain", How: "a letter", Result: "failed"})
	proposed(t, b, "0042")
	b.Do(discipline.Impose{
		Member: "0003", Provisions: []string{"1.1"}, Reason: act.NewPrivate("", "harm"), Notified: b.Now().Add(-10 * 24 * time.Hour),
		Heard: act.NewPrivate("", "by telephone"), Until: act.On(2026, 8, 20),
	})
	b.Do(people.InviteOfficer{Role: "registrar", Name: act.NewPersonal("", "Rosa Lind"), Email: act.NewPersonal("", "rosa@demo.example"), Until: act.On(2026, 3, 20)})
	b.Do(people.Invite{Member: "0042", Role: "representative", Name: act.NewPersonal("", "Ines Vidal"), Email: act.NewPersonal("", "ines@cobaltridge.example")})
	o := open(b)
	h := webtest.As(registrar, o)
	asked := brings(t, h, "roster", "members.csv", members).Is(303).Header.Get("Location")
	shown := brings(t, h, "roster", "members.csv", members).Is(303).Header.Get("Location")
	form := chosen(webtest.Get(t, h, shown).Is(200))
	form.Set("map_name", "Firm")
	form.Set("_step", "preview")
	step(t, h, shown, form)
	server := httptest.NewServer(byRole(o))
	defer server.Close()
	browser := webtest.Open(t)
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		for what, path := range map[string]string{
			"today": "/as/registrar/office", "the chair’s day": "/as/chair/office", "nothing to do": "/as/administrator/office",
			"members": "/as/registrar/office/members", "no member": "/as/registrar/office/members?q=zzzz", "a member": "/as/chair/office/members/0042",
			"people of a member": "/as/registrar/office/members/0042/people", "a history": "/as/registrar/office/members/0042/history",
			"a member’s act": "/as/registrar/office/members/0042/acts/dues.record", "applications": "/as/registrar/office/applications",
			"an application": "/as/registrar/office/applications/" + number, "dues": "/as/registrar/office/dues", "orders": "/as/chair/office/orders",
			"people": "/as/president/office/people", "import": "/as/registrar/office/import", "columns": "/as/registrar" + asked, "what would come of it": "/as/registrar" + shown,
			"the record": "/as/auditor/office/record", "an event": "/as/auditor/office/record/5",
		} {
			browser.Visit(server.URL+path, screen)
			browser.FitsWidth(what + " " + screen.String())
			browser.Accessible(what + " " + screen.String())
		}
	}
}

// TestWhatIsDueIsDoneByKeyboardAlone goes from the first page to a payment that is recorded.
func TestWhatIsDueIsDoneByKeyboardAlone(t *testing.T) {
	b := founded(t, 10)
	b.Do(membership.RecordDues{Member: "0003", PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	server := httptest.NewServer(webtest.As(registrar, open(b)))
	defer server.Close()
	browser := webtest.Open(t)
	browser.Visit(server.URL+"/office", webtest.Desk)
	browser.Press("\t")
	browser.Press("\r") // past the navigation
	browser.Press("\t") // to how much is overdue, and from there to the first of it
	if at := browser.Focused(); at != "1 Overdue" {
		t.Fatalf("the first stop is %q", at)
	}
	browser.Press("\r")
	browser.Press("\t") // whom it concerns
	browser.Press("\t")
	if at := browser.Focused(); at != "Record dues: Dues, member 0003" {
		t.Fatalf("the first thing to do is %q", at)
	}
	browser.Follow("\r")
	browser.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#field-paid_through").value = "2027-02-28"`)) // a date's parts go by the machine's language
	browser.Do(chromedp.Focus(chromedp.CSS("button[value=check]")))
	browser.Follow("\r")
	browser.Do(chromedp.Focus(chromedp.CSS("button[value=do]")))
	browser.Follow("\r")
	if said := browser.Text("div.said li"); said != "Member 0003 has paid its dues through that day." {
		t.Errorf("the page says %q", said)
	}
}

// TestSeveralPaymentsInABrowser sends what a browser makes of the lines.
func TestSeveralPaymentsInABrowser(t *testing.T) {
	b := founded(t, 10)
	server := httptest.NewServer(webtest.As(registrar, open(b)))
	defer server.Close()
	browser := webtest.Open(t)
	browser.Visit(server.URL+"/office/dues", webtest.Phone)
	browser.Do(chromedp.Focus(chromedp.CSS("#payments")))
	browser.Press("0003,2028-02-28\r0004,2028-02-28")
	browser.Do(chromedp.Focus(chromedp.CSS("button[value=check]")))
	browser.Follow("\r")
	browser.Accessible("what payments would do")
	browser.FitsWidth("what payments would do")
	browser.Do(chromedp.Focus(chromedp.CSS("button[value=do]")))
	browser.Follow("\r")
	if said := browser.Text("section.would p"); said != "2 recorded, 0 so already, 0 not recorded." {
		t.Errorf("the page says %q", said)
	}
}
