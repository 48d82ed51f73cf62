package roster

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "roster".
var Migrations = record.Sub(migrations, "migrations")

const (
	// MaxUpload is how large an uploaded file may be, in bytes: some 80,000 rows.
	MaxUpload = 16 << 20
	// MaxUploads is how many files of one person are kept at a time.
	MaxUploads = 5
	// keptFor is how long a file is kept after somebody last did something with it.
	keptFor = time.Hour
)

var (
	// ErrNoUpload says that there is no such file, or that it is somebody else's, or that its hour is over.
	ErrNoUpload = errors.New("there is no such file any more")
	// ErrTooMany says that somebody has uploaded too many files at a time.
	ErrTooMany = fmt.Errorf("%d files of yours are waiting already", MaxUploads)
)

// Stage is how far an uploaded file has come.
type Stage string

// The stages.
const (
	Uploaded   Stage = "uploaded"
	Previewing Stage = "previewing"
	Previewed  Stage = "previewed"
	Importing  Stage = "importing"
	Imported   Stage = "imported" // the file itself is gone
)

// Running reports whether somebody works on it.
func (s Stage) Running() bool { return s == Previewing || s == Importing }

// Upload is a file that somebody uploaded. Times are UTC.
type Upload struct {
	ID      string
	Actor   string
	Made    time.Time
	Expires time.Time
	Stage   Stage
	Done    int64 // rows done in this stage
	About   About
	Outcome *Outcome // of the newest preview or import; nil before

	runner string
	beat   time.Time
}

// About is what is known of a file without reading it.
type About struct {
	Name    string  `json:"name"` // as whoever uploaded it calls it
	Rows    int64   `json:"rows"` // 0 before the preview
	Mapping Mapping `json:"mapping"`
}

// Outcome is what came of a preview or an import.
type Outcome struct {
	Report  Report   `json:"report"`
	Header  Cells    `json:"header"`
	Rejects []Reject `json:"rejects"`
	Problem string   `json:"problem,omitempty"` // why it stopped, in words
}

// Keys seals files under keys of their own, and destroys them: the vault, handed down by the wiring.
type Keys interface {
	act.Keys
	Forget(ctx context.Context, owner string) error
}

// Uploads keeps files that somebody uploaded, sealed, in the record's database, so that every node has them: until
// they are taken in, and not longer than an hour after somebody last did something with them.
type Uploads struct {
	Record *record.Record
	Keys   Keys
	Now    func() time.Time
	// Names tells the names of all members.
	Names  func(ctx context.Context, each func(number, name string)) error
	Logger *slog.Logger
	// Holds reports whether somebody still holds the office that they began to import in; nil asks nobody. It is asked
	// now and then while rows are taken in.
	Holds func(ctx context.Context, by By) (bool, error)

	mu      sync.Mutex
	running map[string]chan struct{} // by id; closed when it ends
	ended   bool
	stop    context.CancelFunc
	base    context.Context
	work    sync.WaitGroup
}

func owner(id string) string { return "upload/" + id }

// Keep keeps a file, and returns the id under which only its actor finds it.
func (u *Uploads) Keep(ctx context.Context, actor, name string, content []byte) (id string, err error) {
	if len(content) > MaxUpload {
		return "", fmt.Errorf("roster: a file of %d bytes is too large", len(content))
	}
	if err := u.Sweep(ctx); err != nil {
		return "", err
	}
	var have int
	if err := u.db().QueryRowContext(ctx, "SELECT count(*) FROM roster_upload WHERE actor = $1", actor).Scan(&have); err != nil {
		return "", err
	}
	if have >= MaxUploads {
		return "", ErrTooMany
	}
	id = strings.ToLower(rand.Text())
	about, err := u.seal(id, About{Name: name})
	if err != nil {
		return "", err
	}
	sealed, err := u.Keys.Seal(owner(id), string(content))
	if err == nil {
		err = u.Keys.Sync()
	}
	if err != nil {
		return "", err
	}
	now := u.Now()
	return id, u.write(ctx, func(tx record.Tx) error {
		tx.Exec("INSERT INTO roster_upload (id, actor, made, expires, stage, runner, beat, done, about, content, outcome) VALUES ($1, $2, $3, $4, $5, '', 0, 0, $6, $7, $8)",
			id, actor, now.UnixMicro(), now.Add(keptFor).UnixMicro(), string(Uploaded), about, sealed, []byte{})
		return nil
	})
}

const uploadColumns = "SELECT id, actor, made, expires, stage, runner, beat, done, about, outcome FROM roster_upload "

// Of returns the files of somebody, the newest first.
func (u *Uploads) Of(ctx context.Context, actor string) ([]Upload, error) {
	return u.query(ctx, uploadColumns+"WHERE actor = $1 AND expires > $2 ORDER BY made DESC", actor, u.Now().UnixMicro())
}

// Get returns a file of somebody, or ErrNoUpload.
func (u *Uploads) Get(ctx context.Context, actor, id string) (Upload, error) {
	all, err := u.query(ctx, uploadColumns+"WHERE id = $1 AND actor = $2 AND expires > $3", id, actor, u.Now().UnixMicro())
	if err == nil && len(all) == 0 {
		err = ErrNoUpload
	}
	if err != nil {
		return Upload{}, err
	}
	return all[0], nil
}

func (u *Uploads) query(ctx context.Context, query string, args ...any) (all []Upload, err error) {
	rows, err := u.db().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Upload
		var made, expires, beat int64
		var about, outcome []byte
		if err := rows.Scan(&f.ID, &f.Actor, &made, &expires, &f.Stage, &f.runner, &beat, &f.Done, &about, &outcome); err != nil {
			return nil, err
		}
		f.Made, f.Expires, f.beat = time.UnixMicro(made).UTC(), time.UnixMicro(expires).UTC(), time.UnixMicro(beat).UTC()
		if err := u.open(f.ID, about, &f.About); errors.Is(err, act.ErrForgotten) {
			continue // it is being removed
		} else if err != nil {
			return nil, err
		}
		if len(outcome) > 0 {
			f.Outcome = &Outcome{}
			if err := u.open(f.ID, outcome, f.Outcome); err != nil {
				return nil, err
			}
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// Glance looks at a file of somebody.
func (u *Uploads) Glance(ctx context.Context, f Upload, rows int) (Glimpse, error) {
	content, err := u.content(ctx, f.ID)
	if err != nil {
		return Glimpse{}, err
	}
	return Glance(bytes.NewReader(content), rows)
}

func (u *Uploads) content(ctx context.Context, id string) ([]byte, error) {
	var sealed []byte
	err := u.db().QueryRowContext(ctx, "SELECT content FROM roster_upload WHERE id = $1", id).Scan(&sealed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, ErrNoUpload
	case err != nil:
		return nil, err
	case len(sealed) == 0:
		return nil, ErrNoUpload // it was taken in
	}
	text, err := u.Keys.Open(owner(id), sealed)
	if errors.Is(err, act.ErrForgotten) {
		return nil, ErrNoUpload
	}
	return []byte(text), err
}

// Discard removes a file.
func (u *Uploads) Discard(ctx context.Context, id string) error {
	if err := u.Keys.Forget(ctx, owner(id)); err != nil {
		return err
	}
	return u.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM roster_upload WHERE id = $1", id)
		return nil
	})
}

// Sweep removes the files whose hour is over.
func (u *Uploads) Sweep(ctx context.Context) error {
	rows, err := u.db().QueryContext(ctx, "SELECT id FROM roster_upload WHERE expires <= $1", u.Now().UnixMicro())
	if err != nil {
		return err
	}
	defer rows.Close()
	var over []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		over = append(over, id)
	}
	err = rows.Err()
	for _, id := range over {
		err = errors.Join(err, u.Discard(ctx, id))
	}
	return err
}

func (u *Uploads) seal(id string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return u.Keys.Seal(owner(id), string(text))
}

func (u *Uploads) open(id string, sealed []byte, v any) error {
	text, err := u.Keys.Open(owner(id), sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), v)
}

func (u *Uploads) db() *sql.DB { return u.Record.Engine.Reader() }

func (u *Uploads) write(ctx context.Context, do func(tx record.Tx) error) error {
	return u.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { return do(tx) })
}
