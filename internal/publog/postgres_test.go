package publog

import (
	"database/sql"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/internal/pgtest"
	"shingle/verify"
)

// The statements are portable: what the other tests show on SQLite holds on PostgreSQL.
func TestOnPostgreSQL(t *testing.T) {
	db, err := sql.Open("pgx", pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	migrate(t, db, "postgres")
	logs := []*Log{open(t, config(t, db)), open(t, config(t, db))}
	for n := range 30 {
		l := logs[n%2]
		if err := l.Reload(t.Context(), db.QueryContext); err != nil {
			t.Fatal(err)
		}
		grow(t, l, n)
	}
	l := logs[1]
	if want := referenceTree(t, 435).root(t, 435); l.Head() != (Head{435, want}) {
		t.Errorf("the head is %v", l.Head())
	}

	var q queue
	batch(t, l, &q, 3)
	q.Exec(`INSERT INTO leaf (idx, position, body) VALUES (0, 0, '')`) // there is one
	if err := q.execute(db, len(q)); err == nil {
		t.Error("a leaf was written twice")
	}
	l.RolledBack()
	if err := l.Reload(t.Context(), db.QueryContext); err != nil || l.Head().Size != 435 {
		t.Errorf("after a failed batch: %v, %v", l.Head(), err)
	}

	for _, cosigned := range []int{1, 0} { // the second comes late and changes nothing
		if err := l.store(t.Context(), l.public.Load(), cosigned); err != nil {
			t.Fatal(err)
		}
	}
	if got := storedCosignatures(t, db); len(got) != 1 || got[0] != 1 {
		t.Errorf("stored cosignatures: %v", got)
	}

	server := httptest.NewServer(open(t, config(t, db)).Handler())
	defer server.Close()
	report, err := verify.CheckLog(t.Context(), verify.HTTP(server.URL+"/log", nil), verify.Keys{Log: l.cfg.VKey})
	if err != nil || !report.Good() || report.Size != 435 {
		t.Errorf("%v, %v", report, err)
	}
	if done, err := Check(t.Context(), db.QueryContext, l.cfg.VKey); err != nil || done != (Checked{435, tlog.StoredHashCount(435), 1}) {
		t.Errorf("Check: %+v, %v", done, err)
	}
	if _, err := db.Exec(`UPDATE leaf SET body = $1 WHERE idx = 99`, leaf(98)); err != nil {
		t.Fatal(err)
	}
	if _, err := Check(t.Context(), db.QueryContext, l.cfg.VKey); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "leaf 99") {
		t.Errorf("Check of a changed leaf: %v", err)
	}
}
