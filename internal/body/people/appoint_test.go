package people

import (
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func TestSomebodyIsGivenAnotherRole(t *testing.T) {
	want := given(ComplianceOfficer, "0042", "2027-06-01")
	want.From, want.At = acttest.Noon, acttest.Noon
	asking(t).Given(invited, joined).When(Appoint{"0007", " 0042", " " + ComplianceOfficer, date("2027-06-01")}).Then(want)
}

func TestARoleIsNotGivenTwice(t *testing.T) {
	asking(t).Given(invited, given(Practitioner, "0042", "")).When(Appoint{"0007", "0042", Practitioner, act.Date{}}).Nothing()
	again := given(Practitioner, "0042", "2027-06-01")
	again.At = acttest.Noon
	asking(t).Given(invited, given(Practitioner, "0042", "")).When(Appoint{"0007", "0042", Practitioner, date("2027-06-01")}).Then(again)
	// A term that is over is followed by another one.
	anew := given(Practitioner, "0042", "")
	anew.From, anew.At = acttest.Noon, acttest.Noon
	asking(t).Given(invited, given(Practitioner, "0042", "2026-03-31")).When(Appoint{"0007", "0042", Practitioner, act.Date{}}).Then(anew)
}

func TestRolesAreHeldAtMembers(t *testing.T) {
	asking(t).Given(invited).When(Appoint{"0007", "0042", Registrar, act.Date{}}).Refused(memberRole)
	acttest.For(t, Domain()).Knowing(Facts{Person: "0007", Zone: time.UTC}).Given(invited).
		When(Appoint{"0007", "0099", Practitioner, act.Date{}}).Refused(memberNamed)
}

func TestTermsEndInTime(t *testing.T) {
	for _, until := range []string{"2026-05-31", "2036-06-02", "1999-01-01"} {
		asking(t).Given(invited).When(Appoint{"0007", "0042", Practitioner, date(until)}).Refused(termPlausible)
		asking(t).Given(invited).When(AppointOfficer{"0007", Chair, date(until)}).Refused(termPlausible)
		asking(t).When(InviteOfficer{Chair, personal("Ada"), personal("ada@x.example"), date(until)}).Refused(termPlausible)
	}
	for _, until := range []string{"2026-06-01", "2036-06-01"} {
		asking(t).Given(invited).When(AppointOfficer{"0007", Chair, date(until)}).Events()
	}
}

// TestAMemberAppointsItsOwnPeople holds a representative to those who are there already: of others it must not
// learn so much as that they exist.
func TestAMemberAppointsItsOwnPeople(t *testing.T) {
	rep := as("person/0001", Representative)
	cmd := Appoint{"0007", "0042", ComplianceOfficer, act.Date{}}
	asking(t).Given(invited, given(Practitioner, "0042", "")).When(cmd, rep).Events()
	for _, before := range [][]act.Event{
		nil, {invited}, {invited, given(Practitioner, "0043", "")}, {invited, given(Chair, "", "2027-01-01")},
		{invited, given(Practitioner, "0042", "2026-03-31")}, {invited, PersonForgotten{Person: "0007"}},
	} {
		asking(t).Given(before...).When(cmd, rep).Refused(ownPeople)
		_, err := stateAfter(before).appoint(Facts{Person: "0007", Zone: time.UTC, Member: true}, cmd, act.Meta{Role: Representative, At: acttest.Noon})
		if r, _ := act.Refused(err); r == nil || r.Detail != `person "0007" is none of member "0042"'s people` {
			t.Errorf("after %v: %v", before, err)
		}
	}
	asking(t).Given(invited, given(Chair, "", "2027-01-01")).When(Appoint{"0007", "", ComplianceOfficer, act.Date{}}, rep).Refused(ownPeople)
}

func stateAfter(events []act.Event) (p Person) {
	for _, e := range events {
		p = evolve(p, e)
	}
	return p
}

// TestAnExpelledMemberBringsInNobody leaves its people what takes away, and the registrar the rest.
func TestAnExpelledMemberBringsInNobody(t *testing.T) {
	out := acttest.For(t, Domain()).Knowing(Facts{Person: "0007", Zone: time.UTC, Member: true, Expelled: true}).Given(invited, given(Practitioner, "0042", ""))
	rep, office := as("person/0001", Representative), as("person/0002", Registrar)
	appoint := Appoint{"0007", "0042", ComplianceOfficer, act.Date{}}
	invite := Invite{"0042", Practitioner, personal("Ada"), personal("ada@x.example")}
	out.When(appoint, rep).Refused(expelledAddsNobody)
	out.When(invite, rep).Refused(expelledAddsNobody)
	out.When(appoint, office).Events()
	out.When(invite, office).Events()
	out.When(End{"0007", "0042", Practitioner}, rep).Events()
	out.When(Leave{"0007", "0042"}, as("person/0007", "person")).Events()
	out.When(Reinvite{"0007", "0042"}, rep).Events()
}
