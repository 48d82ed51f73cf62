package ui

import (
	"errors"
	"net/http"
	"strconv"

	"shingle/internal/account"
	view "shingle/internal/view/body"
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

// Feed answers a calendar program, which cannot sign in, with the calendar that the token in its address stands for.
// Whatever is wrong with the address, the answer is the same. face is where one signs in for a new one, e.g. "office".
func (d *Desk) Feed(w http.ResponseWriter, r *http.Request, face string, calendar []byte, err error) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case errors.Is(err, account.ErrExpired), errors.Is(err, view.ErrNotFound):
		http.Error(w, "There is no such calendar, or no longer. Sign in to the "+face+" for a new address.", http.StatusNotFound)
	case err != nil:
		d.Logger.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err)
		w.Header().Set("Retry-After", "60")
		http.Error(w, "The calendar cannot be read right now.", http.StatusServiceUnavailable)
	default:
		SendPaper(w, r, "text/calendar; charset=utf-8", "", calendar)
	}
}
