package complaints

import (
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/complainant"
	"shingle/internal/web/ui"
)

// byMember is the answer of whoever complains in the name of the member for which they are signed in.
const byMember = "member"

// speaks is who somebody may complain for, beside themself: the member for which they are signed in. It makes no
// difference to anything before they choose it.
type speaks struct {
	who    ui.Who
	number string // of the member; "" for nobody
	name   string
}

func (x *Complaints) speaks(v *visit) (s speaks, err error) {
	who, ok := ui.WhoIn(v.r.Context())
	if _, person := who.Person(); !ok || !person || who.Member == "" || who.Role != people.Representative && who.Role != people.ComplianceOfficer {
		return speaks{}, nil
	}
	m, found, err := x.memberOf(v, who.Member)
	if !found {
		return speaks{}, err
	}
	return speaks{who, m.Number, m.Name}, nil
}

// form returns the form of a step, with the answers of a draft.
func (x *Complaints) form(v *visit, d complainant.Draft, s step) (*ui.Form, error) {
	form := s.form(d)
	if s.name != "name" {
		return form, nil
	}
	of, err := x.speaks(v)
	if of.number == "" {
		return form, err
	}
	field := &form.Fields[0]
	field.Choices = append(field.Choices[:len(field.Choices):len(field.Choices)], act.Choice{Value: byMember, Label: "Yes, and in the name of " + ui.Isolated(of.name) + ", for which I am signed in"})
	return form, nil
}

// asks returns who asks for a complaint: anyone, unless they chose to speak for a member. ok is false for somebody
// who speaks for it no more.
func (x *Complaints) asks(v *visit, d complainant.Draft, cmd *cases.Lodge) (who ui.Who, ok bool, err error) {
	if d.Answers[named] != byMember {
		return anyone, true, nil
	}
	of, err := x.speaks(v)
	if err != nil || of.number == "" {
		return anyone, false, err
	}
	cmd.For = of.number
	if strings.TrimSpace(d.Answers["name"]) == "" {
		cmd.Name = act.NewPrivate("", of.who.Name)
	}
	return of.who, true, nil
}
