package body_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/webtest"
)

func personal(text string) act.Personal { return act.NewPersonal("", text) }

// invite invites somebody to act for a member, and returns their number.
func invite(b *webtest.Body, member, role, name string) string {
	done := b.Do(people.Invite{Member: member, Role: role, Name: personal(name), Email: personal(strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@x.example")})
	return strings.TrimPrefix(done.Stream, "person/")
}

// seated is who holds which role, in the order in which they are listed.
func seated(t *testing.T, list []view.Colleague, err error) (all []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		all = append(all, c.Name+" "+c.Role)
	}
	return all
}

func TestPeopleAreShownWithTheirRoles(t *testing.T) {
	b := small(t)
	ada, bob := invite(b, "0042", people.Representative, "Ada Pine"), invite(b, "0042", people.Practitioner, "Bob Oak")
	b.Do(people.Appoint{Person: bob, Member: "0043", Role: people.Practitioner, Until: act.On(2026, 4, 30)})
	b.Do(people.InviteOfficer{Role: people.Chair, Name: personal("Cleo Elm"), Email: personal("cleo@x.example"), Until: act.On(2027, 12, 31)})
	b.Do(people.Join{Person: ada})

	p, err := b.Register.Person(t.Context(), ada)
	want := view.Person{ID: ada, Name: "Ada Pine", Email: "ada.pine@x.example", InvitedUntil: b.Now().AddDate(0, 0, 14), Joined: b.Now()}
	if err != nil || p != want {
		t.Errorf("%+v, %v; want %+v", p, err, want)
	}
	if _, err := b.Register.Person(t.Context(), "0099"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	roles, err := b.Register.Roles(t.Context(), bob)
	if err != nil || len(roles) != 2 || roles[0].Member != "0042" || !roles[0].Until.IsZero() || roles[1].Member != "0043" ||
		!roles[1].Until.Equal(act.On(2026, 5, 1).Start(denver(t))) || roles[1].Changed != 0 || !roles[1].At(b.Now()) || roles[1].At(roles[1].Until) {
		t.Errorf("%+v, %v", roles, err)
	}
	at := func(member string) []string {
		list, err := b.Register.PeopleOf(t.Context(), member, b.Now())
		return seated(t, list, err)
	}
	if got := at("0042"); !slices.Equal(got, []string{"Bob Oak practitioner", "Ada Pine representative"}) {
		t.Errorf("at 0042: %v", got)
	}
	if got := at("0043"); !slices.Equal(got, []string{"Bob Oak practitioner"}) {
		t.Errorf("at 0043: %v", got)
	}
	if got := append(at(""), at("0044")...); len(got) != 0 {
		t.Errorf("at no member: %v", got)
	}
	officers := func() []string { list, err := b.Register.Officers(t.Context(), b.Now()); return seated(t, list, err) }
	if got := officers(); !slices.Equal(got, []string{"Cleo Elm chair"}) {
		t.Errorf("officers: %v", got)
	}
	b.Pass(60 * 24 * time.Hour)
	if got := at("0043"); len(got) != 0 {
		t.Errorf("after the term: %v", got)
	}
	b.Do(people.Correct{Person: ada, Name: personal("Ada Birch"), Email: personal("ada@birch.example")})
	if p, err := b.Register.Person(t.Context(), ada); err != nil || p.Name != "Ada Birch" || p.Email != "ada@birch.example" {
		t.Errorf("corrected: %+v, %v", p, err)
	}
}

func denver(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestInvitationsAreListedByTheirEnd(t *testing.T) {
	b := small(t)
	var all []string
	for _, name := range []string{"Ada", "Bob", "Cleo", "Dan"} {
		all = append(all, invite(b, "0042", people.Practitioner, name))
	}
	b.Pass(24 * time.Hour)
	all = append(all, invite(b, "0042", people.Practitioner, "Eve"))
	b.Do(people.Reinvite{Person: all[0]})
	b.Do(people.Join{Person: all[1]})
	b.Do(people.Forget{Person: all[2], Reason: "objection"})
	want := []string{all[3], all[0], all[4]}
	var got []string
	for after := (view.Person{}); ; {
		list, err := b.Register.Invited(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			got = append(got, p.ID)
			after = p
		}
		if len(list) < 2 {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestWhatEndsSessionsIsCounted holds Changed to what signs people out: a role that ended, whoever it is that
// ends it, and a member that was expelled; and to nothing else.
func TestWhatEndsSessionsIsCounted(t *testing.T) {
	b := webtest.Start(t, store, "Society", began)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	day := act.On(2026, 3, 1)
	b.Do(membership.Enrol{Number: "0042", Name: "Cobalt Ridge IT", ContactName: personal("Ada Pine"), Admitted: day, Subscribed: day, PaidThrough: act.On(2027, 2, 28)})
	ada, bob := invite(b, "0042", people.Representative, "Ada"), invite(b, "0042", people.Practitioner, "Bob")
	changed := func(person string) int64 {
		t.Helper()
		roles, err := b.Register.Roles(t.Context(), person)
		if err != nil || len(roles) != 1 {
			t.Fatalf("%v, %v", roles, err)
		}
		return roles[0].Changed
	}
	b.Do(people.Appoint{Person: bob, Member: "0042", Role: people.Practitioner, Until: act.On(2027, 1, 1)})
	if changed(bob) != 0 {
		t.Error("another term signs somebody out")
	}
	end := b.Do(people.End{Person: bob, Member: "0042", Role: people.Practitioner}).Events[0].Position
	if changed(bob) != end || changed(ada) != 0 {
		t.Errorf("Bob was signed out at %d, not %d; Ada at %d", changed(bob), end, changed(ada))
	}
	b.Do(people.Appoint{Person: bob, Member: "0042", Role: people.Practitioner})
	if changed(bob) != end {
		t.Error("whoever gets a role back is signed in again where they were signed out")
	}
	b.Pass(70 * 24 * time.Hour)
	b.Do(governance.Open{})
	expel(b, "0042")
	said, err := b.Register.LastStatement(t.Context(), "0042")
	if err != nil || changed(ada) != said.Position || changed(bob) != said.Position {
		t.Errorf("expelled at %d, %v; signed out at %d and %d", said.Position, err, changed(ada), changed(bob))
	}
}

func TestAForgottenPersonLeavesANumber(t *testing.T) {
	b := small(t)
	ada := invite(b, "0042", people.Representative, "Ada Canary")
	c, err := b.Register.Contact(t.Context(), "0042")
	if err != nil || c != (view.Contact{Person: "0042-1", Name: "Ada Pine"}) {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, err := b.Register.Contact(t.Context(), "0099"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("nobody's contact: %v", err)
	}
	if c, err := b.Register.Contact(t.Context(), "0044"); err != nil || c != (view.Contact{}) {
		t.Errorf("of a member that named nobody: %+v, %v", c, err)
	}
	b.Do(people.Forget{Person: ada, Reason: "consent-withdrawn"})
	b.Do(people.Forget{Person: "0042-1", Reason: "objection"})
	if p, err := b.Register.Person(t.Context(), ada); err != nil || p.Name != "" || p.Email != "" || !p.Forgotten.Equal(b.Now()) {
		t.Errorf("%+v, %v", p, err)
	}
	if list, err := b.Register.PeopleOf(t.Context(), "0042", b.Now()); err != nil || len(list) != 0 {
		t.Errorf("still at the member: %v, %v", list, err)
	}
	if c, err := b.Register.Contact(t.Context(), "0042"); err != nil || c != (view.Contact{Person: "0042-1"}) {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := b.Register.Contact(t.Context(), "0043"); err != nil || c.Name != "Ada Pine" {
		t.Errorf("another member's contact: %+v, %v", c, err)
	}
	if ids, err := b.Register.ForgottenPeople(t.Context(), "", 10); err != nil || !slices.Equal(ids, []string{ada, "0042-1"}) {
		t.Errorf("forgotten are %v, %v", ids, err)
	}
	if ids, err := b.Register.ForgottenPeople(t.Context(), ada, 10); err != nil || !slices.Equal(ids, []string{"0042-1"}) {
		t.Errorf("behind the first: %v, %v", ids, err)
	}
	if dump := dump(t, b); strings.Contains(dump, "Canary") || strings.Count(dump, "Ada Pine") != 1 {
		t.Error("a name is still in a view")
	}
}

// TestWhoComesAndIsForgottenTogetherIsForgotten has a member taken over, its contact forgotten and somebody
// invited and forgotten, all in one transaction.
func TestWhoComesAndIsForgottenTogetherIsForgotten(t *testing.T) {
	b := small(t)
	var asked []*record.Pending
	for _, cmd := range []any{
		membership.Enrol{Number: "0050", Name: "Umber", ContactName: personal("Ada Canary"), Admitted: act.On(2026, 3, 1)},
		people.Forget{Person: "0050-1", Reason: "objection"},
		people.Invite{Member: "0042", Role: people.Practitioner, Name: personal("Bob Canary"), Email: personal("canary@x.example")},
		people.Forget{Person: "0001", Reason: "objection"},
	} {
		asked = append(asked, b.Record.Ask(t.Context(), record.Request{Command: cmd, Actor: "operator", Role: "operator", Expect: -1}))
	}
	for _, p := range asked {
		if _, err := p.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(strings.ToLower(dump(t, b)), "canary") {
		t.Error("a name is still in a view")
	}
}
