package publog

import (
	"context"
	"database/sql"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/verify"
)

// Checked is what Check went through.
type Checked struct {
	Leaves      int64
	Nodes       int64
	Checkpoints int
}

// Check computes the whole log anew from its leaves and compares: every stored node, the head, and every
// stored checkpoint, whose signature must be that of vkey. It reads the rows in order, in bounded memory. The error wraps ErrDamaged, ErrForked or ErrRolledBack and names the first
// thing that does not fit; what Checked counts came before it.
func Check(ctx context.Context, query Query, vkey string) (Checked, error) {
	c := checker{ctx: ctx, query: query}
	// The checkpoints first: of a log that grows meanwhile, the head must cover them.
	checkpoints, err := storedCheckpoints(ctx, query, vkey)
	if err != nil {
		return c.done, err
	}
	c.checkpoints = checkpoints
	size, root, err := storedHead(ctx, query)
	if err != nil {
		return c.done, err
	}
	for c.edge.size < size {
		if err := c.batch(size); err != nil {
			return c.done, err
		}
	}
	if err := c.compareCheckpoints(); err != nil {
		return c.done, err
	}
	if len(c.checkpoints) > 0 {
		return c.done, fmt.Errorf("%w: a checkpoint of %d leaves was published, the head has %d", ErrRolledBack, c.checkpoints[0].N, size)
	}
	if c.edge.root() != root {
		return c.done, fmt.Errorf("%w: the stored root of %d leaves does not follow from them", ErrDamaged, size)
	}
	return c.done, c.nothingBeyond(size)
}

type checker struct {
	ctx         context.Context
	query       Query
	edge        edge
	checkpoints []tlog.Tree // those still to come, by size
	done        Checked
}

// batch checks the next leaves and the nodes that they complete.
func (c *checker) batch(size int64) error {
	const most = 1000
	start := c.edge.size
	end := min(start+most, size)
	nodes, err := c.nodes(tlog.StoredHashIndex(0, start), tlog.StoredHashIndex(0, end))
	if err != nil {
		return err
	}
	err = each(c.ctx, c.query, func(rows *sql.Rows) error {
		var e Entry
		if err := rows.Scan(&e.Index, &e.Position, &e.Body); err != nil {
			return err
		}
		if e.Index != c.edge.size {
			return fmt.Errorf("%w: leaf %d is missing", ErrDamaged, c.edge.size)
		}
		return c.leaf(e, nodes)
	}, `SELECT idx, position, body FROM leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx`, start, end)
	if err != nil {
		return err
	}
	if c.edge.size < end {
		return fmt.Errorf("%w: leaf %d is missing", ErrDamaged, c.edge.size)
	}
	return nil
}

func (c *checker) leaf(e Entry, nodes map[int64]tlog.Hash) (err error) {
	if err := c.compareCheckpoints(); err != nil {
		return err
	}
	s, err := verify.ParseStatement(e.Body)
	if err != nil {
		return fmt.Errorf("%w: leaf %d: %v", ErrDamaged, e.Index, err)
	}
	if s.From().Position != e.Position {
		return fmt.Errorf("%w: leaf %d tells position %d of the record and is stored for %d", ErrDamaged, e.Index, s.From().Position, e.Position)
	}
	c.edge.add(tlog.RecordHash(e.Body), func(idx int64, h tlog.Hash) {
		level, n := tlog.SplitStoredHashIndex(idx)
		stored, ok := nodes[idx]
		switch {
		case err != nil:
		case !ok:
			err = fmt.Errorf("%w: node %d of level %d is missing", ErrDamaged, n, level)
		case stored != h && level == 0:
			err = fmt.Errorf("%w: leaf %d does not have the hash that is stored for it", ErrDamaged, n)
		case stored != h:
			err = fmt.Errorf("%w: node %d of level %d does not follow from the leaves", ErrDamaged, n, level)
		default:
			c.done.Nodes++
		}
	})
	if err == nil {
		c.done.Leaves++
	}
	return err
}

// compareCheckpoints compares the checkpoint stored for the size that has been reached, if there is one.
func (c *checker) compareCheckpoints() error {
	for len(c.checkpoints) > 0 && c.checkpoints[0].N == c.edge.size {
		if c.edge.root() != c.checkpoints[0].Hash {
			return fmt.Errorf("%w: its first %d leaves are not those of the checkpoint that was published", ErrForked, c.edge.size)
		}
		c.checkpoints = c.checkpoints[1:]
		c.done.Checkpoints++
	}
	return nil
}

// nodes reads the stored nodes from one index up to, not including, another.
func (c *checker) nodes(start, end int64) (map[int64]tlog.Hash, error) {
	found := map[int64]tlog.Hash{}
	err := each(c.ctx, c.query, func(rows *sql.Rows) error {
		var idx int64
		var b []byte
		if err := rows.Scan(&idx, &b); err != nil {
			return err
		}
		if len(b) != tlog.HashSize {
			level, n := tlog.SplitStoredHashIndex(idx)
			return fmt.Errorf("%w: node %d of level %d has %d bytes", ErrDamaged, n, level, len(b))
		}
		found[idx] = tlog.Hash(b)
		return nil
	}, `SELECT idx, hash FROM log_node WHERE idx >= $1 AND idx < $2`, start, end)
	return found, err
}

// nothingBeyond checks that no rows stand there that the head does not cover. If the head has moved while
// we were reading, they belong to it.
func (c *checker) nothingBeyond(size int64) error {
	var leaves, nodes int64
	err := each(c.ctx, c.query, func(rows *sql.Rows) error { return rows.Scan(&leaves, &nodes) },
		`SELECT (SELECT COUNT(*) FROM leaf WHERE idx < 0 OR idx >= $1), (SELECT COUNT(*) FROM log_node WHERE idx < 0 OR idx >= $2)`,
		size, tlog.StoredHashIndex(0, size))
	if err != nil || leaves == 0 && nodes == 0 {
		return err
	}
	if now, _, err := storedHead(c.ctx, c.query); err != nil || now != size {
		return err
	}
	return fmt.Errorf("%w: %d leaves and %d nodes lie beyond the head of %d", ErrDamaged, leaves, nodes, size)
}

// storedCheckpoints reads the stored checkpoints by size and verifies their signatures.
func storedCheckpoints(ctx context.Context, query Query, vkey string) (trees []tlog.Tree, err error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("the log's public key: %w", err)
	}
	err = each(ctx, query, func(rows *sql.Rows) error {
		var size int64
		var text string
		if err := rows.Scan(&size, &text); err != nil {
			return err
		}
		c, _, err := openCheckpoint([]byte(text), verifier)
		if err != nil {
			return fmt.Errorf("%w: the stored checkpoint of %d leaves: %w", ErrDamaged, size, err)
		}
		if c.N != size {
			return fmt.Errorf("%w: the stored checkpoint of %d leaves is for %d", ErrDamaged, size, c.N)
		}
		trees = append(trees, c.Tree)
		return nil
	}, `SELECT size, note FROM checkpoint ORDER BY size`)
	return trees, err
}
