package publog

import (
	"context"
	"database/sql"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"shingle/internal/record"
)

// Tree computes the root of leaves that lie somewhere else, such as in a backup. The zero Tree is empty.
type Tree struct{ edge edge }

// Add appends a leaf.
func (t *Tree) Add(leaf []byte) { t.edge.add(tlog.RecordHash(leaf), func(int64, tlog.Hash) {}) }

// Size returns how many leaves there are.
func (t *Tree) Size() int64 { return t.edge.size }

// Head returns how many leaves there are, and their root.
func (t *Tree) Head() Head { return Head{t.edge.size, t.edge.root()} }

// Regrow makes the nodes and the head of the log from its leaves. It is for leaves that were put there as
// they were, by a restore; no nodes may be there yet. begin opens a transaction.
func Regrow(ctx context.Context, query Query, begin func(ctx context.Context) (record.Tx, error)) (Head, error) {
	var e edge
	for more := true; more; {
		before := e.size
		if err := regrowSome(ctx, query, begin, &e); err != nil {
			return Head{}, fmt.Errorf("growing the public log's tree: %w", err)
		}
		more = e.size > before
	}
	return Head{e.size, e.root()}, nil
}

// regrowSome takes in the next leaves, in a transaction of its own.
func regrowSome(ctx context.Context, query Query, begin func(ctx context.Context) (record.Tx, error), e *edge) error {
	tx, err := begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	nodes := record.Into(tx, "log_node", "idx, hash", "")
	before := e.size
	err = each(ctx, query, func(rows *sql.Rows) error {
		var idx int64
		var body []byte
		if err := rows.Scan(&idx, &body); err != nil {
			return err
		}
		if idx != e.size {
			return fmt.Errorf("%w: leaf %d is missing", ErrDamaged, e.size)
		}
		e.add(tlog.RecordHash(body), func(idx int64, h tlog.Hash) { nodes.Add(idx, h[:]) })
		return nil
	}, `SELECT idx, body FROM leaf WHERE idx >= $1 ORDER BY idx LIMIT 10000`, before)
	if err != nil || e.size == before {
		return err
	}
	nodes.Flush()
	root := e.root()
	tx.Exec(`INSERT INTO log_head (id, size, root) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root`, e.size, root[:])
	return tx.Commit(ctx)
}
