// Package vault keeps the keys that keep private values private.
//
// A [Root] key, in a file of its own, wraps a key for every owner (a person, a case, a customer), and
// the owner's key seals the owner's texts: AES-256-GCM both times, bound to the owner's name. To forget
// an owner is to destroy one short row ([Keyring.Forget]); what it sealed stays where it is, and nobody
// can read it any more. The keys with which the body signs its log and its receipts are kept here too
// ([Keyring.Signer]).
//
//	err := vault.InitFile(ctx, "keys.db", "root.key")       // once
//	root, err := vault.ReadRoot("root.key")
//	keys, err := vault.OpenFile(ctx, "keys.db", root)       // an [act.Keys]
//
// What is too large for a row is an object ([Objects]): a stock age file in a folder or a bucket ([Blobs]),
// encrypted to an identity of its own that the owner's key seals. [Objects.Open] is the one way out, and
// commits the access to the record first.
//
// The keys live apart from the record, so that a backup of the one is not a backup of the other: in an
// SQLite file that overwrites what it deletes, or in a PostgreSQL database of their own.
//
// What it does not do: PostgreSQL keeps old versions of a row until VACUUM, and its write-ahead log and
// backups for as long as it is told to. What lingers there is wrapped by the root key.
package vault

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"errors"
	"sync"
	"time"

	"shingle/internal/act"
	"shingle/internal/record/postgres"
)

var (
	// ErrRootMissing says that there is no file with the root key.
	ErrRootMissing = errors.New("the root key is missing")
	// ErrRootExposed says that others than its owner may read the file with the root key.
	ErrRootExposed = errors.New("the root key can be read by others")
	// ErrRootUnreadable says that the file holds no root key.
	ErrRootUnreadable = errors.New("the file holds no root key")
	// ErrRootExists says that a root key would have been overwritten.
	ErrRootExists = errors.New("there is a root key already")
	// ErrRootWrong says that the root key is not the one that this keyring was made with.
	ErrRootWrong = errors.New("the root key does not fit this keyring")
	// ErrNotMade says that there is no keyring yet.
	ErrNotMade = errors.New("the keyring has not been made yet")
	// ErrSealed says that a private value does not open: it was changed, or is another owner's.
	ErrSealed = errors.New("the private value does not open")
)

const (
	// cacheSize bounds how many owners' keys are kept unwrapped in memory.
	cacheSize = 20_000
	// trust is how long keys in memory are used before the keyring is asked whether another process
	// destroyed one.
	trust = time.Second
	// patience is how long the database is waited for.
	patience = 25 * time.Second
)

// Keyring is an open keyring. Its methods may be called from many goroutines.
type Keyring struct {
	db      *sql.DB
	servers *postgres.Servers // of PostgreSQL; else nil
	root    cipher.AEAD
	file    bool              // SQLite, whose write-ahead log is emptied after a deletion
	insert  map[int]*sql.Stmt // prepared, by the number of rows

	writing sync.Mutex // held while keys are stored or destroyed

	mu      sync.Mutex // guards what follows
	pending map[string]pendingKey
	cached  map[string][]key // an owner without keys was forgotten
	unused  gap
	digests *key      // the key of Digest; nil until it is asked for
	seen    int64     // how many keys had been destroyed when that was last looked up
	checked time.Time // when that was
}

// pendingKey is a key that Sync has not stored yet.
type pendingKey struct {
	key
	seen int64 // how many had been destroyed when its owner had none
}

var _ act.Keys = (*Keyring)(nil)

// gap is a range of names of which none is an owner's yet, so that sealing for new owners in order asks
// the database once and not every time. The zero gap is empty.
type gap struct {
	known    bool
	from, to string // both exclusive; "" as to is the end of all names
}

func (g gap) holds(owner string) bool {
	return g.known && owner > g.from && (g.to == "" || owner < g.to)
}

// Close ends all connections. Keys that were not stored by Sync are gone.
func (k *Keyring) Close() error {
	var errs []error
	for _, prepared := range k.insert {
		errs = append(errs, prepared.Close())
	}
	return errors.Join(append(errs, k.db.Close())...)
}

// confirm drops the keys in memory if another process destroyed one, at most once in a while.
func (k *Keyring) confirm(ctx context.Context) error {
	k.mu.Lock()
	fresh := time.Since(k.checked) < trust
	k.mu.Unlock()
	if fresh {
		return nil
	}
	now := time.Now()
	var forgotten int64
	if err := k.db.QueryRowContext(ctx, "SELECT forgotten FROM keyring WHERE id = 1").Scan(&forgotten); err != nil {
		return k.explain(err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if forgotten > k.seen {
		k.seen = forgotten
		k.unused = gap{}
		clear(k.cached)
	}
	k.checked = now
	return nil
}

// remember keeps an owner's keys in memory, and makes room for them first by dropping arbitrary others.
func (k *Keyring) remember(owner string, keys []key) {
	if len(k.cached) >= cacheSize {
		drop := len(k.cached) / 2
		for name := range k.cached {
			if drop--; drop < 0 {
				break
			}
			delete(k.cached, name)
		}
	}
	k.cached[owner] = keys
}
