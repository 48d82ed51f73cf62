package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"shingle/internal/act"
)

// world is the record as decisions see it: what is stored, and on top of it what the acts before them in
// the same transaction changed. An act has a world of its own on top of the transaction's, which is
// dropped if it is refused and absorbed if it is not.
type world struct {
	r      *Record
	tx     querier
	ctx    context.Context
	under  *world // nil at the bottom
	events []act.Recorded
	last   int64 // position of the newest event

	entries map[string]*entry
	claims  map[act.Claim]string // Release is always false in keys; "" means that nobody holds it
	series  map[string]int64
	keys    map[requestKey]stored
	fault   error // the first thing that could not be read
	preview bool  // nothing will be recorded, so nothing is sealed
}

type requestKey struct{ actor, name string }

// stored is the outcome of an earlier request with an idempotency key.
type stored struct {
	hash        []byte
	stream      string
	first, last int64 // positions; last < first if nothing happened
}

func newWorld(ctx context.Context, r *Record, tx querier, last int64) *world {
	return &world{
		r: r, tx: tx, ctx: ctx, last: last, entries: map[string]*entry{}, claims: map[act.Claim]string{},
		series: map[string]int64{}, keys: map[requestKey]stored{},
	}
}

// above returns an empty world on top of w.
func (w *world) above() *world {
	o := newWorld(w.ctx, w.r, w.tx, w.last)
	o.under, o.preview = w, w.preview
	return o
}

// absorb takes over everything that an accepted act changed.
func (w *world) absorb(o *world) {
	w.events = append(w.events, o.events...)
	w.last = o.last
	maps.Copy(w.entries, o.entries)
	maps.Copy(w.claims, o.claims)
	maps.Copy(w.series, o.series)
	maps.Copy(w.keys, o.keys)
}

// State implements [act.World].
func (w *world) State(stream string) any {
	if e := w.entry(stream); e.state != nil {
		return e.state
	}
	if s, ok := w.r.Catalogue.StreamOf(stream); ok {
		return s.Zero
	}
	return nil
}

// Fold implements [act.World].
func (w *world) Fold(name, subject string) any { return w.entry(subject).folds[name] }

// Holder implements [act.World].
func (w *world) Holder(kind, key string) string {
	c := act.Claim{Kind: kind, Key: key}
	for o := w; o != nil; o = o.under {
		if stream, ok := o.claims[c]; ok {
			return stream
		}
	}
	var stream string
	w.find("SELECT stream FROM claim WHERE kind = $1 AND name = $2", []any{kind, key}, &stream)
	return stream
}

// entry returns what is known of a stream; never nil.
func (w *world) entry(name string) *entry {
	for o := w; o != nil; o = o.under {
		if e, ok := o.entries[name]; ok {
			return e
		}
	}
	e, _, ok := w.r.cache.get(name)
	if !ok {
		var err error
		if e, err = w.r.load(w.ctx, w.tx, name); err != nil {
			w.fail(err)
			return &entry{}
		}
		w.bottom().entries[name] = e
	}
	return e
}

func (w *world) bottom() *world {
	for w.under != nil {
		w = w.under
	}
	return w
}

func (w *world) fail(err error) {
	if w.fault == nil {
		w.fault = err
	}
}

// find reads one row into dst, which stays as it is where there is none.
func (w *world) find(query string, args []any, dst ...any) (found bool) {
	rows, err := w.tx.Query(w.ctx, query, args...)
	if err == nil {
		if found = rows.Next(); found {
			err = rows.Scan(dst...)
		}
		err = errors.Join(err, rows.Err(), rows.Close())
	}
	if err != nil {
		w.fail(err)
	}
	return found && err == nil
}

// next returns the id with the next number of a series whose stream does not exist yet.
func (w *world) next(s *act.Stream, series string) string {
	name := s.Name(series)
	var last int64
	known := false
	for o := w; o != nil && !known; o = o.under {
		last, known = o.series[name]
	}
	if !known {
		w.find("SELECT last FROM series WHERE name = $1", []any{name}, &last)
	}
	for w.fault == nil {
		last++
		id := fmt.Sprintf("%s%04d", series, last)
		if w.entry(s.Name(id)).version == 0 {
			w.series[name] = last
			return id
		}
	}
	return ""
}

// happen adds an event to a stream and evolves everything that it concerns.
func (w *world) happen(stream string, ev act.Event, m act.Meta) (act.Recorded, error) {
	kind, ok := w.r.Catalogue.KindOf(ev)
	if !ok {
		return act.Recorded{}, fmt.Errorf("record: %T is in no catalogue", ev)
	}
	if !w.preview {
		var err error
		if ev, err = w.r.seal(ev); err != nil {
			return act.Recorded{}, err
		}
	}
	e := act.Recorded{
		Position: w.last + 1, Stream: stream, Version: w.entry(stream).version + 1, Kind: kind,
		At: m.At, Effective: m.At, Actor: m.Actor, Role: m.Role, Subjects: []string{stream}, Event: ev,
	}
	if t, ok := ev.(act.Effective); ok && !t.TakesEffect().IsZero() {
		e.Effective = t.TakesEffect().UTC()
	}
	if c, ok := ev.(act.Concerning); ok {
		for _, s := range c.Concerns() {
			if !slices.Contains(e.Subjects, s) {
				e.Subjects = append(e.Subjects, s)
			}
		}
	}
	if c, ok := ev.(act.Claiming); ok {
		for _, claim := range c.Claims() {
			holder := stream
			if claim.Release {
				holder = ""
			}
			w.claims[act.Claim{Kind: claim.Kind, Key: claim.Key}] = holder
		}
	}
	for _, subject := range e.Subjects {
		w.entries[subject] = w.r.evolve(subject, w.entry(subject), e)
	}
	w.last = e.Position
	w.events = append(w.events, e)
	return e, w.fault
}

// evolve returns the entry of a subject after an event that concerns it.
func (r *Record) evolve(subject string, before *entry, e act.Recorded) *entry {
	after := &entry{version: before.version, state: before.state, folds: before.folds}
	if subject == e.Stream {
		after.version = e.Version
		if s, ok := r.Catalogue.StreamOf(subject); ok {
			state := before.state
			if state == nil {
				state = s.Zero
			}
			after.state = s.Evolve(state, e.Event)
		}
	}
	cloned := false
	for _, f := range r.Catalogue.Folds {
		if !strings.HasPrefix(subject, f.Prefix) {
			continue
		}
		if !cloned {
			after.folds, cloned = maps.Clone(before.folds), true
			if after.folds == nil {
				after.folds = map[string]any{}
			}
		}
		after.folds[f.Name] = f.Evolve(after.folds[f.Name], e)
	}
	return after
}

// querier is what load needs: a transaction or the readers' pool.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

type reader struct{ *sql.DB }

func (r reader) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.QueryContext(ctx, query, args...)
}

// prepared reads like reader, and keeps its first few statements prepared: making a statement ready takes
// longer than running it.
type prepared struct {
	db         *sql.DB
	mu         sync.RWMutex
	statements map[string]*sql.Stmt
}

// mostPrepared bounds how many statements are kept; those with lists of many lengths come and go.
const mostPrepared = 32

func (p *prepared) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.mu.RLock()
	s, ok := p.statements[query]
	full := len(p.statements) >= mostPrepared
	p.mu.RUnlock()
	if ok {
		return s.QueryContext(ctx, args...)
	}
	if full {
		return p.db.QueryContext(ctx, query, args...)
	}
	s, err := p.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	if other, ok := p.statements[query]; ok {
		_ = s.Close()
		s = other
	} else {
		p.statements[query] = s
	}
	p.mu.Unlock()
	return s.QueryContext(ctx, args...)
}

func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.statements {
		_ = s.Close()
	}
	clear(p.statements)
}

// load folds all that concerns a subject, from the store.
func (r *Record) load(ctx context.Context, q querier, name string) (*entry, error) {
	events, err := r.concerning(ctx, q, name, 1<<62)
	if err != nil {
		return nil, err
	}
	e := &entry{}
	for _, ev := range events {
		e = r.evolve(name, e, ev)
	}
	return e, nil
}
