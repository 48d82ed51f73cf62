package office

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/web/webtest"
)

func TestTheRecordIsSearched(t *testing.T) {
	b := founded(t, 60)
	b.Pass(48 * time.Hour)
	number := applied(t, b, "Newcomer Networks")
	o := open(b)
	h := webtest.As(auditor, o)
	page := webtest.Get(t, h, "/office/record").Is(200).Has("p.lead", "events in all").Has("th", "asks to be let in")
	first := page.All("td.num")
	if first[0] != fmt.Sprint(b.Record.Position()) || len(first) != recordLines {
		t.Errorf("the first page is %v", first)
	}
	count := func(query string) (n int, positions []string) {
		for next := "/office/record" + query; next != ""; {
			page := webtest.Get(t, h, next).Is(200)
			positions = append(positions, page.All("td.num")...)
			next = ""
			if more := page.Attributes("nav.pager a", "href"); len(more) == 1 {
				next = more[0]
			}
		}
		return len(positions), positions
	}
	all, positions := count("?order=oldest")
	if all != int(b.Record.Position()) || positions[0] != "1" {
		t.Errorf("%d of %d events, from %s on", all, b.Record.Position(), positions[0])
	}
	for query, want := range map[string]int{
		"?kind=member.enrolled":                                 60,
		"?kind=member.enrolled&order=oldest":                    60,
		"?kind=body.":                                           1,
		"?subject=" + number:                                    1,
		"?subject=member/" + number + "&kind=member.":           1,
		"?actor=nobody":                                         0,
		"?from=2026-03-04":                                      1,
		"?until=2026-03-03":                                     all - 1,
		"?from=2026-03-02&until=2026-03-02&kind=body.":          1,
		"?subject=0042&actor=operator&kind=code.":               0,
		"?from=2027-01-01":                                      0,
		"?until=2025-01-01":                                     0,
		"?subject=member/0042&kind=member.enrolled&at=99999999": 1,
	} {
		if n, _ := count(query); n != want {
			t.Errorf("%s finds %d, not %d", query, n, want)
		}
	}
	for _, bad := range []string{"?from=soon", "?until=2026-13-01", "?at=x", "?at=0"} {
		webtest.Get(t, h, "/office/record"+bad).Is(400)
		webtest.Get(t, h, "/office/record.csv"+bad).Is(400)
	}
	kept := webtest.Get(t, h, "/office/record?subject=0042&actor=person%2F0001&from=2026-02-30").Is(400).Has(".error-summary a", "“From” should be a date such as 2026-03-01").HasNo("tbody")
	if text := kept.Text; !strings.Contains(text, `value="0042"`) || !strings.Contains(text, `value="2026-02-30"`) || !strings.Contains(text, `value="person/0001"`) {
		t.Error("what was typed is gone")
	}
	if to := webtest.Get(t, h, "/office/record?subject=%2312").Is(303).Header.Get("Location"); to != "/office/record/12" {
		t.Errorf("a position leads to %s", to)
	}
	for _, who := range []string{"registrar", "president", "administrator", "chair"} {
		as := auditor
		as.Role = who
		for _, path := range []string{"/office/record", "/office/record.csv", "/office/record.json"} {
			webtest.Get(t, webtest.As(as, o), path).Is(403)
		}
	}
}

func TestNothingPrivateIsInTheRecordThatIsShown(t *testing.T) {
	b := founded(t, 5)
	number := applied(t, b, "Newcomer Networks")
	h := webtest.As(auditor, open(b))
	all, err := b.Record.Concerning(t.Context(), "member/"+number, b.Record.Position())
	if err != nil {
		t.Fatal(err)
	}
	page := webtest.Get(t, h, fmt.Sprintf("/office/record/%d", all[0].Position)).Is(200)
	page.Has("h1", "asks to be let in").Has("dd", "Newcomer Networks").Has("dt", "Contact name").Has("dd span.fine", "sealed, of person/").Has("p.hash", fmt.Sprintf("%x", all[0].Chain))
	csvText := webtest.Get(t, h, "/office/record.csv?subject="+number).Is(200)
	jsonText := webtest.Get(t, h, "/office/record.json?subject="+number).Is(200)
	for _, text := range []string{page.Text, csvText.Text, jsonText.Text} {
		for _, secret := range []string{contactName, contactMail, "canary", `"sealed"`} {
			if strings.Contains(text, secret) {
				t.Errorf("it tells %q", secret)
			}
		}
	}
	rows, err := csv.NewReader(strings.NewReader(csvText.Text)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][3] != "member/"+number || !strings.Contains(rows[1][9], "Newcomer") {
		t.Errorf("the CSV is %q, %v", rows, err)
	}
	var line out
	if err := json.Unmarshal([]byte(jsonText.Text), &line); err != nil || line.Kind != "member.applied" || !slices.Contains(line.Subjects, "member/"+number) {
		t.Errorf("the JSON is %+v, %v", line, err)
	}
}

func TestWhoMayLookAtOneEvent(t *testing.T) {
	b := judging(t, 5)
	id := proposed(t, b, "0003")
	at := b.Record.Position()
	events, err := b.Record.Concerning(t.Context(), "order/"+id, at)
	if err != nil {
		t.Fatal(err)
	}
	order := fmt.Sprintf("/office/record/%d", events[0].Position)
	member, err := b.Record.Concerning(t.Context(), "member/0003", at)
	if err != nil {
		t.Fatal(err)
	}
	enrolled := fmt.Sprintf("/office/record/%d", member[0].Position)
	o := open(b)
	for _, c := range []struct {
		role                     string
		order, enrolled, founded int
	}{
		{"auditor", 200, 200, 200}, {"chair", 200, 200, 404}, {"case-manager", 200, 200, 404}, {"registrar", 404, 200, 404},
		{"president", 404, 200, 404}, {"administrator", 403, 403, 403}, {"panelist", 403, 403, 403},
	} {
		as := registrar
		as.Role = c.role
		h := webtest.As(as, o)
		webtest.Get(t, h, order).Is(c.order)
		webtest.Get(t, h, enrolled).Is(c.enrolled)
		webtest.Get(t, h, "/office/record/1").Is(c.founded)
	}
	for _, bad := range []string{"0", "-1", "x", "99999", "99999999999999999999"} {
		webtest.Get(t, webtest.As(auditor, o), "/office/record/"+bad).Is(404)
	}
	// What is not theirs looks like what is not there.
	h := webtest.As(registrar, o)
	if webtest.Get(t, h, order).Text != webtest.Get(t, h, "/office/record/99999").Text {
		t.Error("another's event does not look like none")
	}
}
