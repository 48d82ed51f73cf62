package office

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

var (
	manager       = ui.Who{Actor: "person/0005", Holder: "person/0005", Role: "case-manager", Name: "Kim Oduya"}
	administrator = ui.Who{Actor: "person/0006", Holder: "person/0006", Role: "administrator"}
	panelist      = ui.Who{Actor: "person/0008", Holder: "person/0008", Role: "panelist"}
)

const contactName, contactMail = "Wilhelmina Quartermaine", "wilhelmina@newcomer.example"

// applied has a company ask to be let in, and returns its number.
func applied(t testing.TB, b *webtest.Body, name string) string {
	t.Helper()
	done := b.Do(membership.Apply{
		Name: name, Domains: []string{strings.ToLower(strings.Fields(name)[0]) + ".example"}, Address: "1 New Street", Place: "Galway", Country: "Ireland",
		Services: []string{"helpdesk"}, ContactName: act.NewPersonal("", contactName), ContactEmail: act.NewPersonal("", contactMail),
		DeclaredSanctions: act.NewPrivate("", "A canary of sanctions."),
	})
	return strings.TrimPrefix(done.Stream, "member/")
}

// proposed records an order about a member, which waits for a second officer.
func proposed(t testing.TB, b *webtest.Body, number string) string {
	t.Helper()
	done := b.DoAs("person/0009", discipline.Record{
		Member: number, Sanction: discipline.Warning, Findings: []string{"1.1=It kept silent"}, Decided: act.On(2026, 1, 5), Served: act.On(2026, 1, 6),
		ServiceProof: "registered letter", AppealClosed: act.On(2026, 2, 20), Text: "It is warned.",
	})
	return strings.TrimPrefix(done.Stream, "order/")
}

func TestWhatIsDueFirstStandsFirst(t *testing.T) {
	b := founded(t, 30)
	b.Do(membership.RecordDues{Member: "0003", PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	b.Do(membership.RecordDues{Member: "0005", PaidThrough: act.On(2026, 2, 20), Reason: "it was booked twice"})
	b.Do(membership.RecordDues{Member: "0007", PaidThrough: act.On(2026, 3, 5), Reason: "it was booked twice"})
	b.Do(membership.RecordDues{Member: "0009", PaidThrough: act.On(2026, 3, 20), Reason: "it was booked twice"})
	number := applied(t, b, "Newcomer Networks")
	b.Pass(50 * time.Hour)
	h := webtest.As(registrar, open(b))
	page := webtest.Get(t, h, "/office").Is(200)
	if heads := page.All("section[aria-labelledby] h2"); len(heads) != 4 || heads[0] != "Overdue 2" || heads[1] != "This week 1" || !strings.HasPrefix(heads[2], "In the next 30 days") || heads[3] != "Waits for a decision 1" {
		t.Fatalf("the page has %q", heads)
	}
	page.Has("td.when", "1 February 202631 days overdue").Has("td.when", "5 March 2026tomorrow").Has("td.when", "waits for 2 days")
	page.Has("td", "Newcomer Networks "+number)
	// Each line is one link away from where it is done, and what is known is filled in.
	links := page.Attributes("td.do a", "href")
	if links[0] != "/office/members/0003/acts/dues.record" || links[1] != "/office/members/0005/acts/dues.record" || links[len(links)-1] != "/office/applications/"+number {
		t.Errorf("the lines lead to %v", links)
	}
	for _, href := range links {
		webtest.Get(t, h, href).Is(200)
	}
	form := webtest.Get(t, h, links[0]).Is(200)
	form.Has("p.lead", "Member 0003").HasNo("input[name=member]")
	ask := form.Form(carryOn)
	ask.Set("paid_through", "2027-02-28")
	check := webtest.Post(t, h, links[0], ask).Is(200)
	then := webtest.Post(t, h, links[0], check.Form(confirm)).Is(303).Header.Get("Location")
	webtest.Get(t, h, then).Is(200).Has("div.said li", "Member 0003 has paid its dues through that day.")
	webtest.Get(t, h, "/office").Is(200).Has("h2", "Overdue 1")
}

func TestTodayIsOfTheRole(t *testing.T) {
	b := judging(t, 10)
	b.Do(membership.RecordDues{Member: "0003", PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	applied(t, b, "Newcomer Networks")
	id := proposed(t, b, "0004")
	b.Do(people.InviteOfficer{Role: "registrar", Name: act.NewPersonal("", "Rosa Lind"), Email: act.NewPersonal("", "rosa@demo.example"), Until: act.On(2026, 3, 20)})
	o := open(b)
	for who, c := range map[*ui.Who]struct{ has, hasNot []string }{
		&registrar:     {[]string{"Dues", "Application"}, []string{"Order " + id}},
		&manager:       {[]string{"Order " + id + " against member 0004 waits"}, []string{"Dues", "Application"}},
		&chair:         {[]string{"Order " + id}, []string{"Dues", "Application"}},
		&president:     {[]string{"The term of person 0001 as registrar ends"}, []string{"Dues", "Order"}},
		&auditor:       {[]string{"Dues", "Application", "Order " + id}, nil},
		&administrator: {nil, []string{"Dues", "Application", "Order", "0003"}},
		&panelist:      {nil, []string{"Dues", "Application", "Order", "0003"}},
	} {
		page := webtest.Get(t, webtest.As(*who, o), "/office").Is(200)
		said := strings.Join(page.All("main tbody th"), "\n")
		for _, words := range c.has {
			if !strings.Contains(said, words) {
				t.Errorf("%s: nothing says %q in %q", who.Role, words, said)
			}
		}
		for _, words := range c.hasNot {
			if strings.Contains(said, words) {
				t.Errorf("%s reads %q", who.Role, words)
			}
		}
		if len(c.has) == 0 {
			page.Has("div.empty h2", "Nothing waits for you")
		}
		for _, href := range page.Attributes("td.do a", "href") {
			href, _, _ = strings.Cut(href, "#")
			webtest.Get(t, webtest.As(*who, o), href).Is(200)
		}
		// The navigation leads nobody to a page that is not theirs.
		for _, href := range page.Attributes("header nav a", "href") {
			webtest.Get(t, webtest.As(*who, o), href).Is(200)
		}
	}
}

func TestALongListIsShownInPart(t *testing.T) {
	b := founded(t, 30)
	for i := 1; i <= 20; i++ {
		b.Do(membership.RecordDues{Member: "00" + string(rune('0'+i/10)) + string(rune('0'+i%10)), PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	}
	for i := range mostWaiting + 4 {
		applied(t, b, "Newcomer"+string(rune('a'+i%26))+string(rune('a'+i/26))+" Networks")
	}
	page := webtest.Get(t, webtest.As(registrar, open(b)), "/office").Is(200).Has("h2", "Waits for a decision 34").Has("a[href=/office/applications]", "See all applications").Has("h2", "Overdue 20").Has("a[href=/office/members?due=overdue]", "See all of them")
	if n := len(page.All("section.late tbody tr")); n != mostShown {
		t.Errorf("%d lines are shown", n)
	}
	webtest.Get(t, webtest.As(registrar, open(b)), "/office/members?due=overdue").Is(200).Has("strong", "20 members")
}

func TestDeadlinesForACalendar(t *testing.T) {
	b := founded(t, 10)
	b.Do(membership.RecordDues{Member: "0003", PaidThrough: act.On(2026, 3, 20), Reason: "it was booked twice"})
	o := open(b)
	calendar := webtest.Get(t, webtest.As(registrar, o), "/office/deadlines.ics").Is(200)
	if !strings.Contains(calendar.Text, "DTSTART;VALUE=DATE:20260320") || !strings.Contains(calendar.Text, "SUMMARY:Dues: ") || !strings.Contains(calendar.Text, "/office/members/0003/acts/dues.record") {
		t.Errorf("the calendar says %s", calendar.Text)
	}
	if text := webtest.Get(t, webtest.As(administrator, o), "/office/deadlines.ics").Is(200).Text; strings.Contains(text, "BEGIN:VEVENT") {
		t.Errorf("an administrator's calendar says %s", text)
	}
}
