package publog

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite"

	"shingle/verify"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// testSigner is a signing key and its public half.
type testSigner struct {
	note.Signer
	VKey string // C2SP vkey
}

// testKey makes a signing key from a letter, the same each time.
func testKey(t testing.TB, name, letter string) testSigner {
	t.Helper()
	seed := []byte(strings.Repeat(letter, ed25519.SeedSize))
	vkey, err := note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + strings.Split(vkey, "+")[1] + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)))
	if err != nil {
		t.Fatal(err)
	}
	return testSigner{signer, vkey}
}

// database makes an empty database with the log's tables.
func database(t testing.TB) *sql.DB {
	t.Helper()
	db := reopen(t, filepath.Join(t.TempDir(), "body.db"))
	migrate(t, db, "sqlite")
	return db
}

// migrate applies the upward half of the migrations of a store.
func migrate(t testing.TB, db *sql.DB, store string) {
	t.Helper()
	files, err := fs.Glob(Migrations(), store+"/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(Migrations(), file)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		if _, err := db.Exec(up); err != nil {
			t.Fatal(err)
		}
	}
}

func reopen(t testing.TB, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_pragma=synchronous(NORMAL)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// queue is a Tx that keeps statements until they are executed together.
type queue []statement

type statement struct {
	query string
	args  []any
}

func (q *queue) Exec(query string, args ...any) { *q = append(*q, statement{query, args}) }

// execute runs the first n queued statements in one transaction and commits it.
func (q queue) execute(db *sql.DB, n int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, s := range q[:n] {
		if _, err := tx.Exec(s.query, s.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func config(t testing.TB, db *sql.DB) Config {
	log := testKey(t, "demo.example/log", "l")
	return Config{
		DB: db, Signer: log, VKey: log.VKey, Receipt: testKey(t, "demo.example/receipts", "r"),
		Now: func() time.Time { return noon },
		Write: func(_ context.Context, statements func(Tx)) error {
			var q queue
			statements(&q)
			return q.execute(db, len(q))
		},
	}
}

func open(t testing.TB, cfg Config) *Log {
	t.Helper()
	l, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// leaf is the n-th statement of a test's log.
func leaf(n int64) []byte {
	s := verify.Standing{
		Member: fmt.Sprintf("%04d", n), Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"}, Status: "good",
		Since: noon.Add(-time.Hour), At: noon.Add(time.Duration(n) * time.Microsecond), Record: verify.Record{Position: n + 1, Chain: strings.Repeat("ab", 32)},
	}
	body, err := s.Canonical()
	if err != nil {
		panic(err)
	}
	return body
}

// grow appends leaves to the log in one batch that commits.
func grow(t testing.TB, l *Log, leaves int) {
	t.Helper()
	var q queue
	batch(t, l, &q, leaves)
	if err := q.execute(l.cfg.DB, len(q)); err != nil {
		t.Fatal(err)
	}
	l.Committed()
}

// batch queues leaves and the head.
func batch(t testing.TB, l *Log, q *queue, leaves int) {
	t.Helper()
	if err := l.Begin(); err != nil {
		t.Fatal(err)
	}
	next := l.Head().Size
	for i := range int64(leaves) {
		index, err := l.Append(q, next+i+1, leaf(next+i))
		if err != nil || index != next+i {
			t.Fatalf("leaf %d was given index %d, %v", next+i, index, err)
		}
	}
	l.Seal(q)
}

// reference computes a tree with x/mod's own functions.
type reference []tlog.Hash

func (r reference) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, idx := range indexes {
		out[i] = r[idx]
	}
	return out, nil
}

func referenceTree(t testing.TB, size int64) reference {
	var r reference
	for n := range size {
		more, err := tlog.StoredHashes(n, leaf(n), r)
		if err != nil {
			t.Fatal(err)
		}
		r = append(r, more...)
	}
	return r
}

func (r reference) root(t testing.TB, size int64) tlog.Hash {
	t.Helper()
	root, err := tlog.TreeHash(size, r)
	if err != nil {
		t.Fatal(err)
	}
	return root
}
