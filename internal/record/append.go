package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"shingle/internal/act"
)

const (
	maxBatch = 512 // requests that one transaction takes at most
	maxDepth = 8   // how deep reactions may follow from reactions
)

// append is the appender: it takes whatever waits and commits it together. There is no timer: while one
// transaction is being written, the next requests gather.
func (r *Record) append() {
	defer close(r.closed)
	for {
		var batch []*request
		select {
		case q := <-r.requests:
			batch = append(batch, q)
		case <-r.Engine.Changed():
			r.paused.Lock()
			r.catchUp()
			r.paused.Unlock()
			continue
		case <-r.closing:
			return
		}
	gather:
		for len(batch) < maxBatch {
			select {
			case q := <-r.requests:
				batch = append(batch, q)
			default:
				break gather
			}
		}
		r.paused.Lock()
		r.write(batch)
		r.paused.Unlock()
	}
}

// write does a batch in one transaction, or, if that fails, one request at a time.
func (r *Record) write(batch []*request) {
	outcomes, err := r.transact(batch)
	if err != nil && len(batch) > 1 && !hopeless(err) {
		r.Log.Warn("a batch failed and is done one by one", "acts", len(batch), "error", err)
		for _, q := range batch {
			r.write([]*request{q})
		}
		return
	}
	for i, q := range batch {
		if err != nil {
			r.answer(q, outcome{err: err})
		} else {
			r.answer(q, outcomes[i])
		}
	}
}

// hopeless reports whether an error would meet every act of a batch alike.
func hopeless(err error) bool {
	for _, e := range []error{ErrOutcomeUnknown, ErrDiskFull, ErrDiskReadOnly, ErrUnreachable, ErrLocked, ErrBehind} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// transact decides and commits a batch. An error means that nothing of it was recorded, unless it is
// ErrOutcomeUnknown.
func (r *Record) transact(batch []*request) (outcomes []outcome, err error) {
	ctx, began := context.Background(), time.Now()
	tx, err := r.Engine.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("the record cannot be written: %w", err)
	}
	var begun []View // told Done when it ends
	committed := false
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("record: a decision or projection panicked: %v", p)
			r.Log.Error("panic while recording", "panic", p, "stack", string(debug.Stack()))
		}
		tx.Rollback()
		for _, v := range begun {
			v.Done(committed)
		}
		if err != nil {
			r.cache.forget()
		}
	}()

	h, err := headOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	if !r.isAt(h) {
		if err := r.follow(ctx, tx, h); err != nil {
			return nil, err
		}
	}
	w := newWorld(ctx, r, tx, h.position)
	if err := r.loadTargets(w, batch); err != nil {
		return nil, err
	}
	now, clock := r.agree(h.recorded)
	outcomes = make([]outcome, len(batch))
	for i, q := range batch {
		switch {
		case q.ctx.Err() != nil:
			outcomes[i].err = q.ctx.Err()
		case clock != nil:
			outcomes[i].err = clock
		default:
			outcomes[i] = r.decide(w, q, now)
		}
		if w.fault != nil {
			return nil, w.fault
		}
	}
	if len(w.events) == 0 && len(w.keys) == 0 {
		return r.finish(w, outcomes), nil
	}

	begun = r.Views
	// Everything is sealed by now: its keys are stored elsewhere, while the rows are written here.
	keysStored := make(chan error, 1)
	go func() { keysStored <- r.Keys.Sync() }()
	after, err := r.project(tx, w, h)
	if keysErr := <-keysStored; keysErr != nil {
		return nil, fmt.Errorf("keys cannot be stored: %w", keysErr)
	}
	if err != nil {
		return nil, err
	}
	r.Engine.Announce(tx)
	if err := tx.Commit(ctx); err != nil {
		tx.Rollback()
		switch stored, readErr := r.persisted(after, err); {
		case readErr != nil:
			return nil, fmt.Errorf("%w (%v)", ErrOutcomeUnknown, err)
		case !stored:
			return nil, err
		}
	}
	committed = true
	for _, e := range w.events {
		r.kinds[e.Kind] = true
	}
	r.cache.put(w.entries)
	// Views answer for the new state before anybody is told of it.
	for _, v := range begun {
		v.Done(true)
	}
	begun = nil
	r.setHead(after)
	if r.Watch.Batch != nil {
		r.Watch.Batch(len(batch), time.Since(began))
	}
	return r.finish(w, outcomes), nil
}

// finish completes outcomes with what is known only after projecting.
func (r *Record) finish(w *world, outcomes []outcome) []outcome {
	for i := range outcomes {
		o := &outcomes[i]
		if o.err != nil {
			continue
		}
		o.Position = w.last
		if n := len(o.Events); n > 0 && !o.Replayed {
			first := int(o.Events[0].Position - w.events[0].Position)
			o.Events = w.events[first : first+n]
		}
	}
	return outcomes
}

// decide does one request on top of w.
func (r *Record) decide(w *world, q *request, now time.Time) (o outcome) {
	defer func() {
		if p := recover(); p != nil { // the others in the batch go on
			r.Log.Error("panic in a decision", "panic", p, "stack", string(debug.Stack()))
			o = outcome{err: fmt.Errorf("record: deciding %T panicked: %v", q.Command, p)}
		}
	}()
	var hash []byte
	if q.Key != "" {
		var err error
		if hash, err = r.hash(q.Command); err != nil {
			return outcome{err: err}
		}
		if s, ok := w.earlier(requestKey{q.Actor, q.Key}); ok {
			return r.replay(w, s, hash)
		}
	}
	above := w.above()
	m := act.Meta{Actor: q.Actor, Role: q.Role, Holder: q.Holder, At: now}
	stream, err := r.do(above, q.Command, m, q.Expect, 0)
	if above.fault != nil {
		w.fail(above.fault)
	}
	if err != nil {
		return outcome{err: err}
	}
	if q.Key != "" {
		above.keys[requestKey{q.Actor, q.Key}] = stored{hash, stream, w.last + 1, above.last}
	}
	w.absorb(above)
	return outcome{Done: Done{Stream: stream, Events: above.events}}
}

// earlier looks up an idempotency key.
func (w *world) earlier(k requestKey) (s stored, ok bool) {
	for o := w; o != nil; o = o.under {
		if s, ok = o.keys[k]; ok {
			return s, true
		}
	}
	ok = w.find("SELECT hash, stream, first, last FROM request WHERE actor = $1 AND name = $2", []any{k.actor, k.name}, &s.hash, &s.stream, &s.first, &s.last)
	return s, ok
}

func (r *Record) replay(w *world, s stored, hash []byte) outcome {
	if !bytes.Equal(s.hash, hash) {
		return outcome{err: ErrKeyReused}
	}
	var events []act.Recorded
	for _, e := range w.events { // done earlier in this very transaction
		if e.Position >= s.first && e.Position <= s.last {
			events = append(events, e)
		}
	}
	if len(events) == 0 && s.last >= s.first {
		var err error
		if events, err = r.events(w.ctx, w.tx, s.first-1, int(s.last-s.first+1)); err != nil {
			return outcome{err: err}
		}
	}
	return outcome{Done: Done{Stream: s.stream, Events: events, Replayed: true}}
}

// do decides one command and everything that follows from it.
func (r *Record) do(w *world, cmd any, m act.Meta, expect int64, depth int) (stream string, err error) {
	a, ok := r.Catalogue.ActFor(cmd)
	if !ok {
		return "", fmt.Errorf("%w: %T", ErrUnknownAct, cmd)
	}
	if depth > maxDepth {
		return "", fmt.Errorf("record: reactions follow from reactions more than %d deep, at %s", maxDepth, a.Kind)
	}
	m.IDs = newIDs(act.IDsPerAct)
	target := a.Target(cmd, m)
	id, series := target.ID, ""
	if target.New {
		series = r.Catalogue.Series(target, w, m.At)
		id = w.next(a.Stream, series)
	}
	stream = a.Stream.Name(id)
	before := w.entry(stream)
	if expect >= 0 && depth == 0 && before.version != expect {
		return "", fmt.Errorf("%w: %s is at version %d, not %d", ErrConflict, stream, before.version, expect)
	}
	facts := r.Catalogue.FactsFor(a, w, stream, cmd, m)
	state := w.State(stream)
	if w.fault != nil {
		return "", w.fault
	}
	events, err := a.Decide(state, facts, cmd, m)
	if err != nil {
		return "", err
	}
	if target.New && len(events) == 0 {
		delete(w.series, a.Stream.Name(series)) // its number was not taken
	}
	first := len(w.events)
	for _, ev := range events {
		if _, err := w.happen(stream, ev, m); err != nil {
			return "", err
		}
	}
	system := act.Meta{Actor: m.Actor, Role: "system", Holder: m.Holder, At: m.At}
	for _, e := range w.events[first:len(w.events):len(w.events)] {
		for _, reaction := range r.Catalogue.Reactions {
			if reaction.On != "*" && reaction.On != e.Kind {
				continue
			}
			for _, next := range reaction.React(w, e) {
				if _, err := r.do(w, next, system, -1, depth+1); err != nil {
					return "", err
				}
			}
		}
	}
	return stream, w.fault
}

// project writes the rows of all that happened, and the views.
func (r *Record) project(tx Tx, w *world, h head) (head, error) {
	chain := h.chain
	events := Into(tx, "event", "position, stream, version, kind, recorded, effective, actor, role, subjects, payload, chain", "")
	subjects := Into(tx, "subject", "subject, position", "")
	for i := range w.events {
		e := &w.events[i]
		stored, err := encode(*e)
		if err != nil {
			return head{}, err
		}
		e.Chain = stored.link(chain)
		chain = e.Chain
		events.Add(stored.position, stored.stream, stored.version, stored.kind, stored.recorded, stored.effective,
			stored.actor, stored.role, stored.subjects, stored.payload, e.Chain[:])
		if !r.kinds[e.Kind] { // noted again, and again without harm, if this does not commit
			tx.Exec("INSERT INTO kind VALUES ($1) ON CONFLICT (name) DO NOTHING", e.Kind)
		}
		for _, s := range e.Subjects {
			subjects.Add(s, e.Position)
		}
		open, err := r.open(*e)
		if err != nil {
			return head{}, err
		}
		for _, v := range r.Views {
			if err := v.Project(tx, open); err != nil {
				return head{}, fmt.Errorf("%s, position %d: %w", v.Name(), e.Position, err)
			}
		}
	}
	for _, v := range r.Views {
		if err := v.Settle(tx, w); err != nil {
			return head{}, fmt.Errorf("%s: %w", v.Name(), err)
		}
	}
	// Few rows are queued only now: what the views read did not have to wait for them.
	events.Flush()
	subjects.Flush()
	claims := Into(tx, "claim", "kind, name, stream", " ON CONFLICT (kind, name) DO UPDATE SET stream = excluded.stream")
	for c, stream := range w.claims {
		if stream == "" {
			tx.Exec("DELETE FROM claim WHERE kind = $1 AND name = $2", c.Kind, c.Key)
		} else {
			claims.Add(c.Kind, c.Key, stream)
		}
	}
	claims.Flush()
	for name, last := range w.series {
		tx.Exec("INSERT INTO series VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = excluded.last", name, last)
	}
	for k, s := range w.keys {
		tx.Exec("INSERT INTO request VALUES ($1, $2, $3, $4, $5, $6)", k.actor, k.name, s.hash, s.stream, s.first, s.last)
	}
	if len(w.events) == 0 { // only idempotency keys of acts that had nothing to do
		return h, w.fault
	}
	last := &w.events[len(w.events)-1]
	tx.Exec("UPDATE head SET position = $1, recorded = $2, chain = $3 WHERE id = 1", last.Position, last.At.UnixMicro(), last.Chain[:])
	return head{position: last.Position, recorded: last.At, chain: chain}, w.fault
}
