package api

import (
	"context"
	"encoding/base64"
	"net/http"

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
	text, err := a.known(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	publicHeaders(w.Header(), typeJSON, []string{"public, max-age=300"})
	_, _ = w.Write(text)
}

// known returns what a verifier must know of the body, as JSON.
func (a *API) known(ctx context.Context) ([]byte, error) {
	b, err := a.body(ctx)
	if err != nil {
		return nil, err
	}
	known := verify.Body{Body: b.Web, API: a.Origin + prefix}
	known.Log.Origin, known.Log.VKey, known.Log.Witnesses = a.Log.Origin(), a.LogKey, a.Witnesses
	known.Receipt.VKey = a.ReceiptKey
	text, err := marshal(known)
	return append(text, '\n'), err
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
