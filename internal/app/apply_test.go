package app_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"shingle/internal/web/webtest"
)

// letterSaying waits for a letter that says something and returns it, its soft line breaks undone. There may be
// very many: each is read once.
func letterSaying(t *testing.T, dir string, words ...string) string {
	t.Helper()
	read := map[string]bool{}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(dir, "mail", "*.eml"))
		must(t, err)
	letters:
		for _, f := range files {
			if read[f] {
				continue
			}
			text, err := os.ReadFile(f)
			must(t, err)
			read[f] = true
			letter := strings.ReplaceAll(string(text), "=\r\n", "")
			for _, w := range words {
				if !strings.Contains(letter, w) {
					continue letters
				}
			}
			return letter
		}
	}
	t.Fatalf("no letter of %d says %q", len(read), words)
	return ""
}

// signUp signs a stranger up by letter and passkey, and returns their browser and their key.
func (v *visit) signUp(name, email string) (*guest, *webtest.Authenticator) {
	v.t.Helper()
	g := v.guest()
	ask := func(address string) (status int, said string) {
		status, _, said = g.post("/apply", url.Values{"name": {name}, "email": {address}})
		return status, said
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if status, _ := ask("early@x.example"); status != http.StatusServiceUnavailable { // else letters are not taken yet
			break
		}
	}
	if status, said := ask(email); status != http.StatusOK || !strings.Contains(said, "Look into your e-mail") {
		v.t.Fatalf("signing up: %d %s", status, said)
	}
	letter := letterSaying(v.t, filepath.Join(v.data, "body"), "<"+email+">", "/apply/link/")
	if strings.Contains(strings.ReplaceAll(letter, "=\r\n", ""), "Dear") {
		v.t.Errorf("anybody has the body write what they typed as a name to anybody:\n%s", letter)
	}
	link := regexp.MustCompile(`/apply/link/[A-Z2-7]+`).FindString(letter)
	if status, _, said := g.do("GET", link, "", ""); status != http.StatusOK || !strings.Contains(said, "Your address is right") {
		v.t.Fatalf("the link %s: %d %s", link, status, said)
	}
	_, enrol, _ := g.post(link, nil)
	g.leads(enrol, nil, "/enrol")
	key := webtest.NewAuthenticator(v.t, g.web, "localhost")
	_, _, options := g.post("/enrol/begin", nil)
	g.leads("/enrol", url.Values{"answer": {string(key.Create([]byte(options)))}, "label": {"Laptop"}}, "/apply/tasks")
	if status, _, _ := g.post(link, nil); status != http.StatusGone {
		v.t.Errorf("the link works twice: %d", status)
	}
	return g, key
}

// look returns what a query finds in a body's database while it is served.
func look(t *testing.T, dir, query string, args ...any) (found string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "shingle.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	must(t, err)
	defer db.Close()
	must(t, db.QueryRowContext(t.Context(), query, args...).Scan(&found))
	return found
}

const drafts = "SELECT count(*) FROM application_draft"

var hidden = regexp.MustCompile(`name="(_key|_seen)" value="([^"]+)"`)

// TestAStrangerBecomesAMember goes the whole way on a served body: a letter, a passkey, the application, the
// registrar's checks by the API, the admission, and the letters to the person who applied.
func TestAStrangerBecomesAMember(t *testing.T) {
	v := demo(t)
	body := filepath.Join(v.data, "body")
	ada, key := v.signUp("Ada "+canary, canary+"@northwind.example")
	for _, step := range []struct {
		name  string
		given url.Values
	}{
		{"name", url.Values{"name": {"Northwind Care Ltd"}, "sole_trader": {"no"}}}, {"trading-names", nil}, {"address", url.Values{"place": {"Leeds"}}},
		{"domains", url.Values{"domains": {"northwind-care.example"}}}, {"services", url.Values{"services": {"backup"}}},
		{"contact", url.Values{}}, // nobody else is named: the letters go to who applied
		{"sanctions", url.Values{"sanctioned": {"no"}}}, {"successor", url.Values{"succeeds": {"no"}}},
	} {
		if status, to, said := ada.post("/apply/tasks/"+step.name, step.given); status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s %s", step.name, status, to, said)
		}
	}
	_, _, check := ada.do("GET", "/apply/check", "", "")
	sending := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(check, -1) {
		sending.Set(field[1], field[2])
	}
	status, to, said := ada.post("/apply/check", sending)
	number, ok := strings.CutPrefix(strings.TrimSuffix(to, "?sent=yes"), "/apply/progress/")
	if status != http.StatusSeeOther || !ok {
		t.Fatalf("sent: %d %s %s", status, to, said)
	}
	letterSaying(t, body, "the application is here", "<"+canary+"@northwind.example>", "/apply/progress/"+number)

	mallory := v.guest()
	mallory.leads("/demo/sign-in/representative", nil, "/portal")
	if status, _, _ := mallory.do("GET", "/apply/progress/"+number, "", ""); status != http.StatusNotFound {
		t.Errorf("another's application: %d", status)
	}

	registrar := v.guest()
	registrar.leads("/demo/sign-in/registrar", nil, "/office")
	for _, one := range []string{"domain", "identity", "references", "sanctions"} {
		if status, said := registrar.act("member.check", map[string]string{"member": number, "check": one, "how": "looked", "result": "passed"}); status != http.StatusCreated {
			t.Fatalf("%s: %d %s", one, status, said)
		}
	}
	if status, said := registrar.act("member.admit", map[string]string{"member": number}); status != http.StatusCreated {
		t.Fatalf("admitted: %d %s", status, said)
	}
	letterSaying(t, body, "welcome", "<"+canary+"@northwind.example>", "/apply/progress/"+number)
	if status, _, said := ada.do("GET", "/apply/progress/"+number, "", ""); status != http.StatusOK || !strings.Contains(said, "Sign the code of ethics") {
		t.Errorf("progress: %d %s", status, said)
	}
	ada.leads("/account/act-as", url.Values{"role": {"representative"}, "member": {number}}, "/portal")

	// Whoever signs up a second time has an account, and is shown to its door and not into it.
	again := v.guest()
	again.post("/apply", url.Values{"name": {"Mallory"}, "email": {strings.ToUpper(canary) + "@northwind.example"}})
	letter := letterSaying(t, body, "<"+strings.ToUpper(canary)+"@northwind.example>", "/apply/link/")
	again.leads(regexp.MustCompile(`/apply/link/[A-Z2-7]+`).FindString(letter), nil, "/sign-in?next=%2Fapply%2Ftasks")
	_, _, options := again.post("/sign-in/begin", nil)
	again.leads("/sign-in", url.Values{"answer": {string(key.Get([]byte(options)))}, "next": {"/apply/tasks"}}, "/apply/tasks")

	// A draft goes with its person.
	if status, _, _ := ada.post("/apply/tasks/name", url.Values{"name": {"Second " + canary}, "_step": {"later"}}); status != http.StatusSeeOther {
		t.Fatalf("a draft: %d", status)
	}
	if n := look(t, body, drafts); n != "1" {
		t.Fatalf("%s drafts", n)
	}
	person := look(t, body, "SELECT person FROM person_role WHERE member = $1", number)
	run(t, body, "act", "person.forget", "--person", person, "--reason", "objection")
	if n := look(t, body, drafts); n != "0" {
		t.Errorf("%s drafts of who was forgotten", n)
	}
}
