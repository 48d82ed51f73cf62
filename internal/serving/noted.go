package serving

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Request is what is noted of a request.
type Request struct {
	ID     string // answered in the header X-Request-Id
	Method string // one that HTTP knows, else "other"
	Route  string // the pattern that it fell under, e.g. "GET /register/{number}"
	Status int
	Bytes  int64 // of the answer's body
	Took   time.Duration
}

// quiet are the routes that are asked for every few seconds by machines. They are noted at the level of
// debugging, unless something is wrong.
var quiet = []string{"GET /healthz", "GET /readyz", "GET /metrics"}

// methods that are noted as they are; what else somebody may have written there is theirs.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}

// Noted returns next with one line in the log for each request, and told told of it. What somebody typed is
// in neither: no path, no query, no body, no header.
func Noted(next http.Handler, log *slog.Logger, told func(Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		n := Request{ID: strings.ToLower(rand.Text()[:16]), Method: "other"}
		if slices.Contains(methods, r.Method) {
			n.Method = r.Method
		}
		w.Header()["X-Request-Id"] = []string{n.ID}
		seen := &watched{ResponseWriter: w}
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler {
				log.ErrorContext(r.Context(), "panic", "id", n.ID, "panic", p, "stack", string(debug.Stack()))
				if seen.status == 0 {
					http.Error(seen, "Something is wrong on our side. The fault has been noted.", http.StatusInternalServerError)
					p = nil
				}
			}
			n.Took, n.Status, n.Bytes, n.Route = time.Since(began), cmp.Or(seen.status, http.StatusOK), seen.bytes, routeOf(r, n.Method)
			note(r, log, n)
			if told != nil {
				told(n)
			}
			if p != nil {
				panic(http.ErrAbortHandler) // half an answer is cut off, so that nobody takes it for a whole one
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// routeOf returns the pattern that a request fell under. It is set while it is served.
func routeOf(r *http.Request, method string) string {
	switch {
	case r.Pattern == "":
		return "none" // it was refused before it came to any
	case strings.Contains(r.Pattern, " "):
		return r.Pattern
	}
	return method + " " + r.Pattern
}

func note(r *http.Request, log *slog.Logger, n Request) {
	level := slog.LevelInfo
	if n.Status < 400 && slices.Contains(quiet, n.Route) {
		level = slog.LevelDebug
	}
	log.LogAttrs(r.Context(), level, "request", slog.String("method", n.Method), slog.String("route", n.Route), slog.Int("status", n.Status),
		slog.Int64("bytes", n.Bytes), slog.Duration("took", n.Took), slog.String("id", n.ID))
}

// watched notes what is answered.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements [http.ResponseWriter].
func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
