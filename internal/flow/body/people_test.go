package flowbody

import (
	"slices"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
)

var (
	ada      = act.NewPersonal("", "Ada Pine")
	adaEmail = act.NewPersonal("", "ada@cobaltridge.example")
)

// invite invites somebody to a role at a member, and returns their number.
func (w *world) invite(member, role string) string {
	w.t.Helper()
	w.must("operator", people.Invite{Member: member, Role: role, Name: ada, Email: adaEmail})
	return last[people.PersonInvited](w).Person
}

func (w *world) holds(person, role, member string) bool {
	return personOf(w, "person/"+person).Holds(role, member, w.now)
}

func TestWhoAppliesInTheirOwnNameSpeaksForTheCompany(t *testing.T) {
	w := founded(t)
	w.must("system", people.Register{Name: ada, Email: adaEmail})
	kinds, err := w.doAs("person/0001", "person", membership.Apply{Name: "Pine IT", ContactName: ada})
	if err != nil || !slices.Contains(kinds, "person.appointed") {
		t.Fatal(kinds, err)
	}
	number := last[membership.Applied](w).Member
	if !w.holds("0001", people.Representative, number) || last[membership.Applied](w).ContactName.Owner != "person/0001" {
		t.Error("who applied is not the representative")
	}
	// Somebody who represents a company already can apply for another one.
	if _, err := w.doAs("person/0001", people.Representative, membership.Apply{Name: "Pine Holding"}); err != nil || !w.holds("0001", people.Representative, last[membership.Applied](w).Member) {
		t.Error("a representative is none of the second company", err)
	}
	// An officer who enters an application, and a program, speak for nobody.
	for _, c := range [][2]string{{"person/0001", "registrar"}, {"token/4f2a", "registrar"}} {
		kinds, err := w.doAs(c[0], c[1], membership.Apply{Name: "Paper IT", ContactName: ada})
		if err != nil || slices.Contains(kinds, "person.appointed") || last[membership.Applied](w).ContactName.Owner != "person/"+last[membership.Applied](w).Member+"-1" {
			t.Errorf("%v: %v, %v", c, kinds, err)
		}
	}
	if _, err := w.doAs("person/0099", "person", membership.Apply{Name: "Nobody IT"}); err == nil {
		t.Error("nobody applied")
	}
}

func TestRolesAreHeldAtWhoeverTakesPart(t *testing.T) {
	w := founded(t)
	w.must("operator", membership.Apply{Name: "Applicant"})
	w.must("operator", membership.Apply{Name: "Turned down"})
	down := last[membership.Applied](w).Member
	w.must("operator", membership.Decline{Member: down, Reason: "too young"})
	for number, want := range map[string]bool{"0042": true, "0001": true, down: false, "0099": false, "": false} {
		_, err := w.do("operator", people.Invite{Member: number, Role: people.Practitioner, Name: ada, Email: adaEmail})
		if r, _ := act.Refused(err); (err == nil) != want || !want && r.Rule.ID != "PPL-05" {
			t.Errorf("at %q: %v", number, err)
		}
	}
	person := w.invite("0042", people.Practitioner)
	if _, err := w.do("operator", people.Move{Person: person, From: "0042", To: down, Role: people.Practitioner}); err == nil {
		t.Error("somebody moved to a company that was turned down")
	}
	w.must("operator", people.Move{Person: person, From: "0042", To: "0001", Role: people.Practitioner})
	w.must("operator", membership.Withdraw{Member: "0042"})
	if _, err := w.do("operator", people.Appoint{Person: person, Member: "0042", Role: people.Practitioner}); err == nil {
		t.Error("somebody was given a role at a former member")
	}
}

func TestPeopleGoAlongWhenTheirCompanyMerges(t *testing.T) {
	w := founded(t)
	into := cobalt()
	into.Number, into.Domains = "0043", nil
	w.must("operator", into)
	stays, both, gone, brief := w.invite("0042", people.Representative), w.invite("0042", people.Practitioner), w.invite("0042", people.Practitioner), w.invite("0042", people.Practitioner)
	w.must("operator", people.Appoint{Person: both, Member: "0043", Role: people.Practitioner})
	w.must("operator", people.Appoint{Person: brief, Member: "0042", Role: people.Practitioner, Until: act.DateIn(w.now, time.UTC)})
	w.must("operator", people.End{Person: gone, Member: "0042", Role: people.Practitioner})
	w.now = w.now.AddDate(0, 0, 2)
	w.must("operator", membership.Merge{Member: "0042", Into: "0043"})
	for _, c := range []struct {
		person, role, member string
		want                 bool
	}{
		{stays, people.Representative, "0042", false}, {stays, people.Representative, "0043", true},
		{both, people.Practitioner, "0042", false}, {both, people.Practitioner, "0043", true},
		{gone, people.Practitioner, "0043", false}, {brief, people.Practitioner, "0043", false},
	} {
		if got := w.holds(c.person, c.role, c.member); got != c.want {
			t.Errorf("person %s, %s at %s: %v", c.person, c.role, c.member, got)
		}
	}
	// Leaving takes nobody's role: somebody must speak for a company that has left and is charged.
	w.must("operator", membership.Withdraw{Member: "0043"})
	if !w.holds(stays, people.Representative, "0043") {
		t.Error("who speaks for a former member is sent away")
	}
}

func TestOnlyWhomAMemberNamedIsForgotten(t *testing.T) {
	w := founded(t) // where 0042 has a contact, and was signed for
	for person, want := range map[string]bool{
		"0042-1": true, "0042-2": true, "0042-3": false, "0042-0": false, "0042-01": false, "0042-": false, "0042": false, "0099-1": false, "-1": false, "": false, "0042--1": false,
		"0042-18446744073709551617": false,
	} {
		if _, err := w.do("operator", people.Forget{Person: person, Reason: "objection"}); (err == nil) != want {
			t.Errorf("%q: %v", person, err)
		}
	}
}

// TestWhoWasForgottenSignsNothing has a person sign whose session outlived them.
func TestWhoWasForgottenSignsNothing(t *testing.T) {
	w := founded(t)
	person := w.invite("0042", people.Representative)
	w.must("operator", people.Forget{Person: person, Reason: "objection"})
	_, err := w.doAs("person/"+person, people.Representative, membership.Renew{Member: "0042", Representative: ada, Capacity: "director", Declaration: true})
	if r, _ := act.Refused(err); r == nil || r.Rule.ID != "MEM-35" {
		t.Errorf("signed by somebody who was forgotten: %v", err)
	}
}
