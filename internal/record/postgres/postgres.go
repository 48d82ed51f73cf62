// Package postgres keeps a record in PostgreSQL, for bodies that run on several nodes.
//
// Whoever appends locks the head row first, so positions have no gaps and decisions never cross. Rows
// are sent in one go, pipelined. Other nodes hear of an append by NOTIFY, and look twice a second whether
// they missed one. A commit is never cut short: a driver that gave up waiting for a standby would take for
// done what no standby has.
//
// The database may be several servers ([Servers]): a primary, and standbys of which one takes its place when
// it fails. Nodes find the new one by themselves. What was acknowledged is on it, if commits wait for it
// (synchronous_standby_names); what was not is asked for again, with the same idempotency key.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"shingle/internal/record"
)

// patience is how long the database is waited for before whoever asks is told that it is away. The write
// lock is given up before that.
var patience = 25 * time.Second

// readers bounds how many connections read at once.
const readers = 8

// Engine is a connection to a PostgreSQL database.
type Engine struct {
	servers  *Servers
	writer   *sql.DB // at most one connection
	reading  *sql.DB
	channel  string
	changed  chan struct{}
	stop     context.CancelFunc
	listened chan struct{}
}

var _ record.Engine = (*Engine)(nil)

// Open connects to the database at the URL. Its search_path names the schema, "public" by default. It
// returns when all that the database shows is on the standbys that commits wait for, if there are any.
func Open(ctx context.Context, databaseURL string) (*Engine, error) {
	servers, err := Locate(databaseURL)
	if err != nil {
		return nil, err
	}
	servers.survey(ctx)
	e := &Engine{servers: servers, writer: servers.Writing(), reading: servers.Reading(), changed: make(chan struct{}, 1), listened: make(chan struct{})}
	e.writer.SetMaxOpenConns(1)
	e.reading.SetMaxOpenConns(readers)
	e.reading.SetMaxIdleConns(readers)
	var schema sql.NullString
	first, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := e.writer.QueryRowContext(first, "SELECT current_schema()").Scan(&schema); err != nil {
		return nil, errors.Join(servers.Explain(err), e.writer.Close(), e.reading.Close())
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

// Redact returns a database URL without its passwords, for messages.
func Redact(databaseURL string) string {
	u, err := url.Parse(databaseURL)
	if err != nil || u.Scheme == "" {
		return "(unreadable)"
	}
	query := u.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if query.Has(secret) {
			query.Set(secret, "xxxxx")
			u.RawQuery = query.Encode()
		}
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

// Scrub implements [record.Engine]. Old versions of rows go when nobody can see them any more; PostgreSQL's own
// log, and the backups made of it, keep them for as long as they are told to.
func (e *Engine) Scrub(ctx context.Context, tables ...string) error {
	pool := e.servers.Writing() // the writer's only connection may be in a transaction
	defer func() { _ = pool.Close() }()
	for _, table := range tables {
		if _, err := pool.ExecContext(ctx, "VACUUM "+pgx.Identifier{table}.Sanitize()); err != nil {
			return e.servers.Explain(err)
		}
	}
	return nil
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
	turns, err := Turns()
	if err != nil {
		return err
	}
	// The locker and the migration each want a connection.
	pool := e.servers.Writing()
	defer func() { _ = pool.Close() }()
	p, err := goose.NewProvider(goose.DialectCustom, pool, sub, goose.WithStore(store), goose.WithSessionLocker(turns), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return e.servers.Explain(record.Migrate(ctx, p))
}

// Turns is the lock by which those who bring a database's tables up to date take turns. It is asked for
// every second, for five minutes.
func Turns() (lock.SessionLocker, error) {
	return lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 60))
}
