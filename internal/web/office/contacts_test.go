package office

import (
	"context"
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/web/webtest"
)

// comes has somebody register and join, and returns their number.
func (s *starting) comes(name, email string) string {
	person := strings.TrimPrefix(s.Do(people.Register{Name: act.NewPersonal("", name), Email: act.NewPersonal("", email)}).Stream, "person/")
	s.Do(people.Join{Person: person})
	return person
}

// TestNobodySpeaksForACompanyByCallingItsAddressTheirs has a stranger say that mail to the contact of a company reaches
// them: they are not appointed, and the contact is invited all the same.
func TestNobodySpeaksForACompanyByCallingItsAddressTheirs(t *testing.T) {
	onBoth(t, func(t *testing.T, s *starting) {
		mallory := s.comes("Mallory", "mallory@elsewhere.example")
		s.DoAs("person/"+mallory, people.Correct{Person: mallory, Name: act.NewPersonal("", "Cy Oak"), Email: act.NewPersonal("", "CY@cedar.example")})
		s.sends(t, "invite")
		crew, err := s.Office.Register.PeopleOf(t.Context(), "9003", s.Now())
		if err != nil || len(crew) != 1 || crew[0].ID == mallory || crew[0].Email != "cy@cedar.example" {
			t.Errorf("for the company speak %+v, %v", crew, err)
		}
		roles, err := s.Office.Register.Roles(t.Context(), mallory)
		if err != nil || len(roles) > 0 {
			t.Errorf("whoever said so holds %+v, %v", roles, err)
		}
	})
}

// TestASendingEndsWithTheOffice takes the office from whoever began to send, after the first of the letters.
func TestASendingEndsWithTheOffice(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	asked := 0
	s.Office.Holds = func(_ context.Context, actor, role string) (bool, error) {
		if actor != registrar.Actor || role != "registrar" {
			t.Errorf("%s is asked about as %s", actor, role)
		}
		asked++
		return asked < 2, nil
	}
	p := s.sends(t, "invite")
	if p.Done != 1 || p.Stopped != "Whoever began it does not hold the office any more." {
		t.Errorf("%+v", p)
	}
	webtest.Get(t, webtest.As(registrar, s), "/office/launch/run").Is(200).Has("h1", "Not all was sent").Has("main", "does not hold the office any more")
}

// TestAnAddressOfSeveralPeopleNamesNone leaves it to the office whom a company meant that named an address of two.
func TestAnAddressOfSeveralPeopleNamesNone(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	s.Do(membership.Enrol{Number: "9010", Name: "Gorse IT", Place: "Galway", ContactName: act.NewPersonal("", "Gus"), ContactEmail: act.NewPersonal("", "office@gorse.example"), Admitted: act.On(2025, 1, 1)})
	s.comes("Gus Holm", "office@gorse.example")
	second := s.comes("Gia Holm", "Office@gorse.example")
	p := s.sends(t, "invite")
	if len(p.Failures) != 1 || p.Failures[0].Number != "9010" || !strings.Contains(p.Failures[0].Why, "Several people") {
		t.Errorf("it says %+v", p)
	}
	s.Do(people.Correct{Person: second, Name: act.NewPersonal("", "Gia Holm"), Email: act.NewPersonal("", "gia@gorse.example")})
	s.sends(t, "invite")
	if crew, err := s.Office.Register.PeopleOf(t.Context(), "9010", s.Now()); err != nil || len(crew) != 1 || crew[0].Name != "Gus Holm" {
		t.Errorf("once one has another address: %+v, %v", crew, err)
	}
}
