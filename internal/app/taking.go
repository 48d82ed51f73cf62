package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
)

// unreachable says in one line that a PostgreSQL server does not answer.
func unreachable(database string, err error) error {
	return fmt.Errorf("PostgreSQL cannot be reached at %s: %s", postgres.Redact(database), strings.Join(strings.Fields(err.Error()), " "))
}

// draft is a PostgreSQL database that a restore fills. Nobody else does meanwhile.
type draft struct {
	conn  *pgx.Conn
	ready bool // a restore that was cut off had come to its end
}

func (d *draft) close() { _ = d.conn.Close(context.Background()) }

// takeDatabase sees to it that a PostgreSQL database is empty. What a restore that was cut off has left there
// is dropped.
func (r *restoring) takeDatabase(ctx context.Context) (d *draft, err error) {
	conn, err := pgx.Connect(ctx, r.at.Database)
	if err != nil {
		return nil, unreachable(r.at.Database, err)
	}
	d = &draft{conn: conn}
	defer func() {
		if err != nil {
			_ = conn.Close(context.WithoutCancel(ctx))
		}
	}()
	var alone bool
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtext('shingle restore ' || current_schema()))").Scan(&alone)
	if err == nil && !alone {
		err = errors.New("another restore or move fills this database at the moment")
	}
	if err != nil {
		return nil, err
	}
	there, err := d.tables(ctx)
	if err != nil || len(there) == 0 {
		return d, err
	}
	ours, err := ourTables(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(there, func(t string) bool { return !slices.Contains(ours, t) }); i >= 0 {
		return nil, fmt.Errorf("the database holds something else already (the table %s); choose an empty one", there[i])
	}
	if slices.Contains(there, "stamp") {
		var key string
		err = conn.QueryRow(ctx, "SELECT log_key FROM stamp WHERE id = 1").Scan(&key)
		switch {
		case err == nil && r.resumed && key == r.from.About().LogKey:
			d.ready = true
			return d, nil
		case err == nil:
			return nil, errTaken
		case !errors.Is(err, pgx.ErrNoRows):
			return nil, err
		}
	}
	return d, d.clear(ctx)
}

func (d *draft) tables(ctx context.Context) ([]string, error) {
	rows, err := d.conn.Query(ctx, listPostgres)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// clear drops the tables of a database that was empty, unless they hold a body by now.
func (d *draft) clear(ctx context.Context) error {
	there, err := d.tables(ctx)
	if err != nil || len(there) == 0 {
		return err
	}
	if slices.Contains(there, "stamp") {
		var n int
		if err := d.conn.QueryRow(ctx, "SELECT count(*) FROM stamp").Scan(&n); err != nil || n > 0 {
			return err
		}
	}
	quoted := make([]string, len(there))
	for i, t := range there {
		quoted[i] = pgx.Identifier{t}.Sanitize()
	}
	_, err = d.conn.Exec(ctx, "DROP TABLE "+strings.Join(quoted, ", "))
	return err
}

// ourTables lists the tables that this program makes.
func ourTables(ctx context.Context) (names []string, err error) {
	dir, err := os.MkdirTemp("", "shingle-tables-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	engine, err := sqlite.Open(ctx, filepath.Join(dir, "tables.db"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if err := migrate(ctx, engine); err != nil {
		return nil, err
	}
	return tablesIn(ctx, engine.Reader(), listSQLite)
}
