// Package sqlite keeps a record in one SQLite file: the default, for a body of any ordinary size.
//
// The file is in WAL mode with synchronous=FULL, so that what is acknowledged survives a power cut. One
// connection writes; a few others read, and cannot write. One process at a time opens the file for
// writing: the wiring holds a lock on the folder.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shingle/internal/record"
)

// readers bounds how many connections read at once: unthrottled readers starve the writer.
const readers = 4

// Engine is an open SQLite file.
type Engine struct {
	writer  *sql.DB
	reading *sql.DB
	conn    *sql.Conn // the one that writes
	tx      *tx
	path    string
}

var _ record.Engine = (*Engine)(nil)

// Open opens the file at path, and makes it if there is none.
func Open(ctx context.Context, path string) (*Engine, error) {
	writer, err := sql.Open("sqlite", dsn(path, "journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)", "cache_size(-65536)",
		// What is deleted or overwritten is gone, and not merely free.
		"secure_delete(ON)",
		// What a statement would have to undo alone is kept in memory, not in a file for each statement.
		"temp_store(MEMORY)",
		// Larger than by default (1000): pages that change again and again are written back less often.
		"wal_autocheckpoint(4000)"))
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	conn, err := writer.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s cannot be opened: %w", path, Disk(explain(err), path)), writer.Close())
	}
	reading, err := sql.Open("sqlite", dsn(path, "query_only(1)", "busy_timeout(10000)", "cache_size(-16384)"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reading.SetMaxOpenConns(readers)
	reading.SetMaxIdleConns(readers)
	e := &Engine{writer: writer, reading: reading, conn: conn, path: path}
	e.tx = &tx{conn: conn, prepared: map[string]*sql.Stmt{}, path: path}
	return e, nil
}

func dsn(path string, pragmas ...string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode()
}

// Reader implements [record.Engine].
func (e *Engine) Reader() *sql.DB { return e.reading }

// Changed implements [record.Engine]: nobody else writes.
func (e *Engine) Changed() <-chan struct{} { return nil }

// Announce implements [record.Engine]: there is nobody to tell.
func (e *Engine) Announce(record.Tx) {}

// Close implements [record.Engine].
func (e *Engine) Close() error {
	for _, s := range e.tx.prepared {
		_ = s.Close()
	}
	return errors.Join(e.conn.Close(), e.writer.Close(), e.reading.Close())
}

// Scrub implements [record.Engine]: the file holds nothing that was overwritten, so that the write-ahead log,
// which does, is emptied. It waits a moment for whoever reads, during which nothing is recorded.
func (e *Engine) Scrub(ctx context.Context, _ ...string) (err error) {
	db, err := sql.Open("sqlite", dsn(e.path, "busy_timeout(250)"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var busy, frames, moved int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return e.tx.explain(err)
	}
	if busy != 0 {
		return fmt.Errorf("%w: somebody reads what was there before", record.ErrLocked)
	}
	return nil
}

// Migrate implements [record.Engine].
func (e *Engine) Migrate(ctx context.Context, part string, files fs.FS) (err error) {
	sub, err := fs.Sub(files, "sqlite")
	if err != nil {
		return err
	}
	store, err := database.NewStore(database.DialectSQLite3, "schema_"+part)
	if err != nil {
		return err
	}
	// goose wants a pool: lend it the writer's only connection.
	if err := e.conn.Close(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.reconnect(ctx)) }()
	p, err := goose.NewProvider(goose.DialectCustom, e.writer, sub, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	return e.tx.explain(record.Migrate(ctx, p))
}

func (e *Engine) reconnect(ctx context.Context) (err error) {
	for _, s := range e.tx.prepared {
		_ = s.Close()
	}
	if e.conn, err = e.writer.Conn(ctx); err != nil {
		return err
	}
	e.tx = &tx{conn: e.conn, prepared: map[string]*sql.Stmt{}, path: e.path}
	return nil
}

// Begin implements [record.Engine].
func (e *Engine) Begin(ctx context.Context) (record.Tx, error) {
	if err := e.tx.run(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, e.tx.explain(err)
	}
	e.tx.open, e.tx.err, e.tx.queued = true, nil, nil
	return e.tx, nil
}

// tx is the one transaction that can be open at a time. Statements are prepared once and kept.
//
// What is queued is executed by a goroutine of its own as soon as there is a fair amount of it: while
// SQLite works on the rows of some acts, the rows of the next ones are made. Few statements wait for
// Query or Commit and are executed there, since waking somebody up would take longer.
type tx struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	path     string
	open     bool
	queued   []statement
	working  chan struct{} // closed when the goroutine has ended; nil if there is none
	err      error         // the first that a queued statement met; the goroutine's while it works
}

type statement struct {
	query string
	args  []any
}

// fair is how many queued statements are worth a goroutine.
const fair = 16

func (t *tx) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := t.prepared[query]; ok {
		return s, nil
	}
	s, err := t.conn.PrepareContext(ctx, positional(query))
	if err == nil {
		t.prepared[query] = s
	}
	return s, err
}

// positional writes the parameters $1, $2, … as ?, if they stand in this order: SQLite takes the former
// for names, and looks each one up whenever it is bound.
func positional(query string) string {
	if strings.ContainsAny(query, "'\"?") {
		return query
	}
	var b strings.Builder
	rest := query
	for n := 1; ; n++ {
		before, after, ok := strings.Cut(rest, "$")
		if b.WriteString(before); !ok {
			return b.String()
		}
		if rest, ok = strings.CutPrefix(after, strconv.Itoa(n)); !ok || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return query
		}
		b.WriteByte('?')
	}
}

func (t *tx) run(ctx context.Context, query string, args ...any) error {
	s, err := t.statement(ctx, query)
	if err == nil {
		_, err = s.ExecContext(ctx, args...)
	}
	return err
}

// Head implements [record.Tx].
func (t *tx) Head(ctx context.Context) (record.Head, error) {
	rows, err := t.Before(ctx, record.HeadQuery)
	if err != nil {
		return record.Head{}, err
	}
	h, err := record.ScanHead(rows)
	return h, t.explain(err)
}

// Query implements [record.Tx].
func (t *tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	return t.Before(ctx, query, args...)
}

// Before implements [record.Tx].
func (t *tx) Before(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t.rest() // there is one connection
	s, err := t.statement(ctx, query)
	if err != nil {
		return nil, t.explain(err)
	}
	rows, err := s.QueryContext(ctx, args...)
	return rows, t.explain(err)
}

func (t *tx) Exec(query string, args ...any) {
	t.queued = append(t.queued, statement{query, args})
	if len(t.queued) < fair {
		return
	}
	t.rest()
	batch, done := t.queued, make(chan struct{})
	t.queued, t.working = make([]statement, 0, fair), done
	go func() {
		defer close(done)
		t.execute(batch)
	}()
}

// rest waits until nobody works on statements.
func (t *tx) rest() {
	if t.working != nil {
		<-t.working
		t.working = nil
	}
}

// flush executes all that is queued.
func (t *tx) flush() error {
	t.rest()
	t.execute(t.queued)
	t.queued = t.queued[:0]
	return t.err
}

func (t *tx) execute(batch []statement) {
	for _, s := range batch {
		if t.err != nil {
			return
		}
		if err := t.run(context.Background(), s.query, s.args...); err != nil {
			t.err = fmt.Errorf("%w, at %q", t.explain(err), s.query)
		}
	}
}

func (t *tx) Commit(ctx context.Context) error {
	if err := t.flush(); err != nil {
		return err
	}
	if err := t.run(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return t.explain(err)
	}
	t.open = false
	return nil
}

func (t *tx) Rollback() {
	if t.open {
		t.rest()
		// It fails only where SQLite has rolled back by itself.
		_, _ = t.conn.ExecContext(context.Background(), "ROLLBACK")
		t.open, t.queued = false, nil
	}
}

func (t *tx) explain(err error) error { return Disk(explain(err), t.path) }

// explain names the faults that an operator can do something about.
func explain(err error) error {
	var e *msqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case lib.SQLITE_FULL:
			return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
		case lib.SQLITE_IOERR:
			if e.Code() == lib.SQLITE_IOERR_SHMSIZE { // the index of the write-ahead log does not grow
				return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
			}
		case lib.SQLITE_BUSY:
			return fmt.Errorf("%w: %w", record.ErrLocked, err)
		case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
			return fmt.Errorf("the file is not a sound SQLite database; restore a backup: %w", err)
		}
	}
	return err
}
