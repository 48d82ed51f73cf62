package applicant

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

// Draft is an application that somebody is writing. Its zero value is one that was not begun.
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

// mostDraft bounds a draft, in bytes. It is many times what an application may hold.
const mostDraft = 256 << 10

// ErrTooLarge says that a draft would become too large to be kept.
var ErrTooLarge = errors.New("the draft would be larger than 256 KiB; it is left as it was, send less")

// Drafts keeps drafts, one of each person. A person is named as their stream is, e.g. "person/0007". Methods
// may be called from many goroutines. [act.ErrForgotten] is returned for whoever was forgotten.
type Drafts struct{ Record *record.Record }

// Read returns a person's draft; the zero Draft if there is none, or none any more.
func (d Drafts) Read(ctx context.Context, person string) (Draft, error) {
	var sealed []byte
	var updated int64
	err := d.Record.Engine.Reader().QueryRowContext(ctx, "SELECT sealed, updated FROM application_draft WHERE person = $1", person).Scan(&sealed, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return Draft{}, nil
	} else if err != nil {
		return Draft{}, fmt.Errorf("the draft cannot be read: %w", err)
	}
	return d.open(person, sealed, updated)
}

func (d Drafts) open(person string, sealed []byte, updated int64) (draft Draft, err error) {
	at := time.UnixMicro(updated).UTC()
	if !now(d.Record).Before(at.Add(Life)) {
		return Draft{}, nil // it is about to be swept away
	}
	text, err := d.Record.Keys.Open(person, sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &draft)
	}
	if err != nil {
		return Draft{}, fmt.Errorf("the draft cannot be opened: %w", err)
	}
	draft.Updated = at
	return draft, nil
}

// Change changes a person's draft, or begins it, and returns it as it is then. What was saved on another device
// meanwhile is not lost: change is handed the newest. It may fail with [ErrTooLarge].
func (d Drafts) Change(ctx context.Context, person string, change func(*Draft)) (draft Draft, err error) {
	at := now(d.Record)
	err = write(ctx, d.Record, func(tx record.Tx) error {
		var sealed []byte
		var updated int64
		found, err := one(ctx, tx, "SELECT sealed, updated FROM application_draft WHERE person = $1", []any{person}, &sealed, &updated)
		if err == nil && found {
			draft, err = d.open(person, sealed, updated)
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
		if len(text) > mostDraft {
			return ErrTooLarge
		}
		if sealed, err = d.Record.Keys.Seal(person, string(text)); err != nil {
			return err
		}
		tx.Exec(`INSERT INTO application_draft (person, sealed, updated) VALUES ($1, $2, $3)
			ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, updated = excluded.updated`, person, sealed, at.UnixMicro())
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

// Discard deletes a person's draft.
func (d Drafts) Discard(ctx context.Context, person string) error {
	return write(ctx, d.Record, func(tx record.Tx) error {
		discard(tx, person)
		return nil
	})
}

func discard(tx record.Tx, person string) {
	tx.Exec("DELETE FROM application_draft WHERE person = $1", person)
}

// Sweep deletes the drafts that nobody has touched for [Life].
func (d Drafts) Sweep(ctx context.Context) error {
	at := now(d.Record).Add(-Life)
	return write(ctx, d.Record, func(tx record.Tx) error {
		tx.Exec("DELETE FROM application_draft WHERE updated <= $1", at.UnixMicro())
		return nil
	})
}
