package publog

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// load reads the head for the first time and publishes it; with witnesses, it publishes what was shown to
// them last, and leaves the rest to Start.
func (l *Log) load(ctx context.Context) error {
	query := Query(l.cfg.DB.QueryContext)
	// First, since other processes append and publish meanwhile: the head is never behind it.
	text, err := newestCheckpoint(ctx, query)
	if err != nil {
		return err
	}
	e, err := readHead(ctx, query)
	if err != nil {
		return err
	}
	l.committed = e
	stored, err := l.storedCheckpoint(ctx, query, text)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.witnesses) > 0 && stored != nil {
		l.public.Store(stored)
		return nil
	}
	l.started = len(l.witnesses) == 0
	return l.sign()
}

// Start submits the checkpoint that was stored last to the witnesses again, and only then signs what came
// after it: nothing new is signed before the witnesses have seen what was signed last. It needs
// Config.Write, so it comes once the record is open. A witness that cannot be reached does not keep the
// log from starting; one that knows more halts it (see Halted). Without witnesses it does nothing.
func (l *Log) Start(ctx context.Context) error {
	if len(l.witnesses) == 0 {
		return nil
	}
	last := l.public.Load()
	_ = l.ask(ctx, last, l.witnesses) // who did not answer is asked again by Run; whatever halts, halts
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started = true
	return l.publish()
}

// Reload takes over what another process appended, or what a commit in doubt left behind: it reads the
// head through query, a transaction that holds the record's lock or the database as it stands. It
// appends nothing and can be called at any time. A database that no longer holds what was published
// halts the log.
func (l *Log) Reload(ctx context.Context, query Query) error {
	l.mu.Lock()
	before := l.committed // first, since a commit of our own may come between
	l.mu.Unlock()
	size, root, err := storedHead(ctx, query)
	if err != nil {
		return err
	}
	if size == before.size && root == before.root() {
		return nil
	}
	now, err := readHead(ctx, query)
	if err != nil {
		return err
	}
	switch {
	case now.size < before.size:
		return l.halt(fmt.Errorf("%w: %d leaves of %d", ErrRolledBack, now.size, before.size))
	case now.size > before.size:
		was, err := edgeAt(before.size, hashReader(ctx, query))
		if err != nil {
			return err
		}
		if was.root() != before.root() {
			return l.halt(fmt.Errorf("%w: its first %d leaves changed", ErrForked, before.size))
		}
	case now.root() != before.root():
		return l.halt(fmt.Errorf("%w: its %d leaves changed", ErrForked, now.size))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.size > l.committed.size {
		l.committed = now
		return l.publish()
	}
	return nil
}

// readHead reads the stored head and the right edge, and checks that the one follows from the other.
func readHead(ctx context.Context, query Query) (edge, error) {
	size, root, err := storedHead(ctx, query)
	if err != nil {
		return edge{}, err
	}
	e, err := edgeAt(size, hashReader(ctx, query))
	if err != nil {
		return edge{}, err
	}
	if e.root() != root {
		return edge{}, fmt.Errorf("%w: the stored root of %d leaves does not follow from the stored nodes", ErrDamaged, size)
	}
	return e, nil
}

func storedHead(ctx context.Context, query Query) (size int64, root tlog.Hash, err error) {
	none := edge{}
	root = none.root()
	err = each(ctx, query, func(rows *sql.Rows) error {
		var b []byte
		if err := rows.Scan(&size, &b); err != nil {
			return err
		}
		if len(b) != tlog.HashSize || size < 0 {
			return fmt.Errorf("%w: the stored head cannot be read", ErrDamaged)
		}
		root = tlog.Hash(b)
		return nil
	}, `SELECT size, root FROM log_head WHERE id = 1`)
	if err != nil {
		return 0, root, fmt.Errorf("could not read the head of the public log: %w", err)
	}
	return size, root, nil
}

// newestCheckpoint returns the newest checkpoint that was handed to witnesses, "" if there is none.
func newestCheckpoint(ctx context.Context, query Query) (text string, err error) {
	err = each(ctx, query, func(rows *sql.Rows) error { return rows.Scan(&text) }, `SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1`)
	return text, err
}

// storedCheckpoint returns a checkpoint that was handed to witnesses, after checking that it is ours and that
// the log still begins with it; nil for none.
func (l *Log) storedCheckpoint(ctx context.Context, query Query, text string) (*published, error) {
	if text == "" {
		return nil, nil
	}
	c, own, err := openCheckpoint([]byte(text), l.verifier)
	if err != nil {
		return nil, err
	}
	if c.N > l.committed.size {
		return nil, fmt.Errorf("%w: a checkpoint of %d leaves was published, the database holds %d", ErrRolledBack, c.N, l.committed.size)
	}
	e, err := edgeAt(c.N, hashReader(ctx, query))
	if err != nil {
		return nil, err
	}
	if e.root() != c.Hash {
		return nil, fmt.Errorf("%w: its first %d leaves are not those of the checkpoint that was published", ErrForked, c.N)
	}
	return &published{Head{c.N, c.Hash}, own, []byte(text), time.Time{}}, nil
}

// openCheckpoint verifies that a stored checkpoint carries the signature of the log with that key. It
// returns it without any other signature, too.
func openCheckpoint(signed []byte, key note.Verifier) (c torchwood.Checkpoint, own []byte, err error) {
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(key.Name()), torchwood.SingleVerifierPolicy(key))
	c, n, err := torchwood.VerifyCheckpoint(signed, policy)
	if err != nil {
		origin, _, _ := strings.Cut(string(signed), "\n")
		return c, nil, fmt.Errorf("a stored checkpoint of the log %q was not signed with the key %s+%08x: is this another log's key or database? (%w)",
			origin, key.Name(), key.KeyHash(), err)
	}
	own, err = note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs})
	return c, own, err
}

// each runs a query and hands every row to do.
func each(ctx context.Context, query Query, do func(*sql.Rows) error, text string, args ...any) error {
	rows, err := query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// hashReader reads stored nodes.
func hashReader(ctx context.Context, query Query) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make(map[int64]tlog.Hash, len(indexes))
		const most = 256 // indexes asked for at once
		for rest := indexes; len(rest) > 0; {
			part := rest[:min(most, len(rest))]
			rest = rest[len(part):]
			args := make([]any, len(part))
			var in strings.Builder
			for i, idx := range part {
				args[i] = idx
				fmt.Fprintf(&in, ",$%d", i+1)
			}
			err := each(ctx, query, func(rows *sql.Rows) error {
				var idx int64
				var b []byte
				if err := rows.Scan(&idx, &b); err != nil {
					return err
				}
				if len(b) != tlog.HashSize {
					return fmt.Errorf("%w: node %d has %d bytes", ErrDamaged, idx, len(b))
				}
				found[idx] = tlog.Hash(b)
				return nil
			}, `SELECT idx, hash FROM log_node WHERE idx IN (`+in.String()[1:]+`)`, args...)
			if err != nil {
				return nil, fmt.Errorf("could not read nodes of the public log: %w", err)
			}
		}
		hashes := make([]tlog.Hash, len(indexes))
		for i, idx := range indexes {
			h, ok := found[idx]
			if !ok {
				level, n := tlog.SplitStoredHashIndex(idx)
				return nil, fmt.Errorf("%w: node %d of level %d is missing", ErrDamaged, n, level)
			}
			hashes[i] = h
		}
		return hashes, nil
	})
}
