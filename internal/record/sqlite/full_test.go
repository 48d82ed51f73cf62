package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/record"
)

// TestAFullDiskIsNamedAndPassesByItself bounds the file as a full disk does: writing fails with
// ErrDiskFull, reading goes on, and once there is room writing goes on without a restart.
func TestAFullDiskIsNamedAndPassesByItself(t *testing.T) {
	ctx := context.Background()
	e, err := Open(ctx, filepath.Join(t.TempDir(), "full.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	write := func(rows int) error {
		tx, err := e.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for range rows {
			tx.Exec("INSERT INTO filler (text) VALUES ($1)", strings.Repeat("x", 4000))
		}
		return tx.Commit(ctx)
	}
	pragma := func(text string) {
		t.Helper()
		if _, err := e.conn.ExecContext(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	pragma("CREATE TABLE filler (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
	pragma("PRAGMA max_page_count = 64")
	if err := write(1000); !errors.Is(err, record.ErrDiskFull) {
		t.Fatalf("got %v", err)
	}
	var n int
	if err := e.Reader().QueryRowContext(ctx, "SELECT count(*) FROM filler").Scan(&n); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	pragma("PRAGMA max_page_count = 100000")
	if err := write(1000); err != nil {
		t.Fatal(err)
	}
	if err := e.Reader().QueryRowContext(ctx, "SELECT count(*) FROM filler").Scan(&n); err != nil || n != 1000 {
		t.Fatal(n, err)
	}
}
