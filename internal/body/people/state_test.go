package people

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func date(s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func noon(day string) time.Time { return date(day).Start(time.UTC).Add(12 * time.Hour) }

func on(day string) acttest.Option { return acttest.At(noon(day)) }

func as(actor, role string) acttest.Option { return acttest.By(actor, role) }

// asking tells of person 0007, at whose body and member everything is in order.
func asking(t *testing.T) *acttest.Story {
	return acttest.For(t, Domain()).Knowing(Facts{Person: "0007", Zone: time.UTC, Member: true})
}

func personal(text string) act.Personal { return act.NewPersonal("", text) }

func owned(text string) act.Personal { return act.NewPersonal("person/0007", text) }

var (
	invited = PersonInvited{
		Person: "0007", Name: owned("Ada Pine"), Email: owned("ada@cobaltridge.example"), OpenUntil: noon("2026-01-15"), At: noon("2026-01-01"),
	}
	joined = PersonJoined{Person: "0007", At: noon("2026-01-02")}
)

// given says that person 0007 has had a role since the beginning of the year; no day is no end.
func given(role, member, until string) PersonAppointed {
	e := PersonAppointed{Person: "0007", Role: role, Member: member, From: noon("2026-01-01"), At: noon("2026-01-01")}
	if until != "" {
		e.Until = date(until).End(time.UTC)
	}
	return e
}

func ended(role, member, why string) PersonEnded {
	return PersonEnded{Person: "0007", Role: role, Member: member, Why: why, At: acttest.Noon}
}

func TestARoleIsHeldForItsTerm(t *testing.T) {
	p := evolve(evolve(Person{}, invited), given(Chair, "", "2026-03-31"))
	for _, c := range []struct {
		at   time.Time
		want bool
	}{
		{noon("2026-01-01").Add(-time.Microsecond), false},
		{noon("2026-01-01"), true},
		{noon("2026-03-31"), true},
		{date("2026-04-01").Start(time.UTC), false},
	} {
		if got := p.Holds(Chair, "", c.at); got != c.want {
			t.Errorf("at %s: %v", c.at, got)
		}
	}
	if p.Holds(Chair, "0042", noon("2026-02-01")) || p.Holds(Panelist, "", noon("2026-02-01")) {
		t.Error("holds what nobody gave")
	}
}

func drawEvent(t *rapid.T) act.Event {
	role := rapid.SampledFrom([]string{Representative, Practitioner}).Draw(t, "role")
	member := rapid.SampledFrom([]string{"0042", "0043"}).Draw(t, "member")
	office := rapid.SampledFrom([]string{Administrator, Registrar, Chair}).Draw(t, "office")
	return rapid.SampledFrom([]act.Event{
		invited, joined, given(role, member, ""), given(role, member, "2026-02-01"), given(office, "", "2030-01-01"),
		ended(role, member, byOthers), ended(office, "", byOthers), PersonRegistered{Person: "0007", OpenUntil: noon("2026-01-15")},
		PersonReinvited{Person: "0007", OpenUntil: noon("2026-09-15")}, PersonCorrected{Person: "0007"},
		PersonForgotten{Person: "0007"}, "no event of a person",
	}).Draw(t, "event")
}

func TestFoldsTakeWhatComesAndLeaveWhatWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Person{}
		for range rapid.IntRange(0, 30).Draw(t, "events") {
			before := fmt.Sprintf("%+v", p)
			after := evolve(p, drawEvent(t))
			if now := fmt.Sprintf("%+v", p); now != before {
				t.Fatalf("the state that was given changed:\n%s\n%s", before, now)
			}
			p = after
		}
	})
}

// TestAskingAgainChangesNothing holds every act to this: once it is done, the same command at the same time
// does nothing or is refused. Invitations and registrations begin another person, and a correction cannot be
// told from the one before: nobody reads what is personal.
func TestAskingAgainChangesNothing(t *testing.T) {
	everyTime := []any{Invite{}, InviteOfficer{}, Register{}, Correct{}}
	rapid.Check(t, func(t *rapid.T) {
		p, f := Person{}, Facts{Person: "0007", Zone: time.UTC, Member: true}
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			p = evolve(p, drawEvent(t))
		}
		cmd := rapid.SampledFrom([]any{
			Invite{"0042", Practitioner, personal("Ada"), personal("ada@x.example")}, Appoint{"0007", "0042", Practitioner, act.Date{}},
			Appoint{"0007", "0042", Practitioner, date("2027-01-01")}, End{"0007", "0042", Practitioner}, Leave{"0007", "0042"},
			Move{"0007", "0042", "0043", Practitioner}, InviteOfficer{Chair, personal("Ada"), personal("ada@x.example"), date("2027-01-01")},
			AppointOfficer{"0007", Registrar, date("2027-01-01")}, EndOfficer{"0007", Registrar}, Register{personal("Ada"), personal("ada@x.example")},
			Join{"0007"}, Correct{"0007", personal("Ada"), personal("ada@x.example")}, Reinvite{"0007", ""}, Forget{"0007", "objection"},
		}).Draw(t, "command")
		m := act.Meta{Actor: "operator", Role: "operator", At: rapid.SampledFrom([]time.Time{noon("2026-01-10"), noon("2026-06-01")}).Draw(t, "at")}
		i := slices.IndexFunc(Domain().Acts, func(a *act.Act) bool { return a.Command == reflect.TypeOf(cmd) })
		decide := Domain().Acts[i].Decide
		events, err := decide(p, f, cmd, m)
		if err != nil || slices.ContainsFunc(everyTime, func(c any) bool { return reflect.TypeOf(c) == reflect.TypeOf(cmd) }) {
			return
		}
		for _, e := range events {
			p = evolve(p, e)
		}
		if again, err := decide(p, f, cmd, m); err == nil && len(again) > 0 {
			t.Fatalf("%+v was done twice: %v, %v", cmd, events, again)
		}
	})
}

func TestPeopleNeedABody(t *testing.T) {
	for _, cmd := range []any{
		Invite{Member: "0042", Role: Practitioner}, Appoint{Person: "0007"}, InviteOfficer{Role: Chair}, AppointOfficer{Person: "0007"}, Register{},
	} {
		acttest.For(t, Domain()).Knowing(Facts{Person: "0007"}).When(cmd).Refused(bodyFounded)
	}
}

// TestNobodyActsOnSomebodyWhoIsNotThere tries whatever is asked of a person on one who never was and on one who
// was forgotten.
func TestNobodyActsOnSomebodyWhoIsNotThere(t *testing.T) {
	for cmd, rule := range map[any]act.Rule{
		Appoint{"0007", "0042", Practitioner, act.Date{}}: personKnown,
		AppointOfficer{"0007", Chair, date("2027-01-01")}: personKnown,
		Join{"0007"}:                               personKnown,
		Reinvite{"0007", ""}:                       personKnown,
		End{"0007", "0042", Practitioner}:          roleHeld,
		Leave{"0007", "0042"}:                      roleHeld,
		Move{"0007", "0042", "0043", Practitioner}: roleHeld,
		EndOfficer{"0007", Chair}:                  roleHeld,
	} {
		asking(t).When(cmd).Refused(rule)
		asking(t).Given(invited, joined, given(Practitioner, "0042", ""), PersonForgotten{Person: "0007"}).When(cmd).Refused(rule)
	}
	correct := Correct{"0007", personal("Ada"), personal("ada@x.example")}
	asking(t).When(correct).Refused(personKnown)
	asking(t).Given(invited, PersonForgotten{Person: "0007"}).When(correct).Refused(personKnown)
}
