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
	// All that is shown is read as of one moment, and the copy ends there: what is recorded meanwhile is not held
	// against it.
	shown, err := record.Moment(ctx, e.engine)
	if err != nil {
		return nil, err
	}
	defer func() { _ = shown.Rollback() }()
	var end int64
	if err := shown.QueryRowContext(ctx, "SELECT position FROM head WHERE id = 1").Scan(&end); err != nil {
		return nil, err
	}
	copied := cli.Place{Data: scratch}
	now := time.Now().UTC().Add(e.stamp.shift)
	if err := e.copyInto(ctx, copied, end, tell); err != nil {
		return nil, err
	}
	b, err := openBody(ctx, opening{at: copied, witnesses: []publog.Witness{}, logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if _, err := b.Record.Time(); err != nil { // a clock that is wrong draws nothing right
		return nil, err
	}
	if err := b.redrawAll(ctx, now); err != nil {
		return nil, err
	}
	leftOut, err := view.Pending(ctx, shown, now)
	if err != nil {
		return nil, err
	}
	return view.Compare(ctx, shown, b.Record.Engine.Reader(), leftOut)
}

// copyInto restores the place up to a position, without its blobs, into an empty one.
func (e *examination) copyInto(ctx context.Context, to cli.Place, end int64, tell cli.Telling) error {
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
	r := restoring{at: to, folder: folder(to.Data), how: cli.Restoring{Keys: keys, Upto: backup.Upto{Position: end}}, from: stream, tell: tell, existed: true, marked: true}
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
