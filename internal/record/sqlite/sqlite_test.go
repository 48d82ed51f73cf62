package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"shingle/internal/record"
	"shingle/internal/record/sqlite"
	"shingle/internal/recordtest"
)

func TestRecord(t *testing.T) {
	recordtest.Run(t, func(t *testing.T) recordtest.Open {
		path := filepath.Join(t.TempDir(), "shingle.db")
		return func(t *testing.T) record.Engine {
			t.Helper()
			e, err := sqlite.Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
	})
}

// TestWhatIsOverwrittenIsGoneFromTheFile looks for a text in the file and its log, after it was overwritten
// and while somebody still reads what was there before.
func TestWhatIsOverwrittenIsGoneFromTheFile(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	e, err := sqlite.Open(ctx, filepath.Join(dir, "shingle.db"))
	must(err)
	defer func() { must(e.Close()) }()
	write := func(query string, args ...any) {
		t.Helper()
		tx, err := e.Begin(ctx)
		must(err)
		tx.Exec(query, args...)
		must(tx.Commit(ctx))
	}
	onDisk := func() (found int) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		must(err)
		for _, f := range files {
			content, err := os.ReadFile(f)
			must(err)
			found += bytes.Count(content, []byte("canarybird"))
		}
		return found
	}
	write("CREATE TABLE named (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
	for i := range 500 {
		write("INSERT INTO named VALUES ($1, $2)", i*7%500, fmt.Sprintf("canarybird %d", i))
	}
	must(e.Scrub(ctx))
	if onDisk() < 500 {
		t.Fatal("the test does not see what it looks for")
	}
	reading, err := e.Reader().Query("SELECT name FROM named")
	must(err)
	if !reading.Next() {
		t.Fatal("nothing is read")
	}
	write("UPDATE named SET name = '' WHERE id % 2 = 0")
	write("DELETE FROM named WHERE id % 2 = 1")
	if err := e.Scrub(ctx); !errors.Is(err, record.ErrLocked) {
		t.Errorf("while somebody reads: %v", err)
	}
	must(reading.Close())
	must(e.Scrub(ctx))
	if n := onDisk(); n > 0 {
		t.Errorf("the text is on disk %d times", n)
	}
}
