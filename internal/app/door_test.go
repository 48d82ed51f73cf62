package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/web/webtest"
)

// guest is a browser of somebody who is signed in to a demo.
type guest struct {
	t      *testing.T
	client *http.Client
	web    string // http://localhost:PORT, where passkeys work
}

func (v *visit) guest() *guest {
	v.t.Helper()
	u, err := url.Parse(v.web)
	must(v.t, err)
	return &guest{v.t, &http.Client{Jar: jar{v.t, map[string]*http.Cookie{}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, "http://localhost:" + u.Port()}
}

// jar keeps Secure cookies on http://localhost, as browsers do and Go's own jar does not.
type jar struct {
	t    *testing.T
	kept map[string]*http.Cookie
}

func (j jar) SetCookies(_ *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		j.kept[c.Name] = c
		if c.MaxAge < 0 {
			delete(j.kept, c.Name)
		}
	}
}

func (j jar) Cookies(*url.URL) (list []*http.Cookie) {
	for _, c := range j.kept {
		list = append(list, &http.Cookie{Name: c.Name, Value: c.Value})
	}
	return list
}

// do sends a request and returns its status, where it leads and what it says.
func (g *guest) do(method, path, content, body string) (status int, to, said string) {
	g.t.Helper()
	r, err := http.NewRequest(method, g.web+path, strings.NewReader(body))
	must(g.t, err)
	if content != "" {
		r.Header.Set("Content-Type", content)
	}
	answer, err := g.client.Do(r)
	must(g.t, err)
	text, err := io.ReadAll(answer.Body)
	must(g.t, err)
	must(g.t, answer.Body.Close())
	return answer.StatusCode, answer.Header.Get("Location"), string(text)
}

func (g *guest) post(path string, form url.Values) (status int, to, said string) {
	g.t.Helper()
	return g.do("POST", path, "application/x-www-form-urlencoded", form.Encode())
}

// leads fails the test unless a form leads to a place.
func (g *guest) leads(path string, form url.Values, want string) {
	g.t.Helper()
	if status, to, said := g.post(path, form); status != http.StatusSeeOther || to != want {
		g.t.Fatalf("%s: status %d leads to %q, want %q: %s", path, status, to, want, said)
	}
}

func (g *guest) act(kind string, fields map[string]string) (status int, said string) {
	g.t.Helper()
	text, err := json.Marshal(fields)
	must(g.t, err)
	status, _, said = g.do("POST", "/api/v1/acts/"+kind, "application/json", string(text))
	return status, said
}

// TestGuestsActInEveryRole signs in by the links that the demo prints, acts by the API with a session, and is
// asked to prove who they are before what is grave.
func TestGuestsActInEveryRole(t *testing.T) {
	v := demo(t)
	for role, home := range map[string]string{"registrar": "/office", "education-officer": "/office", "panelist": "/office", "administrator": "/office", "auditor": "/office",
		"representative": "/portal", "compliance-officer": "/portal", "practitioner": "/portal"} {
		g := v.guest()
		g.leads("/demo/sign-in/"+role, nil, home)
		if status, _, said := g.do("GET", home, "", ""); status != http.StatusOK || !strings.Contains(said, "acting as") {
			t.Errorf("%s begins at %s: %d", role, home, status)
		}
		if status, _, said := g.do("GET", "/account", "", ""); status != http.StatusOK || !strings.Contains(said, "You act as this now") {
			t.Errorf("%s has no account: %d", role, status)
		}
	}
	if !strings.Contains(v.printed, v.guest().web+"/demo/sign-in/registrar") {
		t.Error("the demo prints no link")
	}

	g := v.guest()
	g.leads("/demo/sign-in/registrar", nil, "/office")
	if status, said := g.act("member.rename", map[string]string{"member": "0042", "name": "Cobalt Ridge Limited"}); status != http.StatusCreated {
		t.Errorf("the registrar's act: %d %s", status, said)
	}
	if status, said := g.act("code.adopt", map[string]string{"text": "x"}); status != http.StatusForbidden {
		t.Errorf("what is not the registrar's: %d %s", status, said)
	}
	rep := v.guest()
	rep.leads("/demo/sign-in/representative", nil, "/portal")
	if status, said := rep.act("domain.add", map[string]string{"member": "0043", "domain": "theirs.example"}); status != http.StatusNotFound {
		t.Errorf("another's member: %d %s", status, said)
	}
	withdraw := map[string]string{"member": "0042"}
	if status, said := rep.act("member.withdraw", withdraw); status != http.StatusUnauthorized || !strings.Contains(said, `"/problems/step-up"`) {
		t.Errorf("unproven: %d %s", status, said)
	}
	rep.leads("/step-up", url.Values{"next": {"/portal"}}, "/portal")
	if status, said := rep.act("member.withdraw", withdraw); status != http.StatusCreated {
		t.Errorf("proven: %d %s", status, said)
	}
}

// TestTheOperatorLetsTheFirstPersonIn does what is done before anybody can sign in and before there is mail.
func TestTheOperatorLetsTheFirstPersonIn(t *testing.T) {
	v := demo(t)
	data := filepath.Join(v.data, "body")
	out := run(t, data, "act", "officer.invite", "--role", "registrar", "--name", "Ida Frost", "--email", "ida@society.example", "--until", "2030-12-31")
	var done struct{ Stream string }
	must(t, json.Unmarshal([]byte(out), &done))
	number := strings.TrimPrefix(done.Stream, "person/")

	letterSaying(t, data, "<ida@society.example>") // a letter brings an invitation of its own, which ends those before it
	invitation := strings.TrimSpace(run(t, data, "invite", number))
	g := v.guest()
	if path, ok := strings.CutPrefix(invitation, g.web); !ok {
		t.Fatalf("the invitation is at %s", invitation)
	} else if status, _, said := g.do("GET", path, "", ""); status != http.StatusOK || !strings.Contains(said, "You are invited, Ida Frost") {
		t.Errorf("the invitation: %d", status)
	} else if strings.Contains(said, "ida@") {
		t.Error("the invitation shows the whole address")
	}
	link, _ := strings.CutPrefix(strings.TrimSpace(run(t, data, "invite", number, "--link")), g.web)
	key := webtest.NewAuthenticator(t, g.web, "localhost")
	g.leads(link, nil, "/enrol")
	_, _, options := g.post("/enrol/begin", nil)
	g.leads("/enrol", url.Values{"answer": {string(key.Create([]byte(options)))}, "label": {"Laptop"}}, "/account")
	if status, _, errs := try(data, "invite", number, "--link"); status == 0 {
		t.Errorf("the operator comes in as somebody who joined: %s", errs)
	}
	if status, _, errs := try(data, "invite", "9999"); status == 0 || !strings.Contains(errs, "no such person") {
		t.Errorf("nobody was invited: %s", errs)
	}
	for _, odd := range []string{"0007'--", "../0007", "\u202e", strings.Repeat("9", 500)} {
		if status, _, errs := try(data, "invite", odd); status == 0 || !strings.Contains(errs, "no such person") {
			t.Errorf("%q: exit %d %s", odd, status, errs)
		}
	}

	// Whoever is forgotten is signed out at once, and their passkey is nobody's.
	_, _, options = g.post("/sign-in/begin", nil)
	run(t, data, "act", "person.forget", "--person", number, "--reason", "objection")
	if status, to, _ := g.do("GET", "/account", "", ""); status != http.StatusSeeOther || to != "/sign-in?next=%2Faccount" {
		t.Errorf("forgotten, and still in: %d %s", status, to)
	}
	if status, _, _ := g.post("/sign-in", url.Values{"answer": {string(key.Get([]byte(options)))}}); status != http.StatusUnprocessableEntity {
		t.Errorf("forgotten, and the passkey works: %d", status)
	}
}

func TestWhoMayComeInIsSaidInWords(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "init", "body", "--name", "Kept", "--web", "kept.example")
	for _, c := range []struct{ flag, value, says string }{
		{"--trusted-proxy", "proxy.example", "neither an address nor a network"},
		{"--trusted-proxy", "10.0.0.0/99", "neither an address nor a network"},
		{"--provider", "Acme", "is not \"ID ISSUER CLIENT FILE\""},
		{"--provider", "Acme ftp://id.example shingle secret", "is not \"ID ISSUER CLIENT FILE\""},
		{"--provider", "Acme https://id.example shingle " + filepath.Join(dir, "none"), "cannot be read"},
	} {
		if status, _, errs := try(dir, "serve", "body", "--listen", "127.0.0.1:0", c.flag, c.value); status == 0 || !strings.Contains(errs, c.says) {
			t.Errorf("%s %q: exit %d %s", c.flag, c.value, status, errs)
		}
	}
}
