package demo

import (
	"fmt"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/gate"
)

// Person is somebody of the demo. Their number follows from the order in which they are invited.
type Person struct {
	Number, Name, Email, Role string
	Member                    string // where they work; "" for an officer
	later                     bool   // an officer who came after the people of the members
}

// People are those who serve the body, one for every office and nine for the panels, and those who work at
// three of its members: a representative, who is the contact on the roster, a compliance officer and a
// practitioner. All of them have joined.
var People = numbered([]Person{
	{Role: gate.President, Name: "Miriam Okafor", Email: "miriam.okafor@demo.example"},
	{Role: gate.Registrar, Name: "Theodore Lindgren", Email: "theodore.lindgren@demo.example"},
	{Role: gate.EducationOfficer, Name: "Priya Raman", Email: "priya.raman@demo.example"},
	{Role: gate.CaseManager, Name: "Samuel Achterberg", Email: "samuel.achterberg@demo.example"},
	{Role: gate.Chair, Name: "Eleanor Whitcombe", Email: "eleanor.whitcombe@demo.example"},
	{Role: gate.Panelist, Name: "Jonas Feld", Email: "jonas.feld@demo.example"},
	{Role: gate.Panelist, Name: "Amara Nwosu", Email: "amara.nwosu@demo.example"},
	{Role: gate.Panelist, Name: "Gideon Sharpe", Email: "gideon.sharpe@demo.example"},
	{Role: gate.Board, Name: "Lucia Ferrante", Email: "lucia.ferrante@demo.example"},
	{Role: gate.Auditor, Name: "Henrik Solberg", Email: "henrik.solberg@demo.example"},
	{Role: gate.Administrator, Name: "Dana Kowalczyk", Email: "dana.kowalczyk@demo.example"},

	{Role: gate.Representative, Member: model, Name: "Ruben Brightwater", Email: "ruben.brightwater@cobaltridge.example"},
	{Role: gate.Representative, Member: "0117", Name: "Otis Tran", Email: "otis.tran@cranberrybogbyte.example"},
	{Role: gate.Representative, Member: "0200", Name: "Lorenzo Lindqvist", Email: "lorenzo.lindqvist@marmaladeskysystems.example"},

	{Role: gate.ComplianceOfficer, Member: model, Name: "Ines Calloway", Email: "ines.calloway@cobaltridge.example"},
	{Role: gate.Practitioner, Member: model, Name: "Wendell Park", Email: "wendell.park@cobaltridge.example"},
	{Role: gate.ComplianceOfficer, Member: "0117", Name: "Beatrix Muir", Email: "beatrix.muir@cranberrybogbyte.example"},
	{Role: gate.Practitioner, Member: "0117", Name: "Arlo Jensen", Email: "arlo.jensen@cranberrybogbyte.example"},
	{Role: gate.ComplianceOfficer, Member: "0200", Name: "Yusuf Demir", Email: "yusuf.demir@marmaladeskysystems.example"},
	{Role: gate.Practitioner, Member: "0200", Name: "Clara Voss", Email: "clara.voss@marmaladeskysystems.example"},

	{Role: gate.Panelist, Name: "Ruth Calder", Email: "ruth.calder@demo.example", later: true},
	{Role: gate.Panelist, Name: "Mateo Silva", Email: "mateo.silva@demo.example", later: true},
	{Role: gate.Panelist, Name: "Ingrid Halvorsen", Email: "ingrid.halvorsen@demo.example", later: true},
	{Role: gate.Panelist, Name: "Tomasz Wolny", Email: "tomasz.wolny@demo.example", later: true},
	{Role: gate.Panelist, Name: "Nadia Benali", Email: "nadia.benali@demo.example", later: true},
	{Role: gate.Panelist, Name: "Oscar Lindahl", Email: "oscar.lindahl@demo.example", later: true},
})

// newcomer was invited the other day and has not answered yet.
var newcomer = Person{
	Number: fmt.Sprintf("%04d", len(People)+1), Role: gate.Practitioner, Member: model, Name: "Tobias Reyes", Email: "tobias.reyes@cobaltridge.example",
}

func numbered(list []Person) []Person {
	for i := range list {
		list[i].Number = fmt.Sprintf("%04d", i+1)
	}
	return list
}

// serving returns the first of those who hold an office.
func serving(role string) officer {
	for _, p := range People {
		if p.Role == role && p.Member == "" {
			return officer{actor: "person/" + p.Number, role: role}
		}
	}
	panic("demo: nobody is " + role)
}

// invite writes how the officers were invited, one by the operator and all others by that one, and then the
// people of some members: their representatives by the registrar, and everybody else by these.
func (h *history) invite() {
	began := h.founding()
	for _, p := range People {
		name, email := act.NewPersonal("", p.Name), act.NewPersonal("", p.Email)
		switch {
		case p.Member == "":
			cmd := people.InviteOfficer{Role: p.Role, Name: name, Email: email, Until: began.AddMonths(36)}
			switch later := h.workday(began.AddDays(21)); {
			case p.Role == gate.President:
				h.welcome(p, operator, h.at(began, 9, 10), cmd, h.at(began, 9, 40))
			case p.later:
				h.welcome(p, president, h.at(later, 10, 0), cmd, h.at(later, 14, 0))
			default:
				h.welcome(p, president, h.at(began, 10, 0), cmd, h.at(began, 14, 0))
			}
		case p.Role == gate.Representative:
			day := began.AddDays(14)
			h.welcome(p, registrar, h.office(day), people.Invite{Member: p.Member, Role: p.Role, Name: name, Email: email}, h.at(h.workday(day).AddDays(1), 8, 15))
		default:
			day := h.workday(began.AddDays(14)).AddDays(1)
			h.welcome(p, representative(p.Member), h.at(day, 11, 0), people.Invite{Member: p.Member, Role: p.Role, Name: name, Email: email}, h.at(day, 16, 0))
		}
	}
	h.do(h.at(h.ago(3), 11, 20), representative(newcomer.Member), people.Invite{
		Member: newcomer.Member, Role: newcomer.Role, Name: act.NewPersonal("", newcomer.Name), Email: act.NewPersonal("", newcomer.Email),
	}).on = "person/" + newcomer.Number
}

// welcome writes how somebody was invited, and joined.
func (h *history) welcome(p Person, by officer, invited time.Time, cmd any, joined time.Time) {
	stream := "person/" + p.Number
	h.do(invited, by, cmd).on = stream
	h.do(joined, officer{actor: stream, role: gate.System}, people.Join{Person: p.Number}).on = stream
}

// representative is who signs for a member: the person, where there is one; else a program of theirs.
func representative(member string) officer {
	for _, p := range People {
		if p.Member == member && p.Role == gate.Representative {
			return officer{actor: "person/" + p.Number, role: gate.Representative, member: member}
		}
	}
	return officer{actor: "token/member-" + member, role: gate.Representative, member: member}
}
