// Package webtest is for tests of what people see: a small body with a real record to make pages from,
// selectors for what a page says, and a browser that opens it.
package webtest

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/code"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/pgtest"
	"shingle/internal/publog"
	logbody "shingle/internal/publog/body"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
	"shingle/internal/roster"
	"shingle/internal/sending"
	"shingle/internal/vault"
	view "shingle/internal/view/body"
	"shingle/internal/work"
)

// Body is a whole body in a temporary folder: record, keys, register and public log, with a clock that
// the test moves.
type Body struct {
	Record     *record.Record
	Register   view.Register
	Projection *view.Projection
	Log        *publog.Log
	Keys       *vault.Keyring
	LogKey     string // vkeys
	ReceiptKey string

	t   testing.TB
	mu  sync.Mutex
	now time.Time

	objects *vault.Objects // nil until they are asked for
}

// Store opens an empty database for one test.
type Store func(t testing.TB) record.Engine

// SQLite is a file in a temporary folder.
func SQLite(t testing.TB) record.Engine {
	t.Helper()
	engine, err := sqlite.Open(t.Context(), filepath.Join(folder(t), "shingle.db"))
	check(t, err)
	return engine
}

// roomy is how much memory has to be free, in bytes, for folders to lie in it.
const roomy = 1 << 30

// folder is a temporary folder, in memory where the machine has room there: no page cares whether a disk was
// waited for, and that is half the time that its test takes. What loses power is tried elsewhere.
func folder(t testing.TB) string {
	t.Helper()
	const memory = "/dev/shm"
	var free syscall.Statfs_t
	if syscall.Statfs(memory, &free) != nil || free.Bavail*uint64(free.Bsize) < roomy {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "shingle-")
	check(t, err)
	t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
	return dir
}

// PostgreSQL is a schema of its own. The test's package calls [pgtest.Main].
func PostgreSQL(t testing.TB) record.Engine {
	t.Helper()
	engine, err := postgres.Open(t.Context(), pgtest.URL(t))
	check(t, err)
	return engine
}

// Start founds a body named name in a store, with a clock at now. Nothing else is in it yet. more are views
// that stand after its own.
func Start(t testing.TB, store Store, name string, now time.Time, more ...record.View) *Body {
	t.Helper()
	ctx, dir := t.Context(), folder(t)
	b := &Body{t: t, now: now}
	keyFile, rootFile := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
	check(t, vault.InitFile(ctx, keyFile, rootFile))
	root, err := vault.ReadRoot(rootFile)
	check(t, err)
	keys, err := vault.OpenFile(ctx, keyFile, root)
	check(t, err)
	engine := store(t)
	check(t, engine.Migrate(ctx, "log", publog.Migrations()))
	check(t, engine.Migrate(ctx, "view", view.Migrations))
	check(t, engine.Migrate(ctx, "account", account.Migrations))
	check(t, engine.Migrate(ctx, "roster", roster.Migrations))
	check(t, engine.Migrate(ctx, "sending", sending.Migrations))
	check(t, engine.Migrate(ctx, "work", work.Migrations))

	b.Keys = keys
	b.Projection = &view.Projection{Facts: flowbody.FactsOf, ProofUntil: flowbody.ProofUntil}
	b.Register = view.Register{DB: engine.Reader()}
	skey, vkey, err := note.GenerateKey(nil, "log.demo.example")
	check(t, err)
	signer, err := note.NewSigner(skey)
	check(t, err)
	receiptKey, receiptVKey, err := note.GenerateKey(nil, "receipt.demo.example")
	check(t, err)
	receipts, err := note.NewSigner(receiptKey)
	check(t, err)
	b.Log, err = publog.Open(ctx, publog.Config{DB: engine.Reader(), Signer: signer, VKey: vkey, Receipt: receipts, Now: b.Now})
	check(t, err)
	b.LogKey, b.ReceiptKey = vkey, receiptVKey
	b.Record, err = record.Open(ctx, record.Options{
		Engine: engine, Catalogue: flowbody.Catalogue(), Keys: keys, Now: b.Now,
		Views: append([]record.View{b.Projection, &logbody.Statements{Log: b.Log}}, more...),
	})
	check(t, err)
	t.Cleanup(func() { check(t, errors.Join(b.Record.Close(), keys.Close())) })
	b.Do(governance.Found{Name: name, Zone: "America/Denver", Web: "demo.example"})
	return b
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Now is the body's clock.
func (b *Body) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

// Pass moves the clock, and lets everything happen that falls due.
func (b *Body) Pass(d time.Duration) {
	b.t.Helper()
	b.mu.Lock()
	b.now = b.now.Add(d)
	b.mu.Unlock()
	b.Tick()
}

// Tick does one round of what the clock of a served body does: redraw what is stale, state what is due.
func (b *Body) Tick() {
	b.t.Helper()
	check(b.t, b.Record.Upkeep(b.t.Context(), func(tx record.Tx, w act.World) error {
		_, err := b.Projection.Redraw(tx, w, b.Now())
		return err
	}))
	asks, err := b.Register.ClockAsks(b.t.Context(), b.Now(), 1000)
	check(b.t, err)
	for _, cmd := range asks {
		b.DoIn("clock", "clock", cmd)
	}
	due, err := b.Register.Due(b.t.Context(), b.Now(), 1000)
	check(b.t, err)
	for _, number := range due {
		b.Do(standing.State{Member: number})
	}
}

// Do asks for an act as the operator, and fails the test if it is refused.
func (b *Body) Do(cmd any) record.Done {
	b.t.Helper()
	return b.DoAs("operator", cmd)
}

// DoAs asks for an act as somebody.
func (b *Body) DoAs(actor string, cmd any) record.Done {
	b.t.Helper()
	done, err := b.Record.Do(b.t.Context(), record.Request{Command: cmd, Actor: actor, Role: "operator", Expect: -1})
	if err != nil {
		b.t.Fatalf("%T: %v", cmd, err)
	}
	return done
}

// Accounts keeps who signs in, at the address of the body's site. Nobody holds a role there.
func (b *Body) Accounts() *account.Accounts {
	b.t.Helper()
	accounts, err := account.ForPeople(account.Config{
		Record: b.Record, Host: "demo.example", Origins: []string{"https://demo.example"},
		Roles: func(context.Context, string) ([]account.Role, error) { return nil, nil },
	})
	check(b.t, err)
	return accounts
}

// LeafAt returns the index of the leaf of an event.
func (b *Body) LeafAt(ctx context.Context, position int64) (int64, error) {
	leaves, err := logbody.FindLeaves(ctx, b.Register.DB)
	if err != nil {
		return 0, err
	}
	defer leaves.Close()
	return leaves.At(ctx, position)
}

// Body returns the body as the record has it.
func (b *Body) Body(ctx context.Context) (governance.Body, error) {
	w := b.Record.Look(ctx)
	return act.StateOf[governance.Body](w, "body"), w.Err()
}

// Standing answers how a member stood.
func (b *Body) Standing(ctx context.Context, number string, at, known time.Time) (standing.Answer, error) {
	w := b.Record.Look(ctx)
	a := standing.Of(flowbody.FactsOf(w, number), at, known)
	return a, w.Err()
}

// AdoptExample adopts the example code under a label and an effective day.
func (b *Body) AdoptExample(label string, effective act.Date) {
	b.t.Helper()
	text, err := os.ReadFile(example("code.md"))
	check(b.t, err)
	text, err = code.Redate(text, label, effective)
	check(b.t, err)
	b.Do(governance.Adopt{Text: string(text)})
}

// EnrolExample takes in the first n companies of the example roster. All subscribed on one day and have
// paid through another.
func (b *Body) EnrolExample(n int, subscribed, paid act.Date) {
	b.t.Helper()
	f, err := os.Open(example("roster.csv"))
	check(b.t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	check(b.t, err)
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	list := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ';' })
	}
	for _, row := range rows[1:min(n+1, len(rows))] {
		admitted, err := act.ParseDate(row[at["admitted"]])
		check(b.t, err)
		if admitted.After(subscribed) {
			admitted = subscribed
		}
		b.Do(membership.Enrol{
			Number: row[at["number"]], Name: row[at["name"]], TradingNames: list(row[at["trading_names"]]), Domains: list(row[at["domains"]]),
			Address: row[at["address"]], Place: row[at["place"]], Country: row[at["country"]], Services: list(row[at["services"]]),
			ContactName: act.NewPersonal("", row[at["contact_name"]]), ContactEmail: act.NewPersonal("", row[at["contact_email"]]),
			Admitted: admitted, Subscribed: subscribed, PaidThrough: paid,
		})
	}
}

// example returns the path of a file of the bundled example.
func example(name string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "..", "examples", "msp", name)
}
