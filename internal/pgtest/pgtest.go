// Package pgtest gives a test a PostgreSQL of its own.
//
// The first test of a process that asks starts a private cluster from the binaries on the machine: in
// a temporary folder, reachable only through a socket in that folder. Every test gets a fresh schema in
// it. Nobody crashes that one, so it waits for no disk ([NewCluster] does, as a real one). The cluster and
// its folder are gone soon after the process has ended, however it ended.
//
//	db, err := sql.Open("pgx", pgtest.URL(t))
//
// SHINGLE_TEST_DATABASE names another server to use instead (a URL; its user may create schemas).
// There is no skipping: without PostgreSQL the test fails and says what to do.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// shared is the cluster of this process, started by the first test that wants it.
var shared struct {
	once    sync.Once
	cluster *Cluster
	err     error
}

// URL returns the address of a database in which a fresh and empty schema is the only one on the
// search path. The schema is dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("SHINGLE_TEST_DATABASE")
	if server == "" {
		shared.once.Do(func() { shared.cluster, shared.err = start([]string{"fsync=off"}) })
		if shared.err != nil {
			t.Fatal(shared.err)
		}
		server = shared.cluster.URL()
	}
	return schema(t, server)
}

// Main runs the tests of a package and returns when the cluster that they used is gone. It is for
// TestMain, and optional: without it the cluster goes a moment after the process.
func Main(m *testing.M) {
	code := m.Run()
	if shared.cluster != nil {
		shared.cluster.stop()
	}
	os.Exit(code)
}

func schema(t testing.TB, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		t.Fatal("SHINGLE_TEST_DATABASE is not a URL of the form postgres://user@host/database")
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := run(server, "create schema "+name); err != nil {
		t.Fatalf("the schema of the test cannot be made: %v", err)
	}
	t.Cleanup(func() {
		// A transaction that the test forgot would make this wait for ever.
		if err := run(server, "set lock_timeout = '10s'; drop schema "+name+" cascade"); err != nil {
			t.Errorf("the schema of the test cannot be dropped: %v", err)
		}
	})
	q := u.Query()
	q.Set("options", strings.TrimSpace(q.Get("options")+" -c search_path="+name))
	// A query string's plus sign is no space to libpq.
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	return u.String()
}

func run(server, statements string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err = conn.Exec(ctx, statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		return fmt.Errorf("%s: %w", statements, err)
	}
	return nil
}
