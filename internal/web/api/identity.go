package api

import (
	"context"
	"net/http"
	"strings"
)

// Who asks for something.
type Who struct {
	Actor  string // e.g. "operator", "token/4f2a"
	Holder string // the person behind the actor, see act.Meta; "" where that is not known
	Role   string // e.g. "registrar"
	Member string // number, for roles on a member's side; else ""
}

type whoKey struct{}

// WithIdentity returns a context in which who asks: what comes over the local socket is asked for by the
// operator, what comes with a session by whoever signed in.
func WithIdentity(ctx context.Context, who Who) context.Context {
	return context.WithValue(ctx, whoKey{}, who)
}

// whoIn returns who asks; ok is false for anyone.
func whoIn(ctx context.Context) (who Who, ok bool) {
	who, ok = ctx.Value(whoKey{}).(Who)
	return who, ok
}

// identify puts the holder of a bearer token into the request's context. A token that is not valid is
// an error, also where none is needed: whoever sends one wants to know.
func (a *API) identify(r *http.Request) (*http.Request, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return r, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return r, errSignIn
	}
	who, err := a.Token(r.Context(), strings.TrimSpace(token))
	if err != nil {
		return r, err
	}
	return r.WithContext(WithIdentity(r.Context(), who)), nil
}

// asking guards a handler and identifies who asks.
func (a *API) asking(next http.HandlerFunc) http.HandlerFunc {
	return a.guard(func(w http.ResponseWriter, r *http.Request) {
		r, err := a.identify(r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		next(w, r)
	})
}

// allowed refuses what the gate does not grant to whoever asks.
func (a *API) allowed(ctx context.Context, what, concerning string) error {
	who, ok := whoIn(ctx)
	if !ok {
		return errSignIn
	}
	return a.Allows(who, what, concerning)
}

// mayPreview refuses the public what is not open yet; those who work for the body see it.
func (a *API) mayPreview(ctx context.Context) error {
	if who, ok := whoIn(ctx); !ok || who.Member != "" {
		return errNotOpen
	}
	return nil
}

// mayLookAhead reports whether the present wording of things to come may be shown: to the public it would
// show that grace is running.
func mayLookAhead(ctx context.Context) bool {
	who, ok := whoIn(ctx)
	return ok && who.Member == ""
}
