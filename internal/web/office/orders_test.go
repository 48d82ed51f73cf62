package office

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/people"
	"shingle/internal/web/webtest"
)

func TestOrdersByWhatTheyWaitFor(t *testing.T) {
	b := judging(t, 10)
	o := open(b)
	webtest.Get(t, webtest.As(chair, o), "/office/orders").Is(200).Has("div.empty h2", "No order waits")
	id := proposed(t, b, "0003")
	b.Do(discipline.Charge{Member: "0004", Provisions: []string{"1.1"}, Served: act.On(2026, 2, 1), ServiceProof: "registered letter"})
	h := webtest.As(chair, o)
	page := webtest.Get(t, h, "/office/orders").Is(200).Has("h2", "Wait for a second officer 1").Has("td.num", id).Has("h2", "Open charges 1").Has("th", "Charges")
	confirms := page.Attributes("td.do a", "href")
	if confirms[0] != "/office/orders/"+id+"/acts/order.confirm" {
		t.Fatal(confirms)
	}
	page = does(t, h, confirms[0]).Is(200).Has("div.said li", "is confirmed and takes effect").Has("h2", "In force").Has("td", "in force")
	if said := strings.Join(page.All("section[aria-labelledby=proposed]"), ""); said != "" {
		t.Errorf("it still waits: %q", said)
	}
	webtest.Get(t, webtest.As(auditor, o), "/office/orders").Is(200).HasNo("td.do a")
	for _, who := range []string{"registrar", "president", "administrator"} {
		as := registrar
		as.Role = who
		webtest.Get(t, webtest.As(as, o), "/office/orders").Is(403)
	}
	webtest.Get(t, h, "/office/orders?after=!").Is(400)
	webtest.Get(t, h, "/office/orders/"+id+"/acts/order.record").Is(404)                             // it names no order
	webtest.Post(t, h, "/office/orders/2099-9999/acts/order.confirm", map[string][]string{}).Is(422) // there is none
}

func TestASuspensionForTheTimeBeingShowsItsReview(t *testing.T) {
	b := judging(t, 10)
	b.Do(discipline.Impose{
		Member: "0003", Provisions: []string{"1.1"}, Reason: act.NewPrivate("", "a canary of reasons"), Notified: b.Now().Add(-10 * 24 * time.Hour),
		Heard: act.NewPrivate("", "by telephone"), Until: act.On(2026, 8, 20),
	})
	o := open(b)
	page := webtest.Get(t, webtest.As(chair, o), "/office/orders").Is(200).Has("h2", "For the time being 1").Has("td", "ends unless reviewed").Has("td.do a", "Review it")
	b.Pass(85 * 24 * time.Hour)
	today := webtest.Get(t, webtest.As(chair, o), "/office").Is(200).Has("th", "ends unless it is reviewed")
	webtest.Get(t, webtest.As(chair, o), today.Attributes("td.do a", "href")[0]).Is(200)
	if strings.Contains(page.Text+today.Text, "canary") {
		t.Error("a reason that was confided is shown")
	}
}

func TestPeopleWithTheirTerms(t *testing.T) {
	b := founded(t, 5)
	for _, f := range []struct{ role, name string }{{"registrar", "Rosa Lind"}, {"president", "Paul Ek"}} {
		b.Do(people.InviteOfficer{Role: f.role, Name: act.NewPersonal("", f.name), Email: act.NewPersonal("", f.role+"@demo.example"), Until: act.On(2026, 3, 20)})
	}
	b.Do(people.Join{Person: "0002"})
	b.Do(people.Invite{Member: "0003", Role: "representative", Name: act.NewPersonal("", contactName), Email: act.NewPersonal("", contactMail)})
	o := open(b)
	h := webtest.As(president, o)
	page := webtest.Get(t, h, "/office/people").Is(200).Has("h2", "Who serves the body 2").Has("th", "Paul Ek 0002").Has("td", "20 March 2026in 18 days").
		Has("td", "representative at 0003").Has("th", contactName)
	for _, href := range page.Attributes("td.do a", "href") {
		webtest.Get(t, h, href).Is(200)
	}
	does(t, h, "/office/people/0001/acts/officer.appoint?role=registrar", "until", "2027-03-20").Is(200).Has("div.said li", "Person 0001 has one more role").Has("td", "20 March 2027")
	b.Pass(15 * 24 * time.Hour)
	webtest.Get(t, h, "/office/people").Is(200).Has("td span.overdue", "over")
	does(t, webtest.As(administrator, o), "/office/people/0001/acts/person.reinvite").Is(200).Has("div.said li", "is invited anew")

	// Who runs the machine sees nobody of a member; an auditor no addresses.
	if text := webtest.Get(t, webtest.As(administrator, o), "/office/people").Is(200).Text; strings.Contains(text, contactName) || strings.Contains(text, "0003") {
		t.Error("an administrator reads of a member's people")
	}
	if text := webtest.Get(t, webtest.As(auditor, o), "/office/people").Is(200).Text; strings.Contains(text, "@demo.example") || strings.Contains(text, contactName) {
		t.Error("an auditor reads addresses")
	}
	webtest.Get(t, webtest.As(chair, o), "/office/people").Is(403)
	webtest.Get(t, h, "/office/people/9999/acts/officer.end?role=registrar").Is(200)
	webtest.Post(t, h, "/office/people/9999/acts/officer.end", map[string][]string{"role": {"registrar"}}).Is(422)
	for _, bad := range []string{"x", ".5", "0001.x"} {
		webtest.Get(t, h, "/office/people?after="+bad).Is(400)
	}
}
