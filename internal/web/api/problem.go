package api

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/account"
	"shingle/internal/gate"
	"shingle/internal/publog"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// problem is an error that knows how to be told: RFC 9457 over HTTP. Huma writes it as it is.
type problem struct{ ui.Problem }

func (p *problem) Error() string { return p.Title + ": " + p.Detail }

// Told returns how the error is told to a reader.
func (p *problem) Told() ui.Problem { return p.Problem }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	p.headers(h)
	return h
}

func (p *problem) headers(h http.Header) {
	h["Cache-Control"] = []string{"no-store"}
	switch p.Status {
	case http.StatusServiceUnavailable:
		h["Retry-After"] = []string{"5"}
		if p.Type == lagging.Type || p.Type == errBusy.Type {
			h["Retry-After"] = []string{"1"}
		}
	case http.StatusUnauthorized:
		h["Www-Authenticate"] = []string{`Bearer realm="shingle"`}
	}
}

func newProblem(slug string, status int, title, detail, cure string) *problem {
	return &problem{ui.Problem{Type: "/problems/" + slug, Title: title, Status: status, Detail: detail, Cure: cure}}
}

var (
	lagging = newProblem("receipt-lags", http.StatusServiceUnavailable, "The public log does not say this yet",
		"The member's standing has just changed and its new statement is being written to the public log.", "Ask again in a second.")
	errNoMember = newProblem("no-member-found", http.StatusNotFound, "No member found",
		"We found no member with this number or domain. It may trade under another name.", "Search the register by name.")
	errNotOpen = newProblem("not-open", http.StatusNotFound, "The register is not open yet",
		"The body is inviting its members and publishes the register on one day. Until then nothing about any company is shown.",
		"Ask again after that day.")
	errSignIn = newProblem("sign-in", http.StatusUnauthorized, "This needs a bearer token",
		"The request names nobody who may ask for this.", "Send the header Authorization: Bearer TOKEN, or sign in at "+ui.SignInPath+".")
	errTooLarge = newProblem("too-large", http.StatusRequestEntityTooLarge, "The request is too large",
		"A request may hold 1 MiB. Nothing was changed.", "Send less.")
	errBusy      = &problem{ui.Busy}
	errMediaType = newProblem("media-type", http.StatusUnsupportedMediaType, "This kind of content is not read here",
		"Nothing was changed.", "Send application/json, or application/x-www-form-urlencoded as a form does.")
)

// noMemberThen says that a member was none at that time, as far as was known then.
func noMemberThen(number string, at, known, now time.Time) *problem {
	p := *errNoMember
	p.Detail = "No member " + number + " was found"
	// Only a time that was asked for is at fault.
	if at.Before(now) || !known.Before(now) {
		p.Detail += " as of " + at.Format(time.RFC3339)
	}
	if known.Before(now) {
		p.Detail += ", as the register knew it on " + known.Format(time.RFC3339)
	}
	p.Detail += ". It may have traded under another name."
	return &p
}

// badField says that a parameter cannot be read.
func badField(field, detail string) *problem {
	if field != "" {
		detail = field + " " + detail
	}
	p := newProblem("bad-request", http.StatusUnprocessableEntity, "This cannot be read", detail+".", "Nothing was changed. Correct it and try again.")
	p.Field = field
	return p
}

// problemOf returns what an error is to whoever asked. Faults of ours come without their particulars.
func problemOf(err error) *problem {
	var p *problem
	var denied *gate.Denied
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, account.ErrUnknownToken):
		return newProblem("sign-in", http.StatusUnauthorized, "This token is not valid", "It is unknown, has expired or was revoked.", "Ask for a new token.")
	case errors.Is(err, view.ErrQuery): // as any other parameter that cannot be used
		p := &problem{ui.ProblemOf(err)}
		p.Status = http.StatusUnprocessableEntity
		return p
	case errors.As(err, &denied) && denied.Foreign: // another's affair looks like none
		return newProblem("not-found", http.StatusNotFound, "There is nothing here", "There is no such affair of your own.", "")
	case errors.As(err, &denied) && denied.StepUp:
		return &problem{ui.FreshProof}
	case errors.As(err, &denied):
		return newProblem("not-allowed", http.StatusForbidden, "This is not yours to ask for", denied.Reason, "Nothing was changed. Ask somebody who may.")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return newProblem("unavailable", http.StatusServiceUnavailable, "This took too long", "It was given up.", "Try again.")
	case errors.Is(err, publog.ErrBehindWitness), errors.Is(err, publog.ErrForked), errors.Is(err, publog.ErrRolledBack):
		return newProblem("unavailable", http.StatusServiceUnavailable, "The public log is halted",
			"The log does not agree with what was published of it. Nothing is recorded or signed until an operator has looked into it. Reading goes on.", "Try again later.")
	}
	return &problem{ui.ProblemOf(err)}
}

// fail answers with what an error is. A fault of ours is logged with its particulars.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status == http.StatusInternalServerError {
		a.Logger.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err)
	}
	h := w.Header()
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["X-Content-Type-Options"] = noSniff
	p.headers(h)
	p.WriteJSON(w)
}

// guard refuses addresses that are no text, and turns a panic into a problem without its stack, which is for
// the log.
func (a *API) guard(next http.HandlerFunc) http.HandlerFunc {
	next = ui.Readable(next, func(w http.ResponseWriter, r *http.Request, p ui.Problem) { a.fail(w, r, &problem{p}) })
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				a.Logger.ErrorContext(r.Context(), "panic", "route", r.Pattern, "panic", p, "stack", string(debug.Stack()))
				a.fail(w, r, errPanic)
			}
		}()
		next(w, r)
	}
}

var errPanic = newProblem("fault", http.StatusInternalServerError, "Something is wrong on our side", "The fault has been noted.", "Try again in a minute.")

// plain puts what huma itself complains of into the one form of problems.
func plain(_ huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	detail, field := e.Detail, ""
	if len(e.Errors) > 0 && e.Errors[0] != nil {
		first := e.Errors[0]
		_, name, ok := cutLast(first.Location, ".")
		if !ok {
			name = first.Location
		}
		detail, field = first.Message, name
	}
	p := badField(clip(field), detail)
	if e.Status >= 500 {
		p = errPanic
	}
	p.Status = e.Status
	return p, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	for i := len(s) - len(sep); i >= 0; i-- {
		if s[i:i+len(sep)] == sep {
			return s[:i], s[i+len(sep):], true
		}
	}
	return "", s, false
}
