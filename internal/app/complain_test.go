package app_test

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// stranger is somebody with a browser, who complains. A jar of Go's sends no secure cookie over plain HTTP.
type stranger struct {
	t      *testing.T
	web    string
	cookie *http.Cookie
	said   strings.Builder // headers and addresses of all answers
}

func (s *stranger) send(method, path string, form url.Values) (status int, location, body string) {
	s.t.Helper()
	req, err := http.NewRequest(method, s.web+path, strings.NewReader(form.Encode()))
	must(s.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.cookie != nil {
		req.AddCookie(s.cookie)
	}
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	must(s.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(s.t, err)
	for _, c := range resp.Cookies() {
		s.cookie = c
	}
	must(s.t, resp.Header.Write(&s.said))
	return resp.StatusCode, resp.Header.Get("Location"), string(b)
}

// TestWhatIsConfidedStandsNowhereInTheClear complains with canaries in every field, to a server that logs all that it
// can, and looks for them, and for the code, in its logs, its metrics, its headers and every file that it keeps.
func TestWhatIsConfidedStandsNowhereInTheClear(t *testing.T) {
	dir := newBody(t)
	run(t, dir, "act", "register.open")
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0", "--log-format", "json", "--log-level", "debug")
	s := &stranger{t: t, web: p.web}
	if status, _, _ := s.send(http.MethodPost, "/complaints/new", nil); status != http.StatusSeeOther {
		t.Fatalf("it is begun with %d", status)
	}
	today := time.Now().UTC().Format(time.DateOnly)
	for _, step := range []struct {
		name string
		form url.Values
	}{
		{"about", url.Values{"about": {"member"}}}, {"company", url.Values{"company": {"0001"}}}, {"when", url.Values{"from": {today}}}, {"known", url.Values{"known": {today}}},
		{"provisions", url.Values{}}, {"account", url.Values{"account": {"account " + canary}}}, {"evidence", url.Values{"evidence": {"evidence " + canary}}},
		{"name", url.Values{"named": {"yes"}, "name": {"Zoe " + canary}, "contact": {canary + "@x.example"}}},
	} {
		if status, _, body := s.send(http.MethodPost, "/complaints/new/"+step.name, step.form); status != http.StatusSeeOther {
			t.Fatalf("%s: %d: %s", step.name, status, body)
		}
	}
	looked := func(what string, text []byte, code string) {
		t.Helper()
		if bytes.Contains(bytes.ToLower(text), []byte(canary)) {
			t.Errorf("%s holds what was confided", what)
		}
		if code != "" && (bytes.Contains(text, []byte(code)) || bytes.Contains(text, []byte(strings.ReplaceAll(code, "-", "")))) {
			t.Errorf("%s holds the code", what)
		}
	}
	_, _, last := s.send(http.MethodGet, "/complaints/send", nil)
	found := regexp.MustCompile(`<code>([0-9A-Z-]{29})</code>`).FindStringSubmatch(last)
	seen := regexp.MustCompile(`name="_seen" value="(\d+)"`).FindStringSubmatch(last)
	if found == nil || seen == nil {
		t.Fatalf("no code: %s", last)
	}
	code := found[1]
	files(t, dir, func(path string, text []byte) { looked(path+", while it is written,", text, code) })
	_, at, body := s.send(http.MethodPost, "/complaints/send", url.Values{"_seen": {seen[1]}, "kept": {"yes"}})
	number := strings.TrimSuffix(strings.TrimPrefix(at, "/complaints/"), "?sent=yes")
	if number == "" || number == at {
		t.Fatalf("sent to %q: %s", at, body)
	}
	s.send(http.MethodPost, "/complaints/"+number, url.Values{"_do": {"write"}, "text": {"message " + canary}})
	if _, _, page := s.send(http.MethodGet, "/complaints/"+number, nil); !strings.Contains(page, "message "+canary) || strings.Contains(page, code) {
		t.Error("the page of the case does not say what was written, or tells the code")
	}
	s.send(http.MethodPost, "/complaints/return", url.Values{"_code": {code}})
	s.send(http.MethodPost, "/complaints/return", url.Values{"_code": {strings.ToLower(code) + canary}})
	_, metrics := overTheSocket(t, dir)
	must(t, p.cmd.Process.Signal(os.Interrupt))
	_ = p.cmd.Wait()
	looked("the log", []byte(p.said.String()+p.out.String()), code)
	looked("the metrics", []byte(metrics), code)
	looked("a header", []byte(s.said.String()), code)
	if !strings.Contains(p.said.String(), `"route":"POST /complaints/new/{step}"`) {
		t.Error("a request leaves no line")
	}
	files(t, dir, func(path string, text []byte) { looked(path, text, code) })
}

// files shows every file of a folder.
func files(t *testing.T, dir string, look func(path string, text []byte)) {
	t.Helper()
	n := 0
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		n++
		look(filepath.Base(path), text)
		return err
	}))
	if n < 3 {
		t.Fatalf("%d files", n)
	}
}
