package complainant_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/complainant"
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

// house is a record in which one company is a member, and a clock that the test moves.
type house struct {
	*record.Record
	t      *testing.T
	engine record.Engine
	at     time.Time
}

// text is the shortest code of ethics that there can be.
const text = "---\ntitle: Code\nversion: \"1\"\neffective: 2026-01-01\ntransition: 90d\n---\n## 1 Be good {#1}\n\nBe good.\n"

func onBoth(t *testing.T, test func(h *house)) {
	for _, store := range []string{"sqlite", "postgres"} {
		t.Run(store, func(t *testing.T) {
			h := &house{t: t, at: time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)}
			dir := t.TempDir()
			var err error
			if store == "postgres" {
				h.engine, err = postgres.Open(t.Context(), pgtest.URL(t))
			} else {
				h.engine, err = sqlite.Open(t.Context(), filepath.Join(dir, "record.db"))
			}
			must(t, err)
			must(t, h.engine.Migrate(t.Context(), "complainant", complainant.Migrations))
			must(t, vault.InitFile(t.Context(), filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")))
			root, err := vault.ReadRoot(filepath.Join(dir, "root.key"))
			must(t, err)
			keys, err := vault.OpenFile(t.Context(), filepath.Join(dir, "keys.db"), root)
			must(t, err)
			h.Record, err = record.Open(t.Context(), record.Options{
				Engine: h.engine, Catalogue: flowbody.Catalogue(), Keys: keys, Now: func() time.Time { return h.at }, Views: []record.View{complainant.Ways{}},
			})
			must(t, err)
			t.Cleanup(func() { must(t, errors.Join(h.Close(), keys.Close())) })
			h.do("operator", governance.Found{Name: "Demo", Zone: "UTC", Web: "demo.example"})
			h.do("operator", governance.Adopt{Text: text})
			h.do("operator", membership.Enrol{Number: "0042", Name: "Acme", Admitted: act.On(2026, 1, 1)})
			h.at = h.at.AddDate(0, 2, 0)
			test(h)
		})
	}
}

func (h *house) do(role string, cmd any) (stream string) {
	h.t.Helper()
	done, err := h.Do(h.t.Context(), record.Request{Command: cmd, Actor: role, Role: role, Expect: -1})
	must(h.t, err)
	return done.Stream
}

// lodge complains under a code, and returns the number of the case.
func (h *house) lodge(code string) string {
	h.t.Helper()
	return strings.TrimPrefix(h.do("anyone", cases.Lodge{
		Respondent: "0042", From: act.On(2026, 2, 1), Known: act.On(2026, 2, 2), Account: act.NewPrivate("", "It was not good."), Anonymous: true, Receipt: act.NewPersonal("", code),
	}), "case/")
}

func (h *house) drafts() complainant.Drafts     { return complainant.Drafts{Record: h.Record} }
func (h *house) sessions() complainant.Sessions { return complainant.Sessions{Record: h.Record} }

func (h *house) answer(code, field, value string) {
	h.t.Helper()
	_, err := h.drafts().Change(h.t.Context(), code, func(d *complainant.Draft) { d.Answers[field] = value })
	must(h.t, err)
}

// rows counts the rows of a table, whatever the pages say of it.
func (h *house) rows(table string) (n int) {
	h.t.Helper()
	must(h.t, h.engine.Reader().QueryRowContext(h.t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

func TestCodesAreReadAsTheyAreMeant(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code := complainant.NewCode()
		if len(code) != 29 || seen[code] || complainant.Code(code) != code {
			t.Fatalf("the code %q", code)
		}
		seen[code] = true
		for _, typed := range []string{
			strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " \u2013 "), "  " + code + "\n", strings.ReplaceAll(strings.ReplaceAll(code, "0", "O"), "1", "l"),
		} {
			if got := complainant.Code(typed); got != code {
				t.Errorf("%q is read as %q, not as %q", typed, got, code)
			}
		}
	}
	for typed, want := range map[string]string{" amber falcon granite ": "amber falcon granite", "": "", "7K3QF": "7K3QF", strings.Repeat("U", 25): strings.Repeat("U", 25)} {
		if got := complainant.Code(typed); got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

// A draft is sealed under its code: no key of the house opens it, and no other code.
func TestADraftIsItsCodesAlone(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx, code, other := t.Context(), complainant.NewCode(), complainant.NewCode()
		h.answer(code, "account", "Secretive Ltd")
		h.answer(code, "when", "2026-02-01")
		d, err := h.drafts().Read(ctx, code)
		if err != nil || d.Answers["account"] != "Secretive Ltd" || d.Answers["when"] != "2026-02-01" {
			t.Errorf("read %+v, %v", d, err)
		}
		if d, err := h.drafts().Read(ctx, other); err != nil || !d.Updated.IsZero() {
			t.Errorf("another code reads %+v, %v", d, err)
		}
		var hash string
		var sealed []byte
		must(t, h.engine.Reader().QueryRowContext(ctx, "SELECT hash, sealed FROM complaint_draft").Scan(&hash, &sealed))
		if strings.Contains(string(sealed), "Secretive") || strings.Contains(hash, code[:5]) {
			t.Error("the draft lies open, or its code does")
		}
		for _, owner := range []string{"case/2026-0001", "sign-up", hash} {
			if _, err := h.Keys.Open(owner, sealed); err == nil {
				t.Errorf("the key of %s opens it", owner)
			}
		}
		if _, err := h.drafts().Change(ctx, code, func(d *complainant.Draft) { d.Answers["account"] = strings.Repeat("x", 600<<10) }); !errors.Is(err, complainant.ErrTooLarge) {
			t.Errorf("too large: %v", err)
		}
		h.at = h.at.Add(complainant.Life + time.Second)
		must(t, h.drafts().Sweep(ctx))
		if n := h.rows("complaint_draft"); n != 0 {
			t.Errorf("%d drafts remain", n)
		}
	})
}

// A complaint takes its draft with it in the same transaction, and its code leads to the case from then on, also after
// the views are made anew, until the file is destroyed.
func TestACodeLeadsToItsCase(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx, code := t.Context(), complainant.NewCode()
		h.answer(code, "account", "It was not good.")
		h.answer("another", "account", "Something else.")
		if _, err := complainant.CaseOf(ctx, h.Record, code); !errors.Is(err, complainant.ErrNoCase) {
			t.Errorf("before it is lodged: %v", err)
		}
		number := h.lodge(code)
		h.lodge(complainant.NewCode())
		if n := h.rows("complaint_draft"); n != 1 {
			t.Errorf("%d drafts remain", n)
		}
		leads := func() {
			t.Helper()
			if got, err := complainant.CaseOf(ctx, h.Record, code); err != nil || got != number {
				t.Errorf("it leads to %q, %v", got, err)
			}
		}
		leads()
		must(t, h.Rebuild(ctx, func(int64, int64) {}))
		leads()
		if again := h.lodge(code); again == number {
			t.Fatal("one number for two")
		} else if got, err := complainant.CaseOf(ctx, h.Record, code); err != nil || got != again {
			t.Errorf("of two cases it leads to %q, %v", got, err)
		}
	})
}

func TestASessionEndsWithTheHour(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx, s := t.Context(), h.sessions()
		what := complainant.Session{Code: complainant.NewCode(), Case: "2026-0001"}
		secret, err := s.Begin(ctx, what)
		must(t, err)
		is := func(want error) {
			t.Helper()
			got, err := s.Of(ctx, secret)
			if !errors.Is(err, want) || err == nil && got != what {
				t.Errorf("it is %+v, %v", got, err)
			}
		}
		is(nil)
		var sealed []byte
		must(t, h.engine.Reader().QueryRowContext(ctx, "SELECT sealed FROM complaint_session").Scan(&sealed))
		if strings.Contains(string(sealed), "2026-0001") {
			t.Error("the session lies open")
		}
		for range 5 { // who reads on is let on
			h.at = h.at.Add(complainant.Away - time.Minute)
			is(nil)
		}
		h.at = h.at.Add(complainant.Away)
		is(complainant.ErrOver)
		must(t, s.Sweep(ctx))
		if n := h.rows("complaint_session"); n != 0 {
			t.Errorf("%d sessions remain", n)
		}
		secret, err = s.Begin(ctx, what)
		must(t, err)
		must(t, s.End(ctx, secret))
		is(complainant.ErrOver)
		if _, err := s.Of(ctx, "nonsense"); !errors.Is(err, complainant.ErrOver) {
			t.Errorf("nonsense: %v", err)
		}
	})
}
