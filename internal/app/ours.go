package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"shingle/internal/cli"
)

// ours fails for a PostgreSQL schema that holds something else than a body or desk, or, unless one is to be
// made, neither. It looks at the names of tables and changes nothing.
func ours(ctx context.Context, db *sql.DB, at cli.Place, making bool) error {
	tables, err := tablesIn(ctx, db, listPostgres)
	if err != nil {
		return fmt.Errorf("the database cannot be looked at: %w", err)
	}
	if slices.Contains(tables, "schema_stamp") && slices.Contains(tables, "stamp") {
		s := stamp{role: "body"} // until it is stamped
		err := db.QueryRowContext(ctx, "SELECT role FROM stamp WHERE id = 1").Scan(&s.role)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("the database cannot be looked at: %w", err)
		}
		return s.expect("body", at)
	}
	if slices.Contains(tables, "schema_keys") {
		tables = nil // a keyring may lie beside the record
	}
	if making && len(tables) > 0 {
		// Of a making that was cut off before it was stamped, there are tables of ours and no others.
		own, err := ourTables(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(tables, func(name string) bool { return !slices.Contains(own, name) }) {
			tables = nil
		}
	}
	switch {
	case len(tables) > 0 && making:
		return fmt.Errorf("the database holds something else already (%s); choose an empty one, or an empty schema with ?search_path=NAME", named(tables))
	case len(tables) > 0:
		return fmt.Errorf("the database holds something else (%s), and no body; choose another --database", named(tables))
	case !making:
		return errors.New("there is nothing in the database yet; \"shingle init body\" makes a body there")
	}
	return nil
}

// What lists the tables of a database, and whatever else can be read like one.
const (
	listPostgres = `SELECT relname::text FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1`
	listSQLite = `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`
)

func tablesIn(ctx context.Context, db *sql.DB, list string) (names []string, err error) {
	rows, err := db.QueryContext(ctx, list)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// named lists a few tables.
func named(tables []string) string {
	const few = 3
	if len(tables) > few {
		return fmt.Sprintf("the tables %s and %d more", strings.Join(tables[:few], ", "), len(tables)-few)
	}
	return "the tables " + strings.Join(tables, ", ")
}
