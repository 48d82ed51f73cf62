package record

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"shingle/internal/act"
)

// Verify recomputes the chain over every row that an engine holds, and what is kept beside the rows: whom they
// concern, who holds what, which kinds there are, how far each series has come, and what repeated requests are
// answered with. It names the first thing that was changed, as a [*Tampered]. All is read as of one moment: what is
// recorded meanwhile is not held against it. progress, if not nil, is told the position now and then.
//
// Beside the rows, two changes cannot be told: an idempotency key that was removed or renamed, since keys are in no
// event; and a series that lags behind, which is lawful, since numbers may also be given by hand, and does no harm.
func Verify(ctx context.Context, engine Engine, catalogue *act.Catalogue, progress func(position, of int64)) error {
	tx, err := Moment(ctx, engine)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	q := moment{tx}
	h, err := headIn(ctx, q)
	if err != nil {
		return err
	}
	v := verifying{beside: newIndexes(catalogue)}
	for more := true; more; {
		before := v.last.position
		if err := eachRow(ctx, q, before, 5000, v.row); err != nil {
			return err
		}
		if more = v.last.position > before; progress != nil && more {
			progress(v.last.position, h.position)
		}
	}
	switch {
	case v.last.position < h.position:
		return &Tampered{Position: v.last.position + 1, What: "the row is missing"}
	case v.last.position > h.position:
		return &Tampered{Position: h.position + 1, What: "the row stands behind the end that the head tells"}
	case v.chain != h.chain:
		return &Tampered{Position: h.position, What: "the head's chain is not that of the last row"}
	case h.position > 0 && v.last.recorded != h.recorded.UnixMicro():
		return &Tampered{Position: h.position, What: "the head's time is not that of the last row"}
	}
	return v.beside.compare(ctx, q, h.position)
}

type verifying struct {
	beside *indexes
	last   row
	chain  [32]byte
}

func (v *verifying) row(w row) error {
	if w.position != v.last.position+1 {
		return &Tampered{Position: v.last.position + 1, What: "the row is missing"}
	}
	v.last, v.chain = w, w.link(v.chain)
	if !bytes.Equal(v.chain[:], w.chain) {
		return &Tampered{Position: w.position, Stream: w.stream, What: "the row or its chain was changed"}
	}
	return v.beside.take(w)
}

// Moment begins reading an engine as of one moment, until it is rolled back.
func Moment(ctx context.Context, engine Engine) (*sql.Tx, error) {
	// SQLite gives that anyhow, PostgreSQL only when asked.
	return engine.Reader().BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
}

type moment struct{ *sql.Tx }

func (m moment) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return m.QueryContext(ctx, query, args...)
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
