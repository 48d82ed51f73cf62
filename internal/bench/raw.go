package bench

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"
)

// store is a database into which a tape can be replayed.
type store interface {
	// execute runs a transaction.
	execute(ctx context.Context, transaction []statement) error
	close() error
}

// replay runs what is on the tape from one transaction up to another, and returns how long the database
// took for it.
func (t *tape) replay(ctx context.Context, in store, from, to int) (took time.Duration, err error) {
	for _, transaction := range t.transactions[from:to] {
		statements := t.statements(transaction)
		began := time.Now()
		if err := in.execute(ctx, statements); err != nil {
			return 0, err
		}
		took += time.Since(began)
	}
	return took, nil
}

// rawSQLite is one connection with prepared statements, as durable as the record's own.
type rawSQLite struct {
	db       *sql.DB
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func openSQLite(ctx context.Context, path string) (store, error) {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)", "temp_store(MEMORY)", "wal_autocheckpoint(4000)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return &rawSQLite{db, conn, map[string]*sql.Stmt{}}, nil
}

func (r *rawSQLite) execute(ctx context.Context, transaction []statement) error {
	// A context that could be cancelled would cost a goroutine for each statement.
	ctx = context.WithoutCancel(ctx)
	if err := r.run(ctx, statement{query: "BEGIN IMMEDIATE"}); err != nil {
		return err
	}
	for _, s := range transaction {
		if err := r.run(ctx, s); err != nil {
			return fmt.Errorf("%w, at %q", err, s.query)
		}
	}
	return r.run(ctx, statement{query: "COMMIT"})
}

func (r *rawSQLite) run(ctx context.Context, s statement) error {
	p, ok := r.prepared[s.query]
	if !ok {
		var err error
		if p, err = r.conn.PrepareContext(ctx, positional(s.query)); err != nil {
			return err
		}
		r.prepared[s.query] = p
	}
	_, err := p.ExecContext(ctx, s.args...)
	return err
}

var parameter = regexp.MustCompile(`\$\d+`)

// positional writes parameters as ?, which is faster to bind, where they stand in order.
func positional(query string) string {
	n := 0
	ordered := true
	rewritten := parameter.ReplaceAllStringFunc(query, func(p string) string {
		n++
		ordered = ordered && p == fmt.Sprintf("$%d", n)
		return "?"
	})
	if !ordered {
		return query
	}
	return rewritten
}

func (r *rawSQLite) close() error { return r.db.Close() }

// rawPostgres is one connection; it prepares statements by itself and keeps them.
type rawPostgres struct{ conn *pgx.Conn }

func openPostgres(ctx context.Context, database string) (store, error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return nil, err
	}
	return &rawPostgres{conn}, nil
}

func (r *rawPostgres) execute(ctx context.Context, transaction []statement) error {
	tx, err := r.conn.Begin(ctx)
	if err != nil {
		return err
	}
	var batch pgx.Batch
	for _, s := range transaction {
		batch.Queue(s.query, s.args...)
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (r *rawPostgres) close() error { return r.conn.Close(context.Background()) }
