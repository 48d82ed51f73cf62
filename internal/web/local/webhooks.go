package local

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"shingle/internal/act"
	"shingle/internal/web/ui"
	"shingle/internal/work/webhook"
)

// Webhook is an address that is told what becomes public.
type Webhook struct {
	ID       string    `json:"id"`
	URL      string    `json:"url"`
	Types    []string  `json:"types"` // of events; none for all
	Created  time.Time `json:"created"`
	Public   string    `json:"public"`             // whpk_…: the key by which it knows our v1a signatures
	Disabled string    `json:"disabled,omitempty"` // why nothing is sent; "" while it is
	Secret   string    `json:"secret,omitempty"`   // whsec_…, shown once
}

func webhookOf(e webhook.Endpoint, secret string) Webhook {
	h := Webhook{ID: e.ID, URL: e.URL, Types: append([]string{}, e.Types...), Created: e.Created, Public: e.Public, Secret: secret}
	if !e.Disabled.IsZero() {
		h.Disabled = e.Says
	}
	return h
}

func (d *Door) listWebhooks(w http.ResponseWriter, r *http.Request) {
	all, err := d.Hooks().Endpoints(r.Context())
	if err != nil {
		d.fail(w, err)
		return
	}
	list := []Webhook{}
	for _, e := range all {
		list = append(list, webhookOf(e, ""))
	}
	d.write(w, map[string]any{"webhooks": list})
}

func (d *Door) addWebhook(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		URL   string
		Types []string
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&ask); err != nil {
		ui.BadRequest("The request cannot be read as JSON.").WriteJSON(w)
		return
	}
	e, secret, err := d.Hooks().Register(r.Context(), ask.URL, ask.Types, "operator")
	var bad *act.BadField
	switch {
	case errors.As(err, &bad):
		ui.Problem{Type: "/problems/bad-request", Title: "The webhook cannot be added", Status: http.StatusUnprocessableEntity, Detail: bad.Field + ": " + bad.Detail, Cure: "Nothing was changed."}.WriteJSON(w)
	case err != nil:
		d.fail(w, err)
	default:
		w.WriteHeader(http.StatusCreated)
		d.write(w, webhookOf(e, secret))
	}
}

func (d *Door) removeWebhook(w http.ResponseWriter, r *http.Request) {
	if err := d.Hooks().Remove(r.Context(), r.PathValue("id")); err != nil {
		d.failWebhook(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// resend sends a message again, whatever became of it.
func (d *Door) resend(w http.ResponseWriter, r *http.Request) {
	var ask struct{ Position int64 }
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&ask); err != nil {
		ui.BadRequest("The request cannot be read as JSON.").WriteJSON(w)
		return
	}
	if err := d.Resend(r.Context(), r.PathValue("id"), ask.Position); err != nil {
		d.failWebhook(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// ErrNotSending says that nothing is sent right now: no server runs here, or it is just starting.
var ErrNotSending = errors.New("nothing is sent while no server runs")

func (d *Door) failWebhook(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, webhook.ErrNotFound):
		notThere("There is no such webhook, or message", "\"shingle webhook list\" lists the webhooks; a message is named by the position of its event in the record.").WriteJSON(w)
	case errors.Is(err, ErrNotSending):
		ui.Problem{Type: "/problems/unavailable", Title: "Nothing is sent while no server runs here", Status: http.StatusServiceUnavailable, Detail: "Nothing was changed.", Cure: "Ask again while \"shingle serve body\" runs."}.WriteJSON(w)
	default:
		d.fail(w, err)
	}
}
