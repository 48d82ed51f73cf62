package app

import (
	"context"

	"shingle/internal/act"
)

// forget destroys the keys of whoever had been forgotten when the backup was made: the backup of the keys may
// be older than that.
func (r *restoring) forget(ctx context.Context) error {
	gone, err := r.keys.Forgotten(ctx)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, owner := range gone {
		done[owner] = true
	}
	for _, owner := range r.loaded.Forgotten {
		if !done[owner] {
			if err := r.keys.Forget(ctx, owner); err != nil {
				return err
			}
		}
	}
	return nil
}

// trying are keys that note whether one of them opened something.
type trying struct {
	act.Keys
	opened bool
}

// Open implements [act.Keys].
func (t *trying) Open(owner string, sealed []byte) (string, error) {
	text, err := t.Keys.Open(owner, sealed)
	t.opened = t.opened || err == nil
	return text, err
}

// eachEvent hands out all events, until do has had enough.
func (b *Body) eachEvent(ctx context.Context, do func(act.Recorded) (more bool, err error)) error {
	for at := int64(0); ; {
		events, err := b.Record.Events(ctx, at, 1000)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			at = e.Position
			if more, err := do(e); err != nil || !more {
				return err
			}
		}
	}
}

// tryKeys opens one personal value, and reports whether there is one that opens.
func (b *Body) tryKeys(ctx context.Context) (bool, error) {
	t := &trying{Keys: b.keys}
	err := b.eachEvent(ctx, func(e act.Recorded) (bool, error) {
		_, err := act.OpenPersonal(e.Event, t)
		return !t.opened, err
	})
	return t.opened, err
}

// missing are keys that note whose they do not have, and open nothing.
type missing struct {
	act.Keys
	has    func(owner string) (bool, error)
	owners map[string]bool // whether it is missing, by owner
}

// Open implements [act.Keys].
func (m *missing) Open(owner string, _ []byte) (string, error) {
	if _, known := m.owners[owner]; known {
		return "", nil
	}
	has, err := m.has(owner)
	m.owners[owner] = !has
	return "", err
}

// forgetMissing forgets whoever has something in the record and no key.
func (b *Body) forgetMissing(ctx context.Context) (n int, err error) {
	m := &missing{owners: map[string]bool{}, has: func(owner string) (bool, error) { return b.keys.Has(ctx, owner) }}
	err = b.eachEvent(ctx, func(e act.Recorded) (bool, error) {
		_, err := act.OpenPersonal(e.Event, m)
		return true, err
	})
	for owner, gone := range m.owners {
		if gone && err == nil {
			err = b.keys.Forget(ctx, owner)
			n++
		}
	}
	return n, err
}
