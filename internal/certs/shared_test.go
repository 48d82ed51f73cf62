package certs_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/certmagic"

	"shingle/internal/act"
	"shingle/internal/certs"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
	"shingle/internal/servertest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// node is one of several that share a database.
type node struct {
	*certs.Shared
	ahead atomic.Int64 // nanoseconds by which its clock is ahead
}

// turned seals by turning letters: enough to see that something is sealed. The vault's own keys are tried where
// whole nodes are.
type turned struct{}

func (turned) Digest(text []byte) ([]byte, error) { return text, nil }

func (turned) Seal(owner, text string) ([]byte, error) {
	return append([]byte(owner+":"), turn(text)...), nil
}

func (turned) Open(owner string, sealed []byte) (string, error) {
	text, ok := strings.CutPrefix(string(sealed), owner+":")
	if !ok {
		return "", errors.New("sealed for somebody else")
	}
	return string(turn(text)), nil
}

func turn(text string) []byte {
	b := []byte(text)
	for i := range b {
		b[i] ^= 1
	}
	return b
}

func (turned) Sync() error { return nil }

// nodes returns n nodes on one database.
func nodes(t *testing.T, n int, open func() (record.Engine, error)) []*node {
	t.Helper()
	ctx, keys := context.Background(), turned{}
	var all []*node
	for range n {
		engine, err := open()
		must(t, err)
		must(t, engine.Migrate(ctx, "certs", certs.Migrations))
		r, err := record.Open(ctx, record.Options{Engine: engine, Catalogue: &act.Catalogue{}, Keys: keys})
		must(t, err)
		t.Cleanup(func() { _ = r.Close() })
		node := &node{}
		node.Shared = &certs.Shared{DB: engine.Reader(), Keys: keys, Now: func() time.Time { return time.Now().Add(time.Duration(node.ahead.Load())) },
			Write: func(ctx context.Context, do func(record.Tx) error) error {
				return r.Upkeep(ctx, func(tx record.Tx, _ act.World) error { return do(tx) })
			}}
		all = append(all, node)
	}
	return all
}

func onPostgreSQL(t *testing.T) func() (record.Engine, error) {
	address := pgtest.URL(t)
	return func() (record.Engine, error) { return postgres.Open(context.Background(), address) }
}

func TestADatabaseKeepsFilesAsAFolderDoes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shingle.db")
	for name, open := range map[string]func() (record.Engine, error){
		"sqlite": func() (record.Engine, error) { return sqlite.Open(context.Background(), path) }, "postgres": onPostgreSQL(t),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, s := context.Background(), nodes(t, 1, open)[0]
			for _, key := range []string{"a/b/c.key", "a/b/d.crt", "a/e.json", "ab/f"} {
				must(t, s.Store(ctx, key, []byte("old")))
				must(t, s.Store(ctx, key, []byte("of "+key)))
			}
			got, err := s.Load(ctx, "a/b/c.key")
			if err != nil || string(got) != "of a/b/c.key" {
				t.Errorf("%q %v", got, err)
			}
			for list, want := range map[string][]string{"a": {"a/b/c.key", "a/b/d.crt", "a/e.json"}, "a/b": {"a/b/c.key", "a/b/d.crt"}} {
				if got, err := s.List(ctx, list, true); err != nil || !slices.Equal(got, want) {
					t.Errorf("all below %s: %v %v", list, got, err)
				}
			}
			if got, err := s.List(ctx, "a", false); err != nil || !slices.Equal(got, []string{"a/b", "a/e.json"}) {
				t.Errorf("directly below a: %v %v", got, err)
			}
			info, err := s.Stat(ctx, "a/e.json")
			if err != nil || !info.IsTerminal || info.Size != int64(len("of a/e.json")) || time.Since(info.Modified) > time.Minute {
				t.Errorf("%+v %v", info, err)
			}
			if info, err := s.Stat(ctx, "a"); err != nil || info.IsTerminal {
				t.Errorf("%+v %v", info, err)
			}
			must(t, s.Delete(ctx, "a/b"))
			must(t, s.Delete(ctx, "not/there"))
			if s.Exists(ctx, "a/b") || s.Exists(ctx, "a/b/c.key") || !s.Exists(ctx, "a/e.json") || !s.Exists(ctx, "ab/f") {
				t.Error("too much or too little was deleted")
			}
			if _, err := s.Load(ctx, "a/b/c.key"); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if _, err := s.List(ctx, "none", true); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			for _, sealed := range contents(t, s.DB) {
				if bytes.Contains(sealed, []byte("of a")) {
					t.Error("a private key lies open in the database")
				}
			}
		})
	}
}

func contents(t *testing.T, db *sql.DB) (all [][]byte) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT content FROM certificate_file")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var b []byte
		must(t, rows.Scan(&b))
		all = append(all, b)
	}
	must(t, rows.Err())
	if len(all) == 0 {
		t.Fatal("nothing is stored")
	}
	return all
}

func TestALockIsHeldByOneNodeAndOutlivesNoDeadOne(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	two := nodes(t, 2, onPostgreSQL(t))
	must(t, two[0].Lock(ctx, "x"))
	must(t, two[1].Lock(ctx, "y"))
	brief, cancel := context.WithTimeout(ctx, 700*time.Millisecond)
	defer cancel()
	if err := two[1].Lock(brief, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second holder: %v", err)
	}
	must(t, two[0].Unlock(ctx, "x"))
	must(t, two[1].Lock(ctx, "x"))
	if err := two[0].Unlock(ctx, "x"); err == nil {
		t.Error("a node gave back what it did not hold")
	}
	// Its holder is not heard of for two minutes.
	two[0].ahead.Store(int64(2 * time.Minute))
	must(t, two[0].Lock(ctx, "x"))
}

// TestNodesShareOneCertificate has two nodes behind one name: challenges and requests meet either of them.
func TestNodesShareOneCertificate(t *testing.T) {
	t.Parallel()
	at := servertest.ACME(t, time.Hour)
	two := nodes(t, 2, onPostgreSQL(t))
	var first []byte
	t.Run("one", func(t *testing.T) { first = open(t, at, certmagic.Storage(two[0].Shared), "http https").await(any).Raw })
	at.Leave()
	if c := open(t, at, two[1].Shared, "http https").await(any); !bytes.Equal(c.Raw, first) {
		t.Error("another certificate")
	}
}
