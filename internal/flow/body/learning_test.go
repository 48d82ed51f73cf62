package flowbody

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
	"shingle/internal/code"
)

// numbered is a text that sets the number: two courses a year, two months of grace, half a year to make up.
func numbered(version, effective, education string) string {
	s := strings.Replace(text(version, effective), "education: not-set", "education: "+education, 1)
	s = strings.Replace(s, "renewal: 1y, domain-proof: 12mo", "grace: 3y", 1)
	return strings.Replace(s, "attestation: 3mo", "grace: 30d", 1)
}

const twoCourses = "{credits: 2, period: 1y, newcomers: full, late: {grace: 60d, make-up: 6mo}, waivers: {most: 100%}}"

// learns records that somebody completed a course on a day, which becomes today.
func (w *world) learns(person, course, on string, meant ...string) {
	w.t.Helper()
	w.now = noon(on)
	cmd := education.Record{Person: person, Course: course, On: date(on)}
	if len(meant) > 0 {
		cmd.For = date(meant[0])
	}
	w.must("operator", cmd)
}

// stands says how a member stands on a day, as known on another.
func (w *world) stands(member, on, known string, status standing.Status, why string) {
	w.t.Helper()
	a := standing.Of(FactsOf(w, member), noon(on), noon(known))
	if a.Status != status {
		w.t.Errorf("on %s, as known on %s: %s, want %s; reasons %+v", on, known, a.Status, status, a.Reasons)
	}
	if why != "" && !slices.ContainsFunc(a.Reasons, func(r standing.Reason) bool { return r.Rule == why }) {
		w.t.Errorf("on %s, as known on %s: no reason %s in %+v", on, known, why, a.Reasons)
	}
}

// school is a body with one member of two practitioners, 0001 and 0002, two courses, and a code that sets the number
// from 2027 on. Nothing else is asked of members.
func school(t testing.TB) *world {
	w := newWorld(t, noon("2026-02-01"))
	w.must("operator", governance.Found{Name: "The Demo Body", Zone: "Europe/Dublin", Web: "demo.example"})
	w.must("operator", governance.Adopt{Text: numbered("2026.1", "2026-01-01", "not-set")})
	w.must("operator", governance.Open{})
	w.enrol("0042", "2026.1", "not-set")
	w.invite("0042", people.Practitioner)
	w.invite("0042", people.Practitioner)
	w.must("operator", education.Offer{Title: "Keys", Minutes: 60})
	w.must("operator", education.Offer{Title: "Locks", Minutes: 60})
	w.must("operator", governance.Adopt{Text: numbered("2027.1", "2027-01-01", twoCourses)})
	w.now = noon("2027-01-02")
	w.signs("0042", "2027.1", numbered("2027.1", "2027-01-01", twoCourses))
	return w
}

// enrol takes in a member that has paid for long, and signs a text.
func (w *world) enrol(number, version, education string) {
	w.t.Helper()
	m := cobalt()
	m.Number, m.Name, m.Domains, m.PaidThrough = number, "Member "+number, nil, date("2040-12-31")
	w.must("operator", m)
	w.signs(number, version, numbered(version, version[:4]+"-01-01", education))
}

func (w *world) signs(number, version, text string) {
	w.t.Helper()
	v, problems := code.Parse([]byte(text))
	if len(problems) > 0 {
		w.t.Fatal(problems)
	}
	w.must("operator", membership.Subscribe{Member: number, Version: version, SHA256: v.Hash(), Representative: ada, Capacity: "director"})
}

// A new text sets the number; people earn and miss credits; the grace ends, and standing changes on the day; a plan
// makes it conditional, and what is made up cures it. What was known before stays as it was.
func TestTheNumberIsSetMissedAndMadeUpFor(t *testing.T) {
	w := school(t)
	w.stands("0042", "2026-12-31", "2027-01-02", standing.Good, "STD-04")
	w.learns("0001", "C-0001", "2027-03-01")
	w.learns("0001", "C-0002", "2027-04-01")
	w.learns("0002", "C-0001", "2027-05-01")
	w.stands("0042", "2028-02-29", "2027-05-01", standing.Good, "")
	w.stands("0042", "2028-03-01", "2027-05-01", standing.Suspended, "STD-25")

	w.now = noon("2028-03-05")
	w.must("clock", standing.State{Member: "0042"})
	if s := last[standing.Stated](w); s.Status != standing.Suspended || s.Kind != standing.Administrative || !s.Since.Equal(date("2028-03-01").Start(bodyOf(w).Location)) {
		t.Errorf("the register says %+v", s)
	}
	before := standing.Of(FactsOf(w, "0042"), w.now, w.now)

	w.now = noon("2028-03-06")
	kinds := w.must("token/1", education.MakeUp{Person: "0002", For: date("2027-12-31"), Until: date("2028-08-31")})
	if !slices.Equal(kinds, []string{"learner.planned", "standing.stated"}) || last[standing.Stated](w).Status != standing.Conditional {
		t.Errorf("a plan made %v", kinds)
	}
	w.stands("0042", "2028-08-31", "2028-03-06", standing.Conditional, "STD-24")
	w.stands("0042", "2028-09-01", "2028-03-06", standing.Suspended, "STD-25")
	w.stands("0042", "2028-03-05", "2028-03-06", standing.Suspended, "STD-25") // the plan was not there yet

	w.learns("0002", "C-0002", "2028-05-01", "2027-12-31")
	if s := last[standing.Stated](w); s.Status != standing.Good || !s.Since.Equal(date("2028-05-01").Start(bodyOf(w).Location)) {
		t.Errorf("the register says %+v", s)
	}
	w.stands("0042", "2028-12-31", "2028-05-01", standing.Good, "")
	if after := standing.Of(FactsOf(w, "0042"), noon("2028-03-05"), noon("2028-03-05")); !reflect.DeepEqual(after, before) {
		t.Errorf("what was known became another thing\nfrom %+v\nto   %+v", before, after)
	}

	// An audit finds that it was not attended: the credit and its consequences are gone.
	w.now = noon("2028-06-01")
	w.must("token/1", education.Reverse{Person: "0002", Credit: 2, Reason: "not-attended"})
	if s := last[standing.Stated](w); s.Status != standing.Conditional {
		t.Errorf("the register says %+v", s)
	}
	w.stands("0042", "2028-06-01", "2028-05-31", standing.Good, "")
}

// Somebody who leaves takes what they miss along, and their number stays when they are forgotten.
func TestWhoLeavesTakesTheirEducationAlong(t *testing.T) {
	w := school(t)
	w.learns("0001", "C-0001", "2027-03-01")
	w.learns("0001", "C-0002", "2027-04-01")
	w.enrol("0043", "2027.1", twoCourses)
	w.now = noon("2028-03-05")
	w.stands("0042", "2028-03-05", "2028-03-05", standing.Suspended, "STD-25")
	w.stands("0043", "2028-03-05", "2028-03-05", standing.Good, "")
	w.must("operator", people.Move{Person: "0002", Role: people.Practitioner, From: "0042", To: "0043"})
	w.stands("0042", "2028-03-06", "2028-03-05", standing.Good, "")
	w.stands("0043", "2028-03-06", "2028-03-05", standing.Suspended, "STD-25")
	w.now = noon("2028-03-08")
	w.must("operator", people.Forget{Person: "0002", Reason: "objection"})
	w.stands("0043", "2028-03-09", "2028-03-08", standing.Good, "")
	w.stands("0043", "2028-03-07", "2028-03-08", standing.Suspended, "STD-25")
	if _, err := w.do("operator", education.Record{Person: "0002", Course: "C-0001", On: date("2028-03-08")}); err == nil {
		t.Error("a credit of somebody who was forgotten")
	}
}

// What was earned while nothing was set is kept, and fails nobody; a text that takes the number back cures what it brought.
func TestWhatIsNotSetHasNoEffect(t *testing.T) {
	w := school(t)
	w.now = noon("2028-03-05")
	w.stands("0042", "2028-03-05", "2028-03-05", standing.Suspended, "STD-25")
	w.must("operator", governance.Adopt{Text: numbered("2028.1", "2028-04-01", "not-set")})
	w.stands("0042", "2028-03-31", "2028-03-05", standing.Suspended, "STD-25")
	w.stands("0042", "2028-04-02", "2028-03-05", standing.Good, "STD-04")
}

// Who holds two of the roles that are bound is one person; who comes back was away meanwhile.
func TestCareers(t *testing.T) {
	day := func(s string) time.Time { return noon(s) }
	given := func(position int64, role, member, from, until string) turn {
		g := turn{position: position, at: day(from), role: role, member: member, given: true, from: day(from)}
		if until != "" {
			g.until = day(until)
		}
		return g
	}
	c := career{
		given(1, people.Practitioner, "0042", "2026-01-10", ""),
		given(2, people.Representative, "0042", "2026-02-10", "2026-12-31"),
		{position: 3, at: day("2026-06-10"), role: people.Practitioner, member: "0042"},
		given(4, people.Practitioner, "0043", "2026-09-10", ""),
	}
	rules := education.Rules{{Scheme: education.Ready(code.Education{})}}
	p := personUnder(rules, c, day("2026-10-01"), time.UTC)
	if p.Joined != date("2026-01-10") || !p.Left.IsZero() || len(p.Leaves) != 1 || p.Leaves[0] != (education.Leave{From: date("2026-06-10"), Until: date("2026-09-09")}) {
		t.Errorf("%+v", p)
	}
	if p := personUnder(rules, c, day("2026-07-01"), time.UTC); p.Left != date("2026-06-10") || len(p.Leaves) != 0 {
		t.Errorf("as known in July: %+v", p)
	}
	both := education.Ready(code.Education{Who: code.Who{Roles: code.Words{"practitioner", "representative"}}})
	l := learning{member: "0042", zone: time.UTC}
	got := l.colleagues([]taught{{stays: c.stays(day("2026-10-01"))}}, both)
	if len(got) != 1 || got[0].From != date("2026-01-10") || got[0].Until != date("2026-12-31") {
		t.Errorf("%+v", got)
	}
	if n := len(l.colleagues([]taught{{stays: c.stays(day("2026-10-01"))}}, rules[0].Scheme)); n != 1 {
		t.Errorf("of practitioners %d", n)
	}
}

// TestThreeHundredMembers is the story at the size of a real body: of each member's people some earn what is owed.
func TestThreeHundredMembers(t *testing.T) {
	w := school(t)
	w.now = noon("2027-01-03")
	const members = 330
	person := 2
	for n := range members {
		member := fmt.Sprint(1000 + n)
		w.enrol(member, "2027.1", twoCourses)
		for k := range 2 {
			w.invite(member, people.Practitioner)
			person++
			number := fmt.Sprintf("%04d", person)
			w.must("operator", education.Record{Person: number, Course: "C-0001", On: date("2027-01-03")})
			if n%3 > 0 || k > 0 { // a third of the members has one who misses a course
				w.must("operator", education.Record{Person: number, Course: "C-0002", On: date("2027-01-03")})
			}
		}
	}
	count := func(day string) map[standing.Status]int {
		w.now = noon(day)
		by := map[standing.Status]int{}
		for n := range members {
			number := fmt.Sprintf("%d", 1000+n)
			w.must("clock", standing.State{Member: number})
			by[act.StateOf[standing.Statements](w, "standing/"+number).Last.Status]++
		}
		return by
	}
	if by := count("2028-02-29"); by[standing.Good] != members {
		t.Errorf("on the last day of grace: %v", by)
	}
	if by := count("2028-03-01"); by[standing.Good] != members*2/3 || by[standing.Suspended] != members/3 {
		t.Errorf("on the day after: %v", by)
	}
	for n := 0; n < members; n += 3 {
		number := fmt.Sprintf("%04d", 3+2*n)
		w.must("token/1", education.MakeUp{Person: number, For: date("2027-12-31"), Until: date("2028-08-31")})
	}
	if by := count("2028-03-02"); by[standing.Conditional] != members/3 {
		t.Errorf("with plans: %v", by)
	}
	for n := 0; n < members; n += 3 {
		w.must("operator", education.Record{Person: fmt.Sprintf("%04d", 3+2*n), Course: "C-0002", On: date("2028-03-02"), For: date("2027-12-31")})
	}
	if by := count("2028-03-03"); by[standing.Good] != members {
		t.Errorf("made up for: %v", by)
	}
}
