package app

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/record"
	"shingle/internal/vault"
	view "shingle/internal/view/body"
)

// oblivion destroys the keys of people who are forgotten, and of cases whose files are: once that is recorded, and
// before whoever asked for it is told. It is a view because a view hears of both. What a crash leaves between the two is made up for
// when the body is opened.
type oblivion struct {
	record.Listener // a key that was destroyed cannot be destroyed anew

	keys   *vault.Keyring
	engine record.Engine
	logger *slog.Logger
	owners []string      // forgotten in the transaction under way
	more   chan struct{} // signalled when something is left to be done
}

var _ record.View = (*oblivion)(nil)

// Name implements [record.View].
func (o *oblivion) Name() string { return "forgetting" }

// Project implements [record.View].
func (o *oblivion) Project(_ record.Tx, e act.Recorded) error {
	switch v := e.Event.(type) {
	case people.PersonForgotten:
		o.owners = append(o.owners, personStream+v.Person)
	case cases.CaseDestroyed:
		o.owners = append(o.owners, v.Owners...)
	}
	return nil
}

// Done implements [record.View].
func (o *oblivion) Done(committed bool) {
	owners := o.owners
	o.owners = nil
	if len(owners) == 0 {
		return
	}
	if committed {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		o.destroy(ctx, owners)
	}
	// Also if it was not committed, as far as is known: the sweep looks at what the record says.
	select {
	case o.more <- struct{}{}:
	default: // it is known already
	}
}

// destroy reports whether all keys are gone.
func (o *oblivion) destroy(ctx context.Context, owners []string) bool {
	done := true
	for _, owner := range owners {
		if err := o.keys.Forget(ctx, owner); err != nil {
			o.logger.Error("the record says that a key is destroyed, and it is not yet", "owner", owner, "error", err)
			done = false
		}
	}
	return done
}

// sweepEvery is how often it is looked for keys that should be gone, beside when one is to go.
const sweepEvery = time.Hour

// regularly does something while the body is served: at once, and then each time so much has passed. Where it
// fails, left is what has not come about.
func (b *Body) regularly(every time.Duration, left string, do func(ctx context.Context) error) {
	b.alongside = append(b.alongside, func(ctx context.Context) {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			if err := do(ctx); err != nil && ctx.Err() == nil {
				b.logger.Warn(left+"; it is tried again", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// forgetForGood does what a crash may have left undone, and keeps doing so while the body is served. It keeps
// nobody from opening the body: what cannot be done now is said, and done later.
func (b *Body) forgetForGood(ctx context.Context) {
	b.oblivion.sweep(ctx, b.Register)
	b.alongside = append(b.alongside, func(ctx context.Context) {
		wait := time.NewTimer(sweepEvery)
		defer wait.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-wait.C:
			case <-b.oblivion.more:
			}
			if b.oblivion.sweep(ctx, b.Register) {
				wait.Reset(sweepEvery)
			} else {
				wait.Reset(time.Second)
			}
		}
	})
}

// sweep destroys the keys of all who were forgotten, and of cases that were destroyed, where they are still there, and takes from the disk what stood in
// the views. It reports whether nothing is left to be done.
func (o *oblivion) sweep(ctx context.Context, register view.Register) bool {
	owners, somebody, err := o.left(ctx, register)
	if err == nil && !o.destroy(ctx, owners) {
		return false
	}
	if err == nil && somebody {
		err = o.engine.Scrub(ctx, slices.Concat(view.PersonalTables, applicant.Tables)...)
	}
	if err != nil && ctx.Err() == nil {
		o.logger.Warn("traces of people who were forgotten may still be on disk; it is tried again", "error", err)
	}
	return err == nil
}

// left returns the owners who were forgotten in the record and not by the keyring; somebody says whether any person was.
func (o *oblivion) left(ctx context.Context, register view.Register) (owners []string, somebody bool, err error) {
	gone, err := o.keys.Forgotten(ctx)
	if err != nil {
		return nil, false, err
	}
	known := make(map[string]bool, len(gone))
	for _, owner := range gone {
		known[owner] = true
	}
	for after := ""; ; {
		ids, err := register.DestroyedCases(ctx, after, 1000)
		if err != nil {
			return nil, false, err
		}
		for _, id := range ids {
			for _, owner := range cases.Owners(id) {
				if !known[owner] {
					owners = append(owners, owner)
				}
			}
			after = id
		}
		if len(ids) == 0 {
			break
		}
	}
	for after := ""; ; {
		ids, err := register.ForgottenPeople(ctx, after, 1000)
		if err != nil || len(ids) == 0 {
			return owners, somebody, err
		}
		somebody = true
		for _, id := range ids {
			if after = id; !known[personStream+id] {
				owners = append(owners, personStream+id)
			}
		}
	}
}
