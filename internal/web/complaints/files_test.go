package complaints

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/cases"
	"shingle/internal/web/webtest"
)

// upload sends a file, as the form of the page of a case does.
func (r *reader) upload(number, what, name string, content []byte) *webtest.Document {
	r.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, value := range map[string]string{"_key": "key " + what + name, "what": what} {
		if err := w.WriteField(field, value); err != nil {
			r.t.Fatal(err)
		}
	}
	if name != "" {
		f, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		r.t.Fatal(err)
	}
	return r.send(http.MethodPost, Case(number)+"/files", w.FormDataContentType(), &body)
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesAreHandedIn(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.write()
	id, _ := r.lodge()
	r.get(Case(id)).Is(200).Has("h2", "Files").Has("button", "Add the file")
	page := r.upload(id, "the screen", "../../etc/pass wd.png", picture(t)).Is(200).Has(".said", "The file was handed in.").Has(".tasks", "the screen")
	if strings.Contains(page.Text, "..") || strings.Contains(page.Text, "etc/") {
		t.Error("a path came through")
	}
	links := page.Attributes(".tasks a", "href")
	if len(links) != 1 || !strings.HasPrefix(links[0], Case(id)+"/files/") {
		t.Fatalf("it is at %v", links)
	}
	got := r.get(links[0]).Is(200)
	for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %s", name, got.Header.Get(name))
		}
	}
	if !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(got.Text, "\x89PNG") {
		t.Errorf("it is handed out as %s", got.Header.Get("Content-Disposition"))
	}
	// Pressed twice, it is there once; and what is no paper is said to be none, and is gone.
	r.upload(id, "the screen", "../../etc/pass wd.png", picture(t)).Is(303)
	for what, content := range map[string][]byte{"program": []byte("MZ\x90\x00" + strings.Repeat("\x00", 100)), "page": []byte("<html><script>alert(1)</script>"), "empty": nil, "large": bytes.Repeat([]byte("x"), 26<<20)} {
		r.upload(id, what, what+".png", content).Is(422).Has(".error-summary", "Nothing was kept").Has(".tasks", "the screen")
	}
	r.upload(id, "nothing", "", nil).Is(422).Has(".error-summary", "No file came with the form")
	r.send(http.MethodPost, Case(id)+"/files", "multipart/form-data; boundary=x", strings.NewReader("--x\r\ngarbage")).Is(422)
	r.send(http.MethodPost, Case(id)+"/files", "multipart/form-data", strings.NewReader("garbage")).Is(422)
	state, _, err := p.Record.State(t.Context(), "case/"+id)
	if c := state.(cases.Case); err != nil || len(c.Files) != 1 || c.Files[0].From != "complainant" {
		t.Errorf("the case has %+v", c.Files)
	}
	if all, err := p.Objects().Of(t.Context(), "case/"+id); err != nil || len(all) != 1 {
		t.Errorf("%d objects are kept, %v", len(all), err)
	}
	r.get(Case(id) + "/files/nothing").Is(404)

	other := p.reader()
	other.write()
	theirs, _ := other.lodge()
	other.get(links[0]).Is(401)
	other.get(strings.Replace(links[0], id, theirs, 1)).Is(404)
	p.reader().upload(id, "x", "x.png", picture(t)).Is(401)

	c := p.Convene()
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	c.ManagerDoes(cases.Dismiss{Case: id, Ground: "no-evidence", Reason: sealed("None.")})
	p.Pass(50 * time.Minute)
	r.get(Case(id)).Is(200)
	copied := r.post(Case(id)+"/copy", nil).Is(200)
	archive, err := zip.NewReader(strings.NewReader(copied.Text), int64(len(copied.Text)))
	if err != nil || copied.Header.Get("Content-Type") != "application/zip" || len(archive.File) < 3 {
		t.Errorf("the copy: %v, %s", err, copied.Header.Get("Content-Type"))
	}
}
