package applicant_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
	"shingle/internal/vault"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is a record with a person in it, its keys, and a clock that the test moves.
type house struct {
	*record.Record
	t       *testing.T
	engine  record.Engine
	keys    *vault.Keyring
	keyFile string
	root    string
	at      time.Time
	person  string
}

func onBoth(t *testing.T, test func(h *house)) {
	for _, store := range []string{"sqlite", "postgres"} {
		t.Run(store, func(t *testing.T) {
			h := &house{t: t, at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
			dir := t.TempDir()
			h.keyFile, h.root = filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
			var err error
			if store == "postgres" {
				h.engine, err = postgres.Open(t.Context(), pgtest.URL(t))
			} else {
				h.engine, err = sqlite.Open(t.Context(), filepath.Join(dir, "record.db"))
			}
			must(t, err)
			must(t, h.engine.Migrate(t.Context(), "applicant", applicant.Migrations))
			must(t, vault.InitFile(t.Context(), h.keyFile, h.root))
			h.keys = h.ring()
			h.Record, err = record.Open(t.Context(), record.Options{
				Engine: h.engine, Catalogue: flowbody.Catalogue(), Keys: h.keys, Now: func() time.Time { return h.at }, Views: []record.View{applicant.Clearing{}},
			})
			must(t, err)
			t.Cleanup(func() { must(t, errors.Join(h.Close(), h.keys.Close())) })
			h.do("operator", "operator", governance.Found{Name: "Demo", Zone: "UTC", Web: "demo.example"})
			h.person = h.do("system", "system", people.Register{Name: act.NewPersonal("", "Ada Byron"), Email: act.NewPersonal("", "ada@acme.example")})
			test(h)
		})
	}
}

func (h *house) ring() *vault.Keyring {
	h.t.Helper()
	root, err := vault.ReadRoot(h.root)
	must(h.t, err)
	keys, err := vault.OpenFile(h.t.Context(), h.keyFile, root)
	must(h.t, err)
	return keys
}

func (h *house) do(actor, role string, cmd any) (stream string) {
	h.t.Helper()
	done, err := h.Do(h.t.Context(), record.Request{Command: cmd, Actor: actor, Role: role, Expect: -1})
	must(h.t, err)
	return done.Stream
}

func (h *house) drafts() applicant.Drafts { return applicant.Drafts{Record: h.Record} }

func (h *house) read() applicant.Draft {
	h.t.Helper()
	d, err := h.drafts().Read(h.t.Context(), h.person)
	must(h.t, err)
	return d
}

func (h *house) answer(field, value string) {
	h.t.Helper()
	_, err := h.drafts().Change(h.t.Context(), h.person, func(d *applicant.Draft) { d.Answers[field] = value })
	must(h.t, err)
}

// rows counts the rows of a table, whatever the pages say of it.
func (h *house) rows(table string) (n int) {
	h.t.Helper()
	must(h.t, h.engine.Reader().QueryRowContext(h.t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestADraftIsKeptSealed(t *testing.T) {
	onBoth(t, func(h *house) {
		if d := h.read(); !d.Updated.IsZero() || len(d.Answers) > 0 {
			t.Errorf("nobody began %+v", d)
		}
		h.answer("name", "Secretive Ltd")
		h.answer("place", "Leeds") // on another device: the first answer stays
		if d := h.read(); d.Answers["name"] != "Secretive Ltd" || d.Answers["place"] != "Leeds" || !d.Updated.After(h.at) {
			t.Errorf("read %+v", d)
		}
		var sealed []byte
		must(t, h.engine.Reader().QueryRowContext(t.Context(), "SELECT sealed FROM application_draft").Scan(&sealed))
		if strings.Contains(string(sealed), "Secretive") {
			t.Error("the draft lies open")
		}
		if _, err := h.keys.Open("person/9999", sealed); err == nil {
			t.Error("somebody else's key opens it")
		}
		_, err := h.drafts().Change(t.Context(), h.person, func(d *applicant.Draft) { d.Answers["name"] = strings.Repeat("x", 300<<10) })
		if !errors.Is(err, applicant.ErrTooLarge) || h.read().Answers["name"] != "Secretive Ltd" {
			t.Errorf("too large: %v, and it says %+v", err, h.read())
		}
	})
}

// A person whose key was made by two processes at once has two; a draft sealed under either is read, also once
// the keyring is opened anew.
func TestADraftSurvivesANewKey(t *testing.T) {
	onBoth(t, func(h *house) {
		h.person = "person/0042"
		other := h.ring()
		_, err := other.Seal(h.person, "made elsewhere")
		must(t, err)
		h.answer("name", "First key")
		must(t, other.Sync()) // the other process' key goes behind ours
		must(t, other.Close())
		if got := h.read().Answers["name"]; got != "First key" {
			t.Errorf("beside another key: %q", got)
		}
		again := h.ring()
		defer again.Close()
		h.Keys = again
		if got := h.read().Answers["name"]; got != "First key" {
			t.Errorf("after opening: %q", got)
		}
		h.answer("place", "Leeds")
		if d := h.read(); d.Answers["name"] != "First key" || d.Answers["place"] != "Leeds" {
			t.Errorf("sealed anew: %+v", d)
		}
		h.Keys = h.keys
	})
}

func TestWhoIsForgottenLeavesNoDraft(t *testing.T) {
	onBoth(t, func(h *house) {
		h.answer("name", "Acme")
		h.do("operator", "operator", people.Forget{Person: strings.TrimPrefix(h.person, "person/"), Reason: "objection"})
		if n := h.rows("application_draft"); n != 0 {
			t.Errorf("%d drafts remain", n)
		}
		must(t, h.keys.Forget(t.Context(), h.person)) // as the body does once it is recorded
		if _, err := h.drafts().Change(t.Context(), h.person, func(d *applicant.Draft) { d.Answers["name"] = "Acme" }); !errors.Is(err, act.ErrForgotten) {
			t.Errorf("a draft of who was forgotten: %v", err)
		}
		if n := h.rows("application_draft"); n != 0 {
			t.Errorf("%d drafts after all", n)
		}
	})
}

func TestADraftGoesWithItsApplication(t *testing.T) {
	onBoth(t, func(h *house) {
		h.answer("name", "Acme")
		h.do("operator", "operator", membership.Apply{Name: "Paper Ltd"}) // entered by an officer: nobody's draft
		if n := h.rows("application_draft"); n != 1 {
			t.Fatalf("an officer's entry leaves %d drafts", n)
		}
		h.do(h.person, "person", membership.Apply{Name: "Acme"})
		if n := h.rows("application_draft"); n != 0 {
			t.Errorf("%d drafts remain", n)
		}
	})
}

func TestADraftThatNobodyTouchesIsRemoved(t *testing.T) {
	onBoth(t, func(h *house) {
		h.answer("name", "Acme")
		h.at = h.at.Add(applicant.Life - time.Second)
		must(t, applicant.Sweep(t.Context(), h.Record))
		if h.read().Answers["name"] != "Acme" {
			t.Error("it went too soon")
		}
		h.at = h.at.Add(2 * time.Second)
		if !h.read().Updated.IsZero() {
			t.Error("it is shown after its time")
		}
		must(t, applicant.Sweep(t.Context(), h.Record))
		if n := h.rows("application_draft"); n != 0 {
			t.Errorf("%d drafts remain", n)
		}
	})
}

func TestALinkWorksOnceAndForTenMinutes(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx, s := t.Context(), applicant.SignUps{Record: h.Record}
		ada := applicant.Stranger{Name: "Ada Byron", Email: "ada@acme.example"}
		begin := func() (id, secret string) {
			t.Helper()
			id, err := s.Begin(ctx, ada)
			must(t, err)
			if who, err := s.Who(ctx, id); err != nil || who != ada {
				t.Fatalf("the letter is to %v, %v", who, err)
			}
			secret, until, err := s.Link(ctx, id)
			must(t, err)
			if want := h.at.Add(10 * time.Minute); !until.Equal(want) {
				t.Errorf("it works until %s, want %s", until, want)
			}
			return id, secret
		}
		id, first := begin()
		second, _, err := s.Link(ctx, id) // the letter was tried again
		must(t, err)
		if s.Works(ctx, first) == nil || s.Works(ctx, second) != nil {
			t.Error("not the newest letter's link works alone")
		}
		used, who, err := s.Use(ctx, second)
		if err != nil || used != id || who != ada {
			t.Errorf("used: %q %v %v", used, who, err)
		}
		for what, err := range map[string]error{"used twice": useAgain(ctx, s, second), "looked at again": s.Works(ctx, second), "none": s.Works(ctx, ""), "odd": s.Works(ctx, "\x00'--")} {
			if !errors.Is(err, applicant.ErrSpent) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, _, err := s.Link(ctx, id); !errors.Is(err, applicant.ErrSpent) {
			t.Errorf("a letter after it was used: %v", err)
		}

		_, late := begin()
		h.at = h.at.Add(10 * time.Minute)
		if _, _, err := s.Use(ctx, late); !errors.Is(err, applicant.ErrSpent) {
			t.Errorf("after ten minutes: %v", err)
		}
		must(t, applicant.Sweep(ctx, h.Record))
		if n := h.rows("application_signup"); n != 0 {
			t.Errorf("%d strangers are kept", n)
		}
	})
}

func useAgain(ctx context.Context, s applicant.SignUps, secret string) error {
	_, _, err := s.Use(ctx, secret)
	return err
}

func TestStrangersAreKeptSealed(t *testing.T) {
	onBoth(t, func(h *house) {
		_, err := applicant.SignUps{Record: h.Record}.Begin(t.Context(), applicant.Stranger{Name: "Ada Byron", Email: "ada@acme.example"})
		must(t, err)
		var sealed sql.RawBytes
		rows, err := h.engine.Reader().QueryContext(t.Context(), "SELECT sealed FROM application_signup")
		must(t, err)
		defer rows.Close()
		for rows.Next() {
			must(t, rows.Scan(&sealed))
			if strings.Contains(string(sealed), "Ada") || strings.Contains(string(sealed), "acme") {
				t.Error("a stranger's name lies open")
			}
		}
	})
}
