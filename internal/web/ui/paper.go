package ui

import (
	"net/http"
	"strconv"
)

// SendPaper sends a document that is no page; name is what it is kept under, "" for one that is read in the browser.
// How long it may be kept, the caller has said in Cache-Control.
func SendPaper(w http.ResponseWriter, r *http.Request, kind, name string, document []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	if name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Length", strconv.Itoa(len(document)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(document) // the reader may have gone
	}
}
