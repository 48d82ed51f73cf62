package complainant

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shingle/internal/draft"
	"shingle/internal/record"
)

// Session is what a browser may see without being asked again for the code.
type Session struct {
	Code string `json:"code"`
	Case string `json:"case,omitempty"` // number of the case that was lodged under the code; "" while it is written
}

// ErrOver says that there is no such session, or none any more.
var ErrOver = errors.New("the session is over")

// Sessions keeps who has typed a code. Methods may be called from many goroutines.
type Sessions struct{ Record *record.Record }

// Begin keeps a session and returns the secret by which it is known.
func (s Sessions) Begin(ctx context.Context, what Session) (known string, err error) {
	known = rand.Text()
	return known, s.keep(ctx, known, what)
}

func (s Sessions) keep(ctx context.Context, known string, what Session) error {
	text, err := json.Marshal(what)
	if err != nil {
		return err
	}
	sealed, err := sealing(known, "session").Seal(string(text))
	if err != nil {
		return err
	}
	until := draft.Now(s.Record).Add(Away)
	err = draft.Write(ctx, s.Record, func(tx record.Tx) error {
		tx.Exec("INSERT INTO complaint_session (hash, sealed, expires) VALUES ($1, $2, $3) ON CONFLICT (hash) DO UPDATE SET sealed = excluded.sealed, expires = excluded.expires",
			sessionHash(known), sealed, until.UnixMicro())
		return nil
	})
	if err != nil {
		return fmt.Errorf("the session could not be kept: %w", err)
	}
	return nil
}

// Of returns the session with that secret, which lasts for [Away] from now on; or [ErrOver].
func (s Sessions) Of(ctx context.Context, known string) (what Session, err error) {
	var sealed []byte
	var expires int64
	err = s.Record.Engine.Reader().QueryRowContext(ctx, "SELECT sealed, expires FROM complaint_session WHERE hash = $1", sessionHash(known)).Scan(&sealed, &expires)
	now := draft.Now(s.Record)
	left := time.UnixMicro(expires).Sub(now)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && left <= 0:
		return Session{}, ErrOver
	case err != nil:
		return Session{}, fmt.Errorf("the session cannot be read: %w", err)
	}
	text, err := sealing(known, "session").Open(sealed)
	if err == nil {
		err = json.Unmarshal([]byte(text), &what)
	}
	if err != nil {
		return Session{}, fmt.Errorf("the session cannot be opened: %w", err)
	}
	if left < Away*3/4 { // every page that is looked at need not write
		err = s.keep(ctx, known, what)
	}
	return what, err
}

// End ends the session with that secret.
func (s Sessions) End(ctx context.Context, known string) error {
	return draft.Write(ctx, s.Record, func(tx record.Tx) error {
		tx.Exec("DELETE FROM complaint_session WHERE hash = $1", sessionHash(known))
		return nil
	})
}

// Sweep deletes the sessions that are over.
func (s Sessions) Sweep(ctx context.Context) error {
	at := draft.Now(s.Record)
	return draft.Write(ctx, s.Record, func(tx record.Tx) error {
		tx.Exec("DELETE FROM complaint_session WHERE expires <= $1", at.UnixMicro())
		return nil
	})
}

func sessionHash(known string) string {
	sum := sha256.Sum256([]byte("shingle complaint session\n" + known))
	return hex.EncodeToString(sum[:])
}
