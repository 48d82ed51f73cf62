package record

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
)

// Derive makes everything that follows from the rows of events in an engine, and that lies beside them: the
// head, whom each concerns, who holds what, which kinds there are and how far each series has come. It is
// for rows that were put there as they were, by a restore; nothing of it may be there yet. The tables are up
// to date. What does not fit the chain is a [*Tampered].
func Derive(ctx context.Context, engine Engine, catalogue *act.Catalogue, progress func(position int64)) error {
	d := deriving{indexes: newIndexes(catalogue), kinds: map[string]bool{}, series: map[string]int64{}}
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
	kinds  map[string]bool
	series map[string]int64
	end    row // the newest so far
	chain  [32]byte
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
		d.kinds[w.kind] = true
		if w.version == 1 {
			d.count(w.stream)
		}
		return err
	})
	if err != nil {
		return err
	}
	subjects.Flush()
	return tx.Commit(ctx)
}

// count notes the number at the end of a stream's name: the series goes on behind the largest.
func (d *deriving) count(stream string) {
	series := strings.TrimRight(stream, "0123456789")
	if n, err := strconv.ParseInt(stream[len(series):], 10, 64); err == nil {
		d.series[series] = max(d.series[series], n)
	}
}

func (d *deriving) finish(ctx context.Context, engine Engine) error {
	tx, err := engine.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	claims := Into(tx, "claim", "kind, name, stream", "")
	for c, stream := range d.claims {
		claims.Add(c.Kind, c.Key, stream)
	}
	claims.Flush()
	kinds := Into(tx, "kind", "name", "")
	for _, kind := range slices.Sorted(maps.Keys(d.kinds)) {
		kinds.Add(kind)
	}
	kinds.Flush()
	series := Into(tx, "series", "name, last", "")
	for name, last := range d.series {
		series.Add(name, last)
	}
	series.Flush()
	tx.Exec("UPDATE head SET position = $1, recorded = $2, chain = $3 WHERE id = 1", d.end.position, d.end.recorded, d.chain[:])
	return tx.Commit(ctx)
}
