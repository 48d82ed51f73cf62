package body

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"shingle/internal/body/standing"
)

// SigningState says how far a member is on the way to its signature under the code.
type SigningState string

// The states, from the beginning to the end of the way.
const (
	NoAddress  SigningState = "no-address" // nobody speaks for it, and there is no address to invite somebody by
	Uninvited  SigningState = "uninvited"
	Expired    SigningState = "expired" // nobody came in time
	Invited    SigningState = "invited"
	Joined     SigningState = "joined" // somebody speaks for it, and has not signed
	Subscribed SigningState = "subscribed"
)

// SigningStates are all states, in order.
var SigningStates = []SigningState{NoAddress, Uninvited, Expired, Invited, Joined, Subscribed}

// Signing is a member on the way to its signature.
type Signing struct {
	Number, Name, Place, Country string
	State                        SigningState
	InvitedUntil                 time.Time // of an invitation that was not taken up; excluded
	Version                      string    // of the text that it signed last, "" for none
	Signed                       time.Time
	Sortable                     string // its place in a list by name
}

// SigningQuery narrows the list of signings. Zero values narrow nothing but At, which must be given.
type SigningQuery struct {
	Q     string // a part of the name or the place, or the number
	State SigningState
	At    time.Time
	After Signing // the last of the page before
	Limit int     // 0 for all
}

// signing is the list without a filter by state: $1 is the time, the rest is asked for by where. Who has left, or was
// expelled, is to sign nothing.
const signing = `SELECT m.number, m.name, m.place, m.country, m.sort_key, m.code_version, m.subscribed, coalesce(r.until_at, 0) AS until_at,
	CASE WHEN m.code_version <> '' THEN 'subscribed' WHEN r.joined > 0 THEN 'joined' WHEN r.until_at > $1 THEN 'invited' WHEN r.until_at IS NOT NULL THEN 'expired'
		WHEN c.email LIKE '%%@%%' THEN 'uninvited' ELSE 'no-address' END AS state
	FROM member m
	JOIN standing_span s ON s.member = m.number AND s.from_at <= $1 AND s.until_at > $1 AND s.status NOT IN ('withdrawn', 'withdrawn-under-investigation', 'expelled')
	LEFT JOIN member_contact c ON c.number = m.number
	LEFT JOIN (SELECT h.member, max(p.joined) AS joined, max(p.invited_until) AS until_at FROM person_role h JOIN person p ON p.id = h.person
		WHERE h.role = 'representative' AND h.from_at <= $1 AND h.until_at > $1 AND p.forgotten = 0 GROUP BY h.member) r ON r.member = m.number
	WHERE %s`

// in returns the list in SQL, with its arguments.
func (q SigningQuery) in() (query string, args []any) {
	where, args := []string{"1 = 1"}, []any{micros(q.At)}
	add := func(condition string, values ...any) {
		at := []any{}
		for _, v := range values {
			args = append(args, v)
			at = append(at, len(args))
		}
		where = append(where, fmt.Sprintf(condition, at...))
	}
	if text := strings.TrimSpace(q.Q); text != "" {
		part := "%" + likeNothing.Replace(sortKey(text)) + "%"
		if sortKey(text) == "" {
			part = ""
		}
		add(`(m.number = $%d OR m.sort_key LIKE $%d ESCAPE '\' OR lower(m.place) LIKE $%d ESCAPE '\')`, text, part, likeNothing.Replace(strings.ToLower(text))+"%")
	}
	return fmt.Sprintf(signing, strings.Join(where, " AND ")), args
}

// likeNothing keeps what somebody typed from being a pattern.
var likeNothing = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Signings lists members on the way to their signature, by name.
func (r Register) Signings(ctx context.Context, q SigningQuery) (list []Signing, err error) {
	of, args := q.in()
	query := "SELECT number, name, place, country, sort_key, code_version, subscribed, until_at, state FROM (" + of + ") x WHERE 1 = 1"
	if q.State != "" {
		args = append(args, string(q.State))
		query += fmt.Sprintf(" AND state = $%d", len(args))
	}
	if q.After.Number != "" {
		args = append(args, q.After.Sortable, q.After.Number)
		query += fmt.Sprintf(" AND (sort_key, number) > ($%d, $%d)", len(args)-1, len(args))
	}
	query += " ORDER BY sort_key, number"
	if q.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", q.Limit)
	}
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s Signing
		if err := rows.Scan(&s.Number, &s.Name, &s.Place, &s.Country, &s.Sortable, &s.Version, instant{&s.Signed}, instant{&s.InvitedUntil}, &s.State); err != nil {
			return nil, err
		}
		if s.State != Invited && s.State != Expired {
			s.InvitedUntil = time.Time{}
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// SigningCounts returns how many members are in each state.
func (r Register) SigningCounts(ctx context.Context, q SigningQuery) (map[SigningState]int64, error) {
	of, args := q.in()
	n := map[SigningState]int64{}
	return n, counted(ctx, r.DB, "SELECT state, count(*) FROM ("+of+") x GROUP BY state", func(state string, of int64) { n[SigningState(state)] = of }, args...)
}

// RepresentativesEver returns how many people were ever given the role of a member's representative.
func (r Register) RepresentativesEver(ctx context.Context, number string) (n int, err error) {
	err = r.DB.QueryRowContext(ctx, "SELECT count(*) FROM person_role WHERE member = $1 AND role = 'representative'", number).Scan(&n)
	return n, err
}

// CountsAt returns how many members stand how at a time, as far as is known now.
func (r Register) CountsAt(ctx context.Context, at time.Time) (map[standing.Status]int64, error) {
	n := map[standing.Status]int64{}
	return n, counted(ctx, r.DB, "SELECT status, count(*) FROM standing_span WHERE from_at <= $1 AND until_at > $1 GROUP BY status", func(status string, of int64) { n[standing.Status(status)] = of }, micros(at))
}

func counted(ctx context.Context, db *sql.DB, query string, do func(what string, n int64), args ...any) (err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var what string
		var n int64
		if err := rows.Scan(&what, &n); err != nil {
			return err
		}
		do(what, n)
	}
	return rows.Err()
}
