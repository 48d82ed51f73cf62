package work

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"shingle/internal/record"
	"shingle/internal/record/postgres"
)

// Store is where jobs and cursors lie: River's tables, and ours beside them.
type Store struct {
	db      *sql.DB
	driver  riverdriver.Driver[*sql.Tx]
	dialect database.Dialect
	folder  string // of the migrations in the dialect
	lock    string // put behind the query that takes a cursor
}

// DB is the store's database, for tables of ours in it. On SQLite it has one connection: whoever holds a
// transaction asks for nothing outside it.
func (s *Store) DB() *sql.DB { return s.db }

// OpenFile opens the SQLite file at path, and makes it if there is none. It is not the record's file: a job
// that waits for the record must not hold the record's writer. What a power cut takes of it is derived again.
func OpenFile(ctx context.Context, path string) (*Store, error) {
	made, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the file of the jobs cannot be opened: %w", err)
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	how := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // as River's driver asks for
	s := &Store{db: db, driver: riversqlite.New(db), dialect: database.DialectSQLite3, folder: "sqlite"}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the jobs in %s cannot be read; the file may be removed while nothing serves, and is made anew: %w", path, err), db.Close())
	}
	return s, nil
}

// OpenDatabase takes a pool of connections to the record's PostgreSQL database, which may write. It is closed
// with the store.
func OpenDatabase(ctx context.Context, db *sql.DB) (*Store, error) {
	db.SetMaxOpenConns(8)
	s := &Store{db: db, driver: riverdatabasesql.New(db), dialect: database.DialectPostgres, folder: "postgres", lock: " FOR UPDATE SKIP LOCKED"}
	if err := s.inTurn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the tables of the jobs cannot be brought up to date: %w", err), db.Close())
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.db.Close() }

// inTurn migrates while no other node does.
func (s *Store) inTurn(ctx context.Context) (err error) {
	turns, err := postgres.Turns()
	if err != nil {
		return err
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := turns.SessionLock(ctx, conn); err != nil {
		return err
	}
	return errors.Join(s.migrate(ctx), turns.SessionUnlock(context.WithoutCancel(ctx), conn))
}

// migrate brings River's tables up to date, and ours.
func (s *Store) migrate(ctx context.Context) error {
	m, err := rivermigrate.New(s.driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	ours, err := fs.Sub(files, "jobs/"+s.folder)
	if err != nil {
		return err
	}
	versions, err := database.NewStore(s.dialect, "schema_jobs")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectCustom, s.db, ours, goose.WithStore(versions), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return record.Migrate(ctx, p)
}
