package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"shingle/internal/body/standing"
	"shingle/internal/publog"
	"shingle/verify"
)

const (
	// receiptKept is how long one receipt is given out to all who ask.
	receiptKept = time.Minute
	// receiptValid is how long a receipt can be shown to others, if nothing public changes before.
	receiptValid = 24 * time.Hour
)

// serveReceipt answers GET /members/{number}/receipt.
func (a *API) serveReceipt(w http.ResponseWriter, r *http.Request) {
	if r.URL.RawQuery != "" {
		if _, err := queryOf(r); err != nil {
			a.fail(w, r, badField("", "a receipt is of now and takes no parameters"))
			return
		}
	}
	k, err := a.receipt(r.Context(), r.PathValue("number"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	h := w.Header()
	publicHeaders(h, typeText, oneMinute)
	h["Content-Length"] = k.length
	_, _ = w.Write(k.body)
}

func (a *API) receipt(ctx context.Context, number string) (*kept, error) {
	// A clock that ran back signs nothing: not an old standing, and not an old receipt again.
	now, err := a.Record.Time()
	if err != nil {
		return nil, err
	}
	return a.kept(ctx, number, now, func(e *entry) *atomic.Pointer[kept] { return &e.receipt }, a.newReceipt)
}

// kept returns a rendering of now that hangs on a member's entry, or makes it.
func (a *API) kept(ctx context.Context, number string, now time.Time, slot func(*entry) *atomic.Pointer[kept],
	render func(ctx context.Context, number string, now time.Time) ([]byte, time.Time, error)) (*kept, error) {
	e, err := a.entry(ctx, number, now)
	if err != nil {
		return nil, err
	}
	if k := slot(e).Load(); k != nil && now.UnixMicro() < k.until {
		return k, nil
	}
	body, until, err := render(ctx, number, now)
	if err != nil {
		return nil, err
	}
	k := &kept{body: body, until: min(until.UnixMicro(), e.until), length: []string{strconv.Itoa(len(body))}}
	a.Cache.keep(e, slot(e), k)
	return k, nil
}

// Kept returns what render makes of a member, from memory for as long as render says and nothing happens
// to the member. There is one such place per member: it is the seal's.
func (a *API) Kept(ctx context.Context, number string,
	render func(ctx context.Context, number string, now time.Time) (body []byte, until time.Time, err error)) ([]byte, error) {
	k, err := a.kept(ctx, number, a.now(), func(e *entry) *atomic.Pointer[kept] { return &e.seal }, render)
	if err != nil {
		return nil, err
	}
	return k.body, nil
}

// newReceipt signs a receipt of what the public log says of a member, provided that this is how the
// member stands.
func (a *API) newReceipt(ctx context.Context, number string, now time.Time) ([]byte, time.Time, error) {
	s, err := a.read(ctx, number)
	if err != nil {
		return nil, time.Time{}, err
	}
	stated, ok := s.stated(now)
	answer := standing.Of(s.facts, now, now)
	if !ok || !says(stated.Stated, answer) {
		return nil, time.Time{}, lagging
	}
	leaf, err := a.LeafAt(ctx, stated.position)
	if err != nil {
		return nil, time.Time{}, err
	}
	at := now.Truncate(time.Second)
	if stated.At.After(at) || answer.Since.After(at) {
		at = now // it happened in this very second
	}
	until := at.Add(receiptValid)
	if next := answer.PublicNextChange; !next.IsZero() {
		until = earlier(until, next)
	}
	text, err := a.Log.Receipt(ctx, verify.Receipt{
		Body: s.body.Web, Member: number, Name: stated.Name, Domains: slices.Clone(stated.Domains),
		Status: string(stated.Status), Kind: string(stated.Kind), Since: stated.Since,
		CodeVersion: stated.CodeVersion, CodeSHA256: stated.CodeSHA256, Leaf: leaf, At: at, Until: until,
	})
	if errors.Is(err, publog.ErrNotPublic) {
		err = lagging
	}
	return text, earlier(until, now.Add(receiptKept)), err
}

// says reports whether a statement is the answer.
func says(s standing.Stated, answer standing.Answer) bool {
	var signed standing.Signed
	if answer.Code != nil {
		signed = *answer.Code
	}
	return s.Status == answer.Status && s.Kind == answer.Kind && s.Since.Equal(answer.Since) &&
		s.CodeVersion == signed.Version && s.CodeSHA256 == signed.SHA256
}
