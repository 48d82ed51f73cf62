package alerts_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/alerts"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/vault"
	"shingle/internal/web/webtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// canary is in what nobody may read.
const canary = "canarybird"

type house struct {
	*alerts.Alerts
	t     *testing.T
	keys  *vault.Keyring
	mu    sync.Mutex
	now   time.Time
	ended []string
	fault error // of whoever is told that one ended
}

func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	for name, store := range map[string]webtest.Store{"sqlite": webtest.SQLite, "postgres": webtest.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, dir := t.Context(), t.TempDir()
			h := &house{t: t, now: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}
			keyFile, rootFile := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
			must(t, vault.InitFile(ctx, keyFile, rootFile))
			root, err := vault.ReadRoot(rootFile)
			must(t, err)
			h.keys, err = vault.OpenFile(ctx, keyFile, root)
			must(t, err)
			_, _, err = h.keys.Signer(ctx, vault.Receipt, "receipt.demo.example")
			must(t, err)
			engine := store(t)
			must(t, errors.Join(engine.Migrate(ctx, "account", account.Migrations), engine.Migrate(ctx, "alerts", alerts.Migrations)))
			r, err := record.Open(ctx, record.Options{Engine: engine, Catalogue: flowbody.Catalogue(), Keys: h.keys, Now: h.clock})
			must(t, err)
			t.Cleanup(func() { must(t, errors.Join(r.Close(), h.keys.Close())) })
			h.Alerts = alerts.New(alerts.Config{Record: r, Keys: h.keys, Now: h.clock, Ended: func(_ context.Context, id string) error {
				h.mu.Lock()
				defer h.mu.Unlock()
				if h.fault == nil {
					h.ended = append(h.ended, id)
				}
				return h.fault
			}})
			test(t, h)
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) clock() time.Time     { h.mu.Lock(); defer h.mu.Unlock(); return h.now }
func (h *house) pass(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.now = h.now.Add(d) }

// asks begins a subscription and returns its id and the link that would confirm it.
func (h *house) asks(member, address string) (id, link string) {
	h.t.Helper()
	id, err := h.Ask(h.t.Context(), member, address, "203.0.113.7")
	must(h.t, err)
	link, until, err := h.Link(h.t.Context(), id)
	must(h.t, err)
	if d := until.Sub(h.clock()); d <= 0 || d > 24*time.Hour {
		h.t.Errorf("the link is good for %s", d)
	}
	return id, link
}

func (h *house) told(member string, want ...string) {
	h.t.Helper()
	ids, err := h.Of(h.t.Context(), member)
	must(h.t, err)
	slices.Sort(want)
	if !slices.Equal(ids, want) {
		h.t.Errorf("of %s are told %v, want %v", member, ids, want)
	}
}

// forgotten reports whether the key of a subscriber was destroyed.
func (h *house) forgotten(id string) bool {
	h.t.Helper()
	all, err := h.keys.Forgotten(h.t.Context())
	must(h.t, err)
	return slices.Contains(all, alerts.Prefix+id)
}

func TestOnlyWhoConfirmsIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		id, link := h.asks("0042", " Ada@Customer.example ")
		h.told("0042")
		if address, endsBy, err := h.Subscriber(ctx, id); err != nil || address != "Ada@Customer.example" || endsBy != "" {
			t.Errorf("before it is confirmed: %q %q %v", address, endsBy, err)
		}
		if a, err := h.Asked(ctx, link); err != nil || a.Member != "0042" || !a.Confirmed.IsZero() {
			t.Errorf("the link shows %+v, %v", a, err)
		}
		h.told("0042") // looking at it confirms nothing
		a, err := h.Confirm(ctx, link)
		must(t, err)
		if a.ID != id || !a.Confirmed.Equal(h.clock()) {
			t.Errorf("confirmed %+v", a)
		}
		h.told("0042", id)
		h.told("0043")
		if _, err := h.Confirm(ctx, link); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("a second time: %v", err)
		}
		if _, err := h.Asked(ctx, link); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("a look at what was used: %v", err)
		}
		if _, _, err := h.Link(ctx, id); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("a link for what is confirmed: %v", err)
		}
		for _, forged := range []string{"", "x", link + "a", strings.ToLower(link), id, strings.Repeat("a", 26), "\x00", strings.Repeat("z", 1<<16)} {
			if _, err := h.Confirm(ctx, forged); !errors.Is(err, alerts.ErrGone) {
				t.Errorf("forged: %v", err)
			}
			if _, err := h.End(ctx, forged); !errors.Is(err, alerts.ErrGone) {
				t.Errorf("forged: %v", err)
			}
		}
		h.told("0042", id)
	})
}

func TestEndingErasesTheAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		id, link := h.asks("0042", canary+"@customer.example")
		_, err := h.Confirm(ctx, link)
		must(t, err)
		_, endsBy, err := h.Subscriber(ctx, id)
		must(t, err)
		if a, err := h.EndedBy(ctx, endsBy); err != nil || a.ID != id {
			t.Errorf("%+v, %v", a, err)
		}
		h.mu.Lock()
		h.fault = errors.New("a letter cannot be removed")
		h.mu.Unlock()
		if _, err := h.End(ctx, endsBy); err == nil {
			t.Error("what could not be done was not said")
		}
		h.told("0042") // whatever failed, nobody is written to
		if _, _, err := h.Subscriber(ctx, id); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("the address is known: %v", err)
		}
		if !h.forgotten(id) {
			t.Error("its key outlives it")
		}
		h.mu.Lock()
		h.fault = nil
		h.mu.Unlock()
		must(t, h.Sweep(ctx))
		if !slices.Equal(h.ended, []string{id}) {
			t.Errorf("ended %v", h.ended)
		}
		if _, err := h.End(ctx, endsBy); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("a second time: %v", err)
		}
		var rows int
		must(t, h.Record.Engine.Reader().QueryRow("SELECT count(*) FROM alert").Scan(&rows))
		if rows != 0 {
			t.Errorf("%d rows are left", rows)
		}
	})
}

// TestAskingAgainLooksTheSame asks for what is confirmed already.
func TestAskingAgainLooksTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		first, link := h.asks("0042", "ada@customer.example")
		_, err := h.Confirm(ctx, link)
		must(t, err)
		other, link := h.asks("0043", "ada@customer.example") // about another member
		_, err = h.Confirm(ctx, link)
		must(t, err)
		again, link := h.asks("0042", "ADA@customer.example")
		if again == "" || again == first {
			t.Fatalf("the second time it is %q", again)
		}
		h.told("0042", first)
		_, err = h.Confirm(ctx, link)
		must(t, err)
		h.told("0042", again)
		h.told("0043", other)
		if !h.forgotten(first) || h.forgotten(again) || h.forgotten(other) {
			t.Error("the wrong key was destroyed")
		}
	})
}

func TestWhatIsNotConfirmedIsErased(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		id, link := h.asks("0042", "ada@customer.example")
		h.pass(23 * time.Hour)
		late, until, err := h.Link(ctx, id) // the letter was tried again: the link before is good for nothing
		must(t, err)
		if _, err := h.Asked(ctx, link); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("two links work: %v", err)
		}
		if want := h.clock().Add(24 * time.Hour); !until.Equal(want) {
			t.Errorf("until %s, want %s", until, want)
		}
		h.pass(24 * time.Hour)
		if _, err := h.Confirm(ctx, late); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("after a day: %v", err)
		}
		must(t, h.Sweep(ctx))
		if h.forgotten(id) {
			t.Error("erased before two days are over")
		}
		kept, link := h.asks("0042", "bob@customer.example")
		_, err = h.Confirm(ctx, link)
		must(t, err)
		h.pass(time.Hour)
		if _, _, err := h.Link(ctx, id); !errors.Is(err, alerts.ErrGone) {
			t.Errorf("a link after two days: %v", err)
		}
		must(t, h.Sweep(ctx))
		if !h.forgotten(id) {
			t.Error("not erased after two days")
		}
		h.pass(1000 * time.Hour)
		must(t, h.Sweep(ctx))
		h.told("0042", kept)
		var tries int
		must(t, h.Record.Engine.Reader().QueryRow("SELECT count(*) FROM account_attempt").Scan(&tries))
		if tries != 0 {
			t.Errorf("%d counts are kept", tries)
		}
	})
}

func TestHowOftenOneMayAsk(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		for i := range 7 { // of one address, from everywhere
			id, err := h.Ask(ctx, "0042", "ada@customer.example", "")
			must(t, err)
			if (id == "") != (i >= 5) {
				t.Errorf("asked the %d. time: %q", i+1, id)
			}
		}
		var often *account.TooMany
		for i := range 22 { // from one place, for all the world
			_, err := h.Ask(ctx, "0042", strings.Repeat("x", i+1)+"@customer.example", "203.0.113.7")
			if errors.As(err, &often) != (i >= 20) {
				t.Errorf("asked the %d. time: %v", i+1, err)
			}
		}
		if d := often.Again.Sub(h.clock()); d <= 0 || d > time.Hour {
			t.Errorf("again in %s", d)
		}
		_, err := h.Ask(ctx, "0042", "other@customer.example", "203.0.113.8")
		must(t, err)
		h.pass(time.Hour)
		_, err = h.Ask(ctx, "0042", "later@customer.example", "203.0.113.7")
		must(t, err)
		h.pass(24 * time.Hour)
		if id, err := h.Ask(ctx, "0042", "ada@customer.example", "203.0.113.7"); err != nil || id == "" {
			t.Errorf("a day later: %q, %v", id, err)
		}
	})
}

func TestWhatIsNoAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, address := range []string{"", "ada", "ada@", "@x.example", "Ada <ada@x.example>", "ada@x.example, bob@x.example", "ada@x.example\r\nBcc: bob@x.example", "ada@[127.0.0.1]", "a\u202eda@x.example", "ada@\u0435xample.com", strings.Repeat("x", 300) + "@x.example", "ada@x.example\x00"} {
			if id, err := h.Ask(t.Context(), "0042", address, "203.0.113.7"); !errors.Is(err, alerts.ErrAddress) || id != "" || strings.Contains(err.Error(), "ada") {
				t.Errorf("%q: %q, %v", address, id, err)
			}
		}
	})
}

// TestNoAddressLiesInTheDatabase looks for it in all that is stored.
func TestNoAddressLiesInTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		id, link := h.asks("0042", canary+"@customer.example")
		_, err := h.Confirm(t.Context(), link)
		must(t, err)
		_, endsBy, err := h.Subscriber(t.Context(), id)
		must(t, err)
		db := h.Record.Engine.Reader()
		var row struct{ address, sealed, ends []byte }
		must(t, db.QueryRow("SELECT address, sealed, ends_by FROM alert WHERE id = $1", id).Scan(&row.address, &row.sealed, &row.ends))
		for _, what := range [][]byte{row.address, row.sealed, row.ends} {
			if len(what) == 0 || bytes.Contains(what, []byte(canary)) || bytes.Contains(what, []byte(endsBy)) {
				t.Errorf("it holds what is private: %q", what)
			}
		}
		var path string
		if db.QueryRow("SELECT file FROM pragma_database_list").Scan(&path) == nil {
			for _, file := range []string{path, path + "-wal"} {
				if b, err := os.ReadFile(file); err == nil && (bytes.Contains(b, []byte(canary)) || bytes.Contains(b, []byte(endsBy)) || bytes.Contains(b, []byte(link))) {
					t.Errorf("%s holds what is private", filepath.Base(file))
				}
			}
		}
		// Another's address cannot be put in its place.
		other, _ := h.asks("0042", "bob@customer.example")
		must(t, h.Record.Upkeep(t.Context(), func(tx record.Tx, _ act.World) error {
			tx.Exec("UPDATE alert SET sealed = $1 WHERE id = $2", row.sealed, other)
			return nil
		}))
		if address, _, err := h.Subscriber(t.Context(), other); err == nil || strings.Contains(address, canary) {
			t.Errorf("%q, %v", address, err)
		}
	})
}
