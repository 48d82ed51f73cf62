package applicant

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shingle/internal/account"
	"shingle/internal/draft"
	"shingle/internal/record"
)

// How long a link works, and how long a letter with one may be under way until it is written.
const (
	linkLife   = 10 * time.Minute
	letterLife = time.Hour
)

// owner is under whose key strangers are sealed: they have none of their own yet. What is sealed is deleted by the
// next [SignUps.Sweep] after it is over.
const owner = "sign-up"

// Stranger is somebody who wants to apply, as they say. That the address is theirs is shown by using the link.
type Stranger struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// ErrSpent says that a link works no more: it is used, too old, or there never was one.
var ErrSpent = errors.New("this link was used before or is too old")

// SignUps keeps strangers until they have shown that their address is theirs. Methods may be called from many
// goroutines.
type SignUps struct {
	Record *record.Record
	// Ended removes what was written to a stranger and still lies here, once their sign-up is over; nil where
	// nothing does.
	Ended func(ctx context.Context, id string) error
}

// Begin keeps what a stranger said and returns an id by which a letter to them is asked for. The id opens
// nothing, and may lie in a queue.
func (s SignUps) Begin(ctx context.Context, who Stranger) (id string, err error) {
	text, err := json.Marshal(who)
	if err != nil {
		return "", err
	}
	id = rand.Text()
	until := draft.Now(s.Record).Add(letterLife)
	err = draft.Write(ctx, s.Record, func(tx record.Tx) error {
		sealed, err := s.Record.Keys.Seal(owner, string(text))
		if err != nil {
			return err
		}
		tx.Exec("INSERT INTO application_signup (id, sealed, hash, expires) VALUES ($1, $2, $3, $4)", id, sealed, []byte{}, until.UnixMicro())
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("the sign-up could not be kept: %w", err)
	}
	return id, nil
}

// Link makes the link of a letter that is about to be sent. Of several letters about one
// sign-up only the newest one's works, once and until the time returned. ErrSpent if there is nothing to send
// any more.
func (s SignUps) Link(ctx context.Context, id string) (secret string, until time.Time, err error) {
	at := draft.Now(s.Record)
	secret, until = rand.Text(), at.Add(linkLife)
	err = draft.Write(ctx, s.Record, func(tx record.Tx) error {
		var expires int64
		found, err := draft.One(ctx, tx, "SELECT expires FROM application_signup WHERE id = $1", []any{id}, &expires)
		if err != nil {
			return err
		}
		if !found || at.UnixMicro() >= expires {
			return ErrSpent
		}
		tx.Exec("UPDATE application_signup SET hash = $1, expires = $2 WHERE id = $3", account.HashOf(secret), until.UnixMicro(), id)
		return nil
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return secret, until, nil
}

// Who returns who signed up under an id, for the letter to them; ErrSpent if they do not wait for one any more.
func (s SignUps) Who(ctx context.Context, id string) (Stranger, error) {
	var sealed []byte
	var expires int64
	err := s.Record.Engine.Reader().QueryRowContext(ctx, "SELECT sealed, expires FROM application_signup WHERE id = $1", id).Scan(&sealed, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && draft.Now(s.Record).UnixMicro() >= expires:
		return Stranger{}, ErrSpent
	case err != nil:
		return Stranger{}, err
	}
	return s.open(sealed)
}

func (s SignUps) open(sealed []byte) (who Stranger, err error) {
	text, err := s.Record.Keys.Open(owner, sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &who)
	}
	return who, err
}

// Works returns nil if a link works, or ErrSpent, and leaves it as it is: whatever scans e-mail for what is
// harmful opens the links in it.
func (s SignUps) Works(ctx context.Context, secret string) error {
	var expires int64
	err := s.Record.Engine.Reader().QueryRowContext(ctx, "SELECT expires FROM application_signup WHERE hash = $1", account.HashOf(secret)).Scan(&expires)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && draft.Now(s.Record).UnixMicro() >= expires:
		return ErrSpent
	}
	return err
}

// Use uses a link up and returns the sign-up's id and who has shown that mail to their address reaches them; or
// ErrSpent.
func (s SignUps) Use(ctx context.Context, secret string) (id string, who Stranger, err error) {
	at := draft.Now(s.Record).UnixMicro()
	var sealed []byte
	err = draft.Write(ctx, s.Record, func(tx record.Tx) error {
		var expires int64
		found, err := draft.One(ctx, tx, "SELECT id, sealed, expires FROM application_signup WHERE hash = $1", []any{account.HashOf(secret)}, &id, &sealed, &expires)
		if err != nil {
			return err
		}
		if !found || at >= expires {
			return ErrSpent
		}
		tx.Exec("UPDATE application_signup SET hash = $1, expires = $2 WHERE id = $3", []byte{}, at, id) // it is over
		return nil
	})
	if err == nil {
		who, err = s.open(sealed)
	}
	if err != nil {
		return "", Stranger{}, err
	}
	return id, who, nil
}

// Sweep deletes the strangers whose sign-up is over, and what was written to them. What cannot be deleted now
// stays for the next time.
func (s SignUps) Sweep(ctx context.Context) error {
	over, err := s.over(ctx)
	if err != nil || len(over) == 0 {
		return err
	}
	var errs []error
	for _, id := range over {
		if s.Ended != nil {
			if err := s.Ended(ctx, id); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		errs = append(errs, draft.Write(ctx, s.Record, func(tx record.Tx) error {
			tx.Exec("DELETE FROM application_signup WHERE id = $1", id)
			return nil
		}))
	}
	return errors.Join(errs...)
}

// over returns the ids of up to a thousand sign-ups that are over.
func (s SignUps) over(ctx context.Context) (ids []string, err error) {
	rows, err := s.Record.Engine.Reader().QueryContext(ctx, "SELECT id FROM application_signup WHERE expires <= $1 ORDER BY expires LIMIT 1000", draft.Now(s.Record).UnixMicro())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
