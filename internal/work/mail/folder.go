package mail

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// lay lays a letter into the folder, as a file that only its owner reads: ID.eml.
func (m *Mailer) lay(l Letter, e envelope) (err error) {
	if err := os.MkdirAll(m.Folder, 0o700); err != nil {
		return err
	}
	path := m.file(l.ID())
	draft, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = e.msg.WriteTo(draft)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return errors.Join(err, os.Remove(path+".new"))
	}
	return os.Rename(path+".new", path)
}

func (m *Mailer) file(id string) string { return filepath.Join(m.Folder, id+".eml") }

// Open returns a letter that lies in the folder, as it would have been sent. It fails with [fs.ErrNotExist]
// where there is none.
func (m *Mailer) Open(id string) ([]byte, error) {
	if raw, err := hex.DecodeString(id); err != nil || len(raw) != 16 || m.Folder == "" {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(m.file(id))
}

// Forget removes the letters to a person from the folder. What came of them stays: it holds no address.
func (m *Mailer) Forget(ctx context.Context, person string) error {
	// Of whatever state: a process may have been killed between laying a letter down and noting it.
	return m.discard(ctx, "person = $1", person)
}

// discard removes letters from the folder, and what a process that was killed left of them.
func (m *Mailer) discard(ctx context.Context, which string, args ...any) error {
	if m.Folder == "" {
		return nil
	}
	rows, err := m.Record.Engine.Reader().QueryContext(ctx, "SELECT id FROM work_mail WHERE "+which, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var errs []error
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		for _, path := range []string{m.file(id), m.file(id) + ".new"} {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, fmt.Errorf("a letter in the folder cannot be removed: %w", err))
			}
		}
	}
	return errors.Join(append(errs, rows.Err())...)
}
