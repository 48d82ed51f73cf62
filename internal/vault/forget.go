package vault

import (
	"context"
	"errors"
	"fmt"
)

// Forget destroys the owner's key. From then on Seal and Open fail for this owner with
// [act.ErrForgotten], in other processes within a second. Forgetting twice, or somebody who never had a
// key, is fine.
//
// In an SQLite file the wrapped key is overwritten, and the write-ahead log, which still had it, emptied.
// If that is the step that fails, Forget says so; it can be repeated, and opening the file does it too.
func (k *Keyring) Forget(ctx context.Context, owner string) error {
	if owner == "" {
		return errors.New("vault: nobody is to be forgotten")
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	if err := k.destroy(context.WithoutCancel(ctx), owner); err != nil {
		return fmt.Errorf("the key of %s could not be destroyed: %w", owner, k.explain(err))
	}
	if err := k.truncate(ctx); err != nil {
		return fmt.Errorf("the key of %s is destroyed, but its traces on disk are not; forget it again: %w", owner, err)
	}
	return nil
}

func (k *Keyring) destroy(ctx context.Context, owner string) (err error) {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	var forgotten int64
	err = tx.QueryRowContext(ctx, "UPDATE keyring SET forgotten = forgotten + 1 WHERE id = 1 RETURNING forgotten").Scan(&forgotten)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO owner_key (owner, wrapped) VALUES ($1, NULL) ON CONFLICT (owner) DO UPDATE SET wrapped = NULL", owner)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if forgotten != k.seen+1 { // others were forgotten elsewhere
		clear(k.cached)
	}
	k.seen = forgotten
	k.unused = gap{}
	delete(k.pending, owner)
	k.remember(owner, nil)
	return nil
}

// truncate empties the write-ahead log of an SQLite file.
func (k *Keyring) truncate(ctx context.Context) error {
	if !k.file {
		return nil
	}
	var busy, frames, moved int
	if err := k.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return k.explain(err)
	}
	if busy != 0 {
		return errors.New("another process reads the keys")
	}
	return nil
}
