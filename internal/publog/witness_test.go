package publog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/witnesstest"
	"shingle/verify"
)

func TestMain(m *testing.M) { os.Exit(witnesstest.Main(m)) }

func startWitness(t *testing.T, name string, vkeys ...string) Witness {
	t.Helper()
	url, vkey := witnesstest.Start(t, name, vkeys...)
	return Witness{URL: url, VKey: vkey}
}

// backup copies a database as it stands.
func backup(t *testing.T, db *sql.DB) *sql.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.db")
	if _, err := db.Exec(`VACUUM INTO $1`, file); err != nil {
		t.Fatal(err)
	}
	return reopen(t, file)
}

func witnessed(t *testing.T, db *sql.DB, witnesses ...Witness) Config {
	cfg := config(t, db)
	cfg.Witnesses = witnesses
	return cfg
}

// cosigned returns the witnesses whose signature stands under the published checkpoint, and verifies it
// and the whole log.
func cosigned(t *testing.T, l *Log) []string {
	t.Helper()
	server := httptest.NewServer(l.Handler())
	defer server.Close()
	keys := verify.Keys{Log: l.cfg.VKey}
	for _, w := range l.cfg.Witnesses {
		keys.Witnesses = append(keys.Witnesses, w.VKey)
	}
	report, err := verify.CheckLog(t.Context(), verify.HTTP(server.URL+"/log", nil), keys)
	if err != nil || !report.Good() {
		t.Fatalf("%v, %v", report, err)
	}
	slices.Sort(report.Witnesses)
	return report.Witnesses
}

func storedCosignatures(t *testing.T, db *sql.DB) (counts []int) {
	t.Helper()
	err := each(t.Context(), db.QueryContext, func(rows *sql.Rows) error {
		var n int
		defer func() { counts = append(counts, n) }()
		return rows.Scan(&n)
	}, `SELECT cosigned FROM checkpoint ORDER BY size`)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestWitnessesCosignEveryCheckpoint(t *testing.T) {
	db := database(t)
	vkey := config(t, db).VKey
	w1, w2 := startWitness(t, "a.example/witness", vkey), startWitness(t, "b.example/witness", vkey)
	cfg := witnessed(t, db, w1, w2)
	l := open(t, cfg)
	both := []string{"a.example/witness", "b.example/witness"}
	for _, more := range []int{1, 1, 5, 300} {
		grow(t, l, more)
		if got := cosigned(t, l); len(got) != 0 {
			t.Errorf("of %d leaves, the checkpoint is cosigned by %q before it was shown", l.Head().Size, got)
		}
		if err := l.Cosign(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := cosigned(t, l); !slices.Equal(got, both) {
			t.Errorf("of %d leaves, the checkpoint is cosigned by %q", l.Head().Size, got)
		}
	}
	if got := storedCosignatures(t, db); !slices.Equal(got, []int{2, 2, 2, 2, 2}) {
		t.Errorf("stored cosignatures: %v", got)
	}
	if _, err := Check(t.Context(), db.QueryContext, vkey); err != nil {
		t.Error(err)
	}
	again := open(t, cfg)
	if got := cosigned(t, again); !slices.Equal(got, both) || again.Halted() != nil {
		t.Errorf("opened anew, the checkpoint is cosigned by %q, halted: %v", got, again.Halted())
	}
	grow(t, again, 3)
	if err := again.Cosign(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestARestoredBackupDoesNotSign(t *testing.T) {
	db := database(t)
	w := startWitness(t, "a.example/witness", config(t, db).VKey)
	l := open(t, witnessed(t, db, w))
	grow(t, l, 10)
	if err := l.Cosign(t.Context()); err != nil {
		t.Fatal(err)
	}
	shown := l.Checkpoint()
	old := backup(t, db)
	grow(t, l, 15)
	if err := l.Cosign(t.Context()); err != nil {
		t.Fatal(err)
	}

	restored := open(t, witnessed(t, old, w))
	if err := restored.Halted(); !errors.Is(err, ErrBehindWitness) || !strings.Contains(err.Error(), "a.example/witness has seen 25 leaves, the database holds 10") {
		t.Errorf("halted: %v", err)
	}
	if err := restored.Begin(); !errors.Is(err, ErrBehindWitness) {
		t.Errorf("Begin: %v", err)
	}
	if _, err := restored.Receipt(t.Context(), verify.Receipt{Leaf: 1}); !errors.Is(err, ErrBehindWitness) {
		t.Errorf("Receipt: %v", err)
	}
	if entries, err := restored.Entries(t.Context(), 0, 100); err != nil || len(entries) != 10 {
		t.Errorf("it cannot be read: %d entries, %v", len(entries), err)
	}
	if !bytes.Equal(restored.Checkpoint(), shown) {
		t.Errorf("its checkpoint is\n%s", restored.Checkpoint())
	}
	if err := restored.Run(t.Context(), func(error) {}); !errors.Is(err, ErrBehindWitness) {
		t.Errorf("Run: %v", err)
	}
	// The log that was not restored goes on.
	if again := open(t, witnessed(t, db, w)); again.Halted() != nil {
		t.Errorf("the log itself is halted: %v", again.Halted())
	}
}

// A backup from before the first checkpoint was shown has no stored one to ask with.
func TestABackupFromBeforeTheWitnessDoesNotSignOn(t *testing.T) {
	for _, size := range []int{0, 4} {
		db := database(t)
		w := startWitness(t, "a.example/witness", config(t, db).VKey)
		grow(t, open(t, config(t, db)), size)
		old := backup(t, db)
		l := open(t, witnessed(t, db, w))
		grow(t, l, 5)
		if err := l.Cosign(t.Context()); err != nil {
			t.Fatal(err)
		}
		if restored := open(t, witnessed(t, old, w)); !errors.Is(restored.Halted(), ErrBehindWitness) {
			t.Errorf("a backup of %d leaves is halted: %v", size, restored.Halted())
		}
	}
}

func TestAnotherLogUnderTheSameKeyDoesNotSign(t *testing.T) {
	db := database(t)
	w := startWitness(t, "a.example/witness", config(t, db).VKey)
	l := open(t, witnessed(t, db, w))
	grow(t, l, 10)
	if err := l.Cosign(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{10, 30} {
		other := database(t)
		forger := open(t, config(t, other))
		var q queue
		if err := forger.Begin(); err != nil {
			t.Fatal(err)
		}
		for n := range size {
			forger.Append(&q, n+2, leaf(n+1))
		}
		forger.Seal(&q)
		if err := q.execute(other, len(q)); err != nil {
			t.Fatal(err)
		}
		if got := open(t, witnessed(t, other, w)); !errors.Is(got.Halted(), ErrForked) {
			t.Errorf("another log of %d leaves is halted: %v", size, got.Halted())
		}
	}
}

func TestAWitnessThatHeardFromAnotherProcessDoesNotHalt(t *testing.T) {
	db := database(t)
	w := startWitness(t, "a.example/witness", config(t, db).VKey)
	here, there := open(t, witnessed(t, db, w)), open(t, witnessed(t, db, w))
	grow(t, here, 4)
	if err := there.Reload(t.Context(), db.QueryContext); err != nil {
		t.Fatal(err)
	}
	grow(t, there, 8)
	if err := there.Cosign(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := here.Cosign(t.Context()); err == nil || here.Halted() != nil {
		t.Errorf("behind the other process: %v, halted: %v", err, here.Halted())
	}
	if here.Head() != there.Head() {
		t.Error("it did not take over what the other process appended")
	}
	if err := here.Cosign(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAWitnessThatCannotHelpDoesNotHalt(t *testing.T) {
	db := database(t)
	grow(t, open(t, config(t, db)), 3)
	real := startWitness(t, "a.example/witness") // knows no log
	answer := func(status int, kind, body string) Witness {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		return Witness{server.URL, real.VKey}
	}
	for _, c := range []struct {
		name string
		w    Witness
		want string
	}{
		{"unknown log", real, "does not know the log demo.example/log"},
		{"nobody there", Witness{"http://127.0.0.1:1", real.VKey}, "connection refused"},
		{"key not accepted", answer(403, "text/plain", "no"), "does not accept the key"},
		{"fault", answer(500, "text/plain", "oh"), "answered 500"},
		{"conflict without a size", answer(409, "text/plain", "no"), "instead of a size"},
		{"conflict with a bad size", answer(409, "text/x.tlog.size", "-4\n"), "names no size"},
		{"a size that leads nowhere", answer(409, "text/x.tlog.size", "1\n"), "keeps changing"},
		{"no signature", answer(200, "text/plain", ""), "did not sign with its key"},
		{"another's signature", answer(200, "text/plain", "— x.example AAAAAAAAAAAA\n"), "did not sign with its key"},
		{"not a signature", answer(200, "text/plain", "hello\n"), "does not verify"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := backup(t, db)
			l := open(t, witnessed(t, db, c.w))
			err := l.Cosign(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) || l.Halted() != nil {
				t.Errorf("Cosign: %v, halted: %v", err, l.Halted())
			}
			if c, _, err := openCheckpoint(l.Checkpoint(), l.verifier); err != nil || c.N != 3 {
				t.Errorf("the checkpoint without it: %v, %v", c.N, err)
			}
		})
	}
}

func TestRunCosignsAsTheLogGrows(t *testing.T) {
	db := database(t)
	w := startWitness(t, "a.example/witness", config(t, db).VKey)
	l := open(t, witnessed(t, db, w))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- l.Run(ctx, func(err error) { t.Error(err) }) }()
	for range 5 {
		grow(t, l, 4)
		for start := time.Now(); len(cosigned(t, l)) == 0; time.Sleep(10 * time.Millisecond) {
			if time.Since(start) > 10*time.Second {
				t.Fatal("the checkpoint was not cosigned in ten seconds")
			}
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
