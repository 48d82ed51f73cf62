package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/web/ui"
	"shingle/verify"
)

// body returns the body as it stands in the record; its zero value before it is founded.
func (a *API) body(ctx context.Context) (governance.Body, error) {
	look := a.Record.Look(ctx)
	b := act.StateOf[governance.Body](look, "body")
	return b, look.Err()
}

// serveBody answers GET /.well-known/shingle.json: what a verifier must know of the body.
func (a *API) serveBody(w http.ResponseWriter, r *http.Request) {
	b, err := a.body(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	known := verify.Body{Body: b.Web, API: a.Origin + prefix}
	known.Log.Origin, known.Log.VKey, known.Log.Witnesses = a.Log.Origin(), a.LogKey, a.Witnesses
	known.Receipt.VKey = a.ReceiptKey
	text, err := marshal(known)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	publicHeaders(w.Header(), typeJSON, []string{"public, max-age=300"})
	_, _ = w.Write(append(text, '\n'))
}

type (
	logOutput struct{ Body logPage }
	logPage   struct {
		Origin     string `json:"origin" doc:"The log's name."`
		Size       int64  `json:"size" doc:"How many leaves it has."`
		Root       string `json:"root" doc:"Root hash (RFC 6962), base64."`
		Checkpoint string `json:"checkpoint" doc:"The signed checkpoint (C2SP tlog-checkpoint)."`
		Tiles      string `json:"tiles" doc:"Where the log is read (C2SP tlog-tiles)."`
	}
)

func (a *API) describeLog(h huma.API) {
	register(a, h, operation("get-log", "/log", "The head of the public log",
		"What anyone needs to begin checking that nothing was quietly changed. The log itself is read as tiles."), a.logHead)
}

func (a *API) logHead(ctx context.Context, _ *struct{}) (*logOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	if s, ok := ui.StaticOf(ctx); ok && s.Size > 0 { // files tell of the log that they have
		return &logOutput{logPage{a.Log.Origin(), s.Size, s.Root, s.Checkpoint, a.Origin + "/log/"}}, nil
	}
	head := a.Log.Head()
	return &logOutput{logPage{a.Log.Origin(), head.Size, base64.StdEncoding.EncodeToString(head.Root[:]), string(a.Log.Checkpoint()), a.Origin + "/log/"}}, nil
}

// serveHealth answers GET /healthz: the process runs and answers. Whether it can do its work is /readyz.
func (a *API) serveHealth(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"] = typeText, []string{"no-store"}
	_, _ = w.Write([]byte("ok\n"))
}

// checkTime is how long one check of readiness may take.
const checkTime = 2 * time.Second

// serveReady answers GET /readyz: what it takes to answer and to record, looked at now.
func (a *API) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTime)
	defer cancel()
	checks := map[string]func(context.Context) error{
		"record": func(ctx context.Context) error { return a.Register.DB.PingContext(ctx) },
		"log":    func(context.Context) error { return a.Log.Halted() },
	}
	for name, check := range a.Ready {
		checks[name] = check
	}
	result := struct {
		Ready  bool              `json:"ready"`
		Checks map[string]string `json:"checks"`
	}{true, map[string]string{}}
	for name, check := range checks {
		result.Checks[name] = "ok"
		if err := check(ctx); err != nil {
			a.Logger.WarnContext(ctx, "not ready", "check", name, "error", err)
			result.Ready, result.Checks[name] = false, "failing; the server's log says why"
		}
	}
	text, err := marshal(result)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	h := w.Header()
	h["Content-Type"], h["Cache-Control"] = typeJSON, []string{"no-store"}
	if !result.Ready {
		h["Retry-After"] = []string{"5"}
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(text, '\n'))
}
