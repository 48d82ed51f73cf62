package demo

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/publog"
	statements "shingle/internal/publog/body"
	"shingle/internal/record"
	"shingle/internal/record/sqlite"
	"shingle/internal/vault"
	view "shingle/internal/view/body"
)

// body is a whole body on SQLite in a temporary folder, with a clock that the history moves.
type body struct {
	record     *record.Record
	register   view.Register
	projection *view.Projection
	now        time.Time
	logKey     string
}

func newBody(t testing.TB) *body {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	b := &body{projection: &view.Projection{Facts: flowbody.FactsOf}}
	keyFile, rootFile := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
	must(t, vault.InitFile(ctx, keyFile, rootFile))
	root, err := vault.ReadRoot(rootFile)
	must(t, err)
	keys, err := vault.OpenFile(ctx, keyFile, root)
	must(t, err)
	engine, err := sqlite.Open(ctx, filepath.Join(dir, "shingle.db"))
	must(t, err)
	must(t, engine.Migrate(ctx, "log", publog.Migrations()))
	must(t, engine.Migrate(ctx, "register", view.Migrations))
	signer, vkey, err := keys.Signer(ctx, vault.Log, "demo.example/log")
	must(t, err)
	receipts, _, err := keys.Signer(ctx, vault.Receipt, "demo.example/receipt")
	must(t, err)
	b.logKey, b.register = vkey, view.Register{DB: engine.Reader()}
	log, err := publog.Open(ctx, publog.Config{DB: engine.Reader(), Signer: signer, VKey: vkey, Receipt: receipts, Now: b.clock})
	must(t, err)
	b.record, err = record.Open(ctx, record.Options{
		Engine: engine, Catalogue: flowbody.Catalogue(), Keys: keys, Now: b.clock,
		Views: []record.View{b.projection, &statements.Statements{Log: log}},
	})
	must(t, err)
	t.Cleanup(func() { must(t, errors.Join(b.record.Close(), keys.Close())) })
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *body) clock() time.Time { return b.now }

// stage lets the history be played. The clock moves only while nothing is being recorded.
func (b *body) stage() Stage {
	return Stage{Record: b.record, Set: func(now time.Time) { b.now = now }, FallDue: b.fallDue}
}

// fallDue states what time alone changed, as the clock of a served body does.
func (b *body) fallDue(ctx context.Context) error {
	asks, err := b.register.ClockAsks(ctx, b.now, 1000)
	if err != nil {
		return err
	}
	for _, cmd := range asks {
		if _, err := b.record.Do(ctx, record.Request{Command: cmd, Actor: "clock", Role: "clock", Expect: -1}); err != nil {
			return err
		}
	}
	for {
		due, err := b.register.Due(ctx, b.now, 1000)
		if err != nil {
			return err
		}
		for _, number := range due {
			if _, err := b.record.Do(ctx, record.Request{Command: standing.State{Member: number}, Actor: "clock", Role: "clock", Expect: -1}); err != nil {
				return err
			}
		}
		stale, err := b.register.Stale(ctx, 1)
		if err != nil || len(due) == 0 && len(stale) == 0 {
			return err
		}
		err = b.record.Upkeep(ctx, func(tx record.Tx, w act.World) error {
			_, err := b.projection.Redraw(tx, w, b.now)
			return err
		})
		if err != nil {
			return err
		}
	}
}
