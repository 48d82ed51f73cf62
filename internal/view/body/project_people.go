package body

import (
	"cmp"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/record"
)

// contact is whom a member named to speak for it. person owns the words.
type contact struct{ person, name, email string }

func contactOf(name, email act.Personal) contact {
	owner := ""
	if !name.Empty() {
		owner = name.Owner
	}
	if !email.Empty() {
		owner = cmp.Or(owner, email.Owner)
	}
	return contact{strings.TrimPrefix(owner, "person/"), name.Text(), email.Text()}
}

// people writes what an event says of a person. Its rows are written in the order of the events, and not with
// the members' at the end: whoever is forgotten in the transaction in which they came is forgotten.
func (p *Projection) people(tx record.Tx, e act.Recorded) {
	switch v := e.Event.(type) {
	case people.PersonInvited:
		addPerson(tx, Person{ID: v.Person, Name: v.Name.Text(), Email: v.Email.Text(), InvitedUntil: v.OpenUntil})
	case people.PersonRegistered:
		addPerson(tx, Person{ID: v.Person, Name: v.Name.Text(), Email: v.Email.Text(), InvitedUntil: v.OpenUntil})
	case people.PersonReinvited:
		tx.Exec(`UPDATE person SET invited_until = $1 WHERE id = $2`, micros(v.OpenUntil), v.Person)
	case people.PersonJoined:
		tx.Exec(`UPDATE person SET joined = $1 WHERE id = $2`, micros(v.At), v.Person)
	case people.PersonCorrected:
		tx.Exec(`UPDATE person SET moved = CASE WHEN joined > 0 AND lower(email) <> $1 THEN 1 ELSE moved END, name = $2, email = $3 WHERE id = $4`,
			strings.ToLower(v.Email.Text()), v.Name.Text(), v.Email.Text(), v.Person)
	case people.PersonAppointed:
		tx.Exec(`INSERT INTO person_role (person, role, member, from_at, until_at, changed) VALUES ($1, $2, $3, $4, $5, 0)
			ON CONFLICT (person, role, member) DO UPDATE SET from_at = excluded.from_at, until_at = excluded.until_at`,
			v.Person, v.Role, v.Member, micros(v.From), untilMicros(v.Until))
	case people.PersonEnded:
		tx.Exec(`UPDATE person_role SET until_at = $1, changed = $2 WHERE person = $3 AND role = $4 AND member = $5`,
			micros(v.At), e.Position, v.Person, v.Role, v.Member)
	case people.PersonForgotten:
		p.erase(tx, v)
	}
}

func addPerson(tx record.Tx, p Person) {
	tx.Exec(`INSERT INTO person (id, name, email, invited_until, joined, forgotten) VALUES ($1, $2, $3, $4, 0, 0)`,
		p.ID, p.Name, p.Email, micros(p.InvitedUntil))
}

// erase takes a person's words out of every column that holds them. Somebody whom a member named, and who
// never had a part of their own, gets a row as well: it says that their key is to be destroyed.
func (p *Projection) erase(tx record.Tx, v people.PersonForgotten) {
	tx.Exec(`INSERT INTO person (id, name, email, invited_until, joined, forgotten) VALUES ($1, '', '', 0, 0, $2)
		ON CONFLICT (id) DO UPDATE SET name = '', email = '', moved = 0, forgotten = excluded.forgotten`, v.Person, micros(v.At))
	tx.Exec(`UPDATE member_contact SET name = '', email = '' WHERE person = $1`, v.Person)
	tx.Exec(`UPDATE course_provider SET contact = '' WHERE person = $1`, v.Person)
	tx.Exec(`UPDATE credit_claim SET title = '', organiser = '', stage = CASE WHEN decided = 0 THEN 'forgotten' ELSE stage END WHERE person = $1`, v.Person)
	p.waits["learner/"+v.Person] = true
	for number, c := range p.contacts {
		if c.person == v.Person {
			p.contacts[number] = contact{person: v.Person}
		}
	}
}

// signOut notes that whoever acts for a member is signed out of it.
func signOut(tx record.Tx, member string, position int64) {
	tx.Exec(`UPDATE person_role SET changed = $1 WHERE member = $2`, position, member)
}
