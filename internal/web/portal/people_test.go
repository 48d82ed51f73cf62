package portal

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/people"
	"shingle/internal/web/webtest"
)

func personIn(t *testing.T, b *webtest.Body, number string) people.Person {
	t.Helper()
	state, _, err := b.Record.State(t.Context(), "person/"+number)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := state.(people.Person)
	return p
}

func TestTheMembersPeople(t *testing.T) {
	b := founded(t)
	page := webtest.Get(t, webtest.As(ours, open(b)), "/portal/people").Is(200)
	rows := page.All("tbody tr")
	if len(rows) != 3 || !strings.Contains(rows[0], "Ada King (you)ada@people.example") {
		t.Errorf("the people are %v", rows)
	}
	page.Has("tbody td", "Since 2 March 2026").Has("tbody td", "Inviteduntil 16 March 2026").Has(".correction", "One person signs for the company.")
	page.Has("a", "Send the invitation again: Cy Dorn").Has("a", "Invite again: Bea Moss").Has("a", "End the role Compliance officer of Bea Moss")
	for _, unseen := range []string{"Dee Ford", "dee@people.example", "Invite again: Ada King"} {
		if strings.Contains(page.Text, unseen) {
			t.Errorf("the page shows %q", unseen)
		}
	}
	// Who may not change anything is offered nothing.
	seen := webtest.Get(t, webtest.As(compliance, open(b)), "/portal/people").Is(200).Has("tbody tr", "Cy Dorn").HasNo("a.button")
	for _, href := range seen.Attributes("main a", "href") {
		if strings.HasPrefix(href, "/portal/people/") {
			t.Errorf("a compliance officer is led to %s", href)
		}
	}
	b.Pass(15 * 24 * time.Hour)
	webtest.Get(t, webtest.As(ours, open(b)), "/portal/people").Has("tbody td", "The invitation endedon 16 March 2026")
}

func TestAColleagueIsInvitedAppointedAndGoes(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	to := step(t, h, "/portal/people/invite", url.Values{"role": {"practitioner"}, "name": {"Eva Hill"}, "email": {"eva@people.example"}})
	webtest.Get(t, h, to).Is(200).Has(".said", "Eva Hill is invited, by a letter").Has("tbody tr", "Eva Hill")
	if !personIn(t, b, "0005").Holds("practitioner", "0042", b.Now()) {
		t.Error("she is no practitioner")
	}
	bad := webtest.Get(t, h, "/portal/people/invite").Form("Continue")
	bad.Set("name", "Fay\u202eEvil")
	bad.Set("email", "nowhere")
	again := webtest.Post(t, h, "/portal/people/invite", bad).Is(422).Has(".error-summary", "Role")
	if typed := again.Form("Continue"); typed.Get("email") != "nowhere" {
		t.Errorf("what was typed is now %v", typed)
	}

	step(t, h, "/portal/people/0005/appoint", url.Values{"role": {"representative"}, "until": {"2026-12-31"}})
	webtest.Get(t, h, "/portal/people").Has("tbody td", "until 31 December 2026").HasNo(".correction")
	b.Pass(24 * time.Hour)
	step(t, h, "/portal/people/0005/reinvite", nil)
	webtest.Get(t, h, "/portal/people/0005/end/practitioner").Is(200).Has("h1", "Eva Hill").Has(".points li", "It takes effect at once")
	step(t, h, "/portal/people/0005/end/practitioner", nil)
	if p := personIn(t, b, "0005"); p.Holds("practitioner", "0042", b.Now()) || !p.Holds("representative", "0042", b.Now()) {
		t.Errorf("she holds %+v", p.Roles)
	}
	webtest.Get(t, h, "/portal/people/0005/end/practitioner").Is(404)
	webtest.Get(t, h, "/portal/history").Has("tbody tr", "Eva Hill became representative.").Has("tbody tr", "Eva Hill is practitioner no more.")
}

// Neither an address nor a form makes a person or a member another.
func TestAFormNamesNobodyElse(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	sent := webtest.Get(t, h, "/portal/people/0003/end/practitioner?person=0004&member=0007&role=representative").Is(200).Form("Continue")
	for name, value := range map[string]string{"person": "0004", "member": "0007", "role": "representative"} {
		sent.Set(name, value)
	}
	check := webtest.Post(t, h, "/portal/people/0003/end/practitioner", sent).Is(200).Form("Confirm and record")
	for name, value := range map[string]string{"person": "0004", "member": "0007", "role": "representative"} {
		check.Set(name, value)
	}
	webtest.Post(t, h, "/portal/people/0003/end/practitioner", check).Is(303)
	if !personIn(t, b, "0004").Holds("representative", "0007", b.Now()) || personIn(t, b, "0003").Holds("practitioner", "0042", b.Now()) {
		t.Error("somebody else's role was ended")
	}
}

func TestSomebodyLeaves(t *testing.T) {
	b := founded(t)
	webtest.Get(t, webtest.As(ours, open(b)), "/portal/leave").Is(200).Has(".points li", "Nobody else may sign for the company.")
	h := webtest.As(practitioner, open(b))
	page := webtest.Get(t, h, "/portal/leave").Is(200).Has("h1", "Leave Cobalt Ridge IT (0042)")
	if said := page.All(".points li"); slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "Nobody else") }) {
		t.Error("a practitioner is told that nobody is left who signs")
	}
	if to := step(t, h, "/portal/leave", nil); !strings.HasPrefix(to, "/account?done=") {
		t.Errorf("it goes on to %s", to)
	}
	if personIn(t, b, "0003").Holds("practitioner", "0042", b.Now()) {
		t.Error("he is still a practitioner")
	}
	program := practitioner
	program.Actor, program.Holder = "token/4f2a", "token/4f2a"
	webtest.Get(t, webtest.As(program, open(b)), "/portal/leave").Is(404)
}

func TestWhoWasForgottenHasNoName(t *testing.T) {
	b := founded(t)
	b.Do(people.Forget{Person: "0002", Reason: "no-longer-needed"})
	page := webtest.Get(t, webtest.As(ours, open(b)), "/portal/history").Is(200).Has("tbody tr", "Person 0002 is compliance officer no more.")
	if strings.Contains(page.Text, "Bea") {
		t.Error("who was forgotten is named")
	}
}
