package body

import (
	"context"
	"strings"
	"time"
)

// Person is somebody who works at a member, or serves the body. What is personal to them is for themself, for
// those they work with and for the office.
type Person struct {
	ID           string // their number, e.g. "0007"; of somebody whom a member named and who was forgotten, e.g. "0042-1"
	Name, Email  string // "" once forgotten
	InvitedUntil time.Time
	Joined       time.Time // zero: not yet
	Forgotten    time.Time // zero: not
	// Moved says that their address was changed after they came. Whoever changed it said so; that mail to it reaches
	// them, nobody has shown. Only PeopleAt tells.
	Moved bool
}

// Held is a role that a person has, or had.
type Held struct {
	Role   string
	Member string // number, "" for an office
	From   time.Time
	Until  time.Time // excluded; zero for no end
	// Changed is the position in the record of the newest event that ends whatever goes on in this role: it was
	// ended, or the member was expelled. Zero if nothing ever did. That a term is over changes nothing here.
	Changed int64
}

// At reports whether the role is held at a time.
func (h Held) At(t time.Time) bool {
	return !t.Before(h.From) && (h.Until.IsZero() || t.Before(h.Until))
}

// Colleague is a person in a role of theirs.
type Colleague struct {
	Person
	Held
}

// Person returns a person; ErrNotFound for a number that is nobody's.
func (r Register) Person(ctx context.Context, id string) (Person, error) {
	p := Person{ID: id}
	err := r.DB.QueryRowContext(ctx, `SELECT name, email, invited_until, joined, forgotten FROM person WHERE id = $1`, id).
		Scan(&p.Name, &p.Email, instant{&p.InvitedUntil}, instant{&p.Joined}, instant{&p.Forgotten})
	return p, orNotFound(err)
}

// Roles returns all roles that a person has or had, offices first, each once for a member: those of now are
// the ones whose At says so.
func (r Register) Roles(ctx context.Context, person string) (roles []Held, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT role, member, from_at, until_at, changed FROM person_role WHERE person = $1 ORDER BY member, role`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h Held
		if err := rows.Scan(&h.Role, &h.Member, instant{&h.From}, instant{&h.Until}, &h.Changed); err != nil {
			return nil, err
		}
		roles = append(roles, h)
	}
	return roles, rows.Err()
}

// PeopleOf returns who acts for a member at a time, by role and number.
func (r Register) PeopleOf(ctx context.Context, member string, at time.Time) ([]Colleague, error) {
	if member == "" {
		return nil, nil
	}
	return r.colleagues(ctx, member, at)
}

// Officers returns who serves the body at a time, by office and number.
func (r Register) Officers(ctx context.Context, at time.Time) ([]Colleague, error) {
	return r.colleagues(ctx, "", at)
}

func (r Register) colleagues(ctx context.Context, member string, at time.Time) (list []Colleague, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT p.id, p.name, p.email, p.invited_until, p.joined, p.forgotten, h.role, h.member, h.from_at, h.until_at, h.changed
		FROM person_role h JOIN person p ON p.id = h.person WHERE h.member = $1 AND h.from_at <= $2 AND h.until_at > $2 ORDER BY h.role, p.id`, member, micros(at))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Colleague
		if err := rows.Scan(&c.ID, &c.Name, &c.Email, instant{&c.InvitedUntil}, instant{&c.Joined}, instant{&c.Forgotten},
			&c.Role, &c.Member, instant{&c.From}, instant{&c.Until}, &c.Changed); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// Invited returns up to limit people who were invited, or have registered, and have not joined, those first
// whose invitation ends or ended first. It goes on behind the last of the list before; none begins it.
func (r Register) Invited(ctx context.Context, after Person, limit int) (list []Person, err error) {
	until := micros(after.InvitedUntil)
	rows, err := r.DB.QueryContext(ctx, `SELECT id, name, email, invited_until FROM person WHERE joined = 0 AND forgotten = 0
		AND (invited_until > $1 OR invited_until = $2 AND id > $3) ORDER BY invited_until, id LIMIT $4`, until, until, after.ID, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Person
		if err := rows.Scan(&p.ID, &p.Name, &p.Email, instant{&p.InvitedUntil}); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// PeopleAt returns the people whose e-mail address is this one, whatever capitals it is written with: the rules
// allow ASCII alone, so that no other letters fold alike.
func (r Register) PeopleAt(ctx context.Context, email string) (list []Person, err error) {
	if email == "" {
		return nil, nil
	}
	rows, err := r.DB.QueryContext(ctx, `SELECT id, name, email, invited_until, joined, moved FROM person WHERE lower(email) = $1 AND forgotten = 0 ORDER BY id`, strings.ToLower(email))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Person
		var moved int64
		if err := rows.Scan(&p.ID, &p.Name, &p.Email, instant{&p.InvitedUntil}, instant{&p.Joined}, &moved); err != nil {
			return nil, err
		}
		p.Moved = moved != 0
		list = append(list, p)
	}
	return list, rows.Err()
}

// ForgottenPeople returns up to limit numbers of people who were forgotten, in order, behind one.
func (r Register) ForgottenPeople(ctx context.Context, after string, limit int) (ids []string, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT id FROM person WHERE forgotten > 0 AND id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Contact is whom a member named when it applied or was taken over, to be asked about it.
type Contact struct {
	Person      string // whose words these are: "0042-1", or the number of the person who applied; "" if nothing is said
	Name, Email string // "" once they are forgotten
}

// Contact returns a member's contact; ErrNotFound for a number that is nobody's.
func (r Register) Contact(ctx context.Context, member string) (Contact, error) {
	var c Contact
	err := r.DB.QueryRowContext(ctx, `SELECT person, name, email FROM member_contact WHERE number = $1`, member).Scan(&c.Person, &c.Name, &c.Email)
	return c, orNotFound(err)
}
