package record

import (
	"context"
	"fmt"

	"shingle/internal/act"
)

// Derive makes everything that follows from the rows of events in an engine, and that lies beside them: the
// head, whom each concerns, who holds what, which kinds there are and how far each series has come. It is
// for rows that were put there as they were, by a restore; nothing of it may be there yet. The tables are up
// to date. What does not fit the chain is a [*Tampered].
func Derive(ctx context.Context, engine Engine, catalogue *act.Catalogue, progress func(position int64)) error {
	d := deriving{indexes: newIndexes(catalogue)}
	for more := true; more; {
		before := d.end.position
		err := d.some(ctx, engine)
		if err != nil {
			return fmt.Errorf("deriving from the record: %w", err)
		}
		if progress != nil {
			progress(d.end.position)
		}
		more = d.end.position > before
	}
	return d.finish(ctx, engine)
}

type deriving struct {
	*indexes
	end   row // the newest so far
	chain [32]byte
}

// some derives from the next rows, in a transaction of its own.
func (d *deriving) some(ctx context.Context, engine Engine) error {
	tx, err := engine.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	subjects := Into(tx, "subject", "subject, position", "")
	// Read beside the transaction, not in it: a query in it would have to wait for what is queued.
	err = eachRow(ctx, reader{engine.Reader()}, d.end.position, rebuildBatch, func(w row) error {
		if w.position != d.end.position+1 {
			return &Tampered{Position: d.end.position + 1, What: "the row is missing"}
		}
		if d.chain = w.link(d.chain); string(d.chain[:]) != string(w.chain) {
			return &Tampered{Position: w.position, Stream: w.stream, What: "the row or its chain was changed"}
		}
		d.end = w
		if err := d.take(w); err != nil {
			return err
		}
		list, err := w.subjectList()
		for _, s := range list {
			subjects.Add(s, w.position)
		}
		return err
	})
	if err != nil {
		return err
	}
	subjects.Flush()
	return tx.Commit(ctx)
}

func (d *deriving) finish(ctx context.Context, engine Engine) error {
	tx, err := engine.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	d.write(tx)
	tx.Exec("UPDATE head SET position = $1, recorded = $2, chain = $3 WHERE id = 1", d.end.position, d.end.recorded, d.chain[:])
	return tx.Commit(ctx)
}
