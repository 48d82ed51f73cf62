package api

import (
	"context"
	"net/http"
	"strings"

	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

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
	return r.WithContext(ui.WithIdentity(r.Context(), who)), nil
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
	who, ok := ui.WhoIn(ctx)
	if !ok {
		return errSignIn
	}
	return a.Counter.Allows(who, what, concerning)
}

// mayPreview refuses the public what is not open yet; those who work for the body see it.
func (a *API) mayPreview(ctx context.Context) error {
	if !serves(ctx) {
		return errNotOpen
	}
	return nil
}

// serves reports whether whoever asks serves the body. That somebody is signed in does not say that.
func serves(ctx context.Context) bool {
	who, ok := ui.WhoIn(ctx)
	return ok && who.Member == "" && who.Role != gate.Person
}

// mayLookAhead reports whether the present wording of things to come may be shown: to the public it would
// show that grace is running.
func mayLookAhead(ctx context.Context) bool { return serves(ctx) }
