package sqlite_test

import (
	"context"
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
