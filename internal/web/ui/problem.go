package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/exhibit"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	view "shingle/internal/view/body"
)

// Problem is what went wrong, as RFC 9457 says it to a program and a page says it to a reader.
type Problem struct {
	Type   string `json:"type"`             // URI reference, e.g. "/problems/refused"
	Title  string `json:"title"`            // what happened
	Status int    `json:"status"`           // of HTTP
	Detail string `json:"detail,omitempty"` // this time
	Rule   string `json:"rule,omitempty"`   // of a refusal: its rule, e.g. "MEM-03"
	Cites  string `json:"cites,omitempty"`  // where the rule comes from
	Cure   string `json:"cure,omitempty"`   // what to do
	Field  string `json:"field,omitempty"`  // of a form, that cannot be read
}

// NotFound is the problem of an address that does not exist.
func NotFound(detail string) Problem {
	return Problem{Type: "/problems/not-found", Title: "There is no such page", Status: http.StatusNotFound, Detail: detail,
		Cure: "Check the address, or begin at the register."}
}

// BadRequest is the problem of an address or form that cannot be read.
func BadRequest(detail string) Problem {
	return Problem{Type: "/problems/bad-request", Title: "This cannot be read", Status: http.StatusBadRequest, Detail: detail,
		Cure: "Nothing was changed. Correct it and try again."}
}

// TooMany is the problem of whoever tried something too often, and how long they are to wait, in words. Programs are
// told that too, in seconds, rounded up.
func TooMany(w http.ResponseWriter, wait time.Duration, detail string) (p Problem, inWords string) {
	wait = max(time.Second, wait)
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	if inWords = "a minute"; wait > time.Minute {
		inWords = fmt.Sprintf("%d minutes", int(math.Ceil(wait.Minutes())))
	}
	return Problem{Type: "/problems/too-many", Title: "This was tried too often", Status: http.StatusTooManyRequests, Detail: detail}, inWords
}

// ProblemOf returns what an error is to the outside. Faults of ours are told without their particulars:
// those are in the log of the server.
func ProblemOf(err error) Problem {
	var bad *act.BadField
	var refused *exhibit.Refused
	if refusal, ok := act.Refused(err); ok {
		detail := refusal.Detail
		for _, also := range refusal.Also {
			detail += "; also, by " + also.Rule.ID + ": " + also.Detail
		}
		return Problem{Type: "/problems/refused", Title: refusal.Rule.Text, Status: http.StatusUnprocessableEntity, Field: refusal.Field,
			Detail: detail, Rule: refusal.Rule.ID, Cites: refusal.Rule.Cites, Cure: refusal.Rule.Cure}
	}
	switch {
	case errors.As(err, &bad):
		p := BadRequest(bad.Error())
		p.Field = bad.Field
		return p
	case errors.As(err, &refused):
		return Problem{Type: "/problems/file", Title: "This file is not taken", Status: http.StatusUnprocessableEntity, Detail: sentence(refused.Why) + " Nothing was kept.", Cure: sentence(refused.Cure)}
	case errors.Is(err, ErrNoExhibit):
		return NotFound(sentence(ErrNoExhibit.Error()))
	case errors.Is(err, view.ErrNotFound):
		return NotFound("")
	case errors.Is(err, view.ErrQuery):
		return BadRequest(err.Error())
	case errors.Is(err, record.ErrConflict):
		return Problem{Type: "/problems/conflict", Title: "Somebody else changed this meanwhile", Status: http.StatusConflict,
			Cure: "Nothing was changed. Look at it as it is now and ask again."}
	case errors.Is(err, record.ErrKeyReused):
		return Problem{Type: "/problems/key-reused", Title: "This idempotency key was used for another request", Status: http.StatusUnprocessableEntity,
			Cure: "Nothing was changed. Use a new key."}
	case errors.Is(err, act.ErrForgotten):
		return Problem{Type: "/problems/forgotten", Title: "This person was forgotten", Status: http.StatusUnprocessableEntity,
			Detail: "The key that would protect what is personal to them was destroyed. Nothing was changed."}
	case errors.Is(err, record.ErrUnknownAct):
		return Problem{Type: "/problems/unknown-act", Title: "There is no such act", Status: http.StatusNotFound}
	case errors.Is(err, record.ErrDiskFull):
		return unavailable("The disk is full; nothing can be recorded until there is room. Reading goes on.")
	case errors.Is(err, record.ErrDiskReadOnly):
		return unavailable("The disk can only be read; nothing can be recorded until it is mounted for writing. Reading goes on.")
	case errors.Is(err, record.ErrLocked):
		return unavailable("The database is locked by another process; nothing can be recorded until it lets go. Reading goes on.")
	case errors.Is(err, record.ErrClock):
		return unavailable("The server's clock cannot be believed: it was set, or stands before the last record. Nothing is recorded or signed until it is right again or an operator has accepted it. Reading goes on.")
	case errors.Is(err, record.ErrBehind):
		return unavailable("The database holds less than this server has seen of it, or something else. Nothing is recorded or signed until an operator has looked into it. Reading goes on.")
	case errors.Is(err, record.ErrNewerSchema):
		return unavailable("A newer version of shingle writes to the database; this server has to be brought up to date.")
	case errors.Is(err, record.ErrOutcomeUnknown):
		return unavailable("It is not known whether this was recorded. Ask again with the same idempotency key: it cannot happen twice.")
	case errors.Is(err, record.ErrClosed):
		return unavailable("The server is stopping.")
	case postgres.Lost(err):
		return unavailable("The database is away. Nothing was changed. The server finds it again by itself.")
	}
	return Problem{Type: "/problems/fault", Title: "Something is wrong on our side", Status: http.StatusInternalServerError,
		Detail: "Nothing was changed. The fault has been noted.", Cure: "Try again in a minute."}
}

func unavailable(detail string) Problem {
	return Problem{Type: "/problems/unavailable", Title: "This is not possible right now", Status: http.StatusServiceUnavailable, Detail: detail, Cure: "Try again later."}
}

// WriteJSON answers a program.
func (p Problem) WriteJSON(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	p.askAgain(w)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the reader may have gone
}

// askAgain says when to, if that may help.
func (p Problem) askAgain(w http.ResponseWriter) {
	if p.Status == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "5") // seconds
	}
}

// problemPage is what the page problem.html shows.
type problemPage struct {
	Chrome
	Problem Problem
}

// ProblemPage returns a sample of what problem.html shows, for tests that check the template.
func ProblemPage() Page { return problemPage{} }

// Fail answers with what an error is: a page, or JSON to a program that asks for it. A fault of ours is
// logged with its particulars.
func (p *Pages) Fail(w http.ResponseWriter, r *http.Request, c Chrome, err error) {
	problem := ProblemOf(err)
	if problem.Status == http.StatusInternalServerError {
		p.log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err)
	}
	p.Problem(w, r, c, problem)
}

// Problem answers with a problem: a page, or JSON to a program that asks for it.
func (p *Pages) Problem(w http.ResponseWriter, r *http.Request, c Chrome, problem Problem) {
	if WantsJSON(r) {
		problem.WriteJSON(w)
		return
	}
	c.Title, c.NoIndex = problem.Title, true
	problem.askAgain(w)
	w.Header().Set("Cache-Control", "no-store")
	p.Show(w, r, problem.Status, "problem", problemPage{c, problem})
}

// WantsJSON reports whether a program is asking.
func WantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// sentence makes a sentence of what an error says.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:] + "."
}
