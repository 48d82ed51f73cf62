package membership

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
)

func roster() Enrol {
	return Enrol{
		Number: "0042", Name: "Cobalt Ridge IT", Domains: []string{"CobaltRidge.example"}, Place: "Denver, Colorado",
		ContactName: ada, ContactEmail: act.NewPersonal("", "ada@cobaltridge.example"),
		Admitted: date("2020-05-04"), Subscribed: date("2026-01-15"), PaidThrough: date("2026-12-31"),
	}
}

func taken() []act.Event {
	at := noon("2026-02-01")
	return []act.Event{
		Enrolled{
			Member: "0042", Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"}, Place: "Denver, Colorado",
			ContactName:  act.NewPersonal("person/0042-1", "Ada Pine"),
			ContactEmail: act.NewPersonal("person/0042-1", "ada@cobaltridge.example"),
			Admitted:     date("2020-05-04"), Subscribed: date("2026-01-15"), PaidThrough: date("2026-12-31"),
			Joined: date("2020-05-04").Start(time.UTC), At: at,
		},
		Subscribed{
			Member: "0042", Version: "2026.1", SHA256: "bb", Representative: act.NewPersonal("person/0042-1", "Ada Pine"),
			Capacity: "contact on the roster", Person: 1, SignedAt: date("2026-01-15").Start(time.UTC), At: at,
		},
		PaidThrough{Member: "0042", Through: date("2026-12-31"), At: at},
	}
}

func TestARosterIsTakenOver(t *testing.T) {
	asking(t, known()).When(roster(), on("2026-02-01")).Then(taken()...)
	bare := roster()
	bare.Subscribed, bare.PaidThrough = act.Date{}, act.Date{}
	if events := asking(t, known()).When(bare, on("2026-02-01")).Events(); len(events) != 1 {
		t.Errorf("%v", events)
	}
}

func TestARosterMayBeReadAgain(t *testing.T) {
	later := []act.Event{Renamed{Member: "0042", Name: "Cobalt Group"}, PaidThrough{Member: "0042", Through: date("2027-12-31")}}
	asking(t, known()).Given(taken()...).When(roster(), on("2026-08-01")).Nothing()
	asking(t, known()).Given(taken()...).Given(later...).When(roster(), on("2026-08-01")).Nothing()
}

func TestANumberStandsForOneCompany(t *testing.T) {
	other := roster()
	other.Name, other.Place = "Slate Peak", "Boise, Idaho"
	story := asking(t, known()).Given(taken()...).When(other, on("2026-08-01"))
	story.Refused(numberFree)
	asking(t, known()).Given(applied).When(roster()).Refused(numberFree)

	_, err := evolve(Member{}, taken()[0]).enrolAs(known(), other, act.Meta{At: noon("2026-08-01")})
	if r, _ := act.Refused(err); !strings.HasSuffix(r.Detail, "with another name, place") {
		t.Errorf("the refusal does not name the fields: %v", err)
	}
}

func TestNumbersHaveAForm(t *testing.T) {
	for _, n := range []string{"", "42a", "0123456789012", "4 2", "Ä1", "4/2"} {
		cmd := roster()
		cmd.Number = n
		asking(t, known()).When(cmd).Refused(numberForm)
	}
}

func TestDatesOfARosterFollowOneAnother(t *testing.T) {
	for _, change := range []func(*Enrol){
		func(e *Enrol) { e.Admitted = date("2026-02-02") },
		func(e *Enrol) { e.Admitted = act.Date{} },
		func(e *Enrol) { e.Subscribed = date("2026-02-02") },
		func(e *Enrol) { e.Subscribed = date("2020-05-03") },
		func(e *Enrol) { e.PaidThrough = date("2020-05-03") },
	} {
		cmd := roster()
		change(&cmd)
		asking(t, known()).When(cmd, on("2026-02-01")).Refused(dayPlausible)
	}
}

func TestWhoSubscribedDidSoByANamedRepresentative(t *testing.T) {
	cmd := roster()
	cmd.ContactName = act.Personal{}
	asking(t, known()).When(cmd, on("2026-02-01")).Refused(representativeNamed)
	asking(t, known()).Given(taken()...).When(cmd, on("2026-08-01")).Nothing() // it is there already
	cmd.Subscribed = act.Date{}
	asking(t, known()).When(cmd, on("2026-02-01")).Events()
}

func TestATextWasInForceWhenItWasSigned(t *testing.T) {
	cmd := roster()
	cmd.Subscribed = date("2024-12-31")
	asking(t, known()).When(cmd, on("2026-02-01")).Refused(textThen)
}

func TestADomainOnTheRosterMayBeTaken(t *testing.T) {
	f := known()
	f.Holders = map[string]string{"cobaltridge.example": "0007"}
	asking(t, f).When(roster(), on("2026-02-01")).Refused(domainFree)
	bad := roster()
	bad.Domains = []string{"cobalt ridge"}
	asking(t, f).When(bad, on("2026-02-01")).Refused(domainForm)
	bad = roster()
	bad.Name = ""
	asking(t, f).When(bad, on("2026-02-01")).Refused(plainNames)
}

func TestAllThatIsWrongWithARowIsSaid(t *testing.T) {
	f := known()
	f.Holders = map[string]string{"one.example": "0007", "two.example": "0008"}
	bad := Enrol{
		Number: "42a", Name: "two\nlines", Domains: []string{"one.example", "two.example", "not a domain"}, Admitted: date("2030-01-01"),
		Subscribed: date("2020-01-01"), PaidThrough: date("2020-01-01"),
	}
	_, err := Member{}.enrolAs(f, bad, act.Meta{At: noon("2026-02-01")})
	r, _ := act.Refused(err)
	var said []string
	for _, no := range r.All() {
		said = append(said, no.Field+" "+no.Rule.ID)
	}
	if got, want := strings.Join(said, ", "), "number MEM-13, name MEM-02, domains MEM-03, admitted MEM-06, subscribed MEM-06, paid_through MEM-06, domains MEM-04, domains MEM-04, contact_name MEM-19, subscribed MEM-15"; got != want {
		t.Errorf("said are %s\nwant %s", got, want)
	}
}
