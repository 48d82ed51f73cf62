package app_test

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(_\w+)" value="([^"]*)"`)

// TestPeopleLookAfterThemselvesInWhateverRole corrects an address and is forgotten on the pages of their account, also when
// they hold no role; what is about themselves is not among what they may ask for about their member.
func TestPeopleLookAfterThemselvesInWhateverRole(t *testing.T) {
	v := demo(t)
	data := filepath.Join(v.data, "body")
	g := v.guest()
	g.leads("/demo/sign-in/representative", nil, "/portal")
	_, _, acts := g.do("GET", "/portal/acts", "", "")
	for _, kind := range []string{"person.forget", "officer.end", "person.correct", "person.leave"} {
		if strings.Contains(acts, "/portal/acts/"+kind) {
			t.Errorf("%s is offered among what is about the member", kind)
		}
	}
	if !strings.Contains(acts, "/portal/acts/person.invite") {
		t.Error("a representative is not led to invite anybody")
	}
	// In no role at all.
	g.leads("/account/act-as", url.Values{"role": {"person"}}, "/account")
	if status, to, _ := g.do("GET", "/account/about/name", "", ""); status != 303 || to != "/step-up?next=%2Faccount%2Fabout%2Fname" {
		t.Errorf("without a proof: %d %s", status, to)
	}
	g.post("/step-up", nil)
	do := func(what string, form url.Values) (status int, to string) {
		t.Helper()
		status, _, check := g.post("/account/about/"+what, form)
		if status != 200 {
			t.Fatalf("%s: %d %s", what, status, check)
		}
		form.Set("_step", "do")
		for _, f := range hiddenField.FindAllStringSubmatch(check, -1) {
			form.Set(f[1], f[2])
		}
		status, to, _ = g.post("/account/about/"+what, form)
		return status, to
	}
	_, _, page := g.do("GET", "/account/about/name", "", "")
	own := regexp.MustCompile(`name="email"[^>]*value="([^"]+)"`).FindStringSubmatch(page)
	if own == nil {
		t.Fatalf("the form does not begin with what is known: %s", page)
	}
	number := look(t, data, "SELECT id FROM person WHERE email = '"+own[1]+"'")
	if status, _, said := g.post("/account/about/name", url.Values{"name": {""}, "email": {"nowhere"}}); status != 422 || !strings.Contains(said, "nowhere") {
		t.Errorf("what is wrong is not said: %d", status)
	}
	if status, to := do("name", url.Values{"name": {"Rhea Sand"}, "email": {"rhea@new.example"}, "person": {"0001"}}); status != 303 || !strings.HasPrefix(to, "/account") {
		t.Errorf("corrected: %d %s", status, to)
	}
	if got := look(t, data, "SELECT id FROM person WHERE email = 'rhea@new.example'"); got != number {
		t.Errorf("corrected is %q, not %s", got, number)
	}
	if _, _, account := g.do("GET", "/account", "", ""); !strings.Contains(account, "rhea@new.example") || !strings.Contains(account, "/account/about/forget") {
		t.Error("the account does not say so")
	}
	if status, _, _ := g.do("GET", "/account/about/elsewhere", "", ""); status != 404 {
		t.Errorf("a page that there is not: %d", status)
	}
	if status, _ := do("forget", url.Values{"reason": {"consent-withdrawn"}, "person": {"0001"}}); status != 303 {
		t.Errorf("forgotten: %d", status)
	}
	if n := look(t, data, "SELECT count(*) FROM person WHERE forgotten > 0 AND name = '' AND id = '"+number+"'"); n != "1" {
		t.Error("they are not forgotten, or somebody else is")
	}
	if status, to, _ := g.do("GET", "/account", "", ""); status != 303 || to != "/sign-in?next=%2Faccount" {
		t.Errorf("afterwards: %d %s", status, to)
	}
}
