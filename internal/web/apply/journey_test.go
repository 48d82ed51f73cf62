package apply

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/web/webtest"
)

// TestTheWholeWay applies as a person, with the buttons of the pages alone, and follows the application until the
// company is admitted.
func TestTheWholeWay(t *testing.T) {
	p := open(t)
	who := p.person("Ada Byron", "ada@northwind.example")
	h := p.as(who)
	webtest.Get(t, h, "/apply/progress").Is(200).Has(".empty", "You have not sent an application")
	page := webtest.Get(t, h, "/apply/tasks").Is(200).Has("p.lead", "0 of 5 parts are done").HasNo("a[href=/apply/check]")
	for _, state := range page.All(".task-state") {
		if state != "Not started" && state != "Cannot start yet" {
			t.Errorf("a task is %q before anything was typed", state)
		}
	}
	at := "/apply/tasks/name"
	for _, want := range []string{"/apply/tasks/trading-names", "/apply/tasks/address", "/apply/tasks", "/apply/tasks", "/apply/tasks", "/apply/tasks", "/apply/tasks/successor", "/apply/tasks"} {
		name := strings.TrimPrefix(at, "/apply/tasks/")
		step := webtest.Get(t, h, at).Is(200)
		form := step.Form("Save and continue")
		if name == "contact" && form.Get("contact_email") != "ada@northwind.example" {
			t.Errorf("the contact begins with %v", form)
		}
		maps.Copy(form, answers[name])
		if to := webtest.Post(t, h, at, form).Is(303).Header.Get("Location"); to != want {
			t.Errorf("%s leads to %q, want %q", at, to, want)
		}
		if at = want; at == "/apply/tasks" {
			links := webtest.Get(t, h, at).Is(200).Attributes(".tasks a", "href")
			states := webtest.Get(t, h, at).All(".task-state")
			for i, state := range states {
				if state == "Not started" && links[i] != "/apply/check" {
					at = links[i]
					break
				}
			}
		}
	}
	webtest.Get(t, h, "/apply/tasks").Has("p.lead", "Everything is answered").Has("main", "it is removed on 31 May 2026")
	check := webtest.Get(t, h, "/apply/check").Is(200).HasNo(".error-summary")
	check.Has("dd", "Northwind Care Ltd").Has("dd", "nw-care.example").Has("dd", "help desk").Has("dd", "A reprimand in 2019")
	sent := check.Form("Send the application")
	to := webtest.Post(t, h, "/apply/check", sent).Is(303).Header.Get("Location")
	number, ok := strings.CutPrefix(strings.TrimSuffix(to, "?sent=yes"), "/apply/progress/")
	if !ok {
		t.Fatalf("it leads to %q", to)
	}
	// Pressed twice: once is enough.
	if to := webtest.Post(t, h, "/apply/check", sent).Is(303).Header.Get("Location"); to != "/apply/progress" {
		t.Errorf("sent twice, it leads to %q", to)
	}
	state, version, err := p.Record.State(t.Context(), "member/"+number)
	m := state.(membership.Member)
	if err != nil || version != 1 || m.Stage != membership.Applicant || m.Name != "Northwind Care Ltd" || len(m.Domains) != 2 || len(m.TradingNames) != 2 || len(m.Services) != 2 || m.SuccessorOf() != "" {
		t.Fatalf("applied as %+v, %v", m, err)
	}
	events, err := p.Record.Concerning(t.Context(), "member/"+number, p.Record.Position())
	if err != nil || events[0].Kind != "member.applied" || events[0].Actor != who.Actor || events[0].Role != "person" {
		t.Errorf("recorded %+v, %v", events[0], err)
	}
	if c, err := p.Register.Contact(t.Context(), number); err != nil || c.Email != "ada@northwind.example" || c.Name != "Ada Byron" {
		t.Errorf("the contact is %+v, %v", c, err)
	}
	if appointed, ok := events[1].Event.(people.PersonAppointed); !ok || "person/"+appointed.Person != who.Actor || appointed.Role != people.Representative {
		t.Errorf("nobody represents it: %+v", events[1])
	}
	if d, err := p.face.Drafts.Read(t.Context(), who.Actor); err != nil || !d.Updated.IsZero() {
		t.Errorf("the draft is still there: %+v, %v", d, err)
	}

	webtest.Get(t, h, to).Is(200).Has(".said", "Its number is "+number).Has("h1", "Northwind Care Ltd").Has("p.lead", "being checked")
	p.Pass(24 * time.Hour)
	for _, one := range []string{"domain", "identity", "references"} {
		p.Do(membership.RecordCheck{Member: number, Check: one, How: "called Zoe Secret on the phone", Result: "passed"})
	}
	p.Do(membership.RecordCheck{Member: number, Check: "sanctions", How: "asked the guild", Result: "failed"})
	page = webtest.Get(t, h, Progress(number)).Is(200).Has(".tasks", "Not passed yet").Has(".tasks", "Done").Has(".facts", "3 March 2026").HasNo(".said")
	if strings.Contains(page.Text, "Zoe") {
		t.Error("the applicant reads how it was checked")
	}
	p.Do(membership.RecordCheck{Member: number, Check: "sanctions", How: "asked again", Result: "passed"})
	webtest.Get(t, h, Progress(number)).Has("p.lead", "waits for the decision")
	p.Do(membership.Admit{Member: number})
	page = webtest.Get(t, h, Progress(number)).Is(200).Has("p.lead", "was admitted").Has("main", "Sign the code of ethics").Has("button", "Go on as its representative")
	if form := page.Form("Go on as its representative"); form.Get("role") != "representative" || form.Get("member") != number {
		t.Errorf("they would go on as %v", form)
	}
	if to := webtest.Get(t, h, "/apply/progress").Is(303).Header.Get("Location"); to != Progress(number) {
		t.Errorf("progress leads to %q", to)
	}
}

func TestADeclinedApplicationSaysWhy(t *testing.T) {
	p := open(t)
	h := p.as(p.person("Ada Byron", "ada@northwind.example"))
	p.answerAll(h)
	to := webtest.Post(t, h, "/apply/check", webtest.Get(t, h, "/apply/check").Form("Send the application")).Is(303).Header.Get("Location")
	number := strings.TrimSuffix(strings.TrimPrefix(to, "/apply/progress/"), "?sent=yes")
	p.Do(membership.Decline{Member: number, Reason: "No reference answered.\n\nTry again <b>later</b>."})
	webtest.Get(t, h, Progress(number)).Is(200).Has("p.lead", "declined").Has("dd", "No reference answered.").Has("dd", "<b>later</b>").Has("main", "apply again")
	// They do, and see both.
	p.answerAll(h)
	webtest.Post(t, h, "/apply/check", webtest.Get(t, h, "/apply/check").Form("Send the application")).Is(303)
	webtest.Get(t, h, "/apply/progress").Is(200).Has(".tasks", "Declined").Has(".tasks", "Being checked")
}

// Somebody else's draft and application are no more there than none: the pages are the same, byte for byte.
func TestAnothersApplicationIsNotThere(t *testing.T) {
	p := open(t)
	h := p.as(p.person("Ada Byron", "ada@northwind.example"))
	p.answerAll(h)
	to := webtest.Post(t, h, "/apply/check", webtest.Get(t, h, "/apply/check").Form("Send the application")).Is(303).Header.Get("Location")
	number := strings.TrimSuffix(strings.TrimPrefix(to, "/apply/progress/"), "?sent=yes")
	p.answer(h, "name", answers["name"]) // and a draft

	mallory := p.person("Mallory", "mallory@acme.example")
	for _, role := range []string{"person", "registrar", "representative"} {
		mallory.Role, mallory.Member = role, ""
		if role == "representative" {
			mallory.Member = number // as an identity that lies would say
		}
		other := p.as(mallory)
		none := webtest.Get(t, other, "/apply/progress/9999").Is(404).Text
		if webtest.Get(t, other, Progress(number)).Is(404).Text != none || webtest.Get(t, other, "/apply/progress/0001").Is(404).Text != none {
			t.Errorf("as %s: another's application is told from none", role)
		}
		if page := webtest.Get(t, other, "/apply/tasks/name").Is(200); page.Attributes("input[name=name]", "value")[0] != "" {
			t.Errorf("as %s: another's draft is shown", role)
		}
		webtest.Get(t, other, "/apply/progress").Is(200).Has(".empty", "You have not sent an application")
	}
	// Whose role has ended sees it no more.
	ada := strings.TrimPrefix(p.representative(number), "person/")
	p.Do(people.End{Person: ada, Member: number, Role: people.Representative})
	webtest.Get(t, h, Progress(number)).Is(404)
}

func (p *place) representative(number string) string {
	p.t.Helper()
	all, err := p.Register.PeopleOf(p.t.Context(), number, p.Now())
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%d people, %v", len(all), err)
	}
	return "person/" + all[0].ID
}

// An officer who applies for a company of theirs does so for themself, whatever role they act in.
func TestAnOfficerAppliesForThemself(t *testing.T) {
	p := open(t)
	who := p.person("Ida Frost", "ida@society.example")
	who.Role = "registrar"
	h := p.as(who)
	p.answerAll(h)
	to := webtest.Post(t, h, "/apply/check", webtest.Get(t, h, "/apply/check").Form("Send the application")).Is(303).Header.Get("Location")
	webtest.Get(t, h, to).Is(200)
	events, err := p.Record.Events(t.Context(), p.Record.Position()-2, 1)
	if err != nil || events[0].Kind != "member.applied" || events[0].Role != "person" {
		t.Errorf("recorded as %+v, %v", events, err)
	}
}

// What was typed is kept, whatever is wrong with it, and each fault stands with its field.
func TestStepsSayWhatIsWrong(t *testing.T) {
	p := open(t)
	h := p.as(p.person("Ada Byron", "ada@northwind.example"))
	for what, c := range map[string]struct {
		step  string
		given url.Values
		says  string
	}{
		"no name":         {"name", url.Values{"name": {""}, "sole_trader": {"no"}}, "is missing"},
		"a domain":        {"domains", url.Values{"domains": {"https://northwind.example"}}, "no such domain"},
		"a suffix":        {"domains", url.Values{"domains": {"co.uk"}}, "Anybody can have a name below co.uk"},
		"taken":           {"domains", url.Values{"domains": {"cobaltridge.example"}}, "belongs to member"},
		"a long line":     {"services", url.Values{"services": {strings.Repeat("x", 501)}}, "no such line"},
		"many":            {"services", url.Values{"services": {strings.Repeat("x\n", 3) + manyLines(60)}}, "entries"},
		"no e-mail":       {"contact", url.Values{"contact_name": {"Ada"}, "contact_email": {"ada"}}, "is no e-mail address"},
		"not said":        {"sanctions", url.Values{}, "with yes or no"},
		"yes, and what":   {"sanctions", url.Values{sanctioned: {"yes"}}, "say which"},
		"follows nobody":  {"successor", url.Values{succeeds: {"yes"}, "successor_of": {" "}}, "say which"},
		"a trader's name": {"trading-names", url.Values{"trading_names": {""}}, "No trading name"},
	} {
		if what == "taken" {
			p.Do(membership.AddDomain{Member: "0001", Domain: "cobaltridge.example"})
			p.Do(membership.ProveDomain{Member: "0001", Domain: "cobaltridge.example", How: "paper"})
		}
		if what == "a trader's name" {
			p.answer(h, "name", url.Values{"name": {"Ada Byron"}, "sole_trader": {"yes"}})
		}
		page := webtest.Post(t, h, "/apply/tasks/"+c.step, c.given).Is(422).Has(".error-summary", c.says).Has("title", "Error: ")
		for name, typed := range c.given {
			if typed[0] != "" && strings.TrimSpace(typed[0]) != "" && !strings.Contains(page.Text, strings.Split(typed[0], "\n")[0]) {
				t.Errorf("%s: %s is gone", what, name)
			}
		}
		again := webtest.Get(t, h, "/apply/tasks/"+c.step).Is(200)
		if first := strings.Split(c.given.Get("domains"), "\n")[0]; first != "" && !strings.Contains(again.Text, first) {
			t.Errorf("%s: what was typed was not saved", what)
		}
	}
	webtest.Get(t, h, "/apply/tasks").Has(".task-state", "In progress")
	webtest.Get(t, h, "/apply/tasks/nothing").Is(404)
	webtest.Post(t, h, "/apply/tasks/nothing", nil).Is(404)
	webtest.Post(t, h, "/apply/tasks/name", url.Values{"name": {strings.Repeat("x", 300<<10)}, "_step": {"later"}}).Is(413)
	webtest.Post(t, h, "/apply/tasks/name", url.Values{"name": {strings.Repeat("x", 2<<20)}}).Is(413)
	webtest.Post(t, h, "/apply/tasks/name", url.Values{"name": {"a\x00\xffb", "twice"}, "sole_trader": {"perhaps"}}).Is(422)
}

func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("service " + string(rune('a'+i%26)) + strings.Repeat("i", i) + "\n")
	}
	return b.String()
}

func TestOneComesBackLater(t *testing.T) {
	p := open(t)
	who := p.person("Ada Byron", "ada@northwind.example")
	h := p.as(who)
	later := url.Values{"domains": {"half a"}, "_step": {"later"}}
	if to := webtest.Post(t, h, "/apply/tasks/domains", later).Is(303).Header.Get("Location"); to != "/apply/tasks" {
		t.Errorf("later leads to %q", to)
	}
	webtest.Get(t, h, "/apply/tasks").Has(".task-state", "In progress").Has("p.lead", "0 of 5")
	webtest.Get(t, p.as(who), "/apply/tasks/domains").Has("textarea", "half a") // on another device
	webtest.Post(t, h, "/apply/discard", nil).Is(303)
	webtest.Get(t, h, "/apply/tasks/domains").HasNo(".error-summary")
	if typed := webtest.Get(t, h, "/apply/tasks/domains").All("textarea"); typed[0] != "" {
		t.Errorf("after the draft was deleted it says %q", typed)
	}
}

func TestWhatIsInTheWayIsSaidWithItsTask(t *testing.T) {
	p := open(t)
	who := p.person("Ada Byron", "ada@northwind.example")
	h := p.as(who)
	webtest.Get(t, h, "/apply/check").Is(200).Has(".error-summary", "is not answered yet").HasNo("input[name=_key]")
	webtest.Post(t, h, "/apply/tasks/domains", url.Values{"domains": {"half a domain"}, "_step": {"later"}}).Is(303)
	webtest.Post(t, h, "/apply/tasks/services", url.Values{"services": {"backup"}, "_step": {"later"}}).Is(303)
	webtest.Get(t, h, "/apply/check").Has(".error-summary a", "no such domain").Has(".error-summary a", "is begun")
	p.answerAll(h)
	check := webtest.Get(t, h, "/apply/check").Is(200)
	// A domain is taken by somebody else between the looking and the sending.
	p.Do(membership.AddDomain{Member: "0001", Domain: "northwind.example"})
	p.Do(membership.ProveDomain{Member: "0001", Domain: "northwind.example", How: "paper"})
	before := p.Record.Position()
	page := webtest.Post(t, h, "/apply/check", check.Form("Send the application")).Is(422).Has(".error-summary", "Its domains").Has(".error-summary .rule", "MEM-04")
	if links := page.Attributes(".error-summary a", "href"); len(links) != 1 || links[0] != "/apply/tasks/domains?then=check" {
		t.Errorf("it is put right at %v", links)
	}
	// Put right, it leads back to the answers.
	step := webtest.Get(t, h, "/apply/tasks/domains?then=check").Is(200).Form("Save and continue")
	step.Set("domains", "northwind-care.example")
	if to := webtest.Post(t, h, "/apply/tasks/domains", step).Is(303).Header.Get("Location"); to != "/apply/check" {
		t.Errorf("put right, it leads to %q", to)
	}
	// What was looked at on one device is not what is sent, if another one has changed it.
	stale := webtest.Get(t, h, "/apply/check").Form("Send the application")
	p.answer(h, "services", url.Values{"services": {"only backup"}})
	webtest.Post(t, h, "/apply/check", stale).Is(409).Has(".correction", "changed after you had looked").Has("dd", "only backup")
	for _, bad := range []url.Values{{}, {"_key": {"k"}}, {"_seen": {"x"}, "_key": {"k"}}, {"_seen": stale["_seen"], "_key": {strings.Repeat("k", 500)}}} {
		webtest.Post(t, h, "/apply/check", bad).Is(409)
	}
	if p.Record.Position() != before {
		t.Error("something was recorded")
	}
}

// A name in deceiving letters is pointed out and taken.
func TestOddNamesAreFlaggedAndTaken(t *testing.T) {
	p := open(t)
	h := p.as(p.person("Ada Byron", "ada@northwind.example"))
	p.answerAll(h)
	state, _, err := p.Record.State(t.Context(), "member/0001")
	if err != nil {
		t.Fatal(err)
	}
	alike := strings.Replace(state.(membership.Member).Name, "a", "\u0430", 1)
	p.answer(h, "name", url.Values{"name": {alike}, "sole_trader": {"no"}})
	webtest.Get(t, h, "/apply/check").Is(200).Has("p.odd", "It reads like").Has("p.odd", "Cyrillic")
	p.answer(h, "trading-names", url.Values{"trading_names": {"North\u202ewind"}})
	check := webtest.Get(t, h, "/apply/check").Is(200).Has("p.odd", "turns the direction")
	webtest.Post(t, h, "/apply/check", check.Form("Send the application")).Is(303)
}

// Before the register is open nobody learns from these pages who is a member.
func TestBeforeTheOpeningNamesAreNotTold(t *testing.T) {
	p := openOn(t, founded(t))
	h := p.as(p.person("Ada Byron", "ada@northwind.example"))
	p.answerAll(h)
	state, _, err := p.Record.State(t.Context(), "member/0001")
	if err != nil {
		t.Fatal(err)
	}
	name := state.(membership.Member).Name
	p.answer(h, "name", url.Values{"name": {strings.Replace(name, "a", "\u0430", 1)}, "sole_trader": {"no"}})
	if page := webtest.Get(t, h, "/apply/check").Is(200); strings.Contains(page.Text, "It reads like") {
		t.Error("a member's name is told before the register is open")
	}
}
