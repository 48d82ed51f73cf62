package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"shingle/internal/act"
	"shingle/internal/backup"
	"shingle/internal/cli"
	"shingle/internal/publog"
	"shingle/internal/record"
	view "shingle/internal/view/body"
)

// views compares what people are shown with what the record says: a backup is restored into a scratch folder,
// where the views are made anew, and both are laid side by side.
func (e *examination) views(ctx context.Context, tell cli.Telling) (differences []string, err error) {
	scratch, err := scratchIn(e.at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	// Read first: what is recorded while the copy is made is not held against the views.
	before, err := e.position(ctx)
	if err != nil {
		return nil, err
	}
	copied := cli.Place{Data: scratch}
	if err := e.copyInto(ctx, copied, tell); err != nil {
		return nil, err
	}
	b, err := openBody(ctx, opening{at: copied, witnesses: []publog.Witness{}, logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	now, err := b.Record.Time()
	if err != nil {
		return nil, err
	}
	if err := b.redrawAll(ctx, now); err != nil {
		return nil, err
	}
	leftOut, err := pendingMembers(ctx, view.Register{DB: e.engine.Reader()}, now)
	if err != nil {
		return nil, err
	}
	differences, err = view.Compare(ctx, e.engine.Reader(), b.Record.Engine.Reader(), leftOut)
	if err != nil {
		return nil, err
	}
	if after, err := e.position(ctx); err != nil || after != before {
		return nil, errors.Join(err, errGrew)
	}
	return differences, nil
}

var errGrew = errors.New("something was recorded meanwhile; examine it again in a quieter moment")

func (e *examination) position(ctx context.Context) (n int64, err error) {
	err = e.engine.Reader().QueryRowContext(ctx, "SELECT position FROM head WHERE id = 1").Scan(&n)
	return n, err
}

// copyInto restores the place, without its blobs, into an empty one.
func (e *examination) copyInto(ctx context.Context, to cli.Place, tell cli.Telling) error {
	b, done, err := toBackUp(ctx, e.engine.Reader(), e.at, e.keys, time.Now)
	if err != nil {
		return err
	}
	b.Blobs = nil // they are compared by their hashes
	out := streamed(func(in io.Writer) error {
		_, err := b.WriteTo(ctx, in, nil)
		return errors.Join(err, done())
	})
	defer func() { _ = out.Close() }()
	stream, err := backup.Read(out)
	if err != nil {
		return err
	}
	keys := packed(ctx, e.keys, e.at)
	defer func() { _ = keys.Close() }()
	r := restoring{at: to, folder: folder(to.Data), how: cli.Restoring{Keys: keys}, from: stream, tell: tell, existed: true, marked: true}
	unlock, err := r.folder.lock(ctx, 0)
	if err != nil {
		return err
	}
	defer unlock()
	if err := r.claim(); err != nil {
		return err
	}
	_, err = r.restore(ctx)
	return err
}

// redrawAll draws anew whatever time has made stale, and states nothing.
func (b *Body) redrawAll(ctx context.Context, now time.Time) error {
	for looked, last := -1, 0; looked != 0 && looked != last; {
		last = looked
		err := b.Record.Upkeep(ctx, func(tx record.Tx, w act.World) (err error) {
			looked, err = b.projection.Redraw(tx, w, now)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pendingMembers are those whose rows the clock is about to draw anew.
func pendingMembers(ctx context.Context, r view.Register, now time.Time) (map[string]bool, error) {
	const all = 1 << 30
	due, err := r.Due(ctx, now, all)
	if err != nil {
		return nil, err
	}
	stale, err := r.Stale(ctx, all)
	if err != nil {
		return nil, err
	}
	pending := map[string]bool{}
	for _, number := range append(due, stale...) {
		pending[number] = true
	}
	return pending, nil
}
