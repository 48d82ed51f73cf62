package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"shingle/internal/record"
)

// How somebody came to be signed in.
type How string

// The ways to sign in.
const (
	ByPasskey  How = "passkey"
	ByProvider How = "provider" // an identity provider vouched for them
	ByRecovery How = "recovery" // with a recovery code: to enrol passkeys and nothing else
	ByLink     How = "link"     // with a one-time link: likewise
	ByDemo     How = "demo"     // by a demo's printed link
)

// When a session ends: without a request for so long, and at last. Why these numbers: docs/decisions/43.
const (
	idleOfficer, lastsOfficer = 30 * time.Minute, 12 * time.Hour
	idleMember, lastsMember   = 12 * time.Hour, 7 * 24 * time.Hour
	lastsLimited              = 30 * time.Minute
	lastsDemo                 = 100 * 365 * 24 * time.Hour // its clock leaps by months
)

const (
	// Fresh is how long a proof of who one is counts as given just before.
	Fresh = 5 * time.Minute
	// seenEvery is how often it is written down that a session is in use.
	seenEvery = time.Minute
)

// Session is where somebody is signed in, without its secret. They act in one role at a time.
type Session struct {
	ID     string // public
	Person string
	Role   string // InPerson if they act for nobody but themselves
	Member string // number of the member that Role is held at, else ""
	How    How
	Device string // browser and system, in words
	Opened time.Time
	Seen   time.Time // at most a minute ago while it is in use
	Proven time.Time // when they last used a passkey in it; zero: never
	Ends   time.Time

	idle     time.Duration
	position int64
}

// Limited reports whether passkeys can be enrolled in a session and nothing else.
func (s Session) Limited() bool { return s.How == ByRecovery || s.How == ByLink }

// ProvenAt reports whether they have proven just before a time who they are.
func (s Session) ProvenAt(now time.Time) bool { return !s.Proven.IsZero() && now.Sub(s.Proven) < Fresh }

// Ended says that there is no such session, or no more, and why.
type Ended struct {
	Code   string // stands for the reason where there is little room
	Reason string // a sentence
}

func (e *Ended) Error() string { return e.Reason }

// The reasons for which a session is no more.
var (
	ErrNoSession  = &Ended{"none", "You are not signed in."}
	endedIdle     = &Ended{"idle", "You were signed out because nothing was asked for a while."}
	endedAtLast   = &Ended{"long", "You were signed out because you signed in long ago."}
	endedRole     = &Ended{"role", "You were signed out because you no longer hold the role you acted in, or it has changed."}
	endedNoPerson = &Ended{"gone", "You were signed out because your account is no more."}
)

// EndedFor returns the Ended that a code stands for; ok is false for a code that stands for none.
func EndedFor(code string) (e *Ended, ok bool) {
	for _, e := range []*Ended{endedIdle, endedAtLast, endedRole, endedNoPerson} {
		if e.Code == code {
			return e, true
		}
	}
	return nil, false
}

// What keeps somebody from acting in a role.
var (
	ErrNotHeld  = errors.New("you do not hold this role")
	ErrNotReady = errors.New("before you act in an office you need a second passkey or recovery codes")
	ErrUnproven = errors.New("before you act in an office you sign in with a passkey")
)

// Opening is how a session is opened.
type Opening struct {
	Person string
	How    How
	Device string
	// Role and Member say in what to act. Without a role it is the only one that the person holds and may act
	// in, else their own person.
	Role, Member string
}

// Open opens a session. The secret is known to nobody once it has been handed on.
func (a *Accounts) Open(ctx context.Context, o Opening) (secret string, s Session, err error) {
	s = Session{Person: o.Person, How: o.How, Device: o.Device, Role: InPerson, Opened: a.now()}
	if o.How == ByPasskey {
		s.Proven = s.Opened
	}
	s.position = a.record.Position() // before the roles are read: what changes them meanwhile ends it
	roles, err := a.Roles(ctx, o.Person)
	if err != nil {
		return "", s, err
	}
	switch {
	case s.Limited():
	case o.Role != "":
		err = a.take(ctx, &s, roles, o.Role, o.Member)
	case len(roles) == 1:
		err = a.take(ctx, &s, roles, roles[0].Name, roles[0].Member)
		if errors.Is(err, ErrNotReady) || errors.Is(err, ErrUnproven) {
			err = nil // they are told where they take it up
		}
	}
	if err != nil {
		return "", s, err
	}
	s.limit(roles)
	return a.insert(ctx, s, "")
}

// take has a session act in a role.
func (a *Accounts) take(ctx context.Context, s *Session, roles []Role, role, member string) error {
	if role == InPerson {
		s.Role, s.Member = InPerson, ""
		return nil
	}
	i := slices.IndexFunc(roles, func(r Role) bool { return r.Name == role && r.Member == member })
	if i < 0 {
		return ErrNotHeld
	}
	if roles[i].Office() && s.How != ByDemo {
		if s.Proven.IsZero() {
			return ErrUnproven
		}
		if ready, err := a.Ready(ctx, s.Person); err != nil || !ready {
			return errors.Join(err, ErrNotReady)
		}
	}
	s.Role, s.Member, s.position = role, member, max(s.position, roles[i].Changed)
	return nil
}

// limit sets when a session ends. Whoever holds an office could take it up: theirs are short, whatever they
// act in.
func (s *Session) limit(roles []Role) {
	lasts := lastsMember
	s.idle = idleMember
	switch {
	case s.How == ByDemo:
		s.idle, lasts = 0, lastsDemo
	case s.Limited():
		s.idle, lasts = 0, lastsLimited
	case heldOffice(roles, s.Opened):
		s.idle, lasts = idleOfficer, lastsOfficer
	}
	s.Seen, s.Ends = s.Opened, s.Opened.Add(lasts)
}

// insert stores a session under a new secret, in the place of another if one is named: if that has ended
// meanwhile, so has this one.
func (a *Accounts) insert(ctx context.Context, s Session, instead string) (string, Session, error) {
	secret, hash := NewSecret()
	s.ID = strings.ToLower(rand.Text()[:10])
	now := a.now()
	err := a.write(ctx, func(tx record.Tx) error {
		if instead != "" {
			var id string
			if found, err := one(ctx, tx, "SELECT id FROM account_session WHERE id = $1", []any{instead}, &id); err != nil {
				return err
			} else if !found {
				return ErrNoSession
			}
		}
		tx.Exec("DELETE FROM account_session WHERE id = $1 OR ends <= $2", instead, now.UnixMicro())
		tx.Exec("INSERT INTO account_session (hash, "+sessionColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
			hash, s.ID, s.Person, s.Role, s.Member, string(s.How), s.Device, s.position, micros(s.Opened), micros(s.Seen), micros(s.Proven), s.idle.Microseconds(), micros(s.Ends))
		return nil
	})
	return secret, s, err
}

// Session returns the session that a secret is of. What has ended is an [*Ended].
func (a *Accounts) Session(ctx context.Context, secret string) (Session, error) {
	if len(secret) > 100 {
		return Session{}, ErrNoSession
	}
	s, err := scanSession(a.record.Engine.Reader().QueryRowContext(ctx, "SELECT "+sessionColumns+" FROM account_session WHERE hash = $1", HashOf(secret)))
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrNoSession
	} else if err != nil {
		return Session{}, err
	}
	now := a.now()
	ended, err := a.ended(ctx, s, now)
	if err != nil {
		return Session{}, err
	}
	if ended != nil {
		// It has ended whether or not this can be written.
		_ = a.write(ctx, func(tx record.Tx) error {
			tx.Exec("DELETE FROM account_session WHERE id = $1", s.ID)
			return nil
		})
		return Session{}, ended
	}
	if now.Sub(s.Seen) >= seenEvery {
		// A disk that is full keeps nobody from reading.
		_ = a.write(ctx, func(tx record.Tx) error {
			tx.Exec("UPDATE account_session SET seen = $1 WHERE id = $2 AND seen < $1", now.UnixMicro(), s.ID)
			return nil
		})
		s.Seen = now
	}
	return s, nil
}

// ended says why a session has ended, or nil.
func (a *Accounts) ended(ctx context.Context, s Session, now time.Time) (*Ended, error) {
	switch {
	case !now.Before(s.Ends):
		return endedAtLast, nil
	case s.idle > 0 && now.Sub(s.Seen) >= s.idle:
		return endedIdle, nil
	}
	roles, err := a.roles(ctx, s.Person)
	if errors.Is(err, ErrNoPerson) {
		return endedNoPerson, nil
	}
	if err != nil || s.Role == InPerson {
		return nil, err
	}
	for _, r := range roles {
		if r.Name == s.Role && r.Member == s.Member && r.heldAt(now) && r.Changed <= s.position {
			return nil, nil
		}
	}
	return endedRole, nil
}

// ActAs has a session go on in another role, under a new secret and id. Errors are [ErrNotHeld],
// [ErrNotReady], [ErrUnproven] and [ErrNoSession].
func (a *Accounts) ActAs(ctx context.Context, s Session, role, member string) (secret string, _ Session, err error) {
	if s.Limited() {
		return "", s, ErrUnproven
	}
	s.position = a.record.Position()
	roles, err := a.Roles(ctx, s.Person)
	if err != nil {
		return "", s, err
	}
	if err := a.take(ctx, &s, roles, role, member); err != nil {
		return "", s, err
	}
	if heldOffice(roles, a.now()) && s.How != ByDemo { // they may have been given it since
		s.idle, s.Ends = idleOfficer, earlier(s.Ends, s.Opened.Add(lastsOfficer))
	}
	return a.insert(ctx, s, s.ID)
}

// Prove has a session go on as just proven, under a new secret and id.
func (a *Accounts) Prove(ctx context.Context, s Session) (secret string, _ Session, err error) {
	s.Proven = a.now()
	return a.insert(ctx, s, s.ID)
}

// Complete has a session in which a passkey was enrolled go on as one that was opened with it.
func (a *Accounts) Complete(ctx context.Context, s Session) (secret string, _ Session, err error) {
	secret, next, err := a.Open(ctx, Opening{Person: s.Person, How: ByPasskey, Device: s.Device})
	if err != nil {
		return "", s, err
	}
	return secret, next, a.End(ctx, s.Person, s.ID)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Sessions returns where somebody is signed in, the newest first.
func (a *Accounts) Sessions(ctx context.Context, person string) (list []Session, err error) {
	rows, err := a.record.Engine.Reader().QueryContext(ctx, "SELECT "+sessionColumns+" FROM account_session WHERE person = $1 ORDER BY opened DESC, id", person)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	now := a.now()
	for rows.Next() {
		s, err := scanSession(rows)
		if err != nil {
			return nil, err
		}
		if now.Before(s.Ends) && (s.idle == 0 || now.Sub(s.Seen) < s.idle) {
			list = append(list, s)
		}
	}
	return list, rows.Err()
}

// End ends one of somebody's sessions, on every node at once. Ending it again is fine; another's is left alone.
func (a *Accounts) End(ctx context.Context, person, id string) error {
	return a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_session WHERE person = $1 AND id = $2", person, id)
		return nil
	})
}

// EndOthers ends all of somebody's sessions but one; "" for all.
func (a *Accounts) EndOthers(ctx context.Context, person, but string) error {
	return a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_session WHERE person = $1 AND id <> $2", person, but)
		return nil
	})
}

const sessionColumns = "id, person, role, member, how, device, position, opened, seen, proven, idle, ends"

func scanSession(row interface{ Scan(...any) error }) (s Session, err error) {
	var how string
	var opened, seen, proven, idle, ends int64
	err = row.Scan(&s.ID, &s.Person, &s.Role, &s.Member, &how, &s.Device, &s.position, &opened, &seen, &proven, &idle, &ends)
	s.How, s.Opened, s.Seen, s.Proven, s.Ends = How(how), timeOf(opened), timeOf(seen), timeOf(proven), timeOf(ends)
	s.idle = time.Duration(idle) * time.Microsecond
	return s, err
}
