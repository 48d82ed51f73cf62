// Package local is the operator's own door: what only whoever sits at the machine may do. It is served
// on the folder's socket and to commands that open the folder themselves, never on the network.
package local

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"shingle/internal/account"
	"shingle/internal/record"
	"shingle/internal/roster"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
	"shingle/internal/work/webhook"
)

// Door serves /local/. Long work answers with lines of JSON: how far it is, and at last what came of it
// or what stopped it.
type Door struct {
	Record  *record.Record
	Tokens  *account.Tokens
	Objects *vault.Objects
	Logger  *slog.Logger
	Now     func() time.Time // the clock
	// Names tells the names of all members.
	Names func(ctx context.Context, each func(number, name string)) error

	// Invite makes an invitation for a person, or, for one who has not joined, a one-time link; see [Door.invite].
	Invite func(ctx context.Context, person string, link bool) (address string, until time.Time, err error)

	// Hooks are the webhooks. Resend sends a message again, or fails with [ErrNotSending].
	Hooks  func() *webhook.Hooks
	Resend func(ctx context.Context, id string, position int64) error

	// Clock says how the machine's clock stands; AcceptClock believes it. See [Door.clock].
	Clock       func() Clock
	AcceptClock func() error
	Backups     Backups
	// Export writes the public site as files to a place, all of them anew or what changed.
	Export func(ctx context.Context, to, base string, anew bool, progress func(done, of int64)) (any, error)

	once sync.Once
	mux  *http.ServeMux
}

// ServeHTTP implements [http.Handler].
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.once.Do(func() {
		d.mux = http.NewServeMux()
		d.mux.HandleFunc("POST /local/import/roster", d.importRoster)
		d.mux.HandleFunc("POST /local/import/completions", d.importCompletions)
		d.mux.HandleFunc("GET /local/audits/{number}/people", d.auditPeople)
		d.mux.HandleFunc("POST /local/rebuild", d.rebuild)
		d.mux.HandleFunc("GET /local/clock", d.clock)
		d.mux.HandleFunc("POST /local/clock/accept", d.acceptClock)
		d.mux.HandleFunc("GET /local/backup", d.backup)
		d.mux.HandleFunc("POST /local/backup", d.backupInto)
		d.mux.HandleFunc("GET /local/backup/status", d.backupStatus)
		d.mux.HandleFunc("POST /local/vault/check", d.checkVault)
		d.mux.HandleFunc("POST /local/vault/recover", d.recoverObject)
		d.mux.HandleFunc("POST /local/export", d.export)
		d.mux.HandleFunc("GET /local/tokens", d.listTokens)
		d.mux.HandleFunc("POST /local/tokens", d.createToken)
		d.mux.HandleFunc("DELETE /local/tokens/{id}", d.revokeToken)
		d.mux.HandleFunc("POST /local/invitations", d.invite)
		d.mux.HandleFunc("POST /local/mail/returned", d.returned)
		d.mux.HandleFunc("GET /local/webhooks", d.listWebhooks)
		d.mux.HandleFunc("POST /local/webhooks", d.addWebhook)
		d.mux.HandleFunc("DELETE /local/webhooks/{id}", d.removeWebhook)
		d.mux.HandleFunc("POST /local/webhooks/{id}/again", d.resend)
		d.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
			notThere("The operator's door has nothing at "+r.URL.Path+".", "").WriteJSON(w)
		})
	})
	if r.Header.Get("Authorization") != "" {
		// Whoever brings a token asks as its holder, who has no business here.
		ui.Problem{Type: "/problems/forbidden", Title: "This is for the operator alone", Status: http.StatusForbidden, Cure: "Ask without a token."}.WriteJSON(w)
		return
	}
	d.mux.ServeHTTP(w, r)
}

func notThere(title, cure string) ui.Problem {
	return ui.Problem{Type: "/problems/not-found", Title: title, Status: http.StatusNotFound, Cure: cure}
}

// lines writes the lines of an answer, each at once.
type lines struct {
	mu  sync.Mutex
	w   http.ResponseWriter
	enc *json.Encoder

	shown time.Time // when progress was told last
}

func newLines(w http.ResponseWriter) *lines {
	w.Header().Set("Content-Type", "application/x-ndjson")
	return &lines{w: w, enc: json.NewEncoder(w)}
}

// progress tells how far it is, ten times a second at most.
func (l *lines) progress(done, of int64) {
	if now := time.Now(); now.Sub(l.shown) > 100*time.Millisecond {
		l.shown = now
		l.say(progressLine{done, of})
	}
}

// say writes one line. If the reader is gone the work goes on: what is asked for is done.
func (l *lines) say(line any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.enc.Encode(line) == nil {
		_ = http.NewResponseController(l.w).Flush()
	}
}

type progressLine struct {
	Done int64 `json:"done"`
	Of   int64 `json:"of,omitempty"`
}

type resultLine struct {
	Result any `json:"result"`
}

type errorLine struct {
	Error  string `json:"error"`
	Result any    `json:"result"` // what was done before
}

func (d *Door) importRoster(w http.ResponseWriter, r *http.Request) { d.imports(w, r, roster.Members) }

func (d *Door) importCompletions(w http.ResponseWriter, r *http.Request) {
	d.imports(w, r, roster.Completions)
}

func (d *Door) imports(w http.ResponseWriter, r *http.Request, of *roster.Kind) {
	mapping, err := of.ParseMapping(r.URL.Query().Get("map"))
	if err != nil {
		ui.BadRequest(err.Error()).WriteJSON(w)
		return
	}
	// The file is still being read while lines are written.
	_ = http.NewResponseController(w).EnableFullDuplex()
	out := newLines(w)
	// An import that was begun is finished with what arrives of the file, also if nobody reads the lines.
	ctx := context.WithoutCancel(r.Context())
	rep, err := roster.Import{
		Of: of, Record: d.Record, Actor: "operator", Role: "operator", Mapping: mapping, DryRun: r.URL.Query().Get("dry_run") == "true", Names: d.Names,
		Begun:    func(header roster.Cells) { out.say(map[string]any{"header": header}) },
		Progress: func(rows int64) { out.say(progressLine{Done: rows}) },
		Rejected: func(reject roster.Reject) { out.say(map[string]any{"reject": reject}) },
	}.Run(ctx, r.Body)
	d.end(r, out, rep, err)
	// A sender who cannot get rid of the rest would not hear why the import stopped.
	_, _ = io.Copy(io.Discard, r.Body)
}

func (d *Door) rebuild(w http.ResponseWriter, r *http.Request) {
	out := newLines(w)
	err := d.Record.Rebuild(context.WithoutCancel(r.Context()), out.progress)
	d.end(r, out, map[string]int64{"events": d.Record.Position()}, err)
}

// end writes the last line.
func (d *Door) end(r *http.Request, out *lines, result any, err error) {
	if err == nil {
		out.say(resultLine{result})
		return
	}
	var header *roster.HeaderError
	var broken *roster.BrokenFile
	says := err.Error() // the operator at the machine is told the particulars
	if p := ui.ProblemOf(err); errors.As(err, &header) || errors.As(err, &broken) {
		// The file is at fault, and whoever sent it is told: nothing for the log.
	} else if errors.Is(err, io.ErrClosedPipe) || r.Context().Err() != nil {
		// Whoever sent it has stopped, and knows.
	} else if errors.Is(err, context.Canceled) {
		says = "interrupted; doing it again goes on where it stopped"
	} else if p.Status == http.StatusInternalServerError {
		d.Logger.ErrorContext(r.Context(), "long work stopped", "route", r.Pattern, "error", err)
	} else {
		says = p.Detail
	}
	out.say(errorLine{says, result})
}

type token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Member  string    `json:"member,omitempty"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Secret  string    `json:"secret,omitempty"`
}

func tokenOf(t account.Token, secret string) token {
	return token{t.ID, t.Name, t.Role, t.Member, t.Created, t.Expires, secret}
}

func (d *Door) createToken(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Name, Role, Member string
		Days               int
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&ask); err != nil {
		ui.BadRequest("The request cannot be read as JSON.").WriteJSON(w)
		return
	}
	if ask.Days < 1 || ask.Days > 366 {
		ui.BadRequest("A token is valid for 1 to 366 days.").WriteJSON(w)
		return
	}
	secret, t, err := d.Tokens.Create(r.Context(), account.Token{Name: ask.Name, Role: ask.Role, Member: ask.Member}, time.Duration(ask.Days)*24*time.Hour)
	if err != nil {
		d.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
	d.write(w, tokenOf(t, secret))
}

func (d *Door) listTokens(w http.ResponseWriter, r *http.Request) {
	all, err := d.Tokens.List(r.Context())
	if err != nil {
		d.fail(w, err)
		return
	}
	list := []token{}
	for _, t := range all {
		list = append(list, tokenOf(t, ""))
	}
	d.write(w, map[string]any{"tokens": list})
}

func (d *Door) revokeToken(w http.ResponseWriter, r *http.Request) {
	end := d.Tokens.Revoke
	if r.URL.Query().Get("forget") == "true" {
		end = d.Tokens.Forget
	}
	if err := end(r.Context(), r.PathValue("id")); err != nil {
		d.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// fail answers with an error. The operator is told the particulars of a fault, so the log need not be.
func (d *Door) fail(w http.ResponseWriter, err error) {
	if errors.Is(err, account.ErrNotFound) {
		notThere("There is no token with this id", "\"shingle token list\" lists them.").WriteJSON(w)
		return
	}
	p := ui.ProblemOf(err)
	if p.Status == http.StatusInternalServerError {
		p.Title, p.Detail, p.Cure = "This could not be done", err.Error(), ""
	}
	p.WriteJSON(w)
}

func (d *Door) write(w http.ResponseWriter, v any) {
	_ = json.NewEncoder(w).Encode(v) // the reader may have gone
}
