// Package body is the body's register as it is read: who is a member, how they stand and stood, the
// texts and notices, and the ways to find a member.
//
// All of it follows from the record. [Projection] writes it in the transaction that records an event, so
// that a page shows what was acknowledged; [Register] reads it. Only what changed is written: a member's
// rows when an event concerns it, never everyone's.
//
// Standing is kept as spans, those to come included (see [standing.Timeline]), so that lists filter and
// page by time without computing anyone afresh. Two things change spans without an event of the
// member's own: time, which only moves the reader along them, and a change that concerns everyone (a new
// text of the code, holidays), which moves what is to come. The second is told apart by an epoch: such
// an event only raises the epoch in the table body, and spans drawn in an earlier epoch are redrawn a
// thousand at a time by the record's clock ([Projection.Redraw]).
package body

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"math"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations holds the goose migrations of the register's tables, in the folders sqlite and postgres.
var Migrations = record.Sub(migrations, "migrations")

// PersonalTables are the tables that hold what is personal to people, in plain text.
var PersonalTables = []string{"person", "member_contact", "course_provider", "credit_claim"}

// ErrNotFound says that the register has no such member, notice or text.
var ErrNotFound = errors.New("not in the register")

// Register reads the register. All times it returns are UTC.
type Register struct{ DB *sql.DB }

// Standing is a public standing and since when it holds. The empty status means: no member then.
type Standing struct {
	Status standing.Status
	Kind   standing.Kind
	Since  time.Time
}

// Body is the professional body itself.
type Body struct {
	Name, Short string
	Zone        *time.Location
	Web         string // host, e.g. "demo.example"
	Founded     time.Time
	Opened      time.Time // when the register was opened to the public; zero in launch mode
	GoLive      act.Date  // the day named for it
	Members     int64     // how many the register holds, former ones included
}

// Body returns the body; before it is founded, ErrNotFound.
func (r Register) Body(ctx context.Context) (Body, error) {
	var b Body
	var zone, goLive string
	var founded, opened int64
	err := r.DB.QueryRowContext(ctx, `SELECT name, short, zone, web, founded, opened, go_live, members FROM body WHERE id = 1`).
		Scan(&b.Name, &b.Short, &zone, &b.Web, &founded, &opened, &goLive, &b.Members)
	if err != nil {
		return Body{}, orNotFound(err)
	}
	b.Founded, b.Opened = fromMicros(founded), fromMicros(opened)
	if b.Zone, err = time.LoadLocation(zone); err != nil {
		return Body{}, err
	}
	return b, b.GoLive.UnmarshalText([]byte(goLive))
}

// forever is how "no end" is stored.
const forever = math.MaxInt64

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func untilMicros(t time.Time) int64 {
	if t.IsZero() {
		return forever
	}
	return t.UnixMicro()
}

// fromMicros returns the zero time for "never" and for "no end".
func fromMicros(us int64) time.Time {
	if us == 0 || us == forever {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func orNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

func toJSON(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(list) // a list of texts always can be
	return string(b)
}

// jsonList scans a JSON list of texts.
type jsonList struct{ to *[]string }

func (l jsonList) Scan(v any) error { return scanJSON(v, l.to) }

func scanJSON(v, to any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), to)
	case []byte:
		return json.Unmarshal(v, to)
	}
	return errors.New("view: a list is stored as JSON text")
}

// instant scans microseconds into a time.
type instant struct{ to *time.Time }

func (i instant) Scan(v any) error {
	us, ok := v.(int64)
	if !ok && v != nil {
		return errors.New("view: a time is stored as microseconds")
	}
	*i.to = fromMicros(us)
	return nil
}
