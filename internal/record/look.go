package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"shingle/internal/act"
)

// Wanted is what somebody looks for in the record. Its zero value is all of it.
type Wanted struct {
	Subject string // a stream that events concern, e.g. "member/0042"
	Kind    string // of events, in all of its shapes; one that ends in a dot is the beginning of several: "member."
	Actor   string // who asked
	// Before and After bound the positions, both excluded; 0 for no bound.
	Before, After int64
	Forward       bool // the oldest first; else the newest
}

// Found is what was found of something wanted.
type Found struct {
	Events []act.Recorded
	// Reached is the position that the search got to: it goes on behind it. At is when that was recorded. More says
	// that it has not got to the end.
	Reached int64
	At      time.Time
	More    bool
}

// furthest bounds how many events one search looks at, since kinds and actors have no index.
const furthest = 5000

// Search looks for up to limit events, along the index of whom they concern or else along the record. It looks at no
// more than 5000 and then says how far it has got, so that it takes no longer the longer the record is.
func (r *Record) Search(ctx context.Context, w Wanted, limit int) (Found, error) {
	window, args := w.window(limit + 1)
	var f Found
	var looked int64
	var reached, recorded sql.NullInt64
	edge := "min"
	if w.Forward {
		edge = "max"
	}
	db := r.Engine.Reader()
	err := db.QueryRowContext(ctx, "SELECT count(*), "+edge+"(position) FROM ("+window+") w", args...).Scan(&looked, &reached)
	if err != nil {
		return Found{}, err
	}
	query := "SELECT " + rowColumns + " FROM (" + window + ") w JOIN event e ON e.position = w.position"
	var where []string
	narrow := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if strings.HasSuffix(w.Kind, ".") {
		narrow(fmt.Sprintf("substr(e.kind, 1, %d) = $%%d", len(w.Kind)), w.Kind)
	} else if w.Kind != "" { // in its later shapes too
		narrow(fmt.Sprintf("substr(e.kind || '/', 1, %d) = $%%d", len(w.Kind)+1), w.Kind+"/")
	}
	if w.Actor != "" {
		narrow("e.actor = $%d", w.Actor)
	}
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	query += fmt.Sprintf(" ORDER BY e.position%s LIMIT %d", w.direction(), limit+1)
	if f.Events, err = r.query(ctx, reader{db}, query, args...); err != nil {
		return Found{}, err
	}
	switch {
	case len(f.Events) > limit:
		f.Events, f.More = f.Events[:limit], true
		f.Reached, f.At = f.Events[limit-1].Position, f.Events[limit-1].At
	case looked >= furthest:
		f.Reached, f.More = reached.Int64, true
		err = db.QueryRowContext(ctx, "SELECT recorded FROM event WHERE position = $1", f.Reached).Scan(&recorded)
		f.At = time.UnixMicro(recorded.Int64).UTC()
	}
	return f, err
}

func (w Wanted) direction() string {
	if w.Forward {
		return ""
	}
	return " DESC"
}

// window selects the positions that are looked at.
func (w Wanted) window(most int) (query string, args []any) {
	if w.Kind != "" || w.Actor != "" {
		most = furthest
	}
	query = "SELECT position FROM event WHERE position > $1"
	args = []any{w.After}
	if w.Subject != "" {
		query = "SELECT position FROM subject WHERE position > $1 AND subject = $2"
		args = append(args, w.Subject)
	}
	if w.Before > 0 {
		args = append(args, w.Before)
		query += fmt.Sprintf(" AND position < $%d", len(args))
	}
	return query + fmt.Sprintf(" ORDER BY position%s LIMIT %d", w.direction(), most), args
}

// At returns the event at a position; ok is false where there is none.
func (r *Record) At(ctx context.Context, position int64) (e act.Recorded, ok bool, err error) {
	events, err := r.Events(ctx, position-1, 1)
	if err != nil || len(events) == 0 || events[0].Position != position {
		return act.Recorded{}, false, err
	}
	return events[0], true, nil
}

// LastBefore returns the position of the last event that was recorded before a time, 0 if none was. It halves what
// is left, since the record is in the order of time.
func (r *Record) LastBefore(ctx context.Context, t time.Time) (int64, error) {
	low, high := int64(0), r.Position()
	for low < high {
		middle := (low + high + 1) / 2
		var recorded int64
		err := r.Engine.Reader().QueryRowContext(ctx, "SELECT recorded FROM event WHERE position = $1", middle).Scan(&recorded)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return 0, fmt.Errorf("record: position %d is missing", middle)
		case err != nil:
			return 0, err
		case recorded < t.UnixMicro():
			low = middle
		default:
			high = middle - 1
		}
	}
	return low, nil
}
