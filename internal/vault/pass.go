package vault

import (
	"context"
	"errors"
	"fmt"

	"shingle/internal/act"
)

// Find returns what is known of an object without opening it, with errors as Open's.
func (o *Objects) Find(ctx context.Context, id string) (Object, error) {
	s, err := o.row(ctx, id)
	return s.Object, err
}

// Of returns an owner's objects, in the order of their ids; of an owner who was forgotten none.
func (o *Objects) Of(ctx context.Context, owner string) (all []Object, err error) {
	err = o.rows(ctx, living+" AND o.owner = $2", func(s stored) error {
		all = append(all, s.Object)
		return nil
	}, owner)
	return all, err
}

// Labelled shows every object whose label begins with something and whose owner was not forgotten.
func (o *Objects) Labelled(ctx context.Context, beginning string, show func(Object) error) error {
	return o.rows(ctx, living+" AND substr(o.label, 1, length(CAST($2 AS text))) = $2", func(s stored) error { return show(s.Object) }, beginning)
}

// Pass gives an object another owner and another label: its identity is sealed anew, and its blob stays as it is.
// From then on only the key of the new owner opens it, and forgetting the old one does not touch it. It fails with
// [ErrNoObject] unless the object was from's; where it is to's already, only the label changes. If Pass fails, the
// object is as it was.
func (o *Objects) Pass(ctx context.Context, id, from, to, label string) error {
	s, err := o.row(ctx, id)
	switch {
	case err != nil:
		return err
	case to == "":
		return errors.New("vault: an object is to be passed to nobody")
	case s.Owner != from && s.Owner != to:
		return fmt.Errorf("%w: %s", ErrNoObject, id)
	case s.Owner == to && s.Label == label:
		return nil
	}
	identity, err := o.unseal(ctx, s)
	if err != nil {
		return fmt.Errorf("the identity of %s cannot be opened: %w", s, err)
	}
	before := s
	s.Owner, s.Label = to, label
	if s.identity, err = o.seal(ctx, s.Object, identity); err != nil {
		return fmt.Errorf("%s cannot be passed to %s: %w", before, to, err)
	}
	if err := o.Keys.Sync(); err != nil {
		return err
	}
	done, err := o.Keys.db.ExecContext(ctx, `UPDATE object SET owner = $1, label = $2, identity = $3 WHERE id = $4 AND owner = $5 AND identity = $6
		AND EXISTS (SELECT 1 FROM owner_key WHERE owner = $1 AND wrapped IS NOT NULL)`, s.Owner, s.Label, s.identity, id, before.Owner, before.identity)
	if err != nil {
		return explain(err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	if now, err := o.row(ctx, id); err != nil {
		return err
	} else if now.Owner == to && now.Label == label { // somebody was faster
		return nil
	}
	return fmt.Errorf("%s cannot be passed to %s: %w", before, to, act.ErrForgotten)
}

// Discard removes an object of an owner: its identity first, so that nobody opens it from then on, then its blob.
// What a crash leaves of the blob, [Objects.Sweep] removes. It fails with [ErrNoObject] where there is none.
func (o *Objects) Discard(ctx context.Context, id, owner string) error {
	s, err := o.row(ctx, id)
	if err == nil && s.Owner != owner {
		err = fmt.Errorf("%w: %s", ErrNoObject, id)
	}
	if err != nil {
		return err
	}
	if _, err := o.Keys.db.ExecContext(ctx, "DELETE FROM object WHERE id = $1 AND owner = $2", id, owner); err != nil {
		return explain(err)
	}
	if err := o.Keys.truncate(ctx); err != nil {
		return fmt.Errorf("%s is removed, but its traces on disk are not: %w", s, err)
	}
	return o.Blobs.Remove(ctx, s.Blob())
}

// Shred removes the blobs of all owners whose keys were destroyed, and what is kept of them.
func (o *Objects) Shred(ctx context.Context) (removed int, err error) { return o.shred(ctx, forgotten) }
