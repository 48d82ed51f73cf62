package office

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/roster"
	"shingle/internal/web/webtest"
)

// brings uploads a file, as a browser does.
func brings(t *testing.T, h http.Handler, field, name, content string) *webtest.Document {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte(content))
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, "/office/import", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept", "text/html")
	return webtest.Send(t, h, r)
}

// step presses a button of a page about a file, and returns the page that it comes to once nobody works on it.
func step(t *testing.T, h http.Handler, at string, form url.Values) *webtest.Document {
	t.Helper()
	webtest.Post(t, h, at, form).Is(303)
	for range 100 {
		page := webtest.Get(t, h, at)
		if page.Header.Get("Refresh") == "" {
			return page
		}
		time.Sleep(50 * time.Millisecond) // as the browser does, by the page's own word
	}
	t.Fatal("it does not end")
	return nil
}

const members = `Member ID,Firm,Site,Mail,Since,Expires,Status,Mood
1001,Alder & Oak IT,https://www.alder.example/,ann@alder.example,2019-05-01,2027-01-31,active,fine
1002,Birch Systems,birch.example,bob@birch.example,not a day,2027-01-31,active,fine
1003,Cedar Nеtworks,cedar.example,,2020-01-01,2027-01-31,expired,fine
1001,Again Ltd,again.example,,2020-01-01,2027-01-31,active,fine
1005,"=HYPERLINK(""x"")",dogwood.example,,2020-01-01,2027-01-31,suspended,fine
`

func TestARosterIsBroughtInTheBrowser(t *testing.T) {
	b := founded(t, 5)
	o := open(b)
	h := webtest.As(registrar, o)
	webtest.Get(t, h, "/office/import").Is(200).Has("h1", "Import a roster")
	at := brings(t, h, "roster", `C:\lists\members <1>.csv`, members).Is(303).Header.Get("Location")
	page := webtest.Get(t, h, at).Is(200).Has("h1", "members <1>.csv").Has("table.sample td", "Alder & Oak IT")
	form := chosen(page)
	if form.Get("map_number") != "Member ID" || form.Get("map_name") != "" || form.Get("map_domains") != "" {
		t.Errorf("the columns are taken for %v", form)
	}
	form.Set("_step", "preview")
	webtest.Post(t, h, at, form).Is(422).Has("div.error-summary p", "Say which column is “Legal name”")
	form.Set("map_name", "Firm")
	form.Set("map_trading_names", "Firm")
	webtest.Post(t, h, at, form).Is(422).Has("div.error-summary p", "cannot be both")
	form.Set("map_trading_names", "")
	form.Set("map_domains", "Site")
	form.Set("map_contact_email", "Mail")
	form.Set("map_admitted", "Since")
	form.Set("map_paid_through", "Expires")
	before := b.Record.Position()
	page = step(t, h, at, form).Is(200)
	if b.Record.Position() != before {
		t.Fatal("a preview recorded something")
	}
	page.Has("dl.counts div", "would be taken in2").Has("dl.counts div", "could not be taken in3").Has("p.fine", "Columns that are not used: Mood")
	page.Has("td", "Since").Has("td", "is already used in line 2").Has("td", "a member cannot be imported as suspended").Has("h2", "Look twice").Has("td", "mixes Cyrillic and Latin")
	rejects := webtest.Get(t, h, at+"/rejects.csv").Is(200)
	rows, err := csv.NewReader(strings.NewReader(rejects.Text)).ReadAll()
	if err != nil || len(rows) != 4 || rows[3][1] != `'=HYPERLINK("x")` || rows[1][8] != "3" || rows[1][9] != "Since" {
		t.Errorf("the rejects are %q, %v", rows, err)
	}

	// It is nobody else's, not even another registrar's.
	other := registrar
	other.Actor = "person/0077"
	for _, path := range []string{at, at + "/rejects.csv", "/office/import/nothing"} {
		webtest.Get(t, webtest.As(other, o), path).Is(404)
	}
	webtest.Post(t, webtest.As(other, o), at, url.Values{"_step": {"import"}}).Is(404)
	webtest.Get(t, webtest.As(other, o), "/office/import").Is(200).HasNo("ul.notices li h3")
	for _, who := range []string{"chair", "auditor", "administrator", "president"} {
		as := other
		as.Role = who
		webtest.Get(t, webtest.As(as, o), "/office/import").Is(403)
	}

	step(t, h, at, url.Values{"_step": {"import"}}).Is(200).Has("h2", "What came of it").Has("dl.counts div", "taken in2")
	after := b.Record.Position()
	if after == before {
		t.Fatal("nothing was recorded")
	}
	webtest.Get(t, h, "/office/members/1001").Is(200).Has("h1", "Alder & Oak IT 1001").Has("dd", "ann@alder.example")
	webtest.Post(t, h, at, url.Values{"_step": {"import"}}).Is(303) // a double click
	if b.Record.Position() != after {
		t.Error("it was taken in twice")
	}
	events, err := b.Record.Events(t.Context(), before, 1)
	if err != nil || events[0].Actor != registrar.Actor || events[0].Role != "registrar" {
		t.Errorf("it was asked for by %s as %s", events[0].Actor, events[0].Role)
	}
	// Bringing it again changes nothing.
	again := brings(t, h, "roster", "members.csv", members).Is(303).Header.Get("Location")
	step(t, h, again, form).Is(200).Has("dl.counts div", "would be taken in0").Has("dl.counts div", "already, just so2").HasNo("button[value=import]")
	webtest.Post(t, h, again, url.Values{"_step": {"discard"}}).Is(303)
	webtest.Get(t, h, again).Is(404)
}

// chosen is what stands in the fields of the page that asks for columns.
func chosen(page *webtest.Document) url.Values {
	form := url.Values{}
	for _, ours := range roster.Columns {
		picked := page.Attributes("select[name=map_"+ours+"] option[selected]", "value")
		form.Set("map_"+ours, strings.Join(picked, ""))
	}
	return form
}

func TestTheExampleRosterNeedsNothingChosen(t *testing.T) {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 11, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	h := webtest.As(registrar, open(b))
	example, err := os.ReadFile("../../../examples/msp/roster.csv")
	if err != nil {
		t.Fatal(err)
	}
	at := brings(t, h, "roster", "roster.csv", string(example)).Is(303).Header.Get("Location")
	form := chosen(webtest.Get(t, h, at).Is(200))
	form.Set("_step", "preview")
	step(t, h, at, form).Is(200).Has("button[value=import]", "Take in 330 members")
	webtest.Get(t, h, at+"?columns=1").Is(200).Has("button[value=preview]", "Show what would come of it")
	step(t, h, at, url.Values{"_step": {"import"}}).Is(200).Has("dl.counts div", "taken in330")
	webtest.Get(t, h, "/office/members").Is(200).Has("strong", "330 members")
}

func TestFilesThatAreNone(t *testing.T) {
	b := founded(t, 1)
	h := webtest.As(registrar, open(b))
	for what, content := range map[string]string{
		"empty": "", "a spreadsheet": "PK\x03\x04xxxx", "UTF-16": "\xff\xfen\x00", "Mac lines": "number,name\r0001,x\r",
	} {
		page := brings(t, h, "roster", "x.csv", content)
		if page.Status != 422 {
			t.Errorf("%s: %d", what, page.Status)
		}
		page.Has("div.error-summary p", "Nothing was kept").Has("title", "Error: Import a roster")
	}
	brings(t, h, "other", "x.csv", "number,name\n1,x\n").Is(422)
	webtest.Post(t, h, "/office/import", url.Values{"roster": {"number,name"}}).Is(422)
	brings(t, h, "roster", "x.csv", strings.Repeat("number,name,x\n", roster.MaxUpload/14+2)).Is(413)

	broken := brings(t, h, "roster", "x.csv", "number,name\n0500,Fine Ltd\n0501,\"never closed\n").Is(303).Header.Get("Location")
	form := chosen(webtest.Get(t, h, broken).Is(200))
	form.Set("_step", "preview")
	step(t, h, broken, form).Is(200).Has("div.error-summary p", "is not closed properly")
	binary := brings(t, h, "roster", "", "number,name\n\xff\xfe,\x00\n")
	if binary.Status == 303 {
		at := binary.Header.Get("Location")
		form := chosen(webtest.Get(t, h, at).Is(200))
		form.Set("_step", "preview")
		step(t, h, at, form).Is(200).Has("td", "is not UTF-8")
	}
	for i := range 2 * roster.MaxUploads {
		page := brings(t, h, "roster", fmt.Sprint(i, ".csv"), "number,name\n0500,Fine Ltd\n")
		if page.Status == 422 {
			page.Has("div.error-summary a", "You have 5 files waiting already")
			break
		}
		if i == 2*roster.MaxUploads-1 {
			t.Error("files are kept without end")
		}
	}
	b.Pass(2 * time.Hour)
	webtest.Get(t, h, broken).Is(404)
	brings(t, h, "roster", "x.csv", "number,name\n0500,Fine Ltd\n").Is(303)
}

func TestHowFarItIsIsShownWithoutAScript(t *testing.T) {
	b := founded(t, 1)
	serve := func() (*roster.Uploads, http.Handler) {
		files := &roster.Uploads{Record: b.Record, Keys: b.Keys, Now: b.Now, Logger: b.Desk().Logger}
		o := &Office{Desk: b.Desk(), Register: b.Register, Standing: b.Standing, Uploads: files}
		mux := http.NewServeMux()
		o.Routes(mux)
		return files, webtest.As(registrar, mux)
	}
	files, h := serve()
	at := brings(t, h, "roster", "x.csv", "number,name,admitted\n0500,Fine Ltd,2020-01-01\n").Is(303).Header.Get("Location")
	form := chosen(webtest.Get(t, h, at).Is(200))
	form.Set("_step", "preview")
	step(t, h, at, form).Is(200)
	files.Close() // this process is about to end
	webtest.Post(t, h, at, url.Values{"_step": {"import"}}).Is(303)
	page := webtest.Get(t, h, at).Is(200).Has("p.lead", "It is being taken in.").Has("label", "0 rows of 1 are done")
	if page.Header.Get("Refresh") != "3" {
		t.Error("the page does not look again")
	}
	if still := webtest.Get(t, h, at+"?still=1").Is(200).Has("p.fine a", "Let it look by itself"); still.Header.Get("Refresh") != "" {
		t.Error("the page looks again though it was asked not to")
	}
	_, other := serve()
	webtest.Get(t, other, at).Is(200).Has("p.lead", "It is being taken in.") // the first may be at it still
	b.Pass(time.Minute)
	webtest.Get(t, other, at).Is(200) // it takes over
	step(t, other, at, url.Values{}).Is(200).Has("h2", "What came of it").Has("dl.counts div", "taken in1")
}
