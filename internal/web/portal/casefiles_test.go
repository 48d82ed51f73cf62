package portal

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/webtest"
)

// upload sends a file, as a browser does.
func (v desk) upload(path, what, name string, content []byte) *webtest.Document {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	err := w.WriteField("what", what)
	if err == nil && name != "" {
		f, failed := w.CreateFormFile("file", name)
		if err = failed; err == nil {
			_, err = f.Write(content)
		}
	}
	if err != nil || w.Close() != nil {
		v.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return webtest.Send(v.t, v.h, r)
}

func TestTheCompanyHandsFilesIn(t *testing.T) {
	c, id := court(t)
	v, other := desk{t, webtest.As(ours, open(c.Body))}, desk{t, webtest.As(theirs, open(c.Body))}
	at := casesPath + "/" + id
	var screen bytes.Buffer
	if err := png.Encode(&screen, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{at + "/files", at + "/copy", at + "/bundle"} {
		v.upload(path, "x", "x.png", screen.Bytes()).Is(404) // it was not told
	}
	files := c.Files().Exhibits()
	taken, err := files.Take(t.Context(), "case/"+id, "letter.txt", strings.NewReader("We sell what we see."))
	if err != nil {
		t.Fatal(err)
	}
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	c.ManagerDoes(cases.Investigate{Case: id, Plan: act.NewPrivate("", "Ask the buyer.")})
	c.ManagerDoes(cases.AdmitEvidence{Case: id, Object: taken.Object, SHA256: taken.SHA256, What: act.NewPrivate("", "a letter"), Source: "witness", Basis: "redacted"})
	c.ManagerDoes(cases.DraftCharges{Case: id, Provisions: []string{"1.1"}, Statement: act.NewPrivate("", "It sold what it had seen.")})
	webtest.Get(t, v.h, at+"/files/"+taken.Object).Is(404)
	c.ManagerDoes(cases.ServeCharges{Case: id, On: c.Today(), Proof: "courier receipt 1"})

	if got := webtest.Get(t, v.h, at+"/files/"+taken.Object).Is(200); got.Text != "We sell what we see." || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the exhibit says %q", got.Text)
	}
	webtest.Get(t, v.h, at+"/files").Is(200).Has("button", "Hand it in")
	v.upload(at+"/files", "our log", "../../log.png", screen.Bytes()).Is(200).Has(".said", "log.png")
	v.upload(at+"/files", "virus", "virus.exe", []byte("MZ\x90\x00"+strings.Repeat("\x00", 100))).Is(422).Has(".error-summary", "Nothing was kept")
	v.upload(at+"/files", strings.Repeat("x", 501), "log.png", screen.Bytes()).Is(422).Has(".error-summary", "500 characters")
	v.upload(at+"/files", "", "", nil).Is(422).Has(".error-summary", "No file came")
	page := webtest.Get(t, v.h, at).Is(200).Has("td", "our log").Has("td", "handed in").Has("button", "Download the bundle")
	for _, link := range page.Attributes("td a", "href") {
		webtest.Get(t, v.h, link).Is(200)
		webtest.Get(t, other.h, link).Is(404)
	}
	if got := webtest.Post(t, v.h, at+"/bundle", nil).Is(200); !strings.HasPrefix(got.Text, "%PDF") {
		t.Errorf("the bundle is %.20q", got.Text)
	}
	if got := webtest.Post(t, v.h, at+"/copy", nil).Is(200); !strings.HasPrefix(got.Text, "PK") {
		t.Errorf("the copy is %.20q", got.Text)
	}
	webtest.Post(t, other.h, at+"/bundle", nil).Is(404)
	webtest.Post(t, other.h, at+"/copy", nil).Is(404)
	other.upload(at+"/files", "x", "x.png", screen.Bytes()).Is(404)
	if all, err := c.Objects().Of(t.Context(), "case/"+id); err != nil || len(all) != 2 {
		t.Errorf("%d objects are kept, %v", len(all), err)
	}
}
