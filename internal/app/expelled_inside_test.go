package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
	"shingle/internal/web/webtest"
)

// officer is somebody who signed in to a role, with the cookie of their session.
type officer struct {
	number, role, member string
	cookie               string
}

// bench is a body with its people, each with a browser of their own.
type bench struct {
	*clocked
	manager, chair, representative *officer
	lay, trade                     []*officer
}

// convened is a body with two members and everybody whom a case needs.
func convened(t *testing.T) *bench {
	b := &bench{clocked: newClocked(t)}
	for _, number := range []string{"0001", "0002"} {
		b.must(b.enrol(number, b.in(2000)))
	}
	serves := func(role, name string) *officer {
		number := b.asks("operator", "operator", people.InviteOfficer{Role: role, Name: act.NewPersonal("", name), Email: act.NewPersonal("", name+"@x.example"), Until: b.in(2000)})
		b.asks("system", "system", people.Join{Person: number})
		return &officer{number: number, role: role}
	}
	b.manager, b.chair = serves(people.CaseManager, "Maud"), serves(people.Chair, "Cara")
	for range 4 {
		b.lay, b.trade = append(b.lay, serves(people.Panelist, "Lia")), append(b.trade, serves(people.Panelist, "Tom"))
	}
	number := b.asks("operator", "operator", people.Invite{Member: "0001", Role: people.Representative, Name: act.NewPersonal("", "Ines"), Email: act.NewPersonal("", "ines@x.example")})
	b.asks("system", "system", people.Join{Person: number})
	b.representative = &officer{number: number, role: people.Representative, member: "0001"}
	return b
}

// signsIn opens a session for somebody who proves afresh who they are.
func (b *bench) signsIn(o *officer) {
	b.t.Helper()
	_, session, err := b.door.Accounts.Open(context.Background(), account.Opening{Person: "person/" + o.number, How: account.ByDemo, Role: o.role, Member: o.member})
	b.must(err)
	o.cookie, _, err = b.door.Accounts.Prove(context.Background(), session)
	b.must(err)
}

// as is the served body as somebody's browser reaches it; nil for a stranger's.
func (b *bench) as(o *officer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o != nil {
			r.AddCookie(&http.Cookie{Name: "__Host-shingle", Value: o.cookie})
		}
		b.public.ServeHTTP(w, r)
	})
}

// sees opens a page in somebody's browser.
func (b *bench) sees(o *officer, path string) *webtest.Document {
	b.t.Helper()
	return webtest.Get(b.t, b.as(o), path)
}

// fills in the form at an address, as far as its answers; values are pairs of a field and what is chosen or typed, a
// list's parted by bars.
func (b *bench) fills(o *officer, path string, values ...string) *webtest.Document {
	b.t.Helper()
	b.signsIn(o) // it is a while since the last time
	form := b.sees(o, path).Is(200).Form("Continue")
	for i := 0; i+1 < len(values); i += 2 {
		form[values[i]] = strings.Split(values[i+1], "|")
	}
	return webtest.Post(b.t, b.as(o), path, form)
}

// does fills in a form and confirms it.
func (b *bench) does(o *officer, path string, values ...string) *webtest.Document {
	b.t.Helper()
	check := b.fills(o, path, values...)
	if check.Status != 200 {
		b.t.Fatalf("%s as %s: %d, %s", path, o.role, check.Status, strings.Join(append(check.All("div.error-summary"), check.All("h1")...), " "))
	}
	return b.sees(o, webtest.Post(b.t, b.as(o), path, check.Form("Confirm and record")).Is(303).Header.Get("Location")).Is(200)
}

// represents asks for an act of the respondent.
func (b *bench) represents(cmd any) {
	b.t.Helper()
	b.asks("person/"+b.representative.number, people.Representative, cmd)
}

// before and after an expulsion, what each place says of a member. They change together or not at all.
var places = []struct{ path, before, after string }{
	{"/seal/0001.svg", "Good standing", "Expelled"},
	{"/register/0001", "is a member in good standing", "has been expelled from membership"},
	{"/api/v1/members/0001/standing", `"status":"good"`, `"status":"expelled"`},
	{"/notices.atom", "", "Expulsion"},
	{"/notices", "", "Expulsion"},
	{"/api/v1/members/0001/receipt", "status good", "status expelled"},
	{"/register?status=expelled", "", "Member 0001"},
}

// TestAnExpulsionIsSeenEverywhereAtOnce goes the whole way through the pages, from an anonymous complaint to an
// expulsion, each person signed in with a browser of their own; then it looks at every place that says how the member
// stands, and none of them is a moment behind.
func TestAnExpulsionIsSeenEverywhereAtOnce(t *testing.T) {
	b := convened(t)
	for i, p := range append(slices.Clone(b.lay), b.trade...) {
		side := "public"
		if i >= len(b.lay) {
			side = "member"
		}
		b.does(b.chair, "/office/panelists/"+p.number+"/acts/panelist.enlist", "side", side)
		b.does(p, "/office/panelists/"+p.number+"/acts/panelist.declare")
	}
	receipt := act.NewPersonal("", "a-long-code-drawn-by-chance-0123456789")
	id := b.asks("anyone", "anyone", cases.Lodge{Respondent: "0001", From: b.in(-5), Known: b.in(-4), Anonymous: true, Receipt: receipt, Account: act.NewPrivate("", "it sells data")})
	home := "/office/cases/" + id
	on, inside := home+"/acts/", home+"/room/acts/"
	today := func() string { return b.in(0).String() }

	b.does(b.chair, on+"case.assign", "person", b.manager.number)
	b.does(b.manager, on+"case.investigate", "plan", "ask the buyer")
	b.asks("anyone", "anyone", cases.WriteIn{Case: id, Receipt: receipt, Text: act.NewPrivate("", "it did so again")})
	b.does(b.manager, on+"case.admit-evidence", "object", "obj-1", "sha256", strings.Repeat("ab", 32), "what", "the list", "source", "witness", "basis", "redacted", "anonymous", "no", "exculpate", "no")
	b.does(b.manager, on+"case.feedback", "text", "we look into it")
	b.does(b.manager, on+"case.draft-charges", "provisions", "1|1.1", "statement", "it sold data")
	b.does(b.manager, on+"case.serve-charges", "on", today(), "proof", "courier receipt 1183", "name", "no")
	b.represents(cases.Answer{Case: id, Member: "0001", Text: act.NewPrivate("", "an accident")})

	seat := func(o *officer) string { return "seat_" + o.number }
	b.does(b.chair, on+"case.name-panel", seat(b.trade[0]), "presides", seat(b.lay[0]), "sits", seat(b.trade[1]), "sits", seat(b.lay[1]), "stands-by")
	b.represents(cases.Challenge{Case: id, Member: "0001", Panelist: b.trade[1].number, Reason: act.NewPrivate("", "a friend")})
	b.does(b.chair, on+"case.rule-on-challenge", "panelist", b.trade[1].number, "result", "rejected", "reason", "she is none")
	b.does(b.lay[0], inside+"case.recuse", "reason", "I know the buyer")
	hearing := b.now().AddDate(0, 0, 30)
	b.does(b.manager, on+"case.set-hearing", "on", hearing.Format("2006-01-02T15:04"), "place", "Room 1", "notice_on", today(), "proof", "courier receipt 1184")
	b.pass(31 * day)
	b.tick()
	panel := []*officer{b.trade[0], b.trade[1], b.lay[1]}
	b.does(panel[0], inside+"case.hear", "present", panel[0].number+"|"+panel[1].number+"|"+panel[2].number, "respondent", "yes", "record", "all were heard")
	for _, p := range panel {
		b.does(p, inside+"case.vote", "vote", "proven")
	}
	b.does(panel[0], inside+"case.decide", "finding_1", "proven", "finding_2", "not-proven", "sanction", "expulsion", "reasons", "it sold data")
	for _, p := range panel {
		b.does(p, inside+"case.sign")
	}
	b.does(b.manager, on+"case.serve-decision", "on", today(), "proof", "courier receipt 1185")
	b.represents(cases.Appeal{Case: id, Member: "0001", Grounds: []string{"proportionality"}, Reasons: act.NewPrivate("", "too hard")})
	b.does(b.chair, on+"case.name-panel", seat(b.lay[2]), "presides", seat(b.lay[3]), "sits", seat(b.trade[2]), "sits", seat(b.trade[3]), "stands-by")
	b.pass(15 * day)
	b.tick()
	above := []*officer{b.lay[2], b.lay[3], b.trade[2]}
	for _, p := range above {
		b.does(p, inside+"case.vote", "vote", "affirm")
	}
	b.does(above[0], inside+"case.decide-appeal", "outcome", "affirmed", "reasons", "it is not")
	for _, p := range above {
		b.does(p, inside+"case.sign")
	}
	b.does(b.manager, on+"case.serve-decision", "on", today(), "proof", "courier receipt 1186").Has("h2", "is final, and waits to be put in force")

	// The member still stands well, and its representative is signed in.
	for _, p := range places {
		if text := b.sees(nil, p.path).Is(200).Text; p.before != "" && !strings.Contains(text, p.before) || p.before == "" && strings.Contains(text, p.after) {
			t.Errorf("%s before it is published: %s", p.path, text)
		}
	}
	b.signsIn(b.representative)
	b.sees(b.representative, "/portal").Is(200).Has("main", "is a member in good standing")
	log := b.logSize()
	moment := b.now()
	b.does(b.chair, on+"case.publish", "finding_1", "It sold its customers’ data.", "text", "It is expelled.").Has("div.said li", "has its outcome put in force")
	if passed := b.now().Sub(moment); passed >= time.Second {
		t.Errorf("that took %s by the clock", passed)
	}
	for _, p := range places {
		if text := b.sees(nil, p.path).Is(200).Text; !strings.Contains(text, p.after) || p.before != "" && strings.Contains(text, p.before) {
			t.Errorf("%s after it is published: %s", p.path, text)
		}
	}
	if got := b.status("0001"); got != standing.Expelled {
		t.Errorf("it is %s", got)
	}
	if after := b.logSize(); after <= log {
		t.Errorf("the public log had %d leaves and has %d", log, after)
	}
	// The session that was open before is over at once; who signs in again reads where the company stands.
	if over := b.sees(b.representative, "/portal").Is(303).Header; !slices.ContainsFunc(over.Values("Set-Cookie"), func(c string) bool { return strings.HasPrefix(c, "__Host-shingle-ended=role") }) {
		t.Errorf("the session of who acts for it goes on: %v", over)
	}
	b.signsIn(b.representative)
	b.sees(b.representative, "/portal").Is(200).Has("main", "Member 0001 has been expelled from membership. A decision of the body ended its membership.")
	// The certificate that was published is the one that is in the record.
	b.signsIn(b.chair)
	b.sees(b.chair, home+"/certificate").Is(200).Has("p.lead", "Every step that the procedure asks for is on record.")
	b.sees(nil, home).Is(303) // to the door
}

// logSize is how many leaves the public log has, as everybody reads it.
func (b *bench) logSize() int {
	b.t.Helper()
	lines := strings.Split(b.sees(nil, "/log/checkpoint").Is(200).Text, "\n")
	n := 0
	for _, digit := range lines[1] {
		n = 10*n + int(digit-'0')
	}
	return n
}
