package serving

import (
	"cmp"
	"log/slog"
	"math/rand/v2"
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

// lengthy is how long an answer may take before it is worth a line, whatever was asked.
const lengthy = time.Second

// methods that are noted as they are; what else somebody may have written there is theirs.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}

// Noted returns next with a line in the log for each request, and told told of it. What somebody typed is
// in neither: no path, no query, no body, no header.
//
// What anyone may read, and who has not said who asks, is noted at the level of anyone: thousands of such
// requests come in a second, each of which is answered in less time than its line takes to write. Those that
// fail, and those that take a second, are noted at the level of information all the same.
func Noted(next http.Handler, log *slog.Logger, anyone slog.Level, told func(Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &watched{ResponseWriter: w}
		n := Request{ID: newID(), Method: "other"}
		if slices.Contains(methods, r.Method) {
			n.Method = r.Method
		}
		seen.id[0] = n.ID
		w.Header()["X-Request-Id"] = seen.id[:]
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
			if level := levelOf(r, n, anyone); log.Enabled(r.Context(), level) {
				note(r, log, level, n)
			}
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

// letters are 32, so that five bits are one.
const letters = "abcdefghijklmnopqrstuvwxyz234567"

// newID returns sixteen letters, which tell requests apart; they keep no secret.
func newID() string {
	var id [16]byte
	for half, bits := range [2]uint64{rand.Uint64(), rand.Uint64()} {
		for i := range 8 {
			id[8*half+i] = letters[bits%32]
			bits /= 32
		}
	}
	return string(id[:])
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

// levelOf returns at which level a request is noted.
func levelOf(r *http.Request, n Request, anyone slog.Level) slog.Level {
	switch {
	case n.Status >= 400:
	case slices.Contains(quiet, n.Route):
		return slog.LevelDebug
	case n.Took < lengthy && (n.Method == http.MethodGet || n.Method == http.MethodHead) && r.Header["Authorization"] == nil && r.Header["Cookie"] == nil:
		return anyone
	}
	return slog.LevelInfo
}

func note(r *http.Request, log *slog.Logger, level slog.Level, n Request) {
	log.LogAttrs(r.Context(), level, "request", slog.String("method", n.Method), slog.String("route", n.Route), slog.Int("status", n.Status),
		slog.Int64("bytes", n.Bytes), slog.Duration("took", n.Took), slog.String("id", n.ID))
}

// watched notes what is answered.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
	id     [1]string // of the request, as a header
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
