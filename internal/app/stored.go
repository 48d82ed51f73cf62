package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
)

// stored is a place's database as it lies there: it is read and never written, not even to bring its
// tables up to date.
type stored struct {
	db      *sql.DB
	dialect database.Dialect
	files   string // folder of the migrations in its dialect
	at      cli.Place
}

var _ record.Engine = (*stored)(nil)

var errReadOnly = errors.New("the database is only read")

// errOlderSchema says that the tables are to be brought up to date first.
var errOlderSchema = errors.New("the data were written by an older version of shingle, or hold no body; any other command brings them up to date")

// readers bounds how many connections read at once.
const readers = 4

// openStored opens the database of a place for reading. It works in a folder that cannot be written to.
func openStored(ctx context.Context, at cli.Place) (*stored, error) {
	if at.Database != "" {
		servers, err := postgres.Locate(at.Database)
		if err != nil {
			return nil, err
		}
		db := servers.Reading()
		db.SetMaxOpenConns(readers)
		if err := db.PingContext(ctx); err != nil {
			return nil, errors.Join(servers.Explain(err), db.Close())
		}
		return &stored{db, database.DialectPostgres, "postgres", at}, nil
	}
	path := folder(at.Data).record()
	how := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)", "query_only(1)"}}
	if !holds(path + "-wal") {
		how.Set("immutable", "1") // nobody writes: nothing is needed beside the file
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers)
	return &stored{db, database.DialectSQLite3, "sqlite", at}, nil
}

// Reader implements [record.Engine].
func (s *stored) Reader() *sql.DB { return s.db }

// Migrate implements [record.Engine]: it fails unless there is nothing to do.
func (s *stored) Migrate(ctx context.Context, part string, files fs.FS) error {
	sub, err := fs.Sub(files, s.files)
	if err != nil {
		return err
	}
	store, err := database.NewStore(s.dialect, "schema_"+part)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectCustom, s.db, sub, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return s.explain(record.Migrate(ctx, p))
}

// Scrub implements [record.Engine]: it fails.
func (s *stored) Scrub(context.Context, ...string) error { return errReadOnly }

// explain says in words what keeps the database from being read.
func (s *stored) explain(err error) error {
	var lite *msqlite.Error
	var pg *pgconn.PgError
	var missing *goose.PartialError
	code := 0
	if errors.As(err, &lite) {
		code = lite.Code() & 0xff
	}
	switch {
	case code == lib.SQLITE_READONLY, errors.As(err, &pg) && pg.Code == "25006", errors.As(err, &missing) && code == lib.SQLITE_ERROR:
		return errOlderSchema
	case code == lib.SQLITE_CANTOPEN:
		return fmt.Errorf("%s was left by a process that was killed, and cannot be read before somebody who may write there has opened it once; any other command does", s.at.Data)
	case code == lib.SQLITE_NOTADB, code == lib.SQLITE_CORRUPT:
		return fmt.Errorf("the file is not a sound SQLite database; restore a backup: %w", err)
	}
	return explain(err, s.at)
}

// Begin implements [record.Engine]: it fails.
func (s *stored) Begin(context.Context) (record.Tx, error) { return nil, errReadOnly }

// Changed implements [record.Engine]: nobody follows.
func (s *stored) Changed() <-chan struct{} { return nil }

// Announce implements [record.Engine]: there is nothing to tell.
func (s *stored) Announce(record.Tx) {}

// Close implements [record.Engine].
func (s *stored) Close() error { return s.db.Close() }
