package body_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/webtest"
)

// school is small, with courses of its own and of a provider, and Ada and Bob, who practise at 0042.
func school(t *testing.T) (b *webtest.Body, ada, bob string) {
	b = small(t)
	ada, bob = invite(b, "0042", people.Practitioner, "Ada Pine"), invite(b, "0042", people.Practitioner, "Bob Oak")
	b.Do(education.Offer{Title: "Keys and locks", Minutes: 60})
	b.Do(education.Apply{Name: "Courses Inc.", Site: "courses.example", Contact: personal("ann@courses.example")})
	b.Do(education.Offer{Title: "Äther and Öl", Provider: "P-0001", Minutes: 90})
	return b, ada, bob
}

func titles(t *testing.T, b *webtest.Body, q view.CourseQuery) (all []string) {
	t.Helper()
	if q.On.IsZero() {
		q.On = act.DateIn(b.Now(), denver(t))
	}
	for {
		page, next, err := b.Register.Courses(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			all = append(all, c.Title)
		}
		if q.Cursor = next; next == "" {
			return all
		}
	}
}

func TestTheCatalogueListsWhatCounts(t *testing.T) {
	b, _, _ := school(t)
	own, theirs := "Keys and locks", "Äther and Öl"
	is := func(q view.CourseQuery, want ...string) {
		t.Helper()
		if got := titles(t, b, q); !slices.Equal(got, want) {
			t.Errorf("%+v: %v, want %v", q, got, want)
		}
	}
	is(view.CourseQuery{}, own) // the provider is not approved
	is(view.CourseQuery{All: true}, theirs, own)
	b.Do(education.Approve{Provider: "P-0001"})
	is(view.CourseQuery{}, theirs, own)
	is(view.CourseQuery{Limit: 1}, theirs, own)
	is(view.CourseQuery{Q: "lock"}, own)
	is(view.CourseQuery{Q: "ol aether"})
	is(view.CourseQuery{Q: "ATHER"}, theirs)
	is(view.CourseQuery{Q: "c-0002"}, theirs)
	is(view.CourseQuery{Topic: "ethics"})
	b.Do(education.Withdraw{Course: "C-0001", Reason: "outdated"})
	is(view.CourseQuery{}, theirs)
	b.Do(education.End{Provider: "P-0001", From: act.On(2026, 4, 1), Reason: "closed"})
	is(view.CourseQuery{}, theirs)
	is(view.CourseQuery{On: act.On(2026, 4, 1)})

	c, err := b.Register.Course(t.Context(), "C-0002")
	if err != nil || c.ProviderName != "Courses Inc." || c.Minutes != 90 || c.Stage != education.Approved || !c.Until.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := b.Register.Course(t.Context(), "C-0009"); !errors.Is(err, view.ErrNotFound) {
		t.Error(err)
	}
	for _, cursor := range []string{"x", "AAAA", "%%"} {
		if _, _, err := b.Register.Courses(t.Context(), view.CourseQuery{Cursor: cursor}); !errors.Is(err, view.ErrQuery) {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
	all, err := b.Register.Providers(t.Context())
	if err != nil || len(all) != 1 || all[0].Contact != "ann@courses.example" || all[0].Until != act.On(2026, 3, 31) {
		t.Errorf("%+v, %v", all, err)
	}
}

func claim(person, title string) education.ClaimCredit {
	return education.ClaimCredit{Person: person, Title: personal(title), Organiser: personal("A club"), On: act.On(2026, 3, 1), Minutes: 60, Evidence: []string{"obj-1"}}
}

func TestClaimsWaitUntilTheyAreAnswered(t *testing.T) {
	b, ada, bob := school(t)
	waiting := func(want ...string) {
		t.Helper()
		var got []string
		after := view.CreditClaim{}
		for {
			page, err := b.Register.ClaimsWaiting(t.Context(), after, 1)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			after = page[0]
			got = append(got, fmt.Sprint(after.Person, " ", after.Number, " ", after.Title))
		}
		if !slices.Equal(got, want) {
			t.Errorf("waiting are %q, want %q", got, want)
		}
		all, err := b.Register.Waiting(t.Context(), b.Now(), flowbody.WaitingCredit)
		people := map[string]bool{}
		for _, w := range want {
			people["learner/"+w[:4]] = true
		}
		if err != nil || len(all) != len(people) {
			t.Errorf("%v wait, %v", all, err)
		}
	}
	b.Do(claim(ada, "A talk"))
	b.Pass(time.Minute)
	b.Do(claim(bob, "A walk"))
	b.Pass(time.Minute)
	b.Do(claim(ada, "Another talk"))
	waiting(ada+" 1 A talk", bob+" 1 A walk", ada+" 2 Another talk")
	b.Do(education.Decide{Person: ada, Claim: 1, Answer: "return", Reason: act.NewPrivate("", "who gave it?")})
	waiting(bob+" 1 A walk", ada+" 2 Another talk")
	b.Pass(time.Minute)
	again := claim(ada, "A talk by Cleo")
	again.Claim = 1
	b.Do(again)
	waiting(bob+" 1 A walk", ada+" 2 Another talk", ada+" 1 A talk by Cleo")
	b.Do(education.Decide{Person: bob, Claim: 1, Answer: "accept"})
	b.Do(people.Forget{Person: ada, Reason: "objection"})
	waiting()
	all, err := b.Register.ClaimsOf(t.Context(), ada)
	if err != nil || len(all) != 2 || all[0].Title != "" || all[1].Organiser != "" || all[0].On != act.On(2026, 3, 1) || !slices.Equal(all[0].Evidence, []string{"obj-1"}) {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestASampleIsListedWithWhoIsInIt(t *testing.T) {
	b, ada, bob := school(t)
	text, err := os.ReadFile("../../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	later := strings.NewReplacer("2026-03-01", "2026-03-03", "2026.1", "2026.2", "education: not-set", "education: {credits: 2, period: 1y, audit: {rate: 100%, answer: 30d}}")
	b.Do(governance.Adopt{Text: later.Replace(string(text))})
	b.Pass(48 * time.Hour)
	b.Do(education.Commit{Commitment: education.Commitment([]byte("seed"))})
	b.Do(education.Draw{Audit: "2026-0001", Seed: "73656564"})
	all, err := b.Register.Audits(t.Context())
	if err != nil || len(all) != 1 || all[0].People != 2 || all[0].Asked != 2 || all[0].Rate != 100 || all[0].AnswerBy.IsZero() || all[0].Drawn.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
	asked, err := b.Register.Asked(t.Context(), "2026-0001")
	if err != nil || !slices.Equal(asked, []string{ada, bob}) {
		t.Errorf("%v, %v", asked, err)
	}
	if mine, err := b.Register.AuditsOf(t.Context(), bob); err != nil || !slices.Equal(mine, []string{"2026-0001"}) {
		t.Errorf("%v, %v", mine, err)
	}
}

func TestEducationIsRebuilt(t *testing.T) {
	b, ada, bob := school(t)
	b.Do(education.Approve{Provider: "P-0001"})
	b.Do(education.Record{Person: ada, Course: "C-0001", On: act.On(2026, 3, 2)})
	b.Do(claim(ada, "A talk"))
	b.Do(claim(bob, "A walk"))
	b.Do(education.Commit{Commitment: education.Commitment([]byte("seed"))})
	b.Do(people.Forget{Person: bob, Reason: "objection"})
	b.Do(people.Forget{Person: "P-0001-1", Reason: "objection"})
	b.Tick()
	before := dump(t, b)
	if err := b.Record.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	b.Tick()
	if after := dump(t, b); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if strings.Contains(before, "ann@courses.example") || strings.Contains(before, "A walk") || !strings.Contains(before, "A talk") {
		t.Error("words of somebody who was forgotten are there, or others are not")
	}
}

// The register says it on the day, by time alone: a month is missed, the grace ends, a plan makes it conditional, and what
// is made up cures it. Whoever reads the register or the public log reads the same.
func TestMissedEducationChangesTheRegisterOnTheDay(t *testing.T) {
	b, ada, bob := school(t)
	text, err := os.ReadFile("../../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	later := strings.NewReplacer("2026-03-01", "2026-03-03", "2026.1", "2026.2",
		"education: not-set", "education: {credits: 1, period: 1mo, newcomers: full, late: {grace: 10d, make-up: 1mo}}")
	b.Do(governance.Adopt{Text: later.Replace(string(text))})
	says := func(status standing.Status, since act.Date) {
		t.Helper()
		s, err := b.Register.Standing(t.Context(), "0042", b.Now())
		if err != nil || s.Status != status || act.DateIn(s.Since, denver(t)) != since {
			t.Errorf("on %s the register says %+v, %v; want %s since %s", b.Now(), s, err, status, since)
		}
		state, _, err := b.Record.State(t.Context(), "standing/0042")
		if said := state.(standing.Statements).Last; err != nil || said.Status != status {
			t.Errorf("on %s the log says %s, %v; want %s", b.Now(), said.Status, err, status)
		}
	}
	until := func(day act.Date) {
		b.Pass(day.Start(denver(t)).Add(time.Hour).Sub(b.Now()))
		b.Tick()
	}
	joined := act.On(2026, 3, 1)
	until(act.On(2026, 3, 5))
	b.Do(education.Record{Person: ada, Course: "C-0001", On: act.On(2026, 3, 4)})
	until(act.On(2026, 4, 10))
	says(standing.Good, joined)
	until(act.On(2026, 4, 11))
	says(standing.Suspended, act.On(2026, 4, 11))
	until(act.On(2026, 4, 13))
	b.Do(education.MakeUp{Person: bob, For: act.On(2026, 3, 31), Until: act.On(2026, 5, 5)})
	says(standing.Conditional, act.On(2026, 4, 13))
	until(act.On(2026, 4, 15))
	b.Do(education.Record{Person: bob, Course: "C-0001", On: act.On(2026, 4, 15), For: act.On(2026, 3, 31)})
	says(standing.Good, act.On(2026, 4, 15))
	owed, err := b.Register.Duties(t.Context(), "0042")
	if i := slices.IndexFunc(owed, func(d standing.Duty) bool { return d.Kind == standing.DutyEducation }); err != nil || i < 0 || owed[i].LastDay(denver(t)) != act.On(2026, 5, 10) {
		t.Errorf("of April it owes %+v, %v", owed, err)
	}
}
