package publog

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"filippo.io/torchwood"
)

// Handler serves the log under /log/ as C2SP tlog-tiles: the checkpoint, tiles and entry bundles. What
// the published log does not have, or no log could have, is not found.
func (l *Log) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, "/log/")
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the log can only be read", http.StatusMethodNotAllowed)
			return
		}
		if path == "checkpoint" {
			serve(w, r, l.Checkpoint(), "text/plain; charset=utf-8", "public, max-age=1")
			return
		}
		l.serveTile(w, r, path)
	})
}

func (l *Log) serveTile(w http.ResponseWriter, r *http.Request, path string) {
	t, err := torchwood.ParseTilePath(path)
	if err != nil || torchwood.TilePath(t) != path {
		http.NotFound(w, r)
		return
	}
	data, err := l.tile(r.Context(), t)
	switch {
	case errors.Is(err, ErrNotPublic):
		http.NotFound(w, r)
		return
	case err != nil:
		w.Header().Set("Retry-After", "5")
		http.Error(w, "the log cannot be read at the moment", http.StatusServiceUnavailable)
		return
	}
	cache := "public, max-age=60" // a partial tile is superseded soon
	if t.W == torchwood.TileWidth {
		cache = "public, max-age=31536000, immutable"
	}
	serve(w, r, data, "application/octet-stream", cache)
}

func serve(w http.ResponseWriter, r *http.Request, data []byte, kind, cache string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*") // anyone may check the log, from any page
	if r.Method != http.MethodHead {
		w.Write(data) // a reader that went away is no fault of ours
	}
}
