package vault

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A key backup is the root key and every row of a keyring, as lines of JSON: first the root key, then the
// rows, and at last how many there were. Whoever makes one encrypts it; nothing in it is.

// Packed says what a key backup is.
type Packed struct {
	Format  int       `json:"format"`
	At      time.Time `json:"at,omitzero"` // when it was made, UTC; zero if it is only on its way to another place
	Expires time.Time `json:"expires,omitzero"`
	// Before are the backups of keys that were made before it and had not expired.
	Before    []KeyBackup `json:"before,omitempty"`
	Root      string      `json:"root"`
	Canary    string      `json:"canary"`
	Forgotten int64       `json:"forgotten"`
}

// packedRow is one line after the first.
type packedRow struct {
	Owner   string        `json:"owner,omitempty"`
	Wrapped *string       `json:"wrapped,omitempty"` // nil once destroyed
	Purpose string        `json:"purpose,omitempty"` // of a signing key
	Object  *packedObject `json:"object,omitempty"`
	Mark    string        `json:"mark,omitempty"` // of the place where the blobs lie
	End     *Held         `json:"end,omitempty"`  // the last line
}

// packedObject is the row of a sealed object.
type packedObject struct {
	ID       string `json:"id"`
	Owner    string `json:"owner"`
	Label    string `json:"label"`
	Size     int64  `json:"size"`
	Stored   int64  `json:"stored"`
	SHA256   string `json:"sha256"`
	Identity string `json:"identity"`
	Made     int64  `json:"made"` // µs UTC
}

// Held counts what a keyring or a key backup holds.
type Held struct {
	Owners    int64 `json:"owners"`            // that ever had a key, or were forgotten
	Keys      int64 `json:"keys"`              // of owners, that were not destroyed
	Forgotten int64 `json:"forgotten"`         // how often a key was destroyed
	Objects   int64 `json:"objects,omitempty"` // whose identities are there
}

const packedFormat = 1

// ErrNotPacked says that something is no key backup, or not a whole one.
var ErrNotPacked = errors.New("this is not a whole backup of keys")

// Pack writes the root key in a file, and all that it wraps, in the clear. The caller encrypts what is
// written. as is the backup that it is, zero if it is none. That one is on the list of backups before any key is
// read, so that no key is destroyed without naming it; whoever fails to make it calls Discard.
func (k *Keyring) Pack(ctx context.Context, rootPath string, as KeyBackup, out io.Writer, guard ...Guard) (held Held, err error) {
	secret, err := readSecret(rootPath, only(guard))
	if err != nil {
		return held, err
	}
	before, err := k.KeyBackups(ctx, as.Made)
	if err != nil {
		return held, err
	}
	if !as.Made.IsZero() {
		if _, err := k.db.ExecContext(ctx, rememberBackup, as.row()...); err != nil {
			return held, k.explain(err)
		}
	}
	// One moment for all rows; PostgreSQL gives that only when asked.
	tx, err := k.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: !k.file, Isolation: k.snapshot()})
	if err != nil {
		return held, explain(err)
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	p := Packed{Format: packedFormat, At: as.Made, Expires: as.Expires, Before: before, Root: base64.StdEncoding.EncodeToString(secret[:])}
	if err := tx.QueryRowContext(ctx, "SELECT canary, forgotten FROM keyring WHERE id = 1").Scan(&p.Canary, &p.Forgotten); err != nil {
		return held, explain(err)
	}
	buffered := bufio.NewWriter(out)
	enc := json.NewEncoder(buffered)
	if err := enc.Encode(p); err != nil {
		return held, err
	}
	held.Forgotten = p.Forgotten
	owner := func(rows *sql.Rows) (row packedRow, err error) {
		err = rows.Scan(&row.Owner, &row.Wrapped)
		held.Owners++
		if row.Wrapped != nil {
			held.Keys += int64(len(*row.Wrapped) / wrappedSize)
		}
		return row, err
	}
	signing := func(rows *sql.Rows) (row packedRow, err error) {
		err = rows.Scan(&row.Purpose, &row.Wrapped)
		return row, err
	}
	object := func(rows *sql.Rows) (row packedRow, err error) {
		var o packedObject
		err = rows.Scan(&o.ID, &o.Owner, &o.Label, &o.Size, &o.Stored, &o.SHA256, &o.Identity, &o.Made)
		row.Object = &o
		held.Objects++
		return row, err
	}
	mark := func(rows *sql.Rows) (row packedRow, err error) {
		err = rows.Scan(&row.Mark)
		return row, err
	}
	err = errors.Join(
		packRows(ctx, tx, enc, mark, "SELECT mark FROM blobs"),
		packRows(ctx, tx, enc, object, "SELECT id, owner, label, size, stored, sha256, identity, made FROM object ORDER BY id"),
		packRows(ctx, tx, enc, signing, "SELECT purpose, wrapped FROM signing_key ORDER BY purpose"),
		packRows(ctx, tx, enc, owner, "SELECT owner, wrapped FROM owner_key ORDER BY owner"))
	if err != nil {
		return held, explain(err)
	}
	if err := enc.Encode(packedRow{End: &held}); err != nil {
		return held, err
	}
	return held, buffered.Flush()
}

func (k *Keyring) snapshot() sql.IsolationLevel {
	if k.file {
		return sql.LevelDefault
	}
	return sql.LevelRepeatableRead
}

func packRows(ctx context.Context, tx *sql.Tx, enc *json.Encoder, scan func(*sql.Rows) (packedRow, error), query string) (err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		row, err := scan(rows)
		if err == nil {
			err = enc.Encode(row)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// UnpackFile makes a root key's file and a keyring in an SQLite file out of a key backup. A root key or keyring
// that is there already stays, and must be the same one; a new root key is locked with guard, if one is given. If it fails, what it made may be left.
func UnpackFile(ctx context.Context, from io.Reader, path, rootPath string, guard ...Guard) (Packed, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return Packed{}, fmt.Errorf("the keyring cannot be made: %w", err)
	}
	if err := f.Close(); err != nil {
		return Packed{}, err
	}
	k, err := connectFile(ctx, path)
	if err != nil {
		return Packed{}, err
	}
	p, err := k.unpack(ctx, from, rootPath, only(guard))
	return p, errors.Join(err, k.Close())
}

// UnpackDatabase is UnpackFile for a keyring in a PostgreSQL database.
func UnpackDatabase(ctx context.Context, from io.Reader, databaseURL, rootPath string, guard ...Guard) (Packed, error) {
	k, err := connectDatabase(ctx, databaseURL, making)
	if err != nil {
		return Packed{}, err
	}
	p, err := k.unpack(ctx, from, rootPath, only(guard))
	return p, errors.Join(err, k.Close())
}

// unpack writes the rows of a key backup, all or none, and then the root key.
func (k *Keyring) unpack(ctx context.Context, from io.Reader, rootPath string, guard Guard) (p Packed, err error) {
	dec := json.NewDecoder(bufio.NewReader(from))
	if err := dec.Decode(&p); err != nil {
		return p, fmt.Errorf("%w: %w", ErrNotPacked, err)
	}
	secret, err := base64.StdEncoding.DecodeString(p.Root)
	if p.Format > packedFormat {
		return p, fmt.Errorf("the backup of keys was made by a newer version of shingle: its format is %d, this one knows %d", p.Format, packedFormat)
	}
	if p.Format < 1 || err != nil || len(secret) != len(key{}) {
		return p, ErrNotPacked
	}
	root, err := newRoot(key(secret))
	if err != nil {
		return p, err
	}
	if text, err := unwrap(root.aead, forCanary, "", p.Canary); err != nil || string(text) != canary {
		return p, fmt.Errorf("%w: its root key does not fit its rows", ErrNotPacked)
	}
	there, err := readSecret(rootPath, guard)
	if err == nil && there != key(secret) {
		return p, fmt.Errorf("%w: %s, and it is another one than in the backup; it is left as it is", ErrRootExists, rootPath)
	}
	if err != nil && !errors.Is(err, ErrRootMissing) {
		return p, err
	}
	rootMissing := err != nil
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return p, explain(err)
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	var made string
	switch err := tx.QueryRowContext(ctx, "SELECT canary FROM keyring").Scan(&made); {
	case err == nil && made == p.Canary: // unpacked by a restore that was cut off
		if rootMissing {
			return p, writeRoot(rootPath, key(secret), guard)
		}
		return p, nil
	case err == nil:
		return p, errors.New("there are other keys already; choose another place for those in the backup")
	case !errors.Is(err, sql.ErrNoRows):
		return p, explain(err)
	}
	held, err := unpackRows(ctx, tx, dec)
	if err != nil {
		return p, err
	}
	known := p.Before
	if !p.At.IsZero() {
		known = append(known, KeyBackup{p.At, p.Expires})
	}
	for _, b := range known {
		if _, err := tx.ExecContext(ctx, rememberBackup, b.row()...); err != nil {
			return p, explain(err)
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO keyring (id, canary, forgotten, saved, saved_owners, saved_keys, saved_forgot, saved_objects) VALUES (1, $1, $2, $3, $4, $5, $6, $7)`,
		p.Canary, p.Forgotten, microOf(p.At), held.Owners, held.Keys, held.Forgotten, held.Objects)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return p, explain(err)
	}
	if !rootMissing {
		return p, nil
	}
	return p, writeRoot(rootPath, key(secret), guard)
}

func unpackRows(ctx context.Context, tx *sql.Tx, dec *json.Decoder) (held Held, err error) {
	for {
		var row packedRow
		if err := dec.Decode(&row); err != nil {
			return held, fmt.Errorf("%w: it ends early: %w", ErrNotPacked, err)
		}
		switch {
		case row.End != nil && row.End.Owners == held.Owners && row.End.Keys == held.Keys && row.End.Objects == held.Objects:
			return *row.End, nil
		case row.Purpose != "" && row.Wrapped != nil:
			_, err = tx.ExecContext(ctx, "INSERT INTO signing_key (purpose, wrapped) VALUES ($1, $2)", row.Purpose, *row.Wrapped)
		case row.Mark != "":
			_, err = tx.ExecContext(ctx, "INSERT INTO blobs (id, mark) VALUES (1, $1)", row.Mark)
		case row.Object != nil:
			held.Objects++
			o := row.Object
			_, err = tx.ExecContext(ctx, "INSERT INTO object (id, owner, label, size, stored, sha256, identity, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
				o.ID, o.Owner, o.Label, o.Size, o.Stored, o.SHA256, o.Identity, o.Made)
		case row.Owner != "":
			held.Owners++
			if row.Wrapped != nil {
				held.Keys += int64(len(*row.Wrapped) / wrappedSize)
			}
			_, err = tx.ExecContext(ctx, "INSERT INTO owner_key (owner, wrapped) VALUES ($1, $2)", row.Owner, row.Wrapped)
		default:
			return held, fmt.Errorf("%w: a row cannot be read", ErrNotPacked)
		}
		if err != nil {
			return held, explain(err)
		}
	}
}
