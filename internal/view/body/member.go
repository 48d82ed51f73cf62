package body

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Member is what the register says of one member. Dues and people are not among it.
type Member struct {
	Number       string
	Name         string
	TradingNames []string
	Domains      []ProvenDomain
	Services     []string
	Address      string
	Place        string
	Country      string
	Admitted     time.Time
	Code         Subscription
	Successor    string // number of the member it merged into, ""
}

// ProvenDomain is a domain of a member and how it was shown to be its own. One that was never shown to be,
// or too long ago, is not in the register.
type ProvenDomain struct {
	Domain   string
	ProvenAt time.Time
	How      string // "dns", "well-known" or "paper"
}

// Subscription is the text that a member last signed. Its zero value means none.
type Subscription struct {
	Version string
	SHA256  string // hex
	At      time.Time
}

// Member returns one member.
func (r Register) Member(ctx context.Context, number string) (Member, error) {
	m := Member{Number: number}
	err := r.DB.QueryRowContext(ctx, `SELECT name, trading_names, services, address, place, country, admitted, code_version, code_sha256, subscribed, successor
		FROM member WHERE number = $1`, number).
		Scan(&m.Name, jsonList{&m.TradingNames}, jsonList{&m.Services}, &m.Address, &m.Place, &m.Country,
			instant{&m.Admitted}, &m.Code.Version, &m.Code.SHA256, instant{&m.Code.At}, &m.Successor)
	if err != nil {
		return Member{}, orNotFound(err)
	}
	rows, err := r.DB.QueryContext(ctx, `SELECT domain, proven_at, how FROM member_domain WHERE member = $1 ORDER BY domain`, number)
	if err != nil {
		return Member{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var d ProvenDomain
		if err := rows.Scan(&d.Domain, instant{&d.ProvenAt}, &d.How); err != nil {
			return Member{}, err
		}
		m.Domains = append(m.Domains, d)
	}
	return m, rows.Err()
}

// ByDomain returns the number of the member that a host belongs to, and the member's domain: the host
// itself, or the nearest domain above it ("www.acme.example" and "shop.acme.example" are acme.example's).
func (r Register) ByDomain(ctx context.Context, host string) (number, domain string, err error) {
	for d := Domain(host); strings.Contains(d, "."); _, d, _ = strings.Cut(d, ".") {
		err := r.DB.QueryRowContext(ctx, `SELECT member FROM member_domain WHERE domain = $1`, d).Scan(&number)
		if !errors.Is(err, sql.ErrNoRows) {
			return number, d, err
		}
	}
	return "", "", ErrNotFound
}

// Exactly returns the number of the one member that somebody means who types its number, a domain of
// its own, or exactly its name or a trading name; else ErrNotFound. Several of the same name are none.
func (r Register) Exactly(ctx context.Context, text string) (number string, err error) {
	text = strings.TrimSpace(text)
	err = r.DB.QueryRowContext(ctx, `SELECT number FROM member WHERE number = $1`, strings.ToUpper(text)).Scan(&number)
	if !errors.Is(err, sql.ErrNoRows) {
		return number, err
	}
	if number, _, err = r.ByDomain(ctx, text); !errors.Is(err, ErrNotFound) {
		return number, err
	}
	rows, err := r.DB.QueryContext(ctx, `SELECT member FROM member_name WHERE name_key = $1 LIMIT 2`, sortKey(text))
	if err != nil {
		return "", err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		if err := rows.Scan(&number); err != nil {
			return "", err
		}
		n++
	}
	if n != 1 {
		return "", errors.Join(rows.Err(), ErrNotFound)
	}
	return number, rows.Err()
}

// Span is a time in which a member's public standing was one and the same.
type Span struct {
	Standing           // from Since
	Until    time.Time // excluded; zero: it still is
}

// History returns a member's public standing over time, oldest first, up to at: what is to come is
// left out, for it would show that grace is running.
func (r Register) History(ctx context.Context, number string, at time.Time) ([]Span, error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT from_at, until_at, status, kind FROM standing_span WHERE member = $1 AND from_at <= $2 ORDER BY from_at`,
		number, at.UnixMicro())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var spans []Span
	for rows.Next() {
		var s Span
		if err := rows.Scan(instant{&s.Since}, instant{&s.Until}, &s.Status, &s.Kind); err != nil {
			return nil, err
		}
		if s.Until.After(at) {
			s.Until = time.Time{}
		}
		spans = append(spans, s)
	}
	return spans, rows.Err()
}

// Standing returns a member's public standing at a time, as far as is known now.
func (r Register) Standing(ctx context.Context, number string, at time.Time) (Standing, error) {
	s, err := r.SpanAt(ctx, number, at)
	return s.Standing, err
}

// SpanAt returns the span in which a time lies; its end is when time alone changes the standing, and is
// not public while only grace runs.
func (r Register) SpanAt(ctx context.Context, number string, at time.Time) (Span, error) {
	var s Span
	err := r.DB.QueryRowContext(ctx, `SELECT from_at, until_at, status, kind FROM standing_span WHERE member = $1 AND from_at <= $2 AND until_at > $2`,
		number, at.UnixMicro()).Scan(instant{&s.Since}, instant{&s.Until}, &s.Status, &s.Kind)
	return s, orNotFound(err)
}

// Statement is where the record last stated a member's public standing.
type Statement struct {
	Standing
	At       time.Time
	Position int64 // in the record
}

// LastStatement returns what the public log last said of a member; ErrNotFound if nothing yet.
func (r Register) LastStatement(ctx context.Context, number string) (Statement, error) {
	var s Statement
	err := r.DB.QueryRowContext(ctx, `SELECT stated_status, stated_kind, stated_since, stated_at, stated_position FROM member WHERE number = $1 AND stated_position > 0`, number).
		Scan(&s.Status, &s.Kind, instant{&s.Since}, instant{&s.At}, &s.Position)
	return s, orNotFound(err)
}
