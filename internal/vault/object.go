package vault

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"shingle/internal/act"
)

var (
	// ErrNoObject says that the vault has no such object, or has it no more.
	ErrNoObject = errors.New("there is no such object")
	// ErrMissing says that an object's blob is not where it should be.
	ErrMissing = errors.New("its blob is missing")
	// ErrTruncated says that an object's blob was cut off.
	ErrTruncated = errors.New("its blob was cut off")
	// ErrAltered says that an object's blob is not the one that was stored.
	ErrAltered = errors.New("its blob was altered")
	// ErrUnbound says that what is kept of an object with the keys does not belong together.
	ErrUnbound = errors.New("its row among the keys was altered, or belongs to another object")
	// ErrForeign says that the blobs are another vault's.
	ErrForeign = errors.New("these are not the blobs of this vault")
)

// Objects are sealed files: evidence, holdings. Each is a stock age file in Blobs, encrypted to an identity
// of its own, which the owner's key seals and binds to the file's hash. Its methods may be called from
// many goroutines.
type Objects struct {
	Keys  *Keyring
	Blobs *Blobs
	// Audit commits an access to the record. Before it has, no byte leaves; where there is none, none does.
	Audit func(ctx context.Context, a Access, o Object, what Taken) error
	// Now is the clock.
	Now func() time.Time

	marked atomic.Bool // the blobs were found to be this vault's
}

// Object is what is known of a sealed file without opening it.
type Object struct {
	ID     string
	Owner  string    // e.g. "case/2027-0007"
	Label  string    // how it is to be handled, e.g. "evidence"; nothing confidential
	Size   int64     // bytes in the clear
	Stored int64     // bytes of its blob
	SHA256 [32]byte  // of its blob
	Made   time.Time // UTC
}

// Blob returns the name of the object's file in Blobs.
func (o Object) Blob() string { return o.ID + suffix }

// suffix is by which programs know an age file.
const suffix = ".age"

func (o Object) String() string { return fmt.Sprintf("object %s of %s", o.ID, o.Owner) }

// binding is the associated data under which the identity is sealed: all that must stay together. No
// owner's name begins with a zero byte, so it is never that of a text.
func (o Object) binding() []byte {
	b := []byte("\x00object/1")
	for _, part := range []string{o.Owner, o.ID, o.Label, string(o.SHA256[:])} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(o.Stored))
	return binary.BigEndian.AppendUint64(b, uint64(o.Size))
}

const idSize = 15

var idLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// newObjectID draws 120 bits.
func newObjectID() string {
	b := make([]byte, idSize)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return idLetters.EncodeToString(b)
}

// stored is an object's row.
type stored struct {
	Object
	identity string // base64
	gone     bool   // its owner was forgotten
}

const objectColumns = `SELECT o.id, o.owner, o.label, o.size, o.stored, o.sha256, o.identity, o.made,
	CASE WHEN k.owner IS NOT NULL AND k.wrapped IS NULL THEN 1 ELSE 0 END
	FROM object o LEFT JOIN owner_key k ON k.owner = o.owner `

func scanObject(scan func(...any) error) (s stored, err error) {
	var sum string
	var made int64
	var gone int
	if err := scan(&s.ID, &s.Owner, &s.Label, &s.Size, &s.Stored, &sum, &s.identity, &made, &gone); err != nil {
		return s, err
	}
	// A sum that cannot be read stays empty: the identity then does not open, and that is told of the object.
	_, _ = hex.Decode(s.SHA256[:], []byte(sum[:min(len(sum), 2*len(s.SHA256))]))
	s.Made, s.gone = time.UnixMicro(made).UTC(), gone == 1
	return s, nil
}

// row returns one object's row.
func (o *Objects) row(ctx context.Context, id string) (stored, error) {
	s, err := scanObject(o.Keys.db.QueryRowContext(ctx, objectColumns+"WHERE o.id = $1", id).Scan)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return s, fmt.Errorf("%w: %s", ErrNoObject, id)
	case err != nil:
		return s, explain(err)
	case s.gone:
		return s, fmt.Errorf("%s cannot be opened any more: %w", s, act.ErrForgotten)
	}
	return s, nil
}

// page is how many rows are read at once; the keys' one connection is free between them.
const page = 500

// rows shows the rows that a condition selects, in the order of their ids. show may itself use the keys.
// The arguments of the condition are numbered from $2.
func (o *Objects) rows(ctx context.Context, condition string, show func(stored) error, args ...any) error {
	for after := ""; ; {
		found, err := o.page(ctx, fmt.Sprintf("WHERE o.id > $1 AND %s ORDER BY o.id LIMIT %d", condition, page), append([]any{after}, args...)...)
		if err != nil {
			return err
		}
		for _, s := range found {
			if err := show(s); err != nil {
				return err
			}
			after = s.ID
		}
		if len(found) < page {
			return nil
		}
	}
}

func (o *Objects) page(ctx context.Context, condition string, args ...any) (found []stored, err error) {
	rows, err := o.Keys.db.QueryContext(ctx, objectColumns+condition, args...)
	if err != nil {
		return nil, explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		s, err := scanObject(rows.Scan)
		if err != nil {
			return nil, explain(err)
		}
		found = append(found, s)
	}
	return found, explain(rows.Err())
}

// Each shows every object whose owner was not forgotten, in the order of their ids: what a backup copies.
func (o *Objects) Each(ctx context.Context, show func(Object) error) error {
	return o.rows(ctx, living, func(s stored) error { return show(s.Object) })
}

const (
	living    = "(k.owner IS NULL OR k.wrapped IS NOT NULL)"
	forgotten = "k.owner IS NOT NULL AND k.wrapped IS NULL"
)

// seal seals an object's identity for its row.
func (o *Objects) seal(ctx context.Context, of Object, identity string) (string, error) {
	sealed, err := o.Keys.seal(ctx, of.Owner, identity, of.binding())
	return base64.StdEncoding.EncodeToString(sealed), err
}

// unseal opens an object's identity.
func (o *Objects) unseal(ctx context.Context, s stored) (string, error) {
	sealed, err := base64.StdEncoding.DecodeString(s.identity)
	if err != nil {
		return "", ErrUnbound
	}
	identity, err := o.Keys.unseal(ctx, s.Owner, sealed, s.binding())
	switch {
	case errors.Is(err, ErrSealed):
		return "", ErrUnbound
	case err != nil:
		return "", err
	case !strings.HasPrefix(identity, "AGE-SECRET-KEY-1"):
		return "", ErrUnbound
	}
	return identity, nil
}

// write stores an object's row, unless its owner was forgotten meanwhile.
func (o *Objects) write(ctx context.Context, s stored) error {
	done, err := o.Keys.db.ExecContext(ctx, `INSERT INTO object (id, owner, label, size, stored, sha256, identity, made)
		SELECT CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS bigint), CAST($5 AS bigint), CAST($6 AS text), CAST($7 AS text), CAST($8 AS bigint)
		WHERE EXISTS (SELECT 1 FROM owner_key WHERE owner = $2 AND wrapped IS NOT NULL)`,
		s.ID, s.Owner, s.Label, s.Size, s.Stored, hex.EncodeToString(s.SHA256[:]), s.identity, s.Made.UnixMicro())
	if err != nil {
		return explain(err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return act.ErrForgotten
}
