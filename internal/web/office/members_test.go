package office

import (
	"encoding/csv"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/web/webtest"
)

func TestMembersAreFoundByWhatTheAddressSays(t *testing.T) {
	b := founded(t, 120)
	b.Do(membership.RecordDues{Member: "0007", PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	b.Do(membership.Enrol{Number: "0900", Name: "Unsigned Systems", Admitted: act.On(2026, 1, 1), PaidThrough: act.On(2027, 1, 31)})
	h := webtest.As(registrar, open(b))
	for address, want := range map[string]string{
		"/office/members?q=cobalt+ridge":        "1 member",
		"/office/members?q=0042":                "1 member",
		"/office/members?due=overdue":           "1 member",
		"/office/members?version=-":             "1 member",
		"/office/members?version=2026.1":        "120 members",
		"/office/members?version=2026.1&q=0042": "1 member",
		"/office/members?status=good":           "12",
		"/office/members?sort=number":           "121 members",
	} {
		page := webtest.Get(t, h, address).Is(200)
		page.Has("div.results-head strong", want)
		if csv := page.Attributes("a[download]", "href"); len(csv) != 1 || strings.TrimPrefix(csv[0], "/office/members.csv") != normalQuery(t, address) {
			t.Errorf("%s: the same list as CSV is at %v", address, csv)
		}
	}
	webtest.Get(t, h, "/office/members?q=zzzz").Is(200).Has("div.empty h2", "No member is like that")
	if got := webtest.Get(t, h, "/office/members?status=applicant&q=new").Is(303).Header.Get("Location"); got != "/office/applications?q=new" {
		t.Errorf("applicants are looked for at %s", got)
	}
	for _, bad := range []string{"?due=tomorrow", "?sort=size", "?status=fine", "?cursor=!", "?cursor=AAAA"} {
		webtest.Get(t, h, "/office/members"+bad).Is(400)
		webtest.Get(t, h, "/office/members.csv"+strings.Replace(bad, "cursor", "sort", 1)).Is(400)
	}
	webtest.Get(t, webtest.As(registrar, open(webtest.Start(t, webtest.SQLite, "New body", b.Now()))), "/office/members").Is(200).
		Has("div.empty h2", "There are no members yet").Has("div.empty a[href=/office/import]", "Import the roster")
}

func normalQuery(t *testing.T, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.Query().Encode()
}

func TestMembersArePagedWithoutGapOrRepeat(t *testing.T) {
	h := webtest.As(registrar, open(founded(t, 120)))
	for _, sort := range []string{"", "?sort=number", "?sort=newest", "?due=month", "?version=2026.1"} {
		var seen []string
		for next, pages := "/office/members"+sort, 0; next != ""; pages++ {
			page := webtest.Get(t, h, next).Is(200)
			seen = append(seen, page.Attributes("a.name", "href")...)
			next = ""
			if more := page.Attributes("nav.pager a", "href"); len(more) == 1 {
				next = more[0]
			}
			if pages > 3 {
				t.Fatal("it never ends")
			}
		}
		if slices.Sort(seen); sort != "?due=month" && len(slices.Compact(seen)) != 120 || len(slices.Compact(slices.Clone(seen))) != len(seen) {
			t.Errorf("%q: %d members were seen", sort, len(seen))
		}
	}
}

func TestAListIsWrittenOut(t *testing.T) {
	b := founded(t, 5)
	b.Do(membership.Enrol{
		Number: "0900", Name: "=cmd|' /C calc'!A0", Admitted: act.On(2026, 1, 1), Subscribed: act.On(2026, 3, 1), PaidThrough: act.On(2027, 1, 31), Place: "@Galway",
		ContactName: act.NewPersonal("", contactName), ContactEmail: act.NewPersonal("", contactMail),
	})
	o := open(b)
	page := webtest.Get(t, webtest.As(registrar, o), "/office/members.csv?sort=number").Is(200)
	rows, err := csv.NewReader(strings.NewReader(page.Text)).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatal(len(rows), err)
	}
	last := rows[6]
	if last[0] != "0900" || last[1] != "'=cmd|' /C calc'!A0" || last[5] != "'@Galway" || last[15] != contactName || last[16] != contactMail {
		t.Errorf("the row is %q", last)
	}
	for _, who := range []string{"auditor", "chair"} {
		as := auditor
		if who == "chair" {
			as = chair
		}
		text := webtest.Get(t, webtest.As(as, o), "/office/members.csv").Is(200).Text
		if has := strings.Contains(text, contactName); has != (who == "chair") {
			t.Errorf("%s reads the contact: %v", who, has)
		}
	}
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("kept as %q", got)
	}
}

func TestOneMemberWithAllThatIsKnown(t *testing.T) {
	b := judging(t, 50)
	b.Do(membership.RecordDues{Member: "0042", PaidThrough: act.On(2026, 2, 10), Reason: "it was booked twice"})
	b.Do(people.Invite{Member: "0042", Role: "representative", Name: act.NewPersonal("", "Ines Vidal"), Email: act.NewPersonal("", "ines@cobaltridge.example")})
	id := proposed(t, b, "0042")
	o := open(b)
	page := webtest.Get(t, webtest.As(registrar, o), "/office/members/0042").Is(200)
	page.Has("h1", "Cobalt Ridge IT 0042").Has("td.when", "10 February 202620 days overdue").Has("th", "Dues")
	page.Has("dd", "Version 2026.1").Has("dd", "10 February 2026").Has("th", "cobaltridge.example")
	page.Has("th", "Ines Vidal").Has("td", "representative").Has("td", "invited, has not joined").Has("ul.acts a", "Record dues").Has("ul.acts a", "Change its name")
	if strings.Contains(page.Text, id) || strings.Contains(page.Text, "order.") {
		t.Error("the registrar reads of a case")
	}
	for _, href := range slices.Concat(page.Attributes("ul.acts a", "href"), page.Attributes("td.do a", "href"), page.Attributes("ul.reasons a", "href")) {
		webtest.Get(t, webtest.As(registrar, o), href).Is(200)
	}
	form := webtest.Get(t, webtest.As(registrar, o), "/office/members/0042/acts/person.end?person=0001&role=representative").Is(200).Form(carryOn)
	if form.Get("person") != "0001" || form.Get("role") != "representative" {
		t.Errorf("the form begins with %v", form)
	}

	sign := webtest.Get(t, webtest.As(registrar, o), "/office/members/0042/acts/member.subscribe").Is(200).Form(carryOn)
	if sign.Get("version") != "2026.1" || len(sign.Get("sha256")) != 64 {
		t.Errorf("a signature begins with %v", sign)
	}
	earlier := webtest.Get(t, webtest.As(registrar, o), "/office/members/0042/acts/member.subscribe?version=2025.1").Is(200).Form(carryOn)
	if earlier.Get("version") != "2025.1" || earlier.Get("sha256") == sign.Get("sha256") {
		t.Errorf("a signature under the text before begins with %v", earlier)
	}

	page = webtest.Get(t, webtest.As(chair, o), "/office/members/0042").Is(200)
	page.Has("td.num", id).Has("td", "waits for a second officer").Has("ul.acts a", "Record an order").Has("td.do a", "Confirm it")
	page = webtest.Get(t, webtest.As(auditor, o), "/office/members/0042").Is(200).HasNo("ul.acts").HasNo("td.do a")
	page.Has("td.num", id)
	if strings.Contains(page.Text, "Ines") {
		t.Error("an auditor reads who acts for a member")
	}
	for _, nobody := range []string{"/office/members/9999", "/office/members/x%00", "/office/members/0042%2f", "/office/members/9999/history", "/office/members/9999/people", "/office/members/9999/acts/dues.record"} {
		webtest.Get(t, webtest.As(registrar, o), nobody).Is(404)
	}
	webtest.Get(t, webtest.As(administrator, o), "/office/members/0042").Is(403)
	webtest.Get(t, webtest.As(administrator, o), "/office/members").Is(403)
	webtest.Get(t, webtest.As(auditor, o), "/office/members/0042/people").Is(403)
	webtest.Get(t, webtest.As(auditor, o), "/office/members/0042/acts/dues.record").Is(403)
	webtest.Get(t, webtest.As(registrar, o), "/office/members/0042/people").Is(200).Has("h1", "People of Cobalt Ridge IT").Has("th", "Ines Vidal")
	webtest.Get(t, webtest.As(registrar, o), "/office/members/0042/acts/order.confirm").Is(404) // it is about no member
	webtest.Get(t, webtest.As(registrar, o), "/office/members/0042/acts/member.burn").Is(404)
}

func TestAMemberActStaysWithItsMember(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	const path = "/office/members/0042/acts/member.rename"
	check := webtest.Post(t, h, path, url.Values{"member": {"0007"}, "name": {"Cobalt Limited"}})
	if check.Status == 200 {
		then := webtest.Post(t, h, path, check.Form(confirm))
		if then.Status == 303 {
			webtest.Get(t, h, then.Header.Get("Location")).Is(200).Has("h1", "Cobalt Limited 0042")
		}
	}
	webtest.Get(t, h, "/office/members/0007").Is(200)
	if name := webtest.Get(t, h, "/office/members/0007").All("h1"); strings.HasPrefix(name[0], "Cobalt Limited") {
		t.Error("another member was renamed")
	}
	webtest.Post(t, h, path, url.Values{"name": {""}}).Is(422).Has("p.field-error", "is missing")
}

func TestAHistoryIsPaged(t *testing.T) {
	b := judging(t, 10)
	for i := range 70 {
		b.Do(membership.RecordDues{Member: "0003", PaidThrough: act.On(2027, 3, 1).AddDays(i)})
		b.Pass(time.Minute)
	}
	proposed(t, b, "0003")
	o := open(b)
	for _, c := range []struct {
		who   string
		cases bool
	}{{"registrar", false}, {"chair", true}} {
		h := webtest.As(registrar, o)
		if c.who == "chair" {
			h = webtest.As(chair, o)
		}
		var kinds []string
		for next := "/office/members/0003/history"; next != ""; {
			page := webtest.Get(t, h, next).Is(200)
			kinds = append(kinds, page.All("tbody th span.also")...)
			next = ""
			if more := page.Attributes("nav.pager a", "href"); len(more) == 1 {
				next = more[0]
			}
		}
		all, err := b.Record.Concerning(t.Context(), "member/0003", b.Record.Position())
		if err != nil {
			t.Fatal(err)
		}
		want := len(all)
		if !c.cases {
			want--
		}
		if len(kinds) != want || slices.Contains(kinds, "order.proposed/2") != c.cases {
			t.Errorf("%s reads %d of %d events, of cases: %v", c.who, len(kinds), len(all), slices.Contains(kinds, "order.proposed/2"))
		}
	}
	for _, bad := range []string{"x", "0", "-3", "99999999999999999999"} {
		webtest.Get(t, webtest.As(registrar, o), "/office/members/0003/history?before="+bad).Is(400)
	}
}
