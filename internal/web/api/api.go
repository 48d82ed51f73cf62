// Package api is the body's face to programs: JSON under /api/v1, described by /openapi.json.
//
// Anyone may read what is public: members, their standing at any past moment, receipts, notices, the
// texts of the code. Whoever holds a bearer token may ask for the acts that the gate grants to its role.
// Whatever goes wrong is an RFC 9457 problem.
//
// The questions that are asked most, "how does this member stand" and "give me a receipt", are answered
// from memory, by handlers of their own. [Cache] holds their answers; it stands last among the record's
// views and drops an answer before the act that changes it is acknowledged. Everything else goes
// through huma.
package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/health"
	"shingle/internal/publog"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// Config is what the API answers from.
type Config struct {
	Record   *record.Record
	Register view.Register
	Log      *publog.Log
	Cache    *Cache // the one that stands among the record's views
	// Accounts is the body's account of complaints; nil makes one.
	Accounts *view.Accounts
	// Facts are the facts that a member's standing follows from.
	Facts func(w act.World, number string) standing.Facts
	// LeafAt returns the index of the leaf that tells of the event at a position of the record.
	LeafAt func(ctx context.Context, position int64) (int64, error)
	// Token says who holds a bearer token; it fails for one that is not or no longer valid.
	Token func(ctx context.Context, token string) (ui.Who, error)
	// Allows refuses what the gate does not grant, see [ui.Counter].
	Allows func(who ui.Who, what string, concerning ...string) error
	// LogKey and ReceiptKey are the public keys, as C2SP vkeys.
	LogKey, ReceiptKey string
	Witnesses          []string // their vkeys
	// Origin is where the site is reached, e.g. "https://demo.example".
	Origin string
	Now    func() time.Time // the clock
	Logger *slog.Logger
	Demo   bool // the clock is a demo's
	// Ready are further things that must work before requests are sent here, by name; nil errors are good.
	Ready map[string]func(context.Context) error
	// Health is what /healthz tells; nil is always well.
	Health *health.Health
	// Metrics is what /metrics shows to whom the gate grants it; nil shows nothing.
	Metrics http.Handler
}

// API answers programs.
type API struct {
	Config
	Counter ui.Counter
	clock   clock
	openapi func() []byte // written when somebody asks for it first
	docs    func() docsPage
	pages   *ui.Pages
}

// New returns the API.
func New(c Config) *API {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Accounts == nil {
		c.Accounts = &view.Accounts{Register: c.Register}
	}
	return &API{Config: c, Counter: ui.Counter{Record: c.Record, Allows: c.Allows}, pages: ui.Parse(pageFiles, c.Logger)}
}

const prefix = "/api/v1"

// Routes adds the API to mux.
func (a *API) Routes(mux *http.ServeMux) {
	doc := a.describe(mux)
	hot := func(pattern string, h http.HandlerFunc) {
		asking := a.asking(h)
		mux.HandleFunc(pattern, a.guard(func(w http.ResponseWriter, r *http.Request) {
			if r.Header["Authorization"] != nil {
				asking(w, r)
				return
			}
			h(w, r)
		}))
	}
	hot("GET "+prefix+"/members/{number}/standing", a.serveStanding)
	hot("GET "+prefix+"/standing", a.serveStandingOfDomain)
	hot("GET "+prefix+"/members/{number}/receipt", a.serveReceipt)
	mux.HandleFunc(ownStanding, a.asking(a.serveOwnStanding))
	mux.HandleFunc("POST "+prefix+"/acts/{kind}", a.asking(a.serveAct))
	mux.HandleFunc("GET /.well-known/shingle.json", a.guard(a.serveBody))
	mux.HandleFunc("GET /healthz", a.guard(a.serveHealth))
	mux.HandleFunc("GET /readyz", a.guard(a.serveReady))
	mux.HandleFunc("GET /metrics", a.asking(a.serveMetrics))
	mux.Handle("GET /docs", ui.Secure(a.guard(a.serveDocs)))
	mux.Handle("GET /problems/{slug}", ui.Secure(a.guard(a.serveProblem)))
	mux.HandleFunc("GET /openapi.json", a.guard(a.serveOpenAPI))
	mux.HandleFunc("/api/", a.guard(func(w http.ResponseWriter, r *http.Request) { a.serveOther(mux, w, r) }))
	a.openapi = sync.OnceValue(func() []byte { return encodeOpenAPI(doc) })
	a.docs = sync.OnceValue(func() docsPage { return describePages(doc) })
}

// through registers huma's handlers: guarded, and with whoever asks in the context.
type through struct {
	*http.ServeMux
	api *API
}

// HandleFunc implements humago.Mux.
func (t through) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	t.ServeMux.HandleFunc(pattern, t.api.asking(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Access-Control-Allow-Origin"] = anyOrigin
		w.Header()["X-Content-Type-Options"] = noSniff
		w.Header()["Cache-Control"] = askAgain
		h(w, r)
	}))
}

func (a *API) huma(mux *http.ServeMux) huma.API {
	format := huma.Format{
		Marshal: func(w io.Writer, v any) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false) // it is served as JSON and nothing else
			return enc.Encode(v)
		},
		Unmarshal: json.Unmarshal,
	}
	return humago.New(through{mux, a}, huma.Config{
		OpenAPI:                      outline(),
		Formats:                      map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{plain},
	})
}

// methods are those that a route may have.
var methods = []string{http.MethodGet, http.MethodPost}

// serveOther answers what no route does: another method than the route's, or no route at all.
func (a *API) serveOther(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range methods {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := mux.Handler(other); pattern != "/api/" && pattern != "" {
			allowed = append(allowed, m)
			if m == http.MethodGet {
				allowed = append(allowed, http.MethodHead)
			}
		}
	}
	if len(allowed) == 0 {
		a.fail(w, r, newProblem("not-found", http.StatusNotFound, "There is nothing here", "Nothing is at "+clip(r.URL.Path)+".", "See /docs."))
		return
	}
	for _, m := range append(allowed, http.MethodOptions) {
		w.Header().Add("Allow", m)
	}
	if r.Method == http.MethodOptions {
		w.Header()["Access-Control-Allow-Origin"] = anyOrigin
		w.Header()["Access-Control-Allow-Methods"] = []string{"GET, HEAD"} // acts are not for other sites' pages
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a.fail(w, r, newProblem("method", http.StatusMethodNotAllowed, "This is not done here",
		clip(r.Method)+" is not answered at this address. Nothing was changed.", "See /docs."))
}
