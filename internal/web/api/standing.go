package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"shingle/internal/body/standing"
	view "shingle/internal/view/body"
)

// Header values, made once: a header is a map of lists, and these lists are never written to.
var (
	typeJSON  = []string{"application/json"}
	typeText  = []string{"text/plain; charset=utf-8"}
	anyOrigin = []string{"*"}
	noSniff   = []string{"nosniff"}
	askAgain  = []string{"no-cache"} // standing may have changed: the server is always asked
	oneMinute = []string{"public, max-age=60"}
)

func publicHeaders(h http.Header, kind, cache []string) {
	h["Content-Type"] = kind
	h["Cache-Control"] = cache
	h["Access-Control-Allow-Origin"] = anyOrigin // anyone may read it, from any page; no credentials
	h["X-Content-Type-Options"] = noSniff
}

// serveStanding answers GET /members/{number}/standing.
func (a *API) serveStanding(w http.ResponseWriter, r *http.Request) {
	number := r.PathValue("number")
	if r.URL.RawQuery != "" {
		a.serveStandingAsked(w, r, number)
		return
	}
	if err := a.writeStanding(w, r, number, ""); err != nil {
		a.fail(w, r, err)
	}
}

// serveStandingOfDomain answers GET /standing?domain=.
func (a *API) serveStandingOfDomain(w http.ResponseWriter, r *http.Request) {
	host, ok := strings.CutPrefix(r.URL.RawQuery, "domain=")
	if !ok || !plainHost(host) {
		query, err := queryOf(r, "domain", "at", "known")
		if err != nil {
			a.fail(w, r, err)
			return
		}
		if host = view.Domain(query.Get("domain")); host == "" {
			a.fail(w, r, badField("domain", "is missing or no domain; give one such as acme.example"))
			return
		}
		if query.Has("at") || query.Has("known") {
			number, err := a.holder(r.Context(), host)
			if err == nil {
				err = a.writeStandingAt(w, r, number, host, query)
			}
			if err != nil {
				a.fail(w, r, err)
			}
			return
		}
	}
	number, err := a.holder(r.Context(), host)
	if err == nil {
		err = a.writeStanding(w, r, number, host)
	}
	if err != nil {
		a.fail(w, r, err)
	}
}

// plainHost reports whether a host is written in the one form in which the register holds domains.
func plainHost(s string) bool {
	if len(s) == 0 || len(s) > 253 || strings.IndexByte(s, '.') < 1 || s[len(s)-1] == '.' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return !strings.Contains(s, "xn--") // punycode is checked, not trusted
}

// holder returns the number of the member that a host belongs to.
func (a *API) holder(ctx context.Context, host string) (string, error) {
	number, epoch := a.Cache.host(host)
	if number != "" {
		return number, nil
	}
	number, _, err := a.Register.ByDomain(ctx, host)
	if errors.Is(err, view.ErrNotFound) {
		return "", errNoMember
	}
	if err == nil {
		a.Cache.putHost(host, number, epoch)
	}
	return number, err
}

// buffers hold answers while they are put together.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 2048); return &b }}

// writeStanding answers how a member stands now. host, if not "", must be one of its proven domains.
func (a *API) writeStanding(w http.ResponseWriter, r *http.Request, number, host string) error {
	now := a.now()
	e, err := a.entry(r.Context(), number, now)
	if err != nil {
		return err
	}
	if host != "" && !e.holds(host) {
		return errNoMember
	}
	t := a.clock.text(now, e.exact)
	a.send(w, e, t, t)
	return nil
}

// Papers returns what proves how a member stands now: its receipt, its public standing as JSON, and what a verifier
// must know of the body. An error that is the reader's to see has a method Told.
func (a *API) Papers(ctx context.Context, number string) (receipt, answer, body []byte, err error) {
	k, err := a.receipt(ctx, number)
	if err != nil {
		return nil, nil, nil, err
	}
	now := a.now()
	e, err := a.entry(ctx, number, now)
	if err != nil {
		return nil, nil, nil, err
	}
	t := a.clock.text(now, e.exact)
	body, err = a.known(ctx)
	return k.body, a.text(nil, e, t, t), body, err
}

// send writes the answer of an entry, for anyone.
func (a *API) send(w http.ResponseWriter, e *entry, at, known []byte) {
	publicHeaders(w.Header(), typeJSON, askAgain)
	a.sendText(w, e, at, known)
}

// sendOwn writes the answer of an entry for whoever may see it, and for nobody's cache.
func (a *API) sendOwn(w http.ResponseWriter, e *entry, at, known []byte) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"] = typeJSON, []string{"no-store"}, noSniff
	a.sendText(w, e, at, known)
}

func (a *API) sendText(w http.ResponseWriter, e *entry, at, known []byte) {
	buffer := buffers.Get().(*[]byte)
	b := a.text((*buffer)[:0], e, at, known)
	_, _ = w.Write(b) // a reader that went away is no fault of ours
	*buffer = b
	buffers.Put(buffer)
}

// text appends the answer of an entry.
func (a *API) text(b []byte, e *entry, at, known []byte) []byte {
	b = e.appendTo(b, at, known)
	if e.shape.logged {
		b = strconv.AppendInt(b, a.Log.Head().Size, 10)
		b = append(b, afterSize...)
	}
	return b
}

// entry returns the cached answer of a member, or makes it.
func (a *API) entry(ctx context.Context, number string, now time.Time) (*entry, error) {
	us := now.UnixMicro()
	for range 3 {
		e, epoch := a.Cache.get(number, us)
		if e != nil {
			return e, nil
		}
		s, err := a.read(ctx, number)
		if err != nil {
			return nil, err
		}
		if e, err = a.newEntry(ctx, s, now); err != nil {
			return nil, err
		}
		if !s.open(now) {
			return e, a.mayPreview(ctx)
		}
		if a.Cache.put(number, e, epoch) {
			return e, nil
		}
		// Something was recorded meanwhile, perhaps about this member, perhaps half of it read.
	}
	s, err := a.read(ctx, number)
	if err != nil {
		return nil, err
	}
	return a.newEntry(ctx, s, now)
}

// newEntry writes the answer for now.
func (a *API) newEntry(ctx context.Context, s *subject, now time.Time) (*entry, error) {
	answer := standing.Of(s.facts, now, now)
	if answer.Status == "" {
		return nil, errNoMember
	}
	leaf, err := a.leafAt(ctx, s, now)
	if err != nil {
		return nil, err
	}
	text, err := s.write(answer, leaf, false)
	if err != nil {
		return nil, err
	}
	e := a.Cache.entryOf(text)
	e.until = 1<<63 - 1
	if !answer.NextChange.IsZero() {
		e.until = answer.NextChange.UnixMicro()
	}
	second := now.Truncate(time.Second)
	if a.Record.Recorded().Before(second) && answer.LastChange.Before(second) {
		return e, nil // nothing happened to anyone in this very second, and time changed nothing
	}
	differs, err := s.changedSince(second, leaf, text)
	if differs {
		e.exact = now.Truncate(time.Second).Add(time.Second).UnixMicro()
	}
	return e, err
}

// changedSince reports whether the answer at the beginning of this second was another than now's.
// Then its time must not be rounded down to it: what happened in between would be missing.
func (s *subject) changedSince(second time.Time, leaf int64, now string) (bool, error) {
	if n := len(s.statements); n > 0 && s.statements[n-1].At.After(second) {
		return true, nil
	}
	then, err := s.write(standing.Of(s.facts, second, second), leaf, false)
	return then != now, err
}

// leafAt returns the index in the public log of the last statement about a member at a time, or -1.
func (a *API) leafAt(ctx context.Context, s *subject, at time.Time) (int64, error) {
	st, ok := s.stated(at)
	if !ok {
		return -1, nil
	}
	return a.LeafAt(ctx, st.position)
}

// serveStandingAsked answers for the times that the query asks for.
func (a *API) serveStandingAsked(w http.ResponseWriter, r *http.Request, number string) {
	query, err := queryOf(r, "at", "known")
	if err == nil {
		err = a.writeStandingAt(w, r, number, "", query)
	}
	if err != nil {
		a.fail(w, r, err)
	}
}

func (a *API) writeStandingAt(w http.ResponseWriter, r *http.Request, number, host string, query url.Values) error {
	return a.writeStandingThen(w, r, number, host, query, false)
}

// ownStanding is the address of a standing as the member itself is told it.
const ownStanding = "GET " + prefix + "/members/{number}/standing/own"

// serveOwnStanding answers with the reasons that only the member and the body's officers are told: what is
// overdue while grace runs, and until when it can be made good.
func (a *API) serveOwnStanding(w http.ResponseWriter, r *http.Request) {
	number := r.PathValue("number")
	err := a.allowed(r.Context(), ownStanding, number)
	if err == nil {
		var query url.Values
		if query, err = queryOf(r, "at", "known"); err == nil {
			err = a.writeStandingThen(w, r, number, "", query, true)
		}
	}
	if err != nil {
		a.fail(w, r, err)
	}
}

func (a *API) writeStandingThen(w http.ResponseWriter, r *http.Request, number, host string, query url.Values, own bool) error {
	now := a.now()
	s, err := a.read(r.Context(), number)
	if err != nil {
		return err
	}
	if !s.open(now) && !own {
		if err := a.mayPreview(r.Context()); err != nil {
			return err
		}
	}
	at, known, err := a.times(r.Context(), query, s.body.Location, now)
	if err != nil {
		return err
	}
	answer := standing.Of(s.facts, at, known)
	if answer.Status == "" {
		return noMemberThen(number, at, known, now)
	}
	leaf, err := a.leafAt(r.Context(), s, earlier(at, known))
	if err != nil {
		return err
	}
	text, err := s.write(answer, leaf, own)
	if err != nil {
		return err
	}
	// Whose the host is, is asked as of when it was known: it may have come to the member since the time at.
	if _, domains := s.named(known); host != "" && !slices.ContainsFunc(domains, func(d string) bool { return isBelow(host, d) }) {
		return errNoMember
	}
	e := a.Cache.entryOf(text)
	if own {
		a.sendOwn(w, e, appendTime(nil, at), appendTime(nil, known))
	} else {
		a.send(w, e, appendTime(nil, at), appendTime(nil, known))
	}
	return nil
}
