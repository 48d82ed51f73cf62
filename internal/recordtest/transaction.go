package recordtest

import (
	"database/sql"
	"testing"
)

// transaction begins one as the record does.
func transaction(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	f.must(Put{Box: "1", Thing: "pear"})
	all := f.all()
	last := all[len(all)-1]
	ctx := t.Context()
	tx, err := f.engine.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	h, err := tx.Head(ctx)
	if err != nil || h.Position != last.Position || h.Recorded != last.At.UnixMicro() || string(h.Chain) != string(last.Chain[:]) {
		t.Errorf("the record ends at %+v, %v; it is %d, %s", h, err, last.Position, last.At)
	}
	one := func(rows *sql.Rows, err error) (n int64) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		if !rows.Next() || rows.Scan(&n) != nil {
			t.Fatal("nothing was found", rows.Err())
		}
		return n
	}
	const count, what = "SELECT count(*) FROM series WHERE name = $1", "a series of this test"
	tx.Exec("INSERT INTO series VALUES ($1, $2)", what, 7)
	if n := one(tx.Before(ctx, "SELECT position FROM head WHERE id = $1", 1)); n != h.Position {
		t.Errorf("before it, the record ends at %d", n)
	}
	if n := one(tx.Query(ctx, count, what)); n != 1 {
		t.Errorf("what is queued is not seen: %d", n)
	}
	if n := one(tx.Before(ctx, count, what)); n != 1 {
		t.Errorf("what was queued and asked about is not seen: %d", n)
	}
}
