package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/act"
	"shingle/internal/gate"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// maxBody is how large a request may be, in bytes.
const maxBody = 1 << 20

type (
	actsOutput struct{ Body actsPage }
	actsPage   struct {
		Acts []actItem `json:"acts"`
	}
	actItem struct {
		Kind   string      `json:"kind"`
		Does   string      `json:"does"`
		Fields []fieldItem `json:"fields"`
	}
	fieldItem struct {
		Name     string `json:"name"`
		Label    string `json:"label"`
		Hint     string `json:"hint,omitempty"`
		Type     string `json:"type" enum:"text,private,date,time,number,yes/no,list"`
		Required bool   `json:"required"`
		// Choices are the values it can have, where those are few.
		Choices []string `json:"choices,omitempty"`
	}

	// doneJSON is what came of an act.
	doneJSON struct {
		Position int64       `json:"position" doc:"The record's position that includes it."`
		Stream   string      `json:"stream"`
		Events   []eventJSON `json:"events" doc:"All that happened; empty when there was nothing to do. Personal and private values are null."`
		Replayed bool        `json:"replayed,omitempty" doc:"The same request with the same key was done before; events are those of then."`
		Preview  bool        `json:"preview,omitempty" doc:"Nothing was recorded: this is what would happen now. Positions, versions and new numbers may be others by then."`
	}
	eventJSON struct {
		Position  int64           `json:"position"`
		Stream    string          `json:"stream"`
		Version   int64           `json:"version"`
		Kind      string          `json:"kind"`
		At        time.Time       `json:"at"`
		Effective time.Time       `json:"effective"`
		Data      json.RawMessage `json:"data"`
	}
)

func (a *API) describeActs(h huma.API) {
	register(a, h, operation("list-acts", "/acts", "What can be asked for", "Every kind of act and its fields."), a.acts)
}

func (a *API) acts(context.Context, *struct{}) (*actsOutput, error) {
	page := actsPage{Acts: []actItem{}}
	for _, k := range a.askable() {
		item := actItem{k.Kind, k.Does, []fieldItem{}}
		for _, f := range k.Fields {
			item.Fields = append(item.Fields, fieldItem{f.Name, f.Label, f.Hint, f.Type, f.Required, f.Values()})
		}
		page.Acts = append(page.Acts, item)
	}
	return &actsOutput{page}, nil
}

// askable returns the acts that people may ask for; others follow by themselves.
func (a *API) askable() []*act.Act {
	return slices.DeleteFunc(slices.Clone(a.Record.Catalogue.Acts), func(k *act.Act) bool {
		return !slices.ContainsFunc(gate.Grants(), func(g gate.Grant) bool {
			return g.Act == k.Kind && g.Role != gate.System && g.Role != gate.Clock
		})
	})
}

// serveAct answers POST /acts/{kind}.
func (a *API) serveAct(w http.ResponseWriter, r *http.Request) {
	done, err := a.do(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if done.Replayed || done.Preview || len(done.Events) == 0 {
		status = http.StatusOK
	}
	body, err := marshal(done)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	h := w.Header()
	h["Content-Type"], h["X-Content-Type-Options"] = typeJSON, noSniff
	h["Cache-Control"] = []string{"no-store"}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

func (a *API) do(w http.ResponseWriter, r *http.Request) (doneJSON, error) {
	who, ok := ui.WhoIn(r.Context())
	if !ok {
		return doneJSON{}, errSignIn
	}
	preview, err := previewOf(r)
	if err != nil {
		return doneJSON{}, err
	}
	kind, ok := a.Record.Catalogue.Act(r.PathValue("kind"))
	if !ok {
		return doneJSON{}, record.ErrUnknownAct
	}
	if err := a.Counter.May(who, kind.Kind); err != nil {
		return doneJSON{}, err
	}
	cmd, err := command(w, r, kind)
	if err != nil {
		return doneJSON{}, err
	}
	expect, err := expected(r)
	if err != nil {
		return doneJSON{}, err
	}
	key := r.Header.Get("Idempotency-Key")
	if !act.OneLine(key, 0, 200) {
		return doneJSON{}, badField("Idempotency-Key", "is not one line of at most 200 characters")
	}
	ask := a.Counter.Ask
	if preview {
		ask = a.Counter.Preview
	}
	done, err := ask(r.Context(), who, ui.Asked{Command: cmd, Key: key, Expect: expect})
	if errors.Is(err, ui.ErrBusy) {
		return doneJSON{}, errBusy
	} else if err != nil {
		return doneJSON{}, err
	}
	events, err := eventsJSON(done.Events)
	return doneJSON{done.Position, done.Stream, events, done.Replayed, preview}, err
}

// previewOf reads whether an act is only to be looked at.
func previewOf(r *http.Request) (bool, error) {
	query, err := queryOf(r, "preview")
	if err != nil {
		return false, err
	}
	switch query.Get("preview") {
	case "":
		return false, nil
	case "true":
		return true, nil
	}
	return false, badField("preview", "is true or is left out")
}

// command reads the command from the request: JSON, or fields as a form or the command line sends them.
func command(w http.ResponseWriter, r *http.Request, kind *act.Act) (any, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, errTooLarge
	} else if err != nil {
		return nil, newProblem("bad-request", http.StatusBadRequest, "This cannot be read", "The request ended early. Nothing was changed.", "Send it again.")
	}
	mediaType := "application/json"
	if given := r.Header.Get("Content-Type"); given != "" {
		if mediaType, _, err = mime.ParseMediaType(given); err != nil {
			return nil, errMediaType
		}
	}
	switch mediaType {
	case "application/json":
		return kind.FromJSON(body)
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, &act.BadField{Detail: "the form cannot be read"}
		}
		return kind.FromText(values)
	}
	return nil, errMediaType
}

// expected reads If-Match: the version that the stream must be at.
func expected(r *http.Request) (int64, error) {
	given := r.Header.Get("If-Match")
	if given == "" || given == "*" {
		return -1, nil
	}
	text, quoted := strings.CutPrefix(given, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	n, err := strconv.ParseInt(text, 10, 64)
	if !quoted || !closed || err != nil || n < 0 {
		return 0, badField("If-Match", `is no version; give one in quotation marks, such as "3"`)
	}
	return n, nil
}

func eventsJSON(events []act.Recorded) ([]eventJSON, error) {
	all := make([]eventJSON, len(events))
	for i, e := range events {
		data, err := act.Fingerprint(e.Event) // what is private is left out
		if err != nil {
			return nil, err
		}
		all[i] = eventJSON{e.Position, e.Stream, e.Version, e.Kind, e.At, e.Effective, data}
	}
	return all, nil
}
