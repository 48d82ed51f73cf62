package publog

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckNamesTheFirstThingThatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage string
		want   error
		names  string
	}{
		{"a changed leaf", `UPDATE leaf SET body = replace(CAST(body AS TEXT), 'Ridge', 'Rigde') WHERE idx = 1037`, ErrDamaged, "leaf 1037 does not have the hash that is stored for it"},
		{"a leaf that is no statement", `UPDATE leaf SET body = x'00' WHERE idx = 7`, ErrDamaged, "leaf 7: malformed"},
		{"a moved leaf", `UPDATE leaf SET position = 3 WHERE idx = 7`, ErrDamaged, "leaf 7 tells position 8"},
		{"a removed leaf", `DELETE FROM leaf WHERE idx = 7`, ErrDamaged, "leaf 7 is missing"},
		{"a removed last leaf", `DELETE FROM leaf WHERE idx = 1099`, ErrDamaged, "leaf 1099 is missing"},
		{"a leaf beyond the head", `INSERT INTO leaf VALUES (1100, 1101, x'00')`, ErrDamaged, "1 leaves and 0 nodes lie beyond"},
		{"a changed hash of a leaf", `UPDATE log_node SET hash = (SELECT hash FROM log_node WHERE idx = 0) WHERE idx = 1`, ErrDamaged, "leaf 1 does not have the hash"},
		{"a changed node", `UPDATE log_node SET hash = (SELECT hash FROM log_node WHERE idx = 0) WHERE idx = 6`, ErrDamaged, "node 0 of level 2 does not follow"},
		{"a removed node", `DELETE FROM log_node WHERE idx = 6`, ErrDamaged, "node 0 of level 2 is missing"},
		{"a short node", `UPDATE log_node SET hash = x'00' WHERE idx = 6`, ErrDamaged, "node 0 of level 2 has 1 bytes"},
		{"a changed root", `UPDATE log_head SET root = (SELECT hash FROM log_node WHERE idx = 0)`, ErrDamaged, "the stored root of 1100 leaves"},
		{"a shorter head", `UPDATE log_head SET size = 1000`, ErrRolledBack, "a checkpoint of 1050 leaves was published, the head has 1000"},
		{"a checkpoint by another key", `UPDATE checkpoint SET note = replace(note, 'demo.example/log ', 'demo.example/gol ') WHERE size = 600`, ErrDamaged, "the stored checkpoint of 600 leaves"},
		{"a checkpoint of another size", `UPDATE checkpoint SET size = 601 WHERE size = 600`, ErrDamaged, "the stored checkpoint of 601 leaves is for 600"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := database(t)
			l := open(t, config(t, db))
			for _, more := range []int{600, 450, 50} {
				grow(t, l, more)
				if l.Head().Size < 1100 {
					if err := l.store(t.Context(), l.public.Load(), 0); err != nil {
						t.Fatal(err)
					}
				}
			}
			done, err := Check(t.Context(), db.QueryContext, l.cfg.VKey)
			if err != nil || done.Leaves != 1100 || done.Checkpoints != 2 {
				t.Fatalf("before: %+v, %v", done, err)
			}
			if _, err := db.Exec(c.damage); err != nil {
				t.Fatal(err)
			}
			_, err = Check(t.Context(), db.QueryContext, l.cfg.VKey)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.names) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A log that was rewritten from end to end, with every node and the head as they should be for it, is
// still not the one of the checkpoints that were published.
func TestCheckFindsARewrittenLog(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	grow(t, l, 20)
	if err := l.store(t.Context(), l.public.Load(), 0); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"leaf", "log_node", "log_head"} {
		if _, err := db.Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
	}
	forger := &Log{cfg: l.cfg, grown: make(chan struct{}, 1)}
	var q queue
	if err := forger.Begin(); err != nil {
		t.Fatal(err)
	}
	for i := range int64(25) {
		body := leaf(i)
		if i == 3 {
			body = []byte(strings.Replace(string(body), "good", "lapsed", 1))
		}
		if _, err := forger.Append(&q, i+1, body); err != nil {
			t.Fatal(err)
		}
	}
	forger.Seal(&q)
	if err := q.execute(db, len(q)); err != nil {
		t.Fatal(err)
	}
	if _, err := Check(t.Context(), db.QueryContext, l.cfg.VKey); !errors.Is(err, ErrForked) || !strings.Contains(err.Error(), "first 20 leaves") {
		t.Errorf("Check: %v", err)
	}
	if _, err := Open(t.Context(), config(t, db)); !errors.Is(err, ErrForked) {
		t.Errorf("Open: %v", err)
	}
}
