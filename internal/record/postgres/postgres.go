// Package postgres keeps a record in PostgreSQL, for bodies that run on several nodes.
//
// Whoever appends locks the head row first, so positions have no gaps and decisions never cross. Rows
// are sent in one go, pipelined. Other nodes hear of an append by NOTIFY. A commit is never cut short: a
// driver that gave up waiting for a standby would take for done what no standby has.
package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"shingle/internal/record"
)

// readers bounds how many connections read at once.
const readers = 8

// Engine is a connection to a PostgreSQL database.
type Engine struct {
	config   *pgx.ConnConfig
	writer   *sql.DB // at most one connection
	reading  *sql.DB
	channel  string
	changed  chan struct{}
	stop     context.CancelFunc
	listened chan struct{}
}

var _ record.Engine = (*Engine)(nil)

// Open connects to the database at the URL. Its search_path names the schema, "public" by default.
func Open(ctx context.Context, databaseURL string) (*Engine, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("the database address cannot be read: %s", Redact(databaseURL))
	}
	read := config.Copy()
	read.RuntimeParams["default_transaction_read_only"] = "on"
	e := &Engine{config: config, writer: stdlib.OpenDB(*config), reading: stdlib.OpenDB(*read), changed: make(chan struct{}, 1), listened: make(chan struct{})}
	e.writer.SetMaxOpenConns(1)
	e.reading.SetMaxOpenConns(readers)
	e.reading.SetMaxIdleConns(readers)
	var schema sql.NullString
	if err := e.writer.QueryRowContext(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return nil, errors.Join(fmt.Errorf("PostgreSQL cannot be reached: %w", err), e.writer.Close(), e.reading.Close())
	}
	if !schema.Valid {
		return nil, errors.Join(errors.New("the schema in the database address's search_path does not exist"), e.writer.Close(), e.reading.Close())
	}
	e.channel = "shingle_" + schema.String
	listening, stop := context.WithCancel(context.Background())
	e.stop = stop
	go e.listen(listening)
	return e, nil
}

// Redact returns a database URL without its password, for messages.
func Redact(databaseURL string) string {
	u, err := url.Parse(databaseURL)
	if err != nil {
		return "(unreadable)"
	}
	return u.Redacted()
}

// Reader implements [record.Engine].
func (e *Engine) Reader() *sql.DB { return e.reading }

// Changed implements [record.Engine].
func (e *Engine) Changed() <-chan struct{} { return e.changed }

// Announce implements [record.Engine].
func (e *Engine) Announce(tx record.Tx) { tx.Exec("SELECT pg_notify($1, '')", e.channel) }

// Close implements [record.Engine].
func (e *Engine) Close() error {
	e.stop()
	<-e.listened
	return errors.Join(e.writer.Close(), e.reading.Close())
}

// Migrate implements [record.Engine]. Nodes that start together take turns.
func (e *Engine) Migrate(ctx context.Context, part string, files fs.FS) error {
	sub, err := fs.Sub(files, "postgres")
	if err != nil {
		return err
	}
	store, err := database.NewStore(database.DialectPostgres, "schema_"+part)
	if err != nil {
		return err
	}
	turns, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	// The locker and the migration each want a connection.
	pool := stdlib.OpenDB(*e.config)
	defer func() { _ = pool.Close() }()
	p, err := goose.NewProvider(goose.DialectCustom, pool, sub, goose.WithStore(store), goose.WithSessionLocker(turns), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return record.Migrate(ctx, p)
}

// listen signals Changed whenever another node appends, and whenever the connection was lost meanwhile.
func (e *Engine) listen(ctx context.Context) {
	defer close(e.listened)
	for ctx.Err() == nil {
		err := func() error {
			conn, err := pgx.ConnectConfig(ctx, e.config)
			if err != nil {
				return err
			}
			defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
			if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{e.channel}.Sanitize()); err != nil {
				return err
			}
			for {
				e.signal()
				if _, err := conn.WaitForNotification(ctx); err != nil {
					return err
				}
			}
		}()
		if err != nil && ctx.Err() == nil {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}
}

func (e *Engine) signal() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// Begin implements [record.Engine].
func (e *Engine) Begin(ctx context.Context) (record.Tx, error) {
	conn, err := e.writer.Conn(ctx)
	if err != nil {
		return nil, explain(err)
	}
	t := &tx{conn: conn}
	t.open = true
	t.Exec("BEGIN")
	t.Exec("SELECT 1 FROM head WHERE id = 1 FOR UPDATE")
	if err := t.flush(ctx); err != nil {
		t.Rollback()
		return nil, err
	}
	return t, nil
}

type tx struct {
	conn   *sql.Conn
	queued *pgx.Batch
	open   bool
	err    error
}

func (t *tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	rows, err := t.conn.QueryContext(ctx, query, args...)
	return rows, explain(err)
}

func (t *tx) Exec(query string, args ...any) {
	if t.queued == nil {
		t.queued = &pgx.Batch{}
	}
	t.queued.Queue(query, args...)
}

// flush sends what is queued, in one round trip.
func (t *tx) flush(ctx context.Context) error {
	if t.err != nil || t.queued == nil {
		return t.err
	}
	batch := t.queued
	t.queued = nil
	err := t.conn.Raw(func(c any) error {
		return c.(*stdlib.Conn).Conn().SendBatch(ctx, batch).Close()
	})
	if err != nil {
		t.err = explain(err)
	}
	return t.err
}

func (t *tx) Commit(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	t.Exec("COMMIT") // in the same round trip; it is not reached if anything before it fails
	if err := t.flush(ctx); err != nil {
		return err
	}
	t.open = false
	return t.conn.Close()
}

func (t *tx) Rollback() {
	if !t.open {
		return
	}
	t.open = false
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := t.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		// A connection in doubt is thrown away.
		_ = t.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	_ = t.conn.Close()
}

// explain names the faults that an operator can do something about.
func explain(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "53100" {
		return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
	}
	return err
}
