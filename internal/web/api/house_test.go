package api_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/publog"
	statements "shingle/internal/publog/body"
	"shingle/internal/record"
	"shingle/internal/record/sqlite"
	"shingle/internal/vault"
	view "shingle/internal/view/body"
	"shingle/internal/web/api"
	"shingle/internal/web/ui"
)

// house is a body in a temporary folder, with its real parts: record, keys, log, views and API.
type house struct {
	t      testing.TB
	record *record.Record
	log    *publog.Log
	api    *api.API
	mux    *http.ServeMux
	db     *sql.DB
	cache  *api.Cache
	now    atomic.Int64 // µs since 1970
	logged strings.Builder
	court
}

const (
	secretName  = "Wilhelmina Quartermaine" // of a contact; it must not leak
	secretMail  = "wilhelmina@cobaltridge.example"
	secretCause = "They copied the payroll of a customer"
)

var start = time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)

func newHouse(t testing.TB) *house { return newHouseWith(t, api.NewCache()) }

func newHouseWith(t testing.TB, cache *api.Cache) *house {
	t.Helper()
	h := &house{t: t, mux: http.NewServeMux(), cache: cache}
	h.now.Store(start.UnixMicro())
	dir, ctx := t.TempDir(), context.Background()
	engine, err := sqlite.Open(ctx, filepath.Join(dir, "shingle.db"))
	h.must(err)
	h.db = engine.Reader()
	h.must(errors.Join(record.Prepare(ctx, engine), engine.Migrate(ctx, "log", publog.Migrations()), engine.Migrate(ctx, "register", view.Migrations)))
	root := filepath.Join(dir, "root.key")
	h.must(vault.InitFile(ctx, filepath.Join(dir, "keys.db"), root))
	key, err := vault.ReadRoot(root)
	h.must(err)
	keys, err := vault.OpenFile(ctx, filepath.Join(dir, "keys.db"), key)
	h.must(err)
	logSigner, logKey := signer(h, keys, vault.Log, "demo.example/log")
	receiptSigner, receiptKey := signer(h, keys, vault.Receipt, "demo.example/receipt")
	h.log, err = publog.Open(ctx, publog.Config{DB: engine.Reader(), Signer: logSigner, VKey: logKey, Receipt: receiptSigner, Now: h.clock})
	h.must(err)
	h.record, err = record.Open(ctx, record.Options{
		Engine: engine, Catalogue: flowbody.Catalogue(), Keys: keys, Now: h.clock,
		Views: []record.View{&view.Projection{Facts: flowbody.FactsOf}, &statements.Statements{Log: h.log}, h.cache},
	})
	h.must(err)
	leaves, err := statements.FindLeaves(context.Background(), engine.Reader())
	h.must(err)
	t.Cleanup(func() { _ = errors.Join(leaves.Close(), h.record.Close(), keys.Close()) })
	h.api = api.New(api.Config{
		Record: h.record, Register: view.Register{DB: engine.Reader()}, Log: h.log, Cache: h.cache, Facts: flowbody.FactsOf,
		LeafAt: leaves.At,
		Token:  h.holder,
		Allows: ui.Allows,
		LogKey: logKey, ReceiptKey: receiptKey, Origin: "https://demo.example", Now: h.clock,
		Logger: slog.New(slog.NewTextHandler(&h.logged, nil)),
	})
	h.api.Routes(h.mux)
	return h
}

func signer(h *house, keys *vault.Keyring, purpose, name string) (note.Signer, string) {
	s, vkey, err := keys.Signer(context.Background(), purpose, name)
	h.must(err)
	return s, vkey
}

// holder knows tokens that are "ROLE" or "ROLE@MEMBER" or "ROLE#NAME"; of one that ends in "~" it is long ago that
// its holder proved who they are. Of a person, and of an officer in their own name, the name is the number.
func (h *house) holder(_ context.Context, token string) (ui.Who, error) {
	if token == "wrong" {
		return ui.Who{}, account.ErrUnknownToken
	}
	if token == "panic" {
		panic("the table of tokens is on fire")
	}
	token, stale := strings.CutSuffix(token, "~")
	role, member, _ := strings.Cut(token, "@")
	role, name, _ := strings.Cut(role, "#")
	who := ui.Who{Actor: "token/" + role + name, Role: role, Member: member, Stale: stale}
	if n, err := strconv.Atoi(name); role == "person" || err == nil && n > 0 {
		who.Actor, who.Holder = "person/"+name, "person/"+name
	}
	return who, nil
}

func (h *house) clock() time.Time { return time.UnixMicro(h.now.Load()).UTC() }

// at sets the clock.
func (h *house) at(t time.Time) { h.now.Store(t.UnixMicro()) }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// do asks for an act as the operator or, of discipline, as a case manager.
func (h *house) do(cmd any) record.Done {
	h.t.Helper()
	return h.doAs("operator", cmd)
}

func (h *house) doAs(actor string, cmd any) record.Done {
	h.t.Helper()
	done, err := h.record.Do(context.Background(), record.Request{Command: cmd, Actor: actor, Role: "operator", Expect: -1})
	if r, ok := act.Refused(err); ok {
		h.t.Fatalf("%T: %s: %s", cmd, r.Rule.ID, r.Detail)
	}
	h.must(err)
	return done
}

// founded is a house whose body has a code and two members since March: 0042, a subscriber, and 0007,
// who never subscribed. The register is open.
func founded(t testing.TB) *house {
	h := newHouse(t)
	h.found()
	h.do(governance.Open{})
	return h
}

func (h *house) found() {
	text, err := os.ReadFile("../../../examples/msp/code.md")
	h.must(err)
	h.do(governance.Found{Name: "The Body", Zone: "Europe/Dublin", Web: "demo.example"})
	h.do(governance.Adopt{Text: string(text)})
	h.do(h.enrolment("0042", "Cobalt Ridge IT", act.On(2026, 3, 1)))
	h.do(h.enrolment("0007", "Zoë & Søn <b>MSP</b>", act.Date{}))
}

func (h *house) enrolment(number, name string, subscribed act.Date) membership.Enrol {
	label := "m" + number
	if number == "0042" {
		label = "cobaltridge"
	}
	return membership.Enrol{
		Number: number, Name: name, Domains: []string{label + ".example"}, Place: "Denver", Country: "United States",
		Services: []string{"helpdesk"}, Admitted: act.On(2025, 1, 1), Subscribed: subscribed, PaidThrough: act.On(2027, 3, 1),
		ContactName: act.NewPersonal("", secretName), ContactEmail: act.NewPersonal("", secretMail),
	}
}

// expulsion is a decision on paper, before go-live.
func expulsion(member string) discipline.Record {
	return discipline.Record{
		Member: member, Sanction: "expulsion", Findings: []string{"1=It disclosed a customer's data."},
		Decided: act.On(2026, 5, 4), Served: act.On(2026, 5, 6), ServiceProof: "courier receipt 1183", AppealClosed: act.On(2026, 7, 1),
		Text: "The panel finds the violation proven and expels the member.",
	}
}

// ask sends a request; token may be "".
func (h *house) ask(method, target, token, body string, header ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, target, r)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, req)
	if s := w.Body.String(); strings.Contains(s, secretName) || strings.Contains(s, secretMail) || strings.Contains(s, secretCause) || strings.Contains(s, `"sealed"`) {
		h.t.Errorf("%s %s answers a private value: %s", method, target, s)
	}
	return w
}

// get reads JSON and checks the status.
func (h *house) get(target, token string, status int) map[string]any {
	h.t.Helper()
	w := h.ask("GET", target, token, "")
	return h.json(w, status, "GET "+target)
}

func (h *house) json(w *httptest.ResponseRecorder, status int, what string) map[string]any {
	h.t.Helper()
	if w.Code != status {
		h.t.Fatalf("%s: %d %s, want %d", what, w.Code, w.Body, status)
	}
	kind := "application/json"
	if status >= 400 {
		kind = "application/problem+json"
	}
	if got := w.Header().Get("Content-Type"); got != kind {
		h.t.Errorf("%s: content type %q, want %q", what, got, kind)
	}
	var v map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		h.t.Fatalf("%s: %v: %s", what, err, w.Body)
	}
	if status >= 400 {
		h.problem(v, status, what)
	}
	return v
}

// problem checks that a problem says what RFC 9457 and our documentation promise.
func (h *house) problem(v map[string]any, status int, what string) {
	h.t.Helper()
	if v["status"] != float64(status) || v["title"] == "" || v["type"] == nil {
		h.t.Errorf("%s: a problem without status, title or type: %v", what, v)
		return
	}
	slug := strings.TrimPrefix(v["type"].(string), "/problems/")
	req := httptest.NewRequest("GET", "/problems/"+slug, nil)
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, req)
	if w.Code != http.StatusSeeOther {
		h.t.Errorf("%s: the type %s is not documented", what, v["type"])
	}
}

func (h *house) is(got map[string]any, path string, want any) {
	h.t.Helper()
	var v any = got
	for _, name := range strings.Split(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	if fmt.Sprint(v) != fmt.Sprint(want) {
		h.t.Errorf("%s is %v, want %v", path, v, want)
	}
}
