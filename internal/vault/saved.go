package vault

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"
)

// Saved says how a keyring and its newest backup compare.
type Saved struct {
	At      time.Time `json:"at,omitzero"` // when the backup was made, UTC; zero: there never was one
	Owners  int64     `json:"owners"`      // in the keyring
	Unsaved int64     `json:"unsaved"`     // keys, and identities of objects, that no backup holds
}

// Saved tells whether there are keys that no backup holds. It counts them, so it is not for every request.
func (k *Keyring) Saved(ctx context.Context) (s Saved, err error) {
	var at int64
	var then, now Held
	err = k.db.QueryRowContext(ctx, `SELECT saved, saved_owners, saved_keys, saved_forgot, saved_objects, forgotten,
		(SELECT count(*) FROM owner_key), (SELECT coalesce(sum(length(wrapped)), 0) FROM owner_key), (SELECT count(*) FROM object) FROM keyring WHERE id = 1`).
		Scan(&at, &then.Owners, &then.Keys, &then.Forgotten, &then.Objects, &now.Forgotten, &now.Owners, &now.Keys, &now.Objects)
	if err != nil {
		return s, explain(err)
	}
	now.Keys /= wrappedSize
	s.Owners = now.Owners
	if at == 0 {
		s.Unsaved = now.Keys + now.Objects + int64(len(purposes))
		return s, nil
	}
	s.At = timeAt(at)
	s.Unsaved = max(now.Owners-then.Owners, 0)
	if now.Forgotten == then.Forgotten { // else some are gone, and the sum says nothing
		s.Unsaved = max(s.Unsaved, now.Keys-then.Keys)
	}
	s.Unsaved += max(now.Objects-then.Objects, 0)
	return s, nil
}

// Save notes that a backup of the keys was made and what it holds.
func (k *Keyring) Save(ctx context.Context, at time.Time, held Held) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	_, err := k.db.ExecContext(ctx, "UPDATE keyring SET saved = $1, saved_owners = $2, saved_keys = $3, saved_forgot = $4, saved_objects = $5 WHERE id = 1",
		at.UnixMicro(), held.Owners, held.Keys, held.Forgotten, held.Objects)
	return explain(err)
}

// Forgotten lists the owners whose keys were destroyed.
func (k *Keyring) Forgotten(ctx context.Context) (owners []string, err error) {
	rows, err := k.db.QueryContext(ctx, "SELECT owner FROM owner_key WHERE wrapped IS NULL ORDER BY owner")
	if err != nil {
		return nil, explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var owner sql.NullString
		if err := rows.Scan(&owner); err != nil {
			return nil, err
		}
		owners = append(owners, owner.String)
	}
	return owners, rows.Err()
}

// Has reports whether the keyring knows an owner: it has a key for them, or had one and destroyed it.
func (k *Keyring) Has(ctx context.Context, owner string) (bool, error) {
	var n int
	err := k.db.QueryRowContext(ctx, "SELECT count(*) FROM owner_key WHERE owner = $1", owner).Scan(&n)
	return n > 0, explain(err)
}

// BesideServer opens the keyring in an SQLite file that another process has open, to back it up: nothing is
// written to it but what Pack, Save and Discard note.
func BesideServer(ctx context.Context, path, rootPath string, guard ...Guard) (*Keyring, error) {
	root, err := ReadRoot(rootPath, guard...)
	if err != nil {
		return nil, err
	}
	how := url.Values{"mode": {"rw"}, "_pragma": {"busy_timeout(10000)", "synchronous(FULL)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return newKeyring(db, true).look(ctx, root)
}
