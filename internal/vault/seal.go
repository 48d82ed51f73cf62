package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shingle/internal/act"
)

// version is the first byte of what is sealed: 1 is nonce ‖ AES-256-GCM with the owner as associated data.
const version = 1

// Seal implements [act.Keys].
func (k *Keyring) Seal(owner, text string) ([]byte, error) {
	if owner == "" {
		return nil, errors.New("vault: a text is to be sealed for nobody")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return k.seal(ctx, owner, text, []byte(owner))
}

// seal encrypts under the owner's key, bound to data.
func (k *Keyring) seal(ctx context.Context, owner, text string, data []byte) ([]byte, error) {
	key, err := k.sealing(ctx, owner)
	if err != nil {
		return nil, err
	}
	aead, err := key.aead()
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 1, 1+len(text)+aead.Overhead())
	sealed[0] = version
	return aead.Seal(sealed, nil, []byte(text), data), nil
}

// Open implements [act.Keys]. It fails with [ErrSealed] where the value was changed or is another's.
func (k *Keyring) Open(owner string, sealed []byte) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return k.unseal(ctx, owner, sealed, []byte(owner))
}

// unseal decrypts what seal encrypted, if it is bound to the same data.
func (k *Keyring) unseal(ctx context.Context, owner string, sealed, data []byte) (string, error) {
	if len(sealed) == 0 || sealed[0] != version {
		return "", fmt.Errorf("%w: that of %s is of a kind that this program does not know", ErrSealed, owner)
	}
	if err := k.confirm(ctx); err != nil {
		return "", err
	}
	k.mu.Lock()
	keys, known := k.cached[owner]
	if p, ok := k.pending[owner]; ok {
		keys = append(slices.Clip(keys), p.key)
	}
	k.mu.Unlock()
	if text, ok := openWith(keys, sealed, data); ok {
		return text, nil
	}
	if known && len(keys) == 0 {
		return "", act.ErrForgotten
	}
	// Not in memory, or another process has added a key.
	keys, err := k.load(ctx, owner)
	if err != nil {
		return "", err
	}
	if text, ok := openWith(keys, sealed, data); ok {
		return text, nil
	}
	return "", fmt.Errorf("%w: that of %s was changed, belongs to somebody else, or its key was not restored with it", ErrSealed, owner)
}

// openWith tries an owner's keys. Nearly always there is just one.
func openWith(keys []key, sealed, data []byte) (text string, ok bool) {
	for i := range keys {
		aead, err := keys[i].aead()
		if err != nil {
			continue
		}
		if b, err := aead.Open(nil, nil, sealed[1:], data); err == nil {
			return string(b), true
		}
	}
	return "", false
}

// Sync implements [act.Keys]: it stores the new keys, all or none.
func (k *Keyring) Sync() error {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.mu.Lock()
	batch := maps.Clone(k.pending)
	k.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	forgotten, err := k.store(ctx, batch)
	if err != nil {
		return fmt.Errorf("new keys: %w", k.explain(err))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for owner, p := range batch {
		delete(k.pending, owner)
		if p.seen == forgotten { // else its owner may have been forgotten since
			k.remember(owner, append(slices.Clip(k.cached[owner]), p.key))
		}
	}
	return nil
}

// store writes new keys in one transaction. It returns how many keys had been destroyed by then.
func (k *Keyring) store(ctx context.Context, batch map[string]pendingKey) (forgotten int64, err error) {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	// In order: two processes then never wait for each other in a circle.
	owners := slices.Sorted(maps.Keys(batch))
	args := make([]any, 0, 2*maxRows)
	for rows := maxRows; len(owners) > 0; owners = owners[rows:] {
		for rows > len(owners) {
			rows /= 2
		}
		args = args[:0]
		for _, owner := range owners[:rows] {
			secret := batch[owner].key
			args = append(args, owner, wrap(k.root, forOwner, owner, secret[:]))
		}
		if _, err := tx.StmtContext(ctx, k.insert[rows]).ExecContext(ctx, args...); err != nil {
			return 0, err
		}
	}
	if err := tx.QueryRowContext(ctx, "SELECT forgotten FROM keyring WHERE id = 1").Scan(&forgotten); err != nil {
		return 0, err
	}
	return forgotten, tx.Commit()
}

// sealing returns the key to seal the owner's texts with, and makes it if there is none.
func (k *Keyring) sealing(ctx context.Context, owner string) (key, error) {
	if err := k.confirm(ctx); err != nil {
		return key{}, err
	}
	k.mu.Lock()
	seen := k.seen
	found, ok, err := k.inMemory(owner)
	if !ok && err == nil && k.unused.holds(owner) {
		found, ok = k.make(owner, seen), true
	}
	k.mu.Unlock()
	if ok || err != nil {
		return found, err
	}
	keys, err := k.load(ctx, owner)
	if err == nil {
		return keys[0], nil
	}
	if !errors.Is(err, errNoKey) {
		return key{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if found, ok, err := k.inMemory(owner); ok || err != nil { // another goroutine was faster
		return found, err
	}
	return k.make(owner, seen), nil
}

// inMemory returns the key with which the owner's texts are sealed, if it is known.
func (k *Keyring) inMemory(owner string) (_ key, ok bool, err error) {
	if p, ok := k.pending[owner]; ok {
		return p.key, true, nil
	}
	keys, ok := k.cached[owner]
	if !ok {
		return key{}, false, nil
	}
	if len(keys) == 0 {
		return key{}, false, act.ErrForgotten
	}
	return keys[0], true, nil
}

func (k *Keyring) make(owner string, seen int64) key {
	fresh := newKey()
	k.pending[owner] = pendingKey{fresh, seen}
	if k.unused.holds(owner) {
		k.unused.from = owner
	}
	return fresh
}

// errNoKey says that the keyring holds nothing for an owner.
var errNoKey = fmt.Errorf("%w: there is no key for its owner", ErrSealed)

// load reads an owner's keys into memory. Where there are none it notes the gap instead.
func (k *Keyring) load(ctx context.Context, owner string) ([]key, error) {
	k.mu.Lock()
	seen := k.seen
	k.mu.Unlock()
	var next string
	var stored sql.NullString
	err := k.db.QueryRowContext(ctx, "SELECT owner, wrapped FROM owner_key WHERE owner >= $1 ORDER BY owner LIMIT 1", owner).Scan(&next, &stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, k.explain(err)
	}
	found := err == nil && next == owner
	var keys []key
	if found {
		if keys, err = k.unwrapAll(owner, stored.String); err != nil {
			return nil, err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	current := seen == k.seen // else what was read may be out of date, and serves just this once
	switch {
	case !found:
		if current {
			k.unused = gap{true, owner, next}
		}
		return nil, errNoKey
	case current:
		k.remember(owner, keys)
	}
	if len(keys) == 0 {
		return nil, act.ErrForgotten
	}
	return keys, nil
}

// unwrapAll takes a row's keys out of their wrapping; of an owner who was forgotten there are none.
func (k *Keyring) unwrapAll(owner, stored string) (keys []key, err error) {
	for stored != "" {
		n := min(wrappedSize, len(stored))
		secret, err := unwrap(k.root, forOwner, owner, stored[:n])
		if err != nil || len(secret) != len(key{}) {
			return nil, fmt.Errorf("the key of %s was changed in the keyring; restore the keys from a backup", owner)
		}
		keys = append(keys, key(secret))
		stored = stored[n:]
	}
	return keys, nil
}

// maxRows is how many keys one statement stores at most.
const maxRows = 128

// prepareInserts prepares the statements that store 1, 2, 4, … maxRows keys. A key that another process
// stored for the same owner stays, and the new one goes behind it; one that was destroyed stays destroyed.
func prepareInserts(ctx context.Context, db *sql.DB) (map[int]*sql.Stmt, error) {
	inserts := map[int]*sql.Stmt{}
	for rows := 1; rows <= maxRows; rows *= 2 {
		var values strings.Builder
		for i := range rows {
			if i > 0 {
				values.WriteString(", ")
			}
			fmt.Fprintf(&values, "($%d, $%d)", 2*i+1, 2*i+2)
		}
		prepared, err := db.PrepareContext(ctx, "INSERT INTO owner_key (owner, wrapped) VALUES "+values.String()+
			" ON CONFLICT (owner) DO UPDATE SET wrapped = owner_key.wrapped || excluded.wrapped")
		if err != nil {
			return nil, err
		}
		inserts[rows] = prepared
	}
	return inserts, nil
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}
