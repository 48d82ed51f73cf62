package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
	"shingle/internal/code"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	"shingle/internal/publog"
	"shingle/internal/record"
	view "shingle/internal/view/body"
)

// present is an ordinary day on which the demo is started.
var present = time.Date(2026, time.November, 23, 15, 4, 5, 678_901_234, time.UTC)

// outcome is how the members stand in the end, whenever that is.
var outcome = map[string]int{
	"good": 301, "not-subscribed administrative": 3, "conditional disciplinary": 2, "lapsed administrative": 9,
	"suspended administrative": 4, "suspended interim": 1, "suspended disciplinary": 1,
	"withdrawn administrative": 7, "withdrawn-under-investigation interim": 1, "expelled disciplinary": 1,
}

func build(t *testing.T, now time.Time) *body {
	t.Helper()
	b := newBody(t)
	var last, of int
	must(t, Build(t.Context(), b.stage(), now, func(done, all int) {
		if done <= last || done > all {
			t.Errorf("%d of %d acts are done after %d", done, all, last)
		}
		last, of = done, all
	}))
	if last != of || last < 4000 {
		t.Errorf("%d of %d acts were done", last, of)
	}
	return b
}

func TestTheHistoryEndsWithAllStandings(t *testing.T) {
	for name, now := range map[string]time.Time{
		"on an ordinary day":      present,
		"on a 29 February":        time.Date(2028, time.February, 29, 12, 0, 0, 0, time.UTC),
		"on a 31 May, at night":   time.Date(2027, time.May, 31, 3, 0, 0, 0, time.UTC),
		"on New Year's Eve":       time.Date(2027, time.December, 31, 23, 59, 0, 0, time.UTC),
		"on the first of a month": time.Date(2031, time.July, 1, 5, 0, 1, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := build(t, now)
			if got := b.standings(t); fmt.Sprint(got) != fmt.Sprint(outcome) {
				t.Errorf("they stand thus: %v", got)
			}
			b.checkWhole(t)
			b.checkCast(t, now)
		})
	}
}

// standings counts the members by how they stand, and checks that view, record and log say the same.
func (b *body) standings(t *testing.T) map[string]int {
	t.Helper()
	whole, err := b.register.Body(t.Context())
	must(t, err)
	if whole.Members != 330 {
		t.Errorf("the register has %d members", whole.Members)
	}
	count := map[string]int{}
	must(t, b.record.Upkeep(t.Context(), func(_ record.Tx, w act.World) error {
		for i := range 330 {
			number := fmt.Sprintf("%04d", i+1)
			computed := standing.Of(flowbody.FactsOf(w, number), b.now, b.now)
			stated := act.StateOf[standing.Statements](w, "standing/"+number).Last
			if computed.Status != stated.Status || computed.Kind != stated.Kind || !computed.Since.Equal(stated.Since) {
				t.Errorf("member %s is %s %s since %s, and stated as %s %s since %s", number,
					computed.Status, computed.Kind, computed.Since, stated.Status, stated.Kind, stated.Since)
			}
			if shown, err := b.register.Standing(t.Context(), number, b.now); err != nil || shown.Status != computed.Status || shown.Kind != computed.Kind {
				t.Errorf("member %s is %s %s, and shown as %s %s: %v", number, computed.Status, computed.Kind, shown.Status, shown.Kind, err)
			}
			count[strings.TrimSpace(string(computed.Status)+" "+string(computed.Kind))]++
		}
		return nil
	}))
	return count
}

// checkWhole checks the record's chain and the public log.
func (b *body) checkWhole(t *testing.T) {
	t.Helper()
	must(t, record.Verify(t.Context(), b.record.Engine, b.record.Catalogue, nil))
	if _, err := publog.Check(t.Context(), b.record.Engine.Reader().QueryContext, b.logKey); err != nil {
		t.Error(err)
	}
}

// checkCast checks what the documentation tells of single members.
func (b *body) checkCast(t *testing.T, now time.Time) {
	t.Helper()
	ctx := t.Context()
	ago := func(number string, at time.Time) standing.Status {
		s, err := b.register.Standing(ctx, number, at)
		must(t, err)
		return s.Status
	}
	if was := ago("0202", now.AddDate(0, -1, 0)); was != standing.Good {
		t.Errorf("a month ago the expelled member was %s", was)
	}
	notices, err := b.register.Notices(ctx, "", "", now, 100)
	must(t, err)
	classes := map[string]int{}
	for _, n := range notices {
		classes[n.Class]++
		if n.Corrects != "" {
			classes["correction"]++
		}
	}
	for class, n := range map[string]int{
		"expulsion": 1, "suspension": 5, "probation": 1, "conditions": 3, "reprimand": 3, "required-education": 1, "interim": 2, "warning": 0,
		// A stayed suspension, conditions that were met, charges that failed, an interim suspension that was continued; that
		// of another one has come down.
		"correction": 4,
	} {
		if classes[class] != n {
			t.Errorf("there are %d notices of %s, not %d: %v", classes[class], class, n, classes)
		}
	}
	docket, err := b.register.Docket(ctx, view.DocketQuery{Limit: 100})
	must(t, err)
	stages := map[string]int{}
	for _, c := range docket.Rows {
		stages[strings.TrimSpace(string(c.Stage)+" "+c.Outcome)]++
		if c.Missed(now) > 0 && c.Member != "0262" {
			t.Errorf("the body missed a term of case %s, about %s, which is %s", c.ID, c.Member, c.Stage)
		}
	}
	for stage, n := range map[string]int{
		"lodged": 2, "offered": 1, "dismissed": 1, "investigating": 1, "charged": 3, "heard": 1, "served": 1, "appealed": 1, "final consent": 1,
		"closed dismissed": 2, "closed accepted": 1, "closed settled": 1, "closed proven": 2, "closed not-proven": 1,
	} {
		if stages[stage] != n {
			t.Errorf("%d cases are %s, not %d: %v", stages[stage], stage, n, stages)
		}
	}
	warnings, err := b.register.WarningList(ctx, now)
	must(t, err)
	claims, err := b.register.Claims(ctx, "")
	must(t, err)
	if len(warnings) != 1 || warnings[0].Company != "Phantom Peak Networks" || len(claims) != 4 || claims[3].Stage != cases.Unlisted {
		t.Errorf("on the warning list are %+v, of %+v", warnings, claims)
	}
	spans, err := b.register.History(ctx, model, now)
	must(t, err)
	for i, s := range spans {
		if s.Status != standing.Good && (i > 1 || s.Status != standing.NotSubscribed) {
			t.Errorf("member %s was %s from %s to %s", model, s.Status, s.Since, s.Until)
		}
	}
	m, err := b.register.Member(ctx, model)
	must(t, err)
	v, err := b.register.VersionInForce(ctx, now)
	must(t, err)
	zone, err := time.LoadLocation(zone)
	must(t, err)
	if m.Name != "Cobalt Ridge IT" || m.Code.Version != v.Version || act.DateIn(m.Code.At, zone) != act.DateIn(v.Effective, zone) {
		t.Errorf("member %s signed version %s at %s; version %s took effect at %s", m.Name, m.Code.Version, m.Code.At, v.Version, v.Effective)
	}
}

func TestTheSameNowGivesTheSameHistory(t *testing.T) {
	t.Parallel()
	var told [2][]string
	for i := range told {
		b := build(t, present)
		events, err := b.record.Events(t.Context(), 0, 100_000)
		must(t, err)
		for _, e := range events {
			payload, err := act.Fingerprint(e.Event) // what people said is sealed under new keys each time
			must(t, err)
			told[i] = append(told[i], fmt.Sprint(e.Position, e.Stream, e.Version, e.Kind, e.At, e.Effective, e.Actor, e.Role, e.Subjects, string(payload)))
		}
	}
	for i, line := range told[0] {
		if len(told[1]) != len(told[0]) || line != told[1][i] {
			t.Fatalf("two histories of %d and %d events differ, first at\n%s", len(told[0]), len(told[1]), line)
		}
	}
}

func TestEverybodyMayDoWhatTheyDo(t *testing.T) {
	h, err := write(present)
	must(t, err)
	catalogue := flowbody.Catalogue()
	for _, d := range h.deeds {
		if later, ok := d.cmd.(func() any); ok {
			d.cmd = later()
		}
		a, ok := catalogue.ActFor(d.cmd)
		if !ok {
			t.Fatalf("there is no act for %T", d.cmd)
		}
		var about struct {
			Member   string `json:"member"`
			Panelist string `json:"panelist"`
		}
		print, err := act.Fingerprint(d.cmd)
		must(t, err)
		must(t, json.Unmarshal(print, &about))
		if err := gate.Allows(gate.Who{Actor: d.by.actor, Role: d.by.role, Member: d.by.member, Assigned: []string{strings.TrimPrefix(d.by.actor, "person/")}}, a.Kind, about.Member, about.Panelist); err != nil {
			t.Errorf("%s by %s on %s: %v", a.Kind, d.by.actor, d.at, err)
		}
	}
}

// TestEveryOfficeIsHeld finds the people of the demo where they serve and work, also long after they were invited.
func TestEveryOfficeIsHeld(t *testing.T) {
	t.Parallel()
	b := build(t, present)
	ctx := t.Context()
	officers, err := b.register.Officers(ctx, b.now)
	must(t, err)
	all := officers
	for _, member := range []string{model, "0117", "0200"} {
		list, err := b.register.PeopleOf(ctx, member, b.now)
		must(t, err)
		all = append(all, list...)
	}
	for _, p := range People {
		i := slices.IndexFunc(all, func(c view.Colleague) bool { return c.ID == p.Number })
		if i < 0 || all[i].Name != p.Name || all[i].Email != p.Email || all[i].Role != p.Role || all[i].Member != p.Member || all[i].Joined.IsZero() {
			t.Errorf("%+v is not there: %d", p, i)
		}
	}
	for _, office := range people.Offices {
		if !slices.ContainsFunc(officers, func(c view.Colleague) bool { return c.Role == office }) {
			t.Errorf("nobody is %s", office)
		}
	}
	if len(all) != len(People)+1 { // and the newcomer
		t.Errorf("%d people for %d", len(all), len(People))
	}
	invited, err := b.register.Invited(ctx, view.Person{}, 10)
	must(t, err)
	if len(invited) != 1 || invited[0].Name != newcomer.Name || !invited[0].InvitedUntil.After(b.now) {
		t.Errorf("invited are %+v", invited)
	}
	contact, err := b.register.Contact(ctx, model)
	must(t, err)
	if contact.Name != "Ruben Brightwater" || contact.Person != model+"-1" {
		t.Errorf("the contact of %s is %+v", model, contact)
	}
}

func TestTokensAreOfRolesThatMayHoldThem(t *testing.T) {
	for _, token := range Tokens {
		must(t, gate.MayHold(token.Role, token.Member))
	}
}

func TestVisitorsCanExpelAMember(t *testing.T) {
	t.Parallel()
	b := build(t, present)
	for _, number := range Expellable {
		decision, err := Decision(number, present)
		must(t, err)
		done, err := b.record.Do(t.Context(), record.Request{Command: decision, Actor: "token/a", Role: gate.CaseManager, Expect: -1})
		must(t, err)
		order := strings.TrimPrefix(done.Stream, "order/")
		_, err = b.record.Do(t.Context(), record.Request{Command: discipline.Confirm{Order: order}, Actor: "token/b", Role: gate.Chair, Expect: -1})
		must(t, err)
		for at, want := range map[time.Time]standing.Status{b.now: standing.Expelled, b.now.AddDate(0, -1, 0): standing.Good} {
			if got, err := b.register.Standing(t.Context(), number, at); err != nil || got.Status != want {
				t.Errorf("on %s member %s is %s: %v", at, number, got.Status, err)
			}
		}
	}
}

func TestTheSecondTextChangesTheFirst(t *testing.T) {
	c, err := newCalendar(present)
	must(t, err)
	var versions []*code.Version
	for file, effective := range map[string]act.Date{"msp/code-first.md": c.firstText(), "msp/code.md": c.secondText()} {
		text, err := dated(file, effective)
		must(t, err)
		v, problems := code.Parse(text.file)
		must(t, problems.Err())
		versions = append(versions, v)
	}
	slices.SortFunc(versions, func(a, b *code.Version) int { return a.Effective.Compare(b.Effective) })
	count := map[code.Kind]int{}
	for _, p := range code.Diff(versions[0], versions[1]).Provisions {
		count[p.Kind]++
		if p.Kind == code.Added && p.ID != "2.5" || p.Kind == code.Removed && p.ID != "4.8" {
			t.Errorf("provision %s is %s", p.ID, p.Kind)
		}
	}
	if count[code.Added] != 1 || count[code.Removed] != 1 || count[code.Changed] < 15 || count[code.Unchanged] < 3 {
		t.Errorf("between the two texts: %v", count)
	}
}

func TestFederalHolidays(t *testing.T) {
	for year, want := range map[int]string{
		2026: "[2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25]",
		2027: "[2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31]",
		2028: "[2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25]",
	} {
		if got := fmt.Sprint(federal(year)); got != want {
			t.Errorf("the holidays of %d are %s", year, got)
		}
	}
}
