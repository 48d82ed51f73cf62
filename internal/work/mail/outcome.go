package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// What comes of a letter.
const (
	Sending  = "sending"  // it is being written and handed on
	Retrying = "retrying" // that failed and is tried again
	Sent     = "sent"     // a server took it
	Folder   = "folder"   // it lies in the folder, since there is no server
	Bounced  = "bounced"  // a server refused it for good
	Failed   = "failed"   // it was tried for too long
	Dropped  = "dropped"  // there was nobody to write to any more, or nothing to write
)

// Outcome is what came of a letter. It holds no address.
type Outcome struct {
	ID       string
	Letter   string // its kind
	Person   string // to whom, e.g. "person/0042-1"
	Member   string // number of the member it is about, "" for none
	First    time.Time
	At       time.Time // when this came of it
	Attempts int64
	State    string
	Says     string // what went wrong, in words; "" if nothing did
	About    string // what occasioned it; "" for a letter of before that was kept
}

// Done reports whether nothing more will be done about the letter.
func (o Outcome) Done() bool {
	return o.State != "" && o.State != Sending && o.State != Retrying
}

// Filter says which letters are meant. Zero values say nothing.
type Filter struct {
	State  string
	Letter string // kind
	Person string
	Member string
	Since  time.Time
	After  Outcome // for the next page: the last one that was shown
	Limit  int     // 100 if it is zero
}

// kept is how long it is kept what came of a letter.
const kept = 400 * 24 * time.Hour

const columns = "id, kind, person, member, first, at, attempts, state, says, about"

// Sent returns what came of letters, the newest first.
func (m *Mailer) Sent(ctx context.Context, f Filter) ([]Outcome, error) {
	return Read(ctx, m.Record.Engine.Reader(), f)
}

// Read reads what came of letters from a record's database, the newest first.
func Read(ctx context.Context, db *sql.DB, f Filter) (found []Outcome, err error) {
	where, args := []string{"1 = 1"}, []any{}
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	for column, value := range map[string]string{"state": f.State, "kind": f.Letter, "person": f.Person, "member": f.Member} {
		if value != "" {
			add(column+" = $%d", value)
		}
	}
	if !f.Since.IsZero() {
		add("at >= $%d", f.Since.UnixMicro())
	}
	if f.After.ID != "" {
		args = append(args, f.After.At.UnixMicro(), f.After.ID)
		where = append(where, fmt.Sprintf("(at < $%d OR at = $%[1]d AND id > $%[2]d)", len(args)-1, len(args)))
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	rows, err := db.QueryContext(ctx, "SELECT "+columns+" FROM work_mail WHERE "+strings.Join(where, " AND ")+fmt.Sprintf(" ORDER BY at DESC, id LIMIT %d", f.Limit), args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		o, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, o)
	}
	return found, rows.Err()
}

// Count returns how many letters came to each state since a time.
func Count(ctx context.Context, db *sql.DB, since time.Time) (n map[string]int, err error) {
	rows, err := db.QueryContext(ctx, "SELECT state, count(*) FROM work_mail WHERE at >= $1 GROUP BY state", since.UnixMicro())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	n = map[string]int{}
	for rows.Next() {
		var state string
		var count int
		if err := rows.Scan(&state, &count); err != nil {
			return nil, err
		}
		n[state] = count
	}
	return n, rows.Err()
}

func (m *Mailer) find(ctx context.Context, id string) (Outcome, error) {
	o, err := scan(m.Record.Engine.Reader().QueryRowContext(ctx, "SELECT "+columns+" FROM work_mail WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return Outcome{}, nil
	}
	return o, err
}

func scan(row interface{ Scan(...any) error }) (o Outcome, err error) {
	var first, at int64
	err = row.Scan(&o.ID, &o.Letter, &o.Person, &o.Member, &first, &at, &o.Attempts, &o.State, &o.Says, &o.About)
	o.First, o.At = time.UnixMicro(first).UTC(), time.UnixMicro(at).UTC()
	return o, err
}

// note keeps what came of a letter. Attempts count how often it was begun.
func (m *Mailer) note(ctx context.Context, l Letter, state, says string) error {
	now, began := m.Now().UnixMicro(), 0
	if state == Sending {
		began = 1
	}
	err := m.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("INSERT INTO work_mail ("+columns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE "+
			"SET at = excluded.at, about = excluded.about, attempts = work_mail.attempts + excluded.attempts, state = excluded.state, says = CASE WHEN excluded.state = 'sending' THEN work_mail.says ELSE excluded.says END",
			l.ID(), l.Letter, l.To, l.Member, now, now, began, state, says, l.About)
		return nil
	})
	if err != nil {
		return fmt.Errorf("what comes of a letter cannot be noted now: %w", err)
	}
	return nil
}
