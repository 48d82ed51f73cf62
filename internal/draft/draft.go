// Package draft keeps what people type before they ask for anything: the answers to the questions of a form that
// is filled in over days, on whatever device.
//
// None of it is in the record, for nobody has asked for anything yet. A draft lies in the record's database, in a
// table of the part whose form it is, sealed by whoever it belongs to ([Seal]), and goes by itself when nobody has
// touched it for some time ([Shelf]).
package draft

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Draft is what somebody has typed so far. Its zero value is one that was not begun.
type Draft struct {
	Answers map[string]string `json:"answers"` // as typed, by the name of the field
	Done    []string          `json:"done"`    // the steps that were answered in full
	Updated time.Time         `json:"-"`       // UTC; zero for a draft that was not begun
}

// Has reports whether a step was answered in full.
func (d Draft) Has(step string) bool { return slices.Contains(d.Done, step) }

// Mark notes whether a step was answered in full.
func (d *Draft) Mark(step string, done bool) {
	d.Done = slices.DeleteFunc(d.Done, func(s string) bool { return s == step })
	if done {
		d.Done = append(d.Done, step)
	}
}

// ErrTooLarge says that a draft would become too large to be kept.
var ErrTooLarge = errors.New("the draft would be larger than may be kept; it is left as it was, send less")

// Seal is what a draft is sealed with. Open fails with [act.ErrForgotten] where the key was destroyed.
type Seal interface {
	Seal(text string) ([]byte, error)
	Open(sealed []byte) (string, error)
}

// Shelf is a table of drafts, with the columns of its owner, "sealed" and "updated" (µs since 1970). Methods may be
// called from many goroutines.
type Shelf struct {
	Record *record.Record
	Table  string
	Owner  string        // the column that says whose it is
	Life   time.Duration // how long a draft is kept that nobody touches
	Most   int           // bytes
}

// Read returns somebody's draft; the zero Draft if there is none, or none any more.
func (s Shelf) Read(ctx context.Context, owner string, by Seal) (Draft, error) {
	var sealed []byte
	var updated int64
	err := s.Record.Engine.Reader().QueryRowContext(ctx, s.find(), owner).Scan(&sealed, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return Draft{}, nil
	} else if err != nil {
		return Draft{}, fmt.Errorf("the draft cannot be read: %w", err)
	}
	return s.open(by, sealed, updated)
}

func (s Shelf) find() string {
	return "SELECT sealed, updated FROM " + s.Table + " WHERE " + s.Owner + " = $1"
}

func (s Shelf) open(by Seal, sealed []byte, updated int64) (draft Draft, err error) {
	at := time.UnixMicro(updated).UTC()
	if !Now(s.Record).Before(at.Add(s.Life)) {
		return Draft{}, nil // it is about to be swept away
	}
	text, err := by.Open(sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &draft)
	}
	if err != nil {
		return Draft{}, fmt.Errorf("the draft cannot be opened: %w", err)
	}
	draft.Updated = at
	return draft, nil
}

// Change changes somebody's draft, or begins it, and returns it as it is then. What was saved on another device
// meanwhile is not lost: change is handed the newest. It may fail with [ErrTooLarge] or [act.ErrForgotten].
func (s Shelf) Change(ctx context.Context, owner string, by Seal, change func(*Draft)) (draft Draft, err error) {
	at := Now(s.Record)
	err = Write(ctx, s.Record, func(tx record.Tx) error {
		var sealed []byte
		var updated int64
		found, err := One(ctx, tx, s.find(), []any{owner}, &sealed, &updated)
		if err == nil && found {
			draft, err = s.open(by, sealed, updated)
		}
		if err != nil {
			return err
		}
		if draft.Answers == nil {
			draft.Answers = map[string]string{}
		}
		if !at.After(draft.Updated) { // every change is another version
			at = draft.Updated.Add(time.Microsecond)
		}
		change(&draft)
		draft.Updated = at
		text, err := json.Marshal(draft)
		if err != nil {
			return err
		}
		if len(text) > s.Most {
			return ErrTooLarge
		}
		if sealed, err = by.Seal(string(text)); err != nil {
			return err
		}
		tx.Exec("INSERT INTO "+s.Table+" ("+s.Owner+", sealed, updated) VALUES ($1, $2, $3) ON CONFLICT ("+s.Owner+
			") DO UPDATE SET sealed = excluded.sealed, updated = excluded.updated", owner, sealed, at.UnixMicro())
		return nil
	})
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, act.ErrForgotten):
		return Draft{}, err
	case err != nil:
		return Draft{}, fmt.Errorf("the draft could not be saved: %w", err)
	}
	return draft, nil
}

// Discard deletes somebody's draft.
func (s Shelf) Discard(ctx context.Context, owner string) error {
	return Write(ctx, s.Record, func(tx record.Tx) error {
		s.DiscardIn(tx, owner)
		return nil
	})
}

// DiscardIn deletes somebody's draft in a transaction.
func (s Shelf) DiscardIn(tx record.Tx, owner string) {
	tx.Exec("DELETE FROM "+s.Table+" WHERE "+s.Owner+" = $1", owner)
}

// Sweep deletes the drafts that nobody has touched for their life.
func (s Shelf) Sweep(ctx context.Context) error {
	at := Now(s.Record).Add(-s.Life)
	return Write(ctx, s.Record, func(tx record.Tx) error {
		tx.Exec("DELETE FROM "+s.Table+" WHERE updated <= $1", at.UnixMicro())
		return nil
	})
}

// Now is the record's time: UTC, whole microseconds.
func Now(r *record.Record) time.Time { return r.Now().UTC().Truncate(time.Microsecond) }

// Write does something in a transaction of its own, beside the record. Keys that it made are stored before it is
// committed.
func Write(ctx context.Context, r *record.Record, do func(tx record.Tx) error) error {
	return r.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		if err := do(tx); err != nil {
			return err
		}
		return r.Keys.Sync()
	})
}

// One reads the only row that a query finds in a transaction.
func One(ctx context.Context, tx record.Tx, query string, args []any, into ...any) (found bool, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, rows.Scan(into...)
}
