package ui

import (
	"io"
	"net/http"
)

// Busy is the problem of a request for which there is no room now.
var Busy = Problem{Type: "/problems/busy", Title: "Too many are asking at once", Status: http.StatusServiceUnavailable,
	Detail: "Nothing was changed. There is room again as soon as others have been answered.", Cure: "Ask again in a second or two."}

// busyPage is all that a reader is told. It costs nothing to show: no template, no look at the record.
const busyPage = `<!doctype html>
<html lang="en">
<title>Too many are asking at once</title>
<meta name="viewport" content="width=device-width">
<h1>Too many are asking at once</h1>
<p>Nothing was changed. There is room again as soon as others have been answered. Load this page again in a second or two.</p>
</html>
`

// ServeBusy answers with Busy: a page, or JSON to a program.
func ServeBusy(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Retry-After", "1")
	h.Set("X-Content-Type-Options", "nosniff")
	if WantsJSON(r) {
		h.Set("Access-Control-Allow-Origin", "*")
		Busy.WriteJSON(w)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy+"'none'")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(Busy.Status)
	_, _ = io.WriteString(w, busyPage) // the reader may have gone
}
