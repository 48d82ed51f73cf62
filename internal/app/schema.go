package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"shingle/internal/account"
	"shingle/internal/alerts"
	"shingle/internal/applicant"
	"shingle/internal/certs"
	"shingle/internal/complainant"
	"shingle/internal/health"
	"shingle/internal/publog"
	"shingle/internal/record"
	"shingle/internal/roster"
	"shingle/internal/sending"
	view "shingle/internal/view/body"
	"shingle/internal/work"
)

// part is a part of the house that has tables.
type part struct {
	name  string
	files fs.FS
}

// parts are those whose tables lie in the record's database. The record's come first: taking the write lock
// needs them.
var parts = func() []part {
	return []part{
		{"record", record.Migrations()}, {"stamp", stampMigrations()}, {"log", publog.Migrations()}, {"register", view.Migrations}, {"account", account.Migrations},
		{"applicant", applicant.Migrations}, {"complainant", complainant.Migrations}, {"roster", roster.Migrations}, {"sending", sending.Migrations}, {"alerts", alerts.Migrations},
		{"health", health.Migrations}, {"certs", certs.Migrations}, {"work", work.Migrations},
	}
}

// migrate brings the tables of every part up to date, and stops at the first that it cannot.
func migrate(ctx context.Context, engine record.Engine) error {
	for _, p := range parts() {
		if err := engine.Migrate(ctx, p.name, p.files); err != nil {
			return err
		}
	}
	return nil
}

// schemas returns the version of each part's tables in a database; those that are not there are left out.
func schemas(ctx context.Context, db *sql.DB) map[string]int64 {
	all, versions := parts(), map[string]int64{}
	found, to, queries := make([]int64, len(all)), make([]any, len(all)), make([]string, len(all))
	for i, p := range all {
		to[i], queries[i] = &found[i], "(SELECT coalesce(max(version_id), 0) FROM schema_"+p.name+" WHERE is_applied)"
	}
	// At every start all are there, and one question is enough.
	if db.QueryRowContext(ctx, "SELECT "+strings.Join(queries, ", ")).Scan(to...) == nil {
		for i, p := range all {
			versions[p.name] = found[i]
		}
		return versions
	}
	for i, p := range all {
		var v int64
		if db.QueryRowContext(ctx, "SELECT "+queries[i]).Scan(&v) == nil {
			versions[p.name] = v
		}
	}
	return versions
}

// upToDate reports whether the tables of every part are this program's, neither older nor newer: then there is
// nothing to bring up to date, and nothing to back up before.
func upToDate(ctx context.Context, db *sql.DB) (bool, error) {
	versions := schemas(ctx, db)
	for _, p := range parts() {
		if newest, err := p.newest(); err != nil || versions[p.name] != newest {
			return false, err
		}
	}
	return true, nil
}

// Tables names the version of each part's tables as this program makes them: data that were written under other
// words have other tables.
func Tables() string {
	var b strings.Builder
	for _, p := range parts() {
		newest, _ := p.newest() // embedded: it can always be read
		fmt.Fprintf(&b, "%s %d\n", p.name, newest)
	}
	return b.String()
}

// newest returns the version that this program brings a part's tables to.
func (p part) newest() (newest int64, err error) {
	files, err := fs.ReadDir(p.files, "sqlite")
	for _, f := range files {
		newest = max(newest, versionOf(f.Name()))
	}
	return newest, err
}

// versionOf returns the version of a migration, by the name of its file.
func versionOf(file string) int64 {
	number, _, _ := strings.Cut(path.Base(file), "_")
	v, _ := strconv.ParseInt(number, 10, 64)
	return v
}

// olderTables makes the tables of a database as old as those of a backup, so that its rows fit.
func olderTables(ctx context.Context, engine record.Engine, versions map[string]int64) error {
	for _, p := range parts() {
		newest, err := p.newest()
		if err != nil {
			return err
		}
		at, known := versions[p.name]
		switch {
		case at > newest:
			return fmt.Errorf("%w: the schema of its %s is %d, this program knows %d", record.ErrNewerSchema, p.name, at, newest)
		case !known || p.name == "register": // its rows are made anew
			continue
		}
		if err := engine.Migrate(ctx, p.name, until{p.files, at}); err != nil {
			return err
		}
	}
	return nil
}

// until shows the migrations up to a version.
type until struct {
	fs.FS
	version int64
}

// ReadDir implements [fs.ReadDirFS].
func (u until) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(u.FS, name)
	var some []fs.DirEntry
	for _, e := range all {
		if e.IsDir() || versionOf(e.Name()) <= u.version {
			some = append(some, e)
		}
	}
	return some, err
}

// behind reports whether a database holds a body, or desk, whose tables are older than this program's.
func behind(ctx context.Context, db *sql.DB) (older bool, err error) {
	versions := schemas(ctx, db)
	if versions["stamp"] == 0 || versions["record"] == 0 {
		return false, nil
	}
	var stamps int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM stamp").Scan(&stamps); err != nil || stamps == 0 {
		return false, err
	}
	for _, p := range parts() {
		newest, versionErr := p.newest()
		err = errors.Join(err, versionErr)
		older = older || versions[p.name] < newest
	}
	return older, err
}
