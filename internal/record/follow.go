package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"shingle/internal/act"
)

// outOfTouch is how long what is in memory is trusted while the database is away: long enough for a standby
// to take over. After that, others may have recorded much of which nothing is known here.
const outOfTouch = time.Minute

// catchUp follows the other processes, or notices that it cannot.
func (r *Record) catchUp() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := r.refresh(ctx)
	if err == nil {
		if !r.deaf.IsZero() {
			r.Log.Info("the record is followed again", "position", r.head.position)
		}
		r.deaf = time.Time{}
		return
	}
	if r.deaf.IsZero() {
		r.Log.Error("the record cannot be followed", "error", err)
		r.deaf = time.Now()
	}
	if time.Since(r.deaf) > outOfTouch {
		r.cache.forget()
		for _, v := range r.Views {
			_ = v.Reload(ctx, r.Engine.Reader()) // it cannot, and so it keeps nothing
		}
	}
}

// refresh brings this process up to what other processes appended.
func (r *Record) refresh(ctx context.Context) error {
	q := r.reads
	h, err := headIn(ctx, q)
	if err != nil || r.isAt(h) {
		return err
	}
	return r.follow(ctx, q, h)
}

// isAt reports whether this process has seen all up to h, and the same.
func (r *Record) isAt(h head) bool {
	return h.position == r.head.position && h.chain == r.head.chain && r.behind == nil
}

// extends fails with ErrBehind unless a record that ends at h begins with all that this process has seen. It
// says no for an old primary that came back, and for an old backup.
func (r *Record) extends(ctx context.Context, q querier, h head) error {
	chain := make([]byte, len(h.chain)) // of position 0
	if r.head.position > 0 {
		var err error
		if chain, err = chainAt(ctx, q, r.head.position); err != nil {
			return err
		}
	}
	if h.position >= r.head.position && bytes.Equal(chain, r.head.chain[:]) {
		return nil
	}
	err := fmt.Errorf("%w: it ends at position %d, and position %d was seen, or is another now; is it an old primary, or an old backup?", ErrBehind, h.position, r.head.position)
	r.mu.Lock()
	first := r.behind == nil
	r.behind = err
	r.mu.Unlock()
	if first {
		r.Log.Error("nothing is recorded or signed any more", "error", err)
	}
	return err
}

// chainAt returns the chain of the row at a position, nil if there is no such row.
func chainAt(ctx context.Context, q querier, position int64) (chain []byte, err error) {
	rows, err := q.Query(ctx, "SELECT chain FROM event WHERE position = $1", position)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		if err := rows.Scan(&chain); err != nil {
			return nil, err
		}
	}
	return chain, rows.Err()
}

// follow forgets what the events since our head changed, and moves the head to h.
func (r *Record) follow(ctx context.Context, q querier, h head) error {
	if err := r.extends(ctx, q, h); err != nil {
		return err
	}
	for after := r.head.position; after < h.position; {
		events, err := r.events(ctx, q, after, 1000)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return fmt.Errorf("record: the head says %d but events end at %d", h.position, after)
		}
		for _, e := range events {
			r.cache.forget(e.Subjects...)
			after = e.Position
		}
	}
	for _, v := range r.Views {
		if err := v.Reload(ctx, r.Engine.Reader()); err != nil {
			return fmt.Errorf("%s: %w", v.Name(), err)
		}
	}
	r.setHead(h)
	return nil
}

// Upkeep runs do in a transaction of its own that holds the write lock, for rows beside the record that
// no event changes: cosignatures, views that are redrawn, tokens. Acts wait meanwhile, so it is short.
func (r *Record) Upkeep(ctx context.Context, do func(tx Tx, w act.World) error) error {
	r.paused.Lock()
	defer r.paused.Unlock()
	return r.inTx(ctx, func(tx Tx) error {
		w := newWorld(ctx, r, tx, r.head.position)
		return errors.Join(do(tx, w), w.fault)
	})
}
