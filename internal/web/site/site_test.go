package site_test

import (
	"encoding/csv"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

func TestHomeAsksTheQuestion(t *testing.T) {
	h := pages(t, opened(t, 20))
	d := webtest.Get(t, h, "/").Is(200).
		Has("h2", "Is this company a member?").
		Has("ul.tally a", "18 Good standing").
		Has("ul.tally a", "1 Expelled").
		Has("ul.notices a", "Expulsion: Blue Fog Managed IT").
		Has("main a", "1 Confidentiality").
		Has("aside.demo", "Demo time: 10 June 2026")
	if to := d.Attributes("form.check", "action"); !slices.Equal(to, []string{"/register"}) {
		t.Errorf("the question goes to %v", to)
	}
}

func TestRegisterAnswersInTwoClicks(t *testing.T) {
	h := pages(t, opened(t, 50))
	for _, q := range []string{"cobaltridge.example", "https://www.cobaltridge.example/contact", "Cobalt Ridge IT", "0042"} {
		d := webtest.Get(t, h, "/register?q="+url.QueryEscape(q)).Is(200).
			Has("section.verdict h2", "Cobalt Ridge IT is a member in good standing.")
		if links := d.Attributes("section.verdict a", "href"); !slices.Equal(links, []string{"/register/0042"}) {
			t.Errorf("%s leads to %v", q, links)
		}
	}
}

func TestNotFoundIsNeverNotAMember(t *testing.T) {
	h := pages(t, opened(t, 20))
	webtest.Get(t, h, "/register?q=quux").Is(200).
		Has("main p", "We found no member with this name or domain on 10 June 2026. It may trade under another name.").
		HasNo("table")
}

func TestRegisterFiltersSortsAndPages(t *testing.T) {
	h := pages(t, opened(t, 60))
	d := webtest.Get(t, h, "/register").Has("main strong", "60 companies")
	next := d.Attributes("nav.pager a", "href")
	if len(next) != 1 {
		t.Fatalf("next pages: %v", next)
	}
	rest := webtest.Get(t, h, next[0]).Is(200)
	if n := len(rest.All("tbody tr")); n != 10 {
		t.Errorf("%d on the second page", n)
	}
	webtest.Get(t, h, "/register?status=expelled").Has("tbody th", "Blue Fog Managed IT").Has("main strong", "1 company")
	if first := webtest.Get(t, h, "/register?sort=number").All("tbody a.name"); first[0] != "Schwarzspecht Netze" {
		t.Errorf("by number, the first is %s", first[0])
	}
	webtest.Get(t, h, "/register?sort=wealth").Is(400).Has("main", "only by name, number or newest")
	webtest.Get(t, h, "/register?cursor=!").Is(400)
}

func TestAnEmptyRegisterSaysSo(t *testing.T) {
	b := webtest.Start(t, webtest.SQLite, bodyName, time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.Do(governance.Open{})
	h := pages(t, b)
	webtest.Get(t, h, "/register").Is(200).Has("main", "No company has been admitted yet.")
	webtest.Get(t, h, "/notices").Is(200).Has("main", "No notice has been published.")
	webtest.Get(t, h, "/code").Is(404).Has("h1", "The code has not been adopted yet")
	webtest.Get(t, h, "/").Is(200)
	webtest.Get(t, h, "/log").Is(200)
}

func TestExportIsSafeForSpreadsheets(t *testing.T) {
	b := opened(t, 20)
	b.Do(membership.Rename{Member: "0001", Name: "=HYPERLINK(1)"})
	d := webtest.Get(t, pages(t, b), "/register.csv").Is(200)
	rows, err := csv.NewReader(strings.NewReader(d.Text)).ReadAll()
	if err != nil || len(rows) != 21 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if !strings.Contains(d.Text, "'=HYPERLINK(1)") {
		t.Error("a formula is not escaped")
	}
	if d := webtest.Get(t, pages(t, b), "/register.csv?status=expelled"); strings.Count(d.Text, "\n") != 2 {
		t.Errorf("the export is not the list: %s", d.Text)
	}
}

func TestMemberPageSaysItFirstAndProvesIt(t *testing.T) {
	h := pages(t, opened(t, 50))
	d := webtest.Get(t, h, "/register/0042").Is(200).
		Has("h1", "Cobalt Ridge IT is a member in good standing.").
		Has("aside", "we have not inspected its systems").
		Has("aside", "This is no certification, guarantee or security rating.").
		Has("aside", "Open complaints and private warnings are not shown.").
		Has("aside", "The number of courses is not yet set.").
		Has("dl.facts dd", "Version 2026.1").
		Has("tbody tr", "Good standing").
		Has("pre", "shingle verify")
	if h1 := d.All("main h1"); len(h1) != 1 {
		t.Errorf("%d first headings", len(h1))
	}
	leaf := d.Attributes("aside section a", "href")[0]
	webtest.Get(t, h, leaf).Is(200).Has("p.lead", "Cobalt Ridge IT: Good standing").Has("pre", `"member": "0042"`)
	webtest.Get(t, h, "/register/9999").Is(404)
}

func TestAnExpelledMembersPageNeverDisappears(t *testing.T) {
	h := pages(t, opened(t, 20))
	webtest.Get(t, h, "/register/0013").Is(200).
		Has("section.verdict.tone-grave h1", "Blue Fog Managed IT has been expelled from membership.").
		Has("section.verdict dd", "Customers’ records were sold to a marketing company.").
		Has("section.verdict dd", "The appeal has been closed since 1 May 2026.").
		Has("section.verdict a", "Notice 2026-0001").
		Has("tbody tr", "Expelled disciplinary")
	webtest.Get(t, h, "/register/0013?at=2026-05-01").Is(200).
		Has("h1", "Blue Fog Managed IT was a member in good standing.").
		Has("p.correction", "the end of 1 May 2026")
	webtest.Get(t, h, "/register/0009").Is(200).Has("h1", "has withdrawn from membership.")
}

func TestThePastBearsItsOwnName(t *testing.T) {
	b := opened(t, 20)
	was, err := b.Register.Member(t.Context(), "0014")
	if err != nil {
		t.Fatal(err)
	}
	b.Pass(10 * 24 * time.Hour)
	b.Do(membership.Rename{Member: "0014", Name: "Umber Valley IT"})
	h := pages(t, b)
	b.Pass(10 * 24 * time.Hour)
	webtest.Get(t, h, "/register/0014").Has("h1", "Umber Valley IT is a member in good standing.")
	for _, day := range []string{"2026-06-15", "2026-03-02", "2026-03-01"} {
		webtest.Get(t, h, "/register/0014?at="+day).Is(200).Has("h1", was.Name+" was a member in good standing.").
			Has("h2", "The company today").Has("dl.facts dd", "Umber Valley IT")
	}
	webtest.Get(t, h, "/register/0014?at=2026-06-25").Has("h1", "Umber Valley IT was a member in good standing.")
}

func TestACorrectedAnswerShowsBoth(t *testing.T) {
	b := opened(t, 20)
	b.Pass(48 * time.Hour)
	// Recorded today, and in effect since yesterday: what was said yesterday stays visible.
	b.Do(discipline.Stay{Order: "2026-0001", Court: "the High Court", Reference: "12/26", On: act.On(2026, 6, 11)})
	webtest.Get(t, pages(t, b), "/register/0013?at=2026-06-11").Is(200).
		Has("div.correction", "The answer was another at the time. On 11 June 2026 the register said: Expelled (disciplinary).")
}

func TestADayThatIsNoneIsExplained(t *testing.T) {
	h := pages(t, opened(t, 20))
	for at, want := range map[string]string{
		"2027-01-01": "That day has not come yet.", "soon": "Give the day as year, month and day", "2026-02-30": "Give the day as year, month and day",
	} {
		webtest.Get(t, h, "/register/0001?at="+at).Is(400).Has("div.error-summary[role=alert] a", want)
	}
}

func TestNothingIsShownBeforeTheRegisterOpens(t *testing.T) {
	h := pages(t, founded(t, 20))
	webtest.Get(t, h, "/").Is(200).Has("h1", "is preparing its register").HasNo("form")
	for _, path := range []string{"/register", "/register.csv", "/register/0001", "/notices", "/notices.atom", "/log", "/log/leaf/1", "/seal/0001", "/seal/0001.svg"} {
		d := webtest.Get(t, h, path).Is(404).Has("h1", "The register is not open yet")
		if strings.Contains(d.Text, "Schwarzspecht") {
			t.Errorf("%s tells a member's name", path)
		}
	}
	webtest.Get(t, h, "/code").Is(200).Has("h1", "Code of Ethics")
}

func TestTheCodeAndWhatChangedInIt(t *testing.T) {
	h := pages(t, opened(t, 20))
	webtest.Get(t, h, "/code").Is(200).Has("p.kicker", "Version 2026.1, in force").Has("article", "Confidentiality").Has("dd", "not yet set")
	webtest.Get(t, h, "/code/2026.2").Is(200).Has("a", "What 2026.2 changed in 2026.1")
	webtest.Get(t, h, "/code/2026.1..2026.2").Is(200).Has("ins", "2026-09-01")
	if d := webtest.Get(t, h, "/code/2026.1?as=text").Is(200); !strings.HasPrefix(d.Text, "---\n") {
		t.Error("the exact text is not the file")
	}
	for _, path := range []string{"/code/1999.1", "/code/1999.1..2026.1", "/code/.."} {
		if d := webtest.Get(t, h, path); d.Status != 404 && d.Status != 301 && d.Status != 307 {
			t.Errorf("%s: %d", path, d.Status)
		}
	}
}

func TestNoticesAndTheirFeed(t *testing.T) {
	b := opened(t, 20)
	h := pages(t, b)
	webtest.Get(t, h, "/notices").Is(200).Has("ul.notices a", "Expulsion: Blue Fog Managed IT")
	webtest.Get(t, h, "/notices/2026-0001").Is(200).
		Has("article", "The procedure that led to this decision was not checked by this system.").
		Has("dd", "20 March 2026").Has("dd", "for ever")
	webtest.Get(t, h, "/notices/2026-0099").Is(404)

	var feed struct {
		Entries []struct {
			Title string `xml:"title"`
			Link  struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	d := webtest.Get(t, h, "/notices.atom").Is(200)
	if err := xml.Unmarshal([]byte(d.Text), &feed); err != nil || len(feed.Entries) != 1 {
		t.Fatalf("feed: %v\n%s", err, d.Text)
	}
	if e := feed.Entries[0]; e.Title != "Expulsion: Blue Fog Managed IT" || e.Link.Href != "https://demo.example/notices/2026-0001" {
		t.Errorf("entry %+v", e)
	}

	b.Do(discipline.Quash{Order: "2026-0001", By: "the appeal tribunal", Reference: "7/26"})
	webtest.Get(t, h, "/notices/2026-0001").Is(200).Has("div.correction", "This notice was corrected.")
	webtest.Get(t, h, "/notices/2026-0002").Is(200).Has("div.correction a", "notice 2026-0001")
	webtest.Get(t, h, "/register/0013").Is(200).Has("h1", "is a member in good standing.")
}

func TestAnExpiredNoticeLeavesATombstone(t *testing.T) {
	b := opened(t, 20)
	done := b.DoAs("officer-1", discipline.Record{
		Member: "0014", Sanction: discipline.Reprimand, Findings: []string{"2=Secret finding."},
		Decided: act.On(2026, 3, 20), Served: act.On(2026, 3, 23), ServiceProof: "by courier", AppealClosed: act.On(2026, 5, 1), Text: "Text.",
	})
	b.DoAs("officer-2", discipline.Confirm{Order: strings.TrimPrefix(done.Stream, "order/")})
	h := pages(t, b)
	webtest.Get(t, h, "/notices/2026-0002").Is(200)
	b.Pass(4 * 365 * 24 * time.Hour)
	d := webtest.Get(t, h, "/notices/2026-0002").Is(410).Has("h1", "This notice has expired")
	if strings.Contains(d.Text, "Secret finding") {
		t.Error("the tombstone tells what the notice said")
	}
}

func TestTheLogIsExplained(t *testing.T) {
	h := pages(t, opened(t, 40))
	d := webtest.Get(t, h, "/log").Is(200).Has("tbody td", "Blue Fog Managed IT: Expelled (disciplinary)").Has("pre", "log.demo.example")
	older := d.Attributes("nav.pager a", "href")
	if len(older) != 1 {
		t.Fatalf("older leaves: %v", older)
	}
	webtest.Get(t, h, older[0]).Is(200).Has("h2", "Older leaves")
	webtest.Get(t, h, "/log/leaf/0").Is(200).Has("p.lead", "was adopted")
	for path, status := range map[string]int{"/log/leaf/999999": 404, "/log/leaf/-1": 404, "/log/leaf/x": 404, "/log?before=x": 400, "/log?before=-1": 400, "/log?before=99999999999999999999": 400} {
		webtest.Get(t, h, path).Is(status)
	}
}

func TestTheSealTellsTheTruthToTheRightSites(t *testing.T) {
	h := pages(t, opened(t, 50))
	d := webtest.Get(t, h, "/seal/0042.svg").Is(200)
	for _, want := range []string{"Cobalt Ridge IT", "Good standing", "10 June 2026", "0042"} {
		if !strings.Contains(d.Text, want) {
			t.Errorf("the seal does not say %q", want)
		}
	}
	if d.Header.Get("Content-Type") != "image/svg+xml" || d.Header.Get("Cache-Control") != "public, max-age=300" {
		t.Errorf("headers %v", d.Header)
	}
	if d := webtest.Get(t, h, "/seal/0013.svg").Is(200); !strings.Contains(d.Text, "Expelled") {
		t.Error("the seal of an expelled member does not say so")
	}
	frame := webtest.Get(t, h, "/seal/0042").Is(200).Has("p", "This seal belongs to Cobalt Ridge IT at cobaltridge.example: compare your address bar.")
	if policy := frame.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors https://cobaltridge.example https://*.cobaltridge.example") {
		t.Errorf("policy %s", policy)
	}
	webtest.Get(t, h, "/seal/9999.svg").Is(404)
}

func TestEveryAnswerIsHardened(t *testing.T) {
	h := pages(t, opened(t, 20))
	for _, path := range []string{"/", "/register", "/register/0001", "/nothing-here", "/notices.atom", "/seal/0001.svg"} {
		header := webtest.Get(t, h, path).Header
		policy := header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") ||
			header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, header)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/register", nil)
	webtest.Send(t, h, r).Is(405)
	r = httptest.NewRequest(http.MethodPost, "/demo/clock", strings.NewReader("days=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	webtest.Send(t, h, r).Is(403)
}

func TestAProgramGetsTheSameErrorAsJSON(t *testing.T) {
	h := pages(t, opened(t, 20))
	r := httptest.NewRequest(http.MethodGet, "/register/9999", nil)
	r.Header.Set("Accept", "application/json")
	d := webtest.Send(t, h, r).Is(404)
	if d.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(d.Text, `"status":404`) {
		t.Errorf("%v %s", d.Header, d.Text)
	}
}

func TestPolyglotNamesStayInert(t *testing.T) {
	const poly = `jaVasCript:/*-/*'/*"/**/(/* */oNcliCk=alert() )//</stYle/</titLe/</scRipt/--!><sVg/<sVg/oNloAd=alert()//>`
	b := opened(t, 20)
	b.Do(membership.Enrol{
		Number: "P-1", Name: poly, TradingNames: []string{poly + "2"}, Domains: []string{"poly.example"}, Address: poly, Place: poly, Country: poly,
		Services: []string{poly}, ContactName: act.NewPersonal("", poly), Admitted: act.On(2026, 3, 1), Subscribed: act.On(2026, 3, 1), PaidThrough: act.On(2027, 3, 1),
	})
	h := pages(t, b)
	leaf := webtest.Get(t, h, "/register/P-1").Attributes("aside section a", "href")[0]
	for _, path := range []string{"/", "/register", "/register?q=" + url.QueryEscape(poly), "/register?place=" + url.QueryEscape(poly), "/register/P-1",
		"/register/P-1?at=" + url.QueryEscape(poly), "/log", leaf, "/seal/P-1", "/seal/P-1.svg", "/code/" + url.PathEscape("a"+poly), "/" + url.PathEscape(poly), "/log?before=" + url.QueryEscape(poly)} {
		d := webtest.Get(t, h, path)
		if d.Status >= 500 {
			t.Errorf("%s: status %d", path, d.Status)
		}
		for _, selector := range []string{"script", "[onload]", "[onclick]", "svg svg", "[style]", "style"} {
			if strings.HasPrefix(selector, "svg svg") && strings.HasSuffix(path, ".svg") {
				continue
			}
			d.HasNo(selector)
		}
		if strings.Contains(strings.ToLower(d.Text), "<svg/<svg") {
			t.Errorf("%s lets a name become an element", path)
		}
	}
}
