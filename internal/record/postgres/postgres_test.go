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

func TestNoPasswordIsInAMessage(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://guild:secret@one,two/guild?search_path=a": "postgres://guild:xxxxx@one,two/guild?search_path=a",
		"postgres://one/guild?user=guild&password=secret":     "postgres://one/guild?password=xxxxx&user=guild",
		"postgres://one/guild?sslpassword=secret":             "postgres://one/guild?sslpassword=xxxxx",
		"host=one password=secret":                            "(unreadable)",
	} {
		if got := postgres.Redact(address); got != want {
			t.Errorf("%s is shown as %s", address, got)
		}
	}
}
