package api

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// serveHealth answers GET /healthz: 200 if the body does what it is there for, 503 if something keeps it from
// that, and what. It is for whoever is woken up by it. Whether requests should be sent here is another
// question: see serveReady.
func (a *API) serveHealth(w http.ResponseWriter, r *http.Request) {
	type check struct {
		OK  bool   `json:"ok"`
		Why string `json:"why,omitempty"`
	}
	answer := struct {
		Healthy bool             `json:"healthy"`
		Checks  map[string]check `json:"checks"`
	}{true, map[string]check{}}
	text := "ok\n"
	if a.Health != nil {
		results, well := a.Health.Look(r.Context())
		if answer.Healthy = well; !well {
			text = ""
		}
		for _, c := range results {
			answer.Checks[c.Name] = check{c.Says == "", c.Says}
			if c.Says != "" {
				text += c.Name + ": " + c.Says + "\n"
			}
		}
	}
	body, kind := []byte(text), typeText
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		made, err := marshal(answer)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		body, kind = append(made, '\n'), typeJSON
	}
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Vary"] = kind, []string{"no-store"}, []string{"Accept"}
	if !answer.Healthy {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(body)
}

// checkTime is how long one check of readiness may take.
const checkTime = 2 * time.Second

// serveReady answers GET /readyz: whether requests should be sent here. It takes a record that can be read,
// and a server that is not about to stop. What keeps all nodes from recording is no reason to send readers to
// none of them.
func (a *API) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTime)
	defer cancel()
	checks := map[string]func(context.Context) error{
		"record": func(ctx context.Context) error { return a.Register.DB.PingContext(ctx) },
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

// serveMetrics answers GET /metrics to whom the gate grants it.
func (a *API) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if err := a.allowed(r.Context(), "GET /metrics", ""); err != nil {
		a.fail(w, r, err)
		return
	}
	if a.Metrics == nil {
		a.fail(w, r, newProblem("not-found", http.StatusNotFound, "There is nothing here", "Nothing is counted here.", ""))
		return
	}
	a.Metrics.ServeHTTP(w, r)
}
