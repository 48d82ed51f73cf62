package door_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/web/door"
	"shingle/internal/web/webtest"
)

const origin = "https://guild.example"

func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	for name, store := range map[string]webtest.Store{"sqlite": webtest.SQLite, "postgres": webtest.PostgreSQL} {
		t.Run(name, func(t *testing.T) { test(t, build(t, store, origin)) })
	}
}

func TestWhoIsInvitedEnrolsAndSignsIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.hold(ada, account.Role{Name: "representative", Member: "0042"})
		b := h.browser()
		address, _, err := h.Invite(t.Context(), ada)
		must(t, err)
		b.get(h.path(address)).Is(200).Has("h1", "You are invited, Ada Byron").Has("main", "a…@acme.example")
		if len(h.letters) > 0 {
			t.Fatal("whoever opened the page had a letter sent")
		}
		sent := b.post(h.path(address)).Is(200).Has("h1", "Look into your e-mail")
		letter := h.last(t, door.EnrolLink)
		if letter.To != "ada@acme.example" || letter.Name != "Ada Byron" || letter.Until != h.body.Now().Add(10*time.Minute) {
			t.Errorf("sent %+v", letter)
		}
		link := h.path(letter.Link)
		if strings.Contains(sent.Text, strings.TrimPrefix(link, "/enrol/")) {
			t.Error("the page shows the link: the invitation alone lets anybody in")
		}
		for range 3 { // whatever scans e-mail opens it
			h.browser().get(link).Is(200).Has("h1", "Set up your passkey")
		}
		b.leads(b.post(link), "/enrol")
		if who := b.who(); who.Actor != "" {
			t.Errorf("before there is a passkey, %+v asks", who)
		}
		for _, path := range []string{"/account", "/step-up"} {
			b.leads(b.get(path), "/enrol")
		}
		b.get("/enrol").Is(200).Has("h1", "Make a passkey")
		limited := b.cookies["__Host-shingle"]
		b.leads(b.enrol(), "/account")
		if limited == b.cookies["__Host-shingle"] {
			t.Error("the session kept its id")
		}
		if who := b.who(); who.Actor != ada || who.Holder != ada || who.Role != "representative" || who.Member != "0042" || who.Stale || who.Name != "Ada Byron" {
			t.Errorf("%+v asks", who)
		}
		if !h.known[ada].Joined {
			t.Error("nobody was told that she joined")
		}
		h.last(t, door.PasskeyAdded)
		h.browser().get(link).Is(410)
		h.browser().post(link).Is(410)
		h.browser().get(h.path(address)).Is(410)
		h.browser().post(h.path(address)).Is(410)

		b.leads(b.post("/sign-out"), "/")
		if who := b.who(); who.Actor != "" {
			t.Errorf("signed out, %+v asks", who)
		}
		b.leads(b.get("/account"), "/sign-in?next=%2Faccount")
		b.leads(b.signIn("/office?x=1"), "/office?x=1")
		b.get("/account").Is(200).Has("section", "Laptop").Has("section", "Firefox on Linux, here").Has("section", "Representative at 0042")
		b.leads(b.get("/sign-in"), "/account")
		h.browser().get("/sign-in").Is(200).Has("h1", "Sign in")
	})
}

func TestASessionThatWasFoistedOnSomebodyIsWorthNothing(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	h.hold(ada, account.Role{Name: "representative", Member: "0042"})
	evil := h.browser().join(bob)
	victim := h.browser().join(ada)
	victim.post("/sign-out")

	// A made-up one.
	victim.cookies["__Host-shingle"] = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	victim.leads(victim.signIn(""), "/account")
	if victim.cookies["__Host-shingle"] == "AAAAAAAAAAAAAAAAAAAAAAAAAA" {
		t.Error("a session took the name it was given")
	}
	// Another's own: signing in ends it.
	foisted := evil.cookies["__Host-shingle"]
	victim.post("/sign-out")
	victim.cookies["__Host-shingle"] = foisted
	victim.leads(victim.signIn(""), "/account")
	if who := victim.who(); who.Actor != ada {
		t.Errorf("%+v asks", who)
	}
	if who := evil.who(); who.Actor != "" {
		t.Errorf("with the old secret, %+v asks", who)
	}
	before := victim.cookies["__Host-shingle"]
	victim.leads(victim.stepUp("/account"), "/account")
	spy := h.browser()
	spy.cookies["__Host-shingle"] = before
	if who := spy.who(); who.Actor != "" {
		t.Errorf("after a step-up the old secret serves %+v", who)
	}
}

func TestAnswersThatProveNothing(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser().join(ada)
	b.post("/sign-out")
	other := b.key.Copy()
	other.Origin = "https://guild.example.evil.example"
	b.post("/sign-in", "answer", string(other.Get(b.options("/sign-in/begin")))).Is(422).Has("div.error-summary", "not known here")
	answer := string(b.key.Get(b.options("/sign-in/begin")))
	b.leads(b.post("/sign-in", "answer", answer), "/account")
	b.post("/sign-out")
	b.post("/sign-in", "answer", answer).Is(422).Has("div.error-summary", "done before")
	b.post("/sign-in").Is(422).Has("div.error-summary", "script")
	b.post("/sign-in", "answer", "{}", "next", "//evil.example").Is(422)
	b.post("/sign-in", "answer", strings.Repeat("x", 100<<10)).Is(413)
	for _, evil := range []string{"//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"} {
		b.leads(b.signIn(evil), "/account")
		b.leads(b.stepUp(evil), "/account")
		b.post("/sign-out")
		if d := b.ask("/sign-in?next="+evil, nil); strings.Contains(d.Text, "evil") {
			t.Errorf("the page carries %s along", evil)
		}
	}
	copied := b.key.Copy()
	b.leads(b.signIn(""), "/account")
	b.post("/sign-out")
	b.post("/sign-in", "answer", string(copied.Get(b.options("/sign-in/begin")))).Is(422).Has("div.error-summary", "copied")
	if l := h.last(t, door.PasskeyCopied); l.Person != ada {
		t.Errorf("told %+v", l)
	}
}

func TestAnotherSiteCanAskForNothing(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser().join(ada)
	for _, header := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}}, {"Sec-Fetch-Site": nil, "Origin": {"null"}}} {
		b.header = header
		for _, path := range []string{"/sign-out", "/account/act-as", "/sign-in/begin", "/whoami"} {
			b.post(path).Is(http.StatusForbidden)
		}
	}
	b.header = nil
	if who := b.who(); who.Actor != ada {
		t.Errorf("%+v asks", who)
	}
	stranger := h.browser() // also where nobody is signed in yet: nobody is signed in as somebody else
	stranger.header = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	stranger.post("/sign-in").Is(http.StatusForbidden)
}

func TestStepUpComesBeforeWhatIsGrave(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		b := h.browser().join(ada)
		b.post("/account/recovery").Is(200)
		h.body.Pass(5 * time.Minute)
		if !b.who().Stale {
			t.Error("a proof is fresh for ever")
		}
		b.leads(b.get("/enrol"), "/step-up?next=%2Fenrol")
		b.leads(b.post("/enrol/begin"), "/step-up?next=%2Faccount")
		b.leads(b.post("/account/recovery"), "/step-up?next=%2Faccount")
		before := b.cookies["__Host-shingle"]
		stranger := h.browser().join(bob)
		b.post("/step-up", "answer", string(stranger.key.Get(b.options("/step-up/begin")))).Is(422)
		b.post("/step-up").Is(422)
		b.leads(b.stepUp("/enrol"), "/enrol")
		if b.cookies["__Host-shingle"] == before || b.who().Stale {
			t.Error("nothing was proven")
		}
		b.get("/enrol").Is(200)

		b.header = http.Header{"Accept": {"application/json"}}
		h.body.Pass(5 * time.Minute)
		if d := b.post("/account/recovery").Is(http.StatusUnauthorized); !strings.Contains(d.Text, `"/problems/step-up"`) {
			t.Errorf("a program is told %s", d.Text)
		}
	})
}

func TestARecoveryCodeLetsOnlyEnrol(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.hold(ada, account.Role{Name: "representative", Member: "0042"})
		b := h.browser().join(ada)
		codes := b.post("/account/recovery").Is(200).All("li code")
		if len(codes) != 10 {
			t.Fatalf("there are %v", codes)
		}
		b.get("/account").Has("section", "10 of ten are left")
		h.last(t, door.RecoveryMade)

		lost := h.browser()
		lost.post("/recover").Is(422).Has("p.field-error", "Enter")
		lost.post("/recover", "code", "AAAA-BBBB").Is(422).Has("p.field-error", "does not work")
		lost.leads(lost.post("/recover", "code", codes[3]), "/enrol")
		if l := h.last(t, door.RecoveryUsed); l.To != "ada@acme.example" {
			t.Errorf("told %+v", l)
		}
		if who := lost.who(); who.Actor != "" {
			t.Errorf("%+v asks", who)
		}
		lost.leads(lost.get("/account"), "/enrol")
		lost.leads(lost.post("/account/act-as", "role", "representative", "member", "0042"), "/enrol")
		lost.leads(lost.post("/account/recovery"), "/enrol")
		lost.leads(lost.enrol(), "/account")
		if who := lost.who(); who.Actor != ada || who.Role != "representative" {
			t.Errorf("%+v asks", who)
		}
		again := h.browser()
		again.post("/recover", "code", codes[3]).Is(422)

		// Who found the sheet of paper does not enrol once it is replaced.
		thief := h.browser()
		thief.leads(thief.post("/recover", "code", codes[4]), "/enrol")
		thief.get("/enrol").Is(200)
		b.stepUp("")
		b.post("/account/recovery").Is(200)
		thief.leads(thief.get("/enrol"), "/sign-in?next=%2Fenrol")
		thief.post("/recover", "code", codes[5]).Is(422)
	})
}

func TestARoleThatEndedASecondAgo(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		representative := account.Role{Name: "representative", Member: "0042"}
		h.hold(ada, representative)
		b := h.browser().join(ada)
		if b.who().Role != "representative" {
			t.Fatal("she does not act as representative")
		}
		h.hold(ada)
		if who := b.who(); who.Actor != "" {
			t.Errorf("%+v asks", who)
		}
		b.get("/sign-in").Has("p", "you no longer hold the role")
		b.get("/sign-in").HasNo("p.correction")

		h.hold(ada, representative) // its member is expelled
		b.leads(b.signIn(""), "/account")
		representative.Changed = h.body.Record.Position() + 1
		h.hold(ada, representative)
		b.leads(b.get("/account"), "/sign-in?next=%2Faccount")

		representative = account.Role{Name: "representative", Member: "0042", Until: h.body.Now().Add(time.Hour)}
		h.hold(ada, representative) // its term runs out
		b.leads(b.signIn(""), "/account")
		h.body.Pass(time.Hour)
		if who := b.who(); who.Actor != "" {
			t.Errorf("%+v asks", who)
		}
	})
}

func TestAnOfficerSetsUpASecondWayFirst(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	h.hold(ada, account.Role{Name: "registrar", Until: h.body.Now().Add(365 * 24 * time.Hour)})
	b := h.browser().join(ada)
	if who := b.who(); who.Role != account.InPerson || who.Actor != ada {
		t.Errorf("%+v asks", who)
	}
	b.get("/account").Has("p.correction", "second passkey")
	b.post("/account/act-as", "role", "registrar").Is(422).Has("div.error-summary", "second passkey")
	b.post("/account/recovery").Is(200)
	b.get("/account").HasNo("p.correction")
	before := b.cookies["__Host-shingle"]
	b.leads(b.post("/account/act-as", "role", "registrar", "next", "/office"), "/office")
	if who := b.who(); who.Role != "registrar" || before == b.cookies["__Host-shingle"] {
		t.Errorf("%+v asks", who)
	}
	b.post("/account/act-as", "role", "president").Is(422).Has("div.error-summary", "You do not hold that role")
	b.post("/account/act-as", "role", "representative", "member", "0042").Is(422)
	page := b.get("/account").Has("li", "You act as this now.")
	for _, id := range ids.FindAllStringSubmatch(page.Text, -1) {
		if strings.Contains(page.Text, "/account/passkeys/"+id[1]+"/remove") {
			b.post("/account/passkeys/"+id[1]+"/remove").Is(422).Has("div.error-summary", "still needed")
		}
	}
	h.body.Pass(30 * time.Minute)
	b.leads(b.get("/account"), "/sign-in?next=%2Faccount")
	b.get("/sign-in").Has("p", "nothing was asked for a while")
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		here := h.browser().join(ada)
		there := h.browser()
		there.key = here.key.Copy()
		there.leads(there.signIn(""), "/account")
		another := h.browser().join(bob)

		page := here.get("/account")
		for _, id := range ids.FindAllStringSubmatch(page.Text, -1) {
			if strings.Contains(page.Text, "/account/sessions/"+id[1]+"/end") {
				another.leads(another.post("/account/sessions/"+id[1]+"/end"), "/account#sessions") // not his
			}
		}
		if here.who().Actor != ada || there.who().Actor != ada {
			t.Fatal("somebody else ended her sessions")
		}
		here.leads(here.post("/account/sessions/end-others"), "/account#sessions")
		if here.who().Actor != ada || there.who().Actor != "" || another.who().Actor != bob {
			t.Error("others were ended, or not")
		}
		there.leads(there.signIn(""), "/account")
		h.body.Pass(time.Second)
		here.leads(here.enrol(), "/account") // a second passkey, so that the first can go
		page = here.get("/account")
		first := ids.FindStringSubmatch(page.Text)[1]
		another.post("/account/passkeys/" + first + "/remove").Is(404)
		here.leads(here.post("/account/passkeys/"+first+"/remove"), "/account")
		if here.who().Actor != ada || there.who().Actor != "" {
			t.Error("whoever has the removed passkey's device is still signed in")
		}
		h.last(t, door.PasskeyRemoved)
		there.signIn("").Is(422)
	})
}

func TestDemoLinksAreOfDemosOnly(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	h.browser().get("/demo/sign-in/registrar").Is(404)
	h.browser().post("/demo/sign-in/registrar").Is(404)

	h.hold(ada, account.Role{Name: "registrar"}, account.Role{Name: "chair"})
	h.Demo = func(_ context.Context, link string) (door.Guest, bool) {
		return door.Guest{Person: ada, Role: "registrar"}, link == "registrar"
	}
	h.open()
	b := h.browser()
	b.get("/demo/sign-in/king").Is(404)
	b.get("/demo/sign-in/registrar").Is(200).Has("p", "As Ada Byron: Registrar")
	b.leads(b.post("/demo/sign-in/registrar"), "/account")
	if who := b.who(); who.Actor != ada || who.Role != "registrar" || !who.Stale {
		t.Errorf("%+v asks", who)
	}
	b.get("/account").Is(200).HasNo("[aria-labelledby=passkeys]")
	b.leads(b.post("/account/act-as", "role", "chair"), "/account")
	b.get("/step-up?next=/office").Has("main", "This is a demo")
	b.leads(b.post("/step-up", "next", "/office"), "/office")
	if who := b.who(); who.Role != "chair" || who.Stale {
		t.Errorf("%+v asks", who)
	}
	h.body.Pass(400 * 24 * time.Hour)
	if who := b.who(); who.Role != "chair" {
		t.Errorf("a leap of the clock ended it: %+v", who)
	}
}

func TestScriptsRunWherePasskeysAreUsedAndNowhereElse(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser().join(ada)
	for path, script := range map[string]bool{"/account": false, "/enrol": true, "/step-up": true, "/recover": false} {
		d := b.get(path).Is(200)
		if got := strings.Contains(d.Header.Get("Content-Security-Policy"), "script-src 'self'"); got != script || got != strings.Contains(d.Text, "<script") {
			t.Errorf("%s: a script may run: %v", path, got)
		}
	}
	if d := h.browser().get("/sign-in"); strings.Contains(d.Header.Get("Content-Security-Policy"), "unsafe") || !strings.Contains(d.Header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Errorf("the policy is %q", d.Header.Get("Content-Security-Policy"))
	}
}

func TestWhoIsForgottenIsSignedOut(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser().join(ada)
	h.mu.Lock()
	delete(h.known, ada)
	delete(h.roles, ada)
	h.mu.Unlock()
	b.leads(b.get("/account"), "/sign-in?next=%2Faccount")
	b.get("/sign-in").Has("p", "your account is no more")
}

func TestAFormThatCannotBeReadIsNoFaultOfOurs(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	in := h.browser().join(ada)
	for _, path := range []string{"/sign-in", "/recover", "/enrol", "/step-up", "/sign-out", "/account/act-as", "/account/recovery", "/oidc/acme"} {
		for _, b := range []*browser{h.browser(), in} {
			b.send(path, "application/x-www-form-urlencoded", "answer=%zz").Is(400).Has("h1", "This cannot be read")
			b.send(path, "/;;;", "answer=x").Is(400)
			b.send(path, "application/x-www-form-urlencoded", "answer="+strings.Repeat("x", 70<<10)).Is(413)
		}
	}
	if in.who().Actor != ada {
		t.Error("a form that could not be read signed somebody out")
	}
}
