package publog

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"shingle/verify"
)

func TestRootsAndNodesAreThoseOfTlog(t *testing.T) {
	const size = 2000
	want := referenceTree(t, size)
	var e edge
	var got []tlog.Hash
	for n := range int64(size) {
		if e.root() != want.root(t, n) {
			t.Fatalf("the root of %d leaves differs", n)
		}
		e.add(tlog.RecordHash(leaf(n)), func(idx int64, h tlog.Hash) {
			if idx != int64(len(got)) {
				t.Fatalf("leaf %d stores node %d after node %d", n, idx, len(got)-1)
			}
			got = append(got, h)
		})
		again, err := edgeAt(n+1, reference(got))
		if err != nil || again.root() != e.root() {
			t.Fatalf("the edge of %d leaves is not read back: %v", n+1, err)
		}
	}
	if !slices.Equal(got, want) {
		t.Error("the nodes differ")
	}
}

func TestBatchesOfRandomSizes(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	want := referenceTree(t, 700)
	random := rand.New(rand.NewPCG(1, 2))
	for l.Head().Size < 600 {
		grow(t, l, random.IntN(40))
		if head := l.Head(); head.Root != want.root(t, head.Size) {
			t.Fatalf("the root of %d leaves differs", head.Size)
		}
		if random.IntN(5) == 0 {
			before := l.Checkpoint()
			l = open(t, config(t, db))
			if string(l.Checkpoint()) != string(before) {
				t.Fatalf("opened anew, the checkpoint is\n%s\ninstead of\n%s", l.Checkpoint(), before)
			}
		}
	}
	done, err := Check(t.Context(), db.QueryContext, l.cfg.VKey)
	if err != nil || done.Leaves != l.Head().Size {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestProofs(t *testing.T) {
	l := open(t, config(t, database(t)))
	const size = 40
	grow(t, l, size)
	want := referenceTree(t, size)
	for newer := int64(1); newer <= size; newer++ {
		for index := range newer {
			p, err := l.Proof(t.Context(), index, newer)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(p, newer, want.root(t, newer), index, tlog.RecordHash(leaf(index))); err != nil {
				t.Errorf("leaf %d of %d: %v", index, newer, err)
			}
		}
		for older := int64(1); older <= newer; older++ {
			p, err := l.Consistency(t.Context(), older, newer)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckTree(p, newer, want.root(t, newer), older, want.root(t, older)); err != nil {
				t.Errorf("from %d to %d: %v", older, newer, err)
			}
		}
	}
	for _, bad := range [][2]int64{{-1, 3}, {3, 3}, {0, size + 1}, {0, 0}} {
		if _, err := l.Proof(t.Context(), bad[0], bad[1]); !errors.Is(err, ErrNotPublic) {
			t.Errorf("leaf %d of %d: %v", bad[0], bad[1], err)
		}
	}
	for _, bad := range [][2]int64{{-1, 3}, {4, 3}, {1, size + 1}} {
		if _, err := l.Consistency(t.Context(), bad[0], bad[1]); !errors.Is(err, ErrNotPublic) {
			t.Errorf("from %d to %d: %v", bad[0], bad[1], err)
		}
	}
}

func TestNothingIsPublicBeforeItIsCommitted(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	grow(t, l, 5)
	before := string(l.Checkpoint())
	var q queue
	batch(t, l, &q, 3)
	if err := q.execute(db, len(q)); err != nil {
		t.Fatal(err)
	}
	if string(l.Checkpoint()) != before || l.Head().Size != 5 {
		t.Error("the head is public before Committed")
	}
	if entries, err := l.Entries(t.Context(), 0, 100); err != nil || len(entries) != 5 {
		t.Errorf("%d entries are public, %v", len(entries), err)
	}
	l.Committed()
	if l.Head().Size != 8 || l.Head().Root != referenceTree(t, 8).root(t, 8) {
		t.Error("the head is not public after Committed")
	}
}

func TestAFailedBatchLeavesNoTrace(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	grow(t, l, 7)
	before := string(l.Checkpoint())
	var q queue
	batch(t, l, &q, 9)
	for n := range q { // the transaction fails after each of its statements
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range q[:n] {
			if _, err := tx.Exec(s.query, s.args...); err != nil {
				t.Fatal(err)
			}
		}
		tx.Rollback()
	}
	l.RolledBack()
	if string(l.Checkpoint()) != before {
		t.Error("the checkpoint changed")
	}
	if err := l.Reload(t.Context(), db.QueryContext); err != nil {
		t.Error(err)
	}
	grow(t, l, 9)
	if l.Head().Root != referenceTree(t, 16).root(t, 16) {
		t.Error("the batch after it has another root")
	}
	if _, err := Check(t.Context(), db.QueryContext, l.cfg.VKey); err != nil {
		t.Error(err)
	}
}

func TestABatchThatFailedButPersistedIsTakenOver(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	grow(t, l, 7)
	var q queue
	batch(t, l, &q, 9)
	if err := q.execute(db, len(q)); err != nil {
		t.Fatal(err)
	}
	l.RolledBack() // so the caller was told
	var again queue
	batch(t, l, &again, 9)
	if err := again.execute(db, len(again)); err == nil {
		t.Fatal("the same leaves were written twice")
	}
	l.RolledBack()
	if err := l.Reload(t.Context(), db.QueryContext); err != nil {
		t.Fatal(err)
	}
	if l.Head().Size != 16 || l.Head().Root != referenceTree(t, 16).root(t, 16) {
		t.Error("Reload did not take over what was committed")
	}
	grow(t, l, 3)
}

func TestTwoProcessesAppendInTurn(t *testing.T) {
	db := database(t)
	logs := []*Log{open(t, config(t, db)), open(t, config(t, db))}
	for n := range 12 {
		l := logs[n%2]
		if err := l.Reload(t.Context(), db.QueryContext); err != nil {
			t.Fatal(err)
		}
		grow(t, l, n)
	}
	if err := logs[0].Reload(t.Context(), db.QueryContext); err != nil {
		t.Fatal(err)
	}
	if logs[0].Head() != logs[1].Head() || logs[0].Head().Root != referenceTree(t, 66).root(t, 66) {
		t.Errorf("%v, %v", logs[0].Head(), logs[1].Head())
	}
	if string(logs[0].Checkpoint()) != string(logs[1].Checkpoint()) {
		t.Error("the two sign different checkpoints")
	}
}

func TestReloadHaltsWhereTheDatabaseIsNotTheOneThatWasPublished(t *testing.T) {
	replace := func(db *sql.DB, from *sql.DB) {
		for _, table := range []string{"leaf", "log_node", "log_head"} {
			if _, err := db.Exec("DELETE FROM " + table); err != nil {
				t.Fatal(err)
			}
		}
		other := open(t, config(t, from))
		e, err := other.Entries(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		fresh := open(t, config(t, db))
		var q queue
		fresh.Begin()
		for _, e := range e {
			fresh.Append(&q, e.Position, e.Body)
		}
		fresh.Seal(&q)
		if err := q.execute(db, len(q)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		size int
		skip int64
		want error
	}{
		{"shorter", 5, 0, ErrRolledBack},
		{"of the same size", 10, 1, ErrForked},
		{"longer", 12, 1, ErrForked},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := database(t)
			l := open(t, config(t, db))
			grow(t, l, 10)
			before := string(l.Checkpoint())

			otherDB := database(t)
			other := open(t, config(t, otherDB))
			var q queue
			other.Begin()
			for i := range int64(c.size) {
				other.Append(&q, i+c.skip+1, leaf(i+c.skip))
			}
			other.Seal(&q)
			if err := q.execute(otherDB, len(q)); err != nil {
				t.Fatal(err)
			}
			other.Committed()
			replace(db, otherDB)

			if err := l.Reload(t.Context(), db.QueryContext); !errors.Is(err, c.want) {
				t.Errorf("Reload: %v", err)
			}
			if err := l.Begin(); !errors.Is(err, c.want) || !errors.Is(l.Halted(), c.want) {
				t.Errorf("Begin: %v", err)
			}
			if _, err := l.Receipt(t.Context(), verify.Receipt{}); !errors.Is(err, c.want) {
				t.Errorf("Receipt: %v", err)
			}
			if string(l.Checkpoint()) != before {
				t.Error("another checkpoint was signed")
			}
		})
	}
}

func TestMisuseIsFoundAtOnce(t *testing.T) {
	l := open(t, config(t, database(t)))
	var q queue
	if _, err := l.Append(&q, 1, leaf(0)); err == nil {
		t.Error("Append without Begin is accepted")
	}
	if err := l.Begin(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(&q, 1, make([]byte, maxLeaf+1)); err == nil || len(q) > 0 {
		t.Error("a leaf that no bundle can hold is accepted")
	}
	if _, err := l.Append(&q, 1, leaf(0)); err != nil {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("Committed without Seal is accepted")
		}
	}()
	l.Committed()
}

func TestOpenRefusesKeysThatDoNotFit(t *testing.T) {
	db := database(t)
	cfg := config(t, db)
	l := open(t, cfg)
	grow(t, l, 3)
	if err := l.store(t.Context(), l.public.Load(), 0); err != nil {
		t.Fatal(err)
	}
	other := testKey(t, "demo.example/log", "x")
	cfg.Signer = other
	if _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "do not belong together") {
		t.Errorf("halves of two keys: %v", err)
	}
	cfg.VKey = other.VKey
	if _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "another log's key or database?") {
		t.Errorf("another log's key: %v", err)
	}
}

func TestOpenRefusesADatabaseThatLostWhatWasPublished(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	grow(t, l, 9)
	if err := l.store(t.Context(), l.public.Load(), 0); err != nil {
		t.Fatal(err)
	}
	root := referenceTree(t, 4).root(t, 4)
	if _, err := db.Exec(`UPDATE log_head SET size = 4, root = $1`, root[:]); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), config(t, db)); !errors.Is(err, ErrRolledBack) {
		t.Errorf("got %v", err)
	}
}
