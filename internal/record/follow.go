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

// Verify recomputes the chain over every row that an engine holds, and what is kept beside the rows to find
// them by (whom they concern, who holds what). It names the first thing that was changed, as a
// [*Tampered]. progress, if not nil, is told the position now and then.
func Verify(ctx context.Context, engine Engine, catalogue *act.Catalogue, progress func(position, of int64)) error {
	q := reader{engine.Reader()}
	h, err := headIn(ctx, q)
	if err != nil {
		return err
	}
	var chain [32]byte
	beside := newIndexes(catalogue)
	for at := int64(0); at < h.position; {
		n := at
		err := eachRow(ctx, q, at, 5000, func(w row) error {
			if w.position != n+1 {
				return &Tampered{Position: n + 1, What: "the row is missing"}
			}
			n = w.position
			chain = w.link(chain)
			if !bytes.Equal(chain[:], w.chain) {
				return &Tampered{Position: w.position, Stream: w.stream, What: "the row or its chain was changed"}
			}
			return beside.take(w)
		})
		if err != nil {
			return err
		}
		if n == at {
			return &Tampered{Position: at + 1, What: "the row is missing"}
		}
		at = n
		if progress != nil {
			progress(at, h.position)
		}
	}
	if chain != h.chain {
		return &Tampered{Position: h.position, What: "the head's chain is not that of the last row"}
	}
	return beside.compare(ctx, q, h.position)
}

// Tampered says that the record does not fit its own chain.
type Tampered struct {
	Position int64
	Stream   string // "" where it is not known
	What     string
}

func (t *Tampered) Error() string {
	if t.Position == 0 {
		return t.What
	}
	if t.Stream == "" {
		return fmt.Sprintf("position %d of the record: %s", t.Position, t.What)
	}
	return fmt.Sprintf("position %d of the record (%s): %s", t.Position, t.Stream, t.What)
}

func eachRow(ctx context.Context, q querier, after int64, limit int, do func(row) error) (err error) {
	rows, err := q.Query(ctx, "SELECT "+rowColumns+" FROM event e WHERE e.position > $1 ORDER BY e.position LIMIT $2", after, limit)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		w, err := scanRow(rows)
		if err != nil {
			return err
		}
		if err := do(w); err != nil {
			return err
		}
	}
	return rows.Err()
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
