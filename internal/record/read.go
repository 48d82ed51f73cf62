package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"shingle/internal/act"
)

// Events returns up to limit events after a position, in order.
func (r *Record) Events(ctx context.Context, after int64, limit int) ([]act.Recorded, error) {
	return r.events(ctx, r.reads, after, limit)
}

// Concerning returns all events up to a position (inclusive) that concern a subject, in order.
func (r *Record) Concerning(ctx context.Context, subject string, upTo int64) ([]act.Recorded, error) {
	return r.concerning(ctx, r.reads, subject, upTo)
}

// Readable returns an event with what is personal in it in the clear: for whoever it is theirs to read, on a page
// that is kept nowhere. What is confided stays sealed, and of who was forgotten it says "[erased]".
func (r *Record) Readable(e act.Recorded) (act.Recorded, error) { return r.open(e) }

// State returns the folded state of a stream and its version, which is 0 where it has no events; the
// state is then the zero state of its sort.
func (r *Record) State(ctx context.Context, stream string) (state any, version int64, err error) {
	e, err := r.lookup(ctx, stream)
	if err != nil {
		return nil, 0, err
	}
	if e.state == nil {
		if s, ok := r.Catalogue.StreamOf(stream); ok {
			return s.Zero, 0, nil
		}
		return nil, 0, fmt.Errorf("record: there are no streams such as %q", stream)
	}
	return e.state, e.version, nil
}

// Fold returns the state of a fold over all that concerns a subject; nil where nothing does.
func (r *Record) Fold(ctx context.Context, name, subject string) (any, error) {
	e, err := r.lookup(ctx, subject)
	if err != nil {
		return nil, err
	}
	return e.folds[name], nil
}

// Look is the record as it stands, for whoever gathers facts without deciding. It implements
// [act.World]; faults are kept for Err.
type Look struct {
	ctx   context.Context
	r     *Record
	fault error
}

// Look lets flow's gatherers look at the record as it stands.
func (r *Record) Look(ctx context.Context) *Look { return &Look{ctx: ctx, r: r} }

// State implements [act.World].
func (l *Look) State(stream string) any {
	s, _, err := l.r.State(l.ctx, stream)
	l.fault = errors.Join(l.fault, err)
	return s
}

// Fold implements [act.World].
func (l *Look) Fold(name, subject string) any {
	s, err := l.r.Fold(l.ctx, name, subject)
	l.fault = errors.Join(l.fault, err)
	return s
}

// Holder implements [act.World].
func (l *Look) Holder(kind, key string) (stream string) {
	err := l.r.Engine.Reader().QueryRowContext(l.ctx, "SELECT stream FROM claim WHERE kind = $1 AND name = $2", kind, key).Scan(&stream)
	if !errors.Is(err, sql.ErrNoRows) {
		l.fault = errors.Join(l.fault, err)
	}
	return stream
}

// Err returns what could not be read.
func (l *Look) Err() error { return l.fault }

func (r *Record) lookup(ctx context.Context, name string) (*entry, error) {
	e, epoch, ok := r.cache.get(name)
	if ok {
		return e, nil
	}
	e, err := r.load(ctx, r.reads, name)
	if err == nil {
		r.cache.offer(name, e, epoch)
	}
	return e, err
}

func (r *Record) events(ctx context.Context, q querier, after int64, limit int) ([]act.Recorded, error) {
	return r.query(ctx, q, "SELECT "+rowColumns+" FROM event e WHERE e.position > $1 ORDER BY e.position LIMIT $2", after, limit)
}

func (r *Record) concerning(ctx context.Context, q querier, subject string, upTo int64) ([]act.Recorded, error) {
	return r.query(ctx, q, "SELECT "+rowColumns+" FROM subject s JOIN event e ON e.position = s.position WHERE s.subject = $1 AND s.position <= $2 ORDER BY s.position", subject, upTo)
}

func (r *Record) query(ctx context.Context, q querier, query string, args ...any) (events []act.Recorded, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		w, err := scanRow(rows)
		if err != nil {
			return nil, err
		}
		e, err := r.decode(w)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}

// headOf returns the end of the record that a transaction is about to extend.
func headOf(ctx context.Context, tx Tx) (head, error) {
	h, err := tx.Head(ctx)
	return h.read(), err
}

func headIn(ctx context.Context, q querier) (head, error) {
	rows, err := q.Query(ctx, HeadQuery)
	if err != nil {
		return head{}, err
	}
	h, err := ScanHead(rows)
	return h.read(), err
}

// ScanHead reads the one row that HeadQuery asks for, and closes rows.
func ScanHead(rows *sql.Rows) (h Head, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return Head{}, errors.Join(ErrNoHead, rows.Err())
	}
	return h, rows.Scan(&h.Position, &h.Recorded, &h.Chain)
}

// ErrNoHead says that a database has the record's tables and not the row that says where the record ends.
var ErrNoHead = errors.New("record: the head row is missing")

func (s Head) read() (h head) {
	h.position, h.recorded = s.Position, time.UnixMicro(s.Recorded).UTC()
	copy(h.chain[:], s.Chain)
	return h
}

// readKinds notes which kinds of events are stored. It refuses a record that holds some of a kind that is not
// known here: a newer version of the program wrote them.
func (r *Record) readKinds(ctx context.Context) (err error) {
	r.kinds, err = known(ctx, r.Engine, r.Catalogue)
	return err
}

// Known fails with [ErrNewerSchema] if an engine holds events of a kind that the catalogue does not have.
func Known(ctx context.Context, engine Engine, catalogue *act.Catalogue) error {
	_, err := known(ctx, engine, catalogue)
	return err
}

func known(ctx context.Context, engine Engine, catalogue *act.Catalogue) (kinds map[string]bool, err error) {
	rows, err := engine.Reader().QueryContext(ctx, "SELECT name FROM kind ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	kinds = map[string]bool{}
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			return nil, err
		}
		if _, ok := catalogue.NewEvent(kind); !ok {
			return nil, fmt.Errorf("%w: it holds events of the kind %q", ErrNewerSchema, kind)
		}
		kinds[kind] = true
	}
	return kinds, rows.Err()
}
