package postgres_test

import (
	"context"
	"testing"

	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/recordtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestRecord(t *testing.T) {
	recordtest.Run(t, func(t *testing.T) recordtest.Open {
		url := pgtest.URL(t)
		return func(t *testing.T) record.Engine {
			t.Helper()
			e, err := postgres.Open(context.Background(), url)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
	})
}
