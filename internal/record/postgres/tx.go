package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"shingle/internal/record"
)

// Begin implements [record.Engine].
func (e *Engine) Begin(ctx context.Context) (record.Tx, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t, err := e.begin(ctx)
	if Lost(err) && ctx.Err() == nil { // the connection was from before a failover
		t, err = e.begin(ctx)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, e.servers.silent(err)
	case err != nil:
		return nil, e.servers.Explain(err)
	}
	return t, nil
}

func (e *Engine) begin(ctx context.Context) (*tx, error) {
	conn, err := e.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	t := &tx{conn: conn, servers: e.servers, open: true}
	if err := t.raw(func(c *pgx.Conn) error { return t.lock(ctx, c) }); err != nil {
		t.Rollback()
		return nil, err
	}
	return t, nil
}

// lock takes the write lock and reads what it locks, in one round trip.
func (t *tx) lock(ctx context.Context, c *pgx.Conn) error {
	var begin pgx.Batch
	begin.Queue("BEGIN")
	begin.Queue(record.HeadQuery + " FOR UPDATE").QueryRow(func(row pgx.Row) error {
		err := row.Scan(&t.head.Position, &t.head.Recorded, &t.head.Chain)
		if errors.Is(err, pgx.ErrNoRows) {
			t.headless = true
			return nil
		}
		return err
	})
	return c.SendBatch(ctx, &begin).Close()
}

type tx struct {
	conn    *sql.Conn
	servers *Servers
	queued  *pgx.Batch
	head    record.Head
	open    bool
	doubted bool // the connection is not to be used again
	err     error

	headless bool // there is no head: somebody took it away
}

// Head implements [record.Tx].
func (t *tx) Head(context.Context) (record.Head, error) {
	if t.headless {
		return record.Head{}, record.ErrNoHead
	}
	return t.head, nil
}

// Query implements [record.Tx].
func (t *tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	return t.Before(ctx, query, args...)
}

// Before implements [record.Tx].
func (t *tx) Before(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.err != nil {
		return nil, t.err
	}
	rows, err := t.conn.QueryContext(ctx, query, args...)
	return rows, t.servers.Explain(err)
}

func (t *tx) Exec(query string, args ...any) {
	if t.queued == nil {
		t.queued = &pgx.Batch{}
	}
	t.queued.Queue(query, args...)
}

// flush sends what is queued, in one round trip.
func (t *tx) flush(ctx context.Context) error {
	if err := t.send(ctx); err != nil && t.err == nil {
		t.err = t.servers.Explain(err)
	}
	return t.err
}

func (t *tx) send(ctx context.Context) error {
	if t.err != nil || t.queued == nil {
		return t.err
	}
	batch := t.queued
	t.queued = nil
	return t.raw(func(c *pgx.Conn) error { return c.SendBatch(ctx, batch).Close() })
}

// raw lends the driver's connection out.
func (t *tx) raw(do func(c *pgx.Conn) error) error {
	return t.conn.Raw(func(c any) error { return do(c.(conn).Conn.Conn()) })
}

// slow is how long a commit may take. One that waits longer waits for a standby that is away, or for a
// primary that does not know yet that it is none any more: its connection is given up and its outcome
// asked for. It goes on waiting where it is.
var slow = 20 * time.Second

// Commit implements [record.Tx].
func (t *tx) Commit(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	t.Exec("COMMIT") // in the same round trip; it is not reached if anything before it fails
	err := t.raw(func(c *pgx.Conn) error {
		delete(c.PgConn().CustomData(), warned)
		limit := time.AfterFunc(slow, func() { _ = c.PgConn().Conn().Close() })
		defer limit.Stop()
		if t.err == nil {
			t.err = c.SendBatch(ctx, t.queued).Close()
			t.queued = nil
		}
		if t.err == nil {
			t.err = unconfirmed(c.PgConn())
			t.doubted = t.err != nil
		}
		return t.err
	})
	if err != nil {
		t.err = t.servers.Explain(err)
		return t.err
	}
	t.open = false
	return t.conn.Close()
}

// Rollback implements [record.Tx].
func (t *tx) Rollback() {
	if !t.open {
		return
	}
	t.open = false
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if !t.doubted {
		_, err := t.conn.ExecContext(ctx, "ROLLBACK")
		t.doubted = err != nil
	}
	if t.doubted {
		// A connection in doubt is thrown away: the next one begins with a barrier.
		_ = t.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	_ = t.conn.Close()
}
