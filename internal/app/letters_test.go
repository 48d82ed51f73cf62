package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"shingle/internal/web/webtest"
)

// TestSomebodyInvitedComesInByTheirLetters follows the letters from the invitation to the passkey, and is told of it.
func TestSomebodyInvitedComesInByTheirLetters(t *testing.T) {
	v := demo(t)
	data := filepath.Join(v.data, "body")
	out := run(t, data, "act", "officer.invite", "--role", "registrar", "--name", "Ida Frost", "--email", "ida@society.example", "--until", "2030-12-31")
	var done struct{ Stream string }
	must(t, json.Unmarshal([]byte(out), &done))
	letter := letterSaying(t, data, "/join/")
	if !strings.Contains(letter, "To: \"Ida Frost\" <ida@society.example>") || !strings.Contains(letter, "as a registrar.") {
		t.Errorf("the invitation is\n%s", letter)
	}
	g := v.guest()
	join := regexp.MustCompile(`/join/\w+`).FindString(letter)
	if status, _, said := g.post(join, url.Values{}); status != http.StatusOK || !strings.Contains(said, "Look into your e-mail") {
		t.Fatalf("asking for the link: %d %s", status, said)
	}
	link := regexp.MustCompile(`/enrol/\w+`).FindString(letterSaying(t, data, "/enrol/"))
	key := webtest.NewAuthenticator(t, g.web, "localhost")
	g.leads(link, nil, "/enrol")
	_, _, options := g.post("/enrol/begin", nil)
	g.leads("/enrol", url.Values{"answer": {string(key.Create([]byte(options)))}, "label": {"Laptop"}}, "/account")
	letterSaying(t, data, "your account was changed: a passkey was added")
	if status, _, _ := g.post(join, url.Values{}); status == http.StatusOK {
		t.Error("an invitation that was taken up works again")
	}
	// Who is forgotten leaves no letter.
	run(t, data, "act", "person.forget", "--person", strings.TrimPrefix(done.Stream, "person/"), "--reason", "objection")
	for until := time.Now().Add(time.Minute); len(lettersIn(t, data)) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("letters to somebody who was forgotten still lie in the folder")
		}
	}
}

// TestALinkToAnAddressThatWasWrongLetsNobodyIn has links go astray: who got one, or has opened one, makes no passkey
// once the address is set right.
func TestALinkToAnAddressThatWasWrongLetsNobodyIn(t *testing.T) {
	v := demo(t)
	data := filepath.Join(v.data, "body")
	run(t, data, "act", "person.invite", "--member", "0042", "--role", "representative", "--name", "Ida Frost", "--email", "wrong@society.example")
	number := look(t, data, "SELECT id FROM person WHERE email = 'wrong@society.example'")
	linked := func() string {
		return regexp.MustCompile(`/enrol/\w+`).FindString(run(t, data, "invite", number, "--link"))
	}
	opened := v.guest()
	opened.leads(linked(), nil, "/enrol")
	if status, _, said := opened.post("/enrol/begin", nil); status != http.StatusOK {
		t.Fatalf("before it is corrected: %d %s", status, said)
	}
	link := linked()
	registrar := v.guest()
	registrar.leads("/demo/sign-in/registrar", nil, "/office")
	registrar.post("/step-up", nil)
	if status, said := registrar.act("person.correct", map[string]string{"person": number, "name": "Ida Frost", "email": "right@society.example"}); status != http.StatusCreated {
		t.Fatalf("corrected: %d %s", status, said)
	}
	if status, _, _ := v.guest().post(link, nil); status != http.StatusGone {
		t.Errorf("a link to the address that was wrong: %d", status)
	}
	if status, _, said := opened.post("/enrol/begin", nil); status == http.StatusOK {
		t.Errorf("who opened one before makes a passkey: %s", said)
	}
	v.guest().leads(linked(), nil, "/enrol")
}

// TestTheContactOfACompanyIsForgottenWithTheirLetters forgets somebody whom nothing but an application names.
func TestTheContactOfACompanyIsForgottenWithTheirLetters(t *testing.T) {
	v := demo(t)
	data := filepath.Join(v.data, "body")
	out := run(t, data, "act", "member.apply", "--name", "Frost IT", "--contact-name", "Ida Frost", "--contact-email", "ida@frost.example")
	var done struct{ Stream string }
	must(t, json.Unmarshal([]byte(out), &done))
	letterSaying(t, data, "<ida@frost.example>", "the application is here")
	run(t, data, "act", "person.forget", "--person", strings.TrimPrefix(done.Stream, "member/")+"-1", "--reason", "objection")
	for until := time.Now().Add(time.Minute); len(lettersIn(t, data)) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("a letter to somebody who was forgotten still lies in the folder")
		}
	}
}
