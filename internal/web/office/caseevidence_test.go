package office

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// brings sends a file to the evidence of a case.
func (b *bench) brings(who ui.Who, id, name string, content []byte) *webtest.Document {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = file.Write(content)
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, caseLink(id)+"/evidence", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return webtest.Send(b.t, b.as(who), r)
}

// picture is a small picture.
func picture(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAFileBecomesEvidenceAndIsReadByWhoSits brings a picture, admits it, and opens it as those who may.
func TestAFileBecomesEvidenceAndIsReadByWhoSits(t *testing.T) {
	b := convened(t, 60).enlisted()
	id, panel := b.panelled()
	at := caseLink(id) + "/evidence"
	webtest.Get(t, b.as(b.manager), at).Is(200).Has("tbody th", "Exhibit 1, from a witness")
	bad := b.brings(b.manager, id, "letter.docx", []byte("<html><script>alert(1)</script>")).Is(422).Has("div.error-summary", "Nothing was kept")
	if strings.Contains(bad.Text, "alert(1)") {
		t.Error("what is in a file that is not taken is shown")
	}
	b.brings(b.manager, id, "", nil).Is(422).Has("div.error-summary", "No file was sent")
	before := b.Record.Position()
	form := b.brings(b.manager, id, "../../scan of the list.png", picture(t)).Is(200).Has("h1", "Admit evidence").Form(carryOn)
	if b.Record.Position() != before {
		t.Error("an upload is on record")
	}
	object := form.Get("object")
	if object == "" || form.Get("what") != "scan of the list.png" {
		t.Fatalf("the form begins with %v", form)
	}
	// Until it is admitted, nobody opens it.
	webtest.Post(t, b.as(b.manager), at+"/"+object, url.Values{}).Is(404)
	form.Set("source", "public")
	form.Set("basis", "redacted")
	form.Set("anonymous", "no")
	form.Set("exculpate", "yes")
	check := webtest.Post(t, b.as(b.manager), caseActLink(id, "case.admit-evidence"), form).Is(200)
	to := webtest.Post(t, b.as(b.manager), caseActLink(id, "case.admit-evidence"), check.Form(confirm)).Is(303).Header.Get("Location")
	webtest.Get(t, b.as(b.manager), to).Is(200).Has("tbody th", "Exhibit 2, from a public source, speaks for the respondent")

	opened := webtest.Post(t, b.as(b.manager), at+"/"+object, url.Values{}).Is(200)
	if h := opened.Header; h.Get("Content-Type") != "image/png" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("it is sent with %v", h)
	}
	for _, who := range panel {
		webtest.Post(t, b.as(who), caseLink(id)+"/room/evidence/"+object, url.Values{}).Is(200)
	}
	last, err := b.Record.Events(t.Context(), b.Record.Position()-1, 1)
	if err != nil || last[0].Kind != "object.opened" || last[0].Actor != panel[len(panel)-1].Actor {
		t.Errorf("the last thing on record is %v, %v", last, err)
	}
	pdf := webtest.Post(t, b.as(panel[0]), caseLink(id)+"/room/bundle", url.Values{}).Is(200)
	if !strings.HasPrefix(pdf.Text, "%PDF") {
		t.Errorf("the bundle begins with %.20q", pdf.Text)
	}
	for path, begins := range map[string]string{"/bundle": "%PDF", "/pack": "PK"} {
		if text := webtest.Post(t, b.as(b.manager), caseLink(id)+path, url.Values{}).Is(200).Text; !strings.HasPrefix(text, begins) {
			t.Errorf("%s begins with %.20q", path, text)
		}
	}
	if text := webtest.Post(t, b.as(b.manager), caseLink(id)+"/subject", url.Values{"party": {"respondent"}}).Is(200).Text; !strings.HasPrefix(text, "PK") {
		t.Errorf("what is held of the respondent begins with %.20q", text)
	}
	webtest.Post(t, b.as(b.manager), caseLink(id)+"/subject", url.Values{"party": {"panel"}}).Is(404)
	// A file that the complainant handed in is admitted from the list, without being typed.
	x, err := b.Files().Exhibits().Take(t.Context(), "case/"+id, "photo.png", bytes.NewReader(picture(t)))
	if err != nil {
		t.Fatal(err)
	}
	b.asks("anyone", "anyone", cases.HandIn{Case: id, Receipt: act.NewPersonal("", "a-receipt-code-that-nobody-guesses"), Object: x.Object, SHA256: x.SHA256, What: sealed("a photo")})
	page := webtest.Get(t, b.as(b.manager), at).Is(200).Has("tbody th", "From the complainant")
	link := page.Attributes("td.do a", "href")[0]
	admit := webtest.Get(t, b.as(b.manager), link).Is(200).HasNo("input[id=field-object]").Form(carryOn)
	if admit.Get("object") != x.Object || admit.Get("source") != "complainant" {
		t.Errorf("the form begins with %v", admit)
	}
	webtest.Post(t, b.as(b.manager), at+"/"+x.Object, url.Values{}).Is(200)
	webtest.Post(t, b.as(panel[0]), caseLink(id)+"/room/evidence/"+x.Object, url.Values{}).Is(404) // not admitted
	for _, who := range []ui.Who{b.chair, b.lay[4], auditor, administrator} {
		for _, path := range []string{"/evidence/" + object, "/room/evidence/" + object, "/bundle", "/pack", "/subject", "/room/bundle"} {
			webtest.Post(t, b.as(who), caseLink(id)+path, url.Values{"party": {"respondent"}}).Is(404)
		}
	}
}
