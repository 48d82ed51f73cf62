package app_test

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/pgtest"
)

// tables lists what is in a database, with the number of rows of each.
func tables(t *testing.T, database string) string {
	t.Helper()
	db, err := sql.Open("pgx", database)
	must(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT relname || ' ' || (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', relname), false, true, '')))[1]::text
		FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1`)
	must(t, err)
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		b.WriteString(line + "\n")
	}
	must(t, rows.Err())
	return b.String()
}

// as returns an address with another user.
func as(t *testing.T, database, user string) string {
	u, err := url.Parse(database)
	must(t, err)
	u.User = url.User(user)
	return u.String()
}

func TestADatabaseThatIsSomebodyElsesIsLeftAlone(t *testing.T) {
	root := filepath.Join(t.TempDir(), "root.key")
	foreign, desk, empty, another, poor, keys := pgtest.URL(t), pgtest.URL(t), pgtest.URL(t), pgtest.URL(t), pgtest.URL(t), pgtest.URL(t)
	run(t, "", "init", "body", "--name", "X", "--data", filepath.Join(t.TempDir(), "made"), "--database", desk, "--keys", keys, "--root-key-file", root)
	execute(t, desk, "UPDATE stamp SET role = 'desk'")
	execute(t, desk, "ALTER TABLE schema_register RENAME TO kept") // as an older version left it
	execute(t, foreign, "CREATE TABLE invoice AS SELECT 1 AS number")
	execute(t, foreign, "CREATE TABLE stamp AS SELECT 'red' AS colour")
	execute(t, poor, `DO $$ BEGIN CREATE ROLE poor LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`)
	execute(t, poor, `DO $$ BEGIN EXECUTE 'GRANT USAGE ON SCHEMA ' || current_schema() || ' TO poor'; END $$`)
	serve := []string{"serve", "body", "--listen", "127.0.0.1:0"}
	begin := []string{"init", "body", "--name", "X"}
	for name, test := range map[string]struct {
		command        []string
		database, keys string
		says           string
	}{
		"serving a foreign one":         {serve, foreign, keys, "the database holds something else (the tables invoice, stamp), and no body; choose another --database"},
		"taking a foreign one":          {begin, foreign, keys, "the database holds something else already (the tables invoice, stamp); choose an empty one"},
		"serving a desk's":              {serve, desk, keys, "the database is a desk's, not a body's; choose another --database"},
		"verifying a desk's":            {[]string{"verify"}, desk, keys, "the database is a desk's, not a body's; choose another --database"},
		"taking a desk's":               {begin, desk, keys, "the database is a desk's, not a body's; choose another --database"},
		"serving nothing":               {serve, empty, keys, `there is nothing in the database yet; "shingle init body" makes a body there`},
		"verifying nothing":             {[]string{"verify"}, empty, keys, `there is nothing in the database yet; "shingle init body" makes a body there`},
		"a user who may do nothing":     {begin, as(t, poor, "poor"), keys, `does not allow it to the user "poor" (permission denied for schema`},
		"keys in a foreign one":         {begin, another, foreign, "the key database cannot be opened: it holds something else already (the table invoice)"},
		"a user that there is not":      {serve, as(t, desk, "nobody"), keys, `does not let the user "nobody" in`},
		"an address that is none":       {serve, "postgres://[", keys, "the database address cannot be read"},
		"a record without keys":         {serve, desk, "", "say where the keys are: --keys URL and --root-key-file FILE"},
		"a database of another program": {serve, "postgres://x@127.0.0.1:1/x", keys, "PostgreSQL cannot be reached at 127.0.0.1:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			before := tables(t, foreign) + tables(t, desk) + tables(t, poor)
			args := append(test.command, "--database", test.database)
			if test.keys != "" {
				args = append(args, "--keys", test.keys, "--root-key-file", root)
			}
			if test.command[0] == "init" {
				fresh := filepath.Join(t.TempDir(), "root.key")
				args = append(args, "--data", filepath.Join(t.TempDir(), "made"), "--root-key-file", fresh)
			}
			status, _, errs := try("", args...)
			if status != 2 || !strings.Contains(errs, test.says) || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "SQLSTATE") {
				t.Errorf("exit %d: %s", status, errs)
			}
			if after := tables(t, foreign) + tables(t, desk) + tables(t, poor); after != before {
				t.Errorf("before:\n%safter:\n%s", before, after)
			}
		})
	}
	if left := tables(t, another); strings.Contains(left, "\nstamp 1") || tables(t, empty) != "" {
		t.Errorf("what failed has left\n%s%s", left, tables(t, empty))
	}
	t.Run("keys that were never made", func(t *testing.T) {
		body, none := pgtest.URL(t), pgtest.URL(t)
		run(t, "", "init", "body", "--name", "X", "--data", filepath.Join(t.TempDir(), "made"), "--database", body)
		status, _, errs := try("", "token", "list", "--database", body, "--keys", none, "--root-key-file", root)
		if status != 2 || !strings.Contains(errs, "the keyring has not been made yet") || tables(t, none) != "" {
			t.Errorf("exit %d: %s%s", status, errs, tables(t, none))
		}
	})
	t.Run("a root key that is not there", func(t *testing.T) {
		execute(t, desk, "UPDATE stamp SET role = 'body'")
		execute(t, desk, "ALTER TABLE kept RENAME TO schema_register")
		must(t, os.Remove(root))
		status, _, errs := try("", "token", "list", "--database", desk, "--keys", keys, "--root-key-file", root)
		if status != 2 || !strings.Contains(errs, "the root key is missing: there is no "+root) {
			t.Errorf("exit %d: %s", status, errs)
		}
	})
}
