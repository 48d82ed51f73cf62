package account

import (
	"context"
	"errors"
	"fmt"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Forget ends all tokens of whoever holds one, and takes their name out of the database: what was done with them stays
// the tokens'. Whoever of this name is given a token afterwards is somebody new. An unknown id is ErrNotFound.
func (t *Tokens) Forget(ctx context.Context, id string) error {
	now := t.record.Now().UTC().UnixMicro()
	err := t.record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		theirs, err := sameHolder(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(theirs) == 0 {
			return ErrNotFound
		}
		for _, r := range theirs {
			// One that was changed in the database is not made good by this: its old seal stays, and does not fit.
			sound := r.fits(t.record.Keys.Digest) == nil
			if r.Name = ""; r.Revoked == 0 {
				r.Revoked = now
			}
			if sound {
				if r.seal, err = r.sealed(t.record.Keys.Digest); err != nil {
					return err
				}
			}
			tx.Exec("UPDATE account_token SET name = '', revoked = $1, seal = $2 WHERE id = $3", r.Revoked, r.seal, r.ID)
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return ErrNotFound
	}
	t.reread()
	if err == nil {
		err = t.record.Engine.Scrub(ctx, "account_token") // the name may still stand in what was written over
	}
	if err != nil {
		return fmt.Errorf("the token's holder could not be forgotten: %w", err)
	}
	return nil
}

// sameHolder returns all tokens of whoever holds one.
func sameHolder(ctx context.Context, tx record.Tx, id string) (all []tokenRow, err error) {
	rows, err := tx.Query(ctx, "SELECT "+tokenColumns+" FROM account_token WHERE holder = (SELECT holder FROM account_token WHERE id = $1)", id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r tokenRow
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}
