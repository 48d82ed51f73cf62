package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider is an identity provider that speaks OpenID Connect. It is asked how it is reached when it is first
// needed, so that one that is away keeps nobody else from signing in.
type Provider struct {
	ID     string // in addresses, e.g. "acme"
	Name   string // in words
	Issuer string // URL
	Client string // id that it gave us
	Secret string
	Return string // where it sends people back: ORIGIN/oidc/ID/back

	mu    sync.Mutex
	found *oidc.Provider
}

// ErrProvider says that an identity provider is away, or vouched for nobody.
var ErrProvider = errors.New("the identity provider did not vouch for you")

// asking talks to providers. Whom it reaches the operator has configured, and nobody else.
var asking = &http.Client{Timeout: 10 * time.Second}

// journey is what somebody must come back from a provider with.
type journey struct {
	Provider string

	Person   string // whom the identity is to be linked to; "" to sign in
	State    string
	Nonce    string
	Verifier string // of PKCE, RFC 7636
	Next     string
}

func (p *Provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		// What it is told here is kept for as long as the keys are fetched: longer than this request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), asking), p.Issuer)
		if err != nil {
			return nil, fmt.Errorf("%w: it does not say how it is reached: %w", ErrProvider, err)
		}
		p.found = found
	}
	return p.found, nil
}

func (p *Provider) config(at *oidc.Provider) *oauth2.Config {
	// Nothing but "openid": of a person's name and address we know what they told us.
	return &oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: at.Endpoint(), RedirectURL: p.Return, Scopes: []string{oidc.ScopeOpenID}}
}

// Depart begins a sign-in at a provider, or, for a person who is signed in, the linking of an identity. It
// returns the address at the provider and the secret of the ceremony; next comes back as it is.
func (a *Accounts) Depart(ctx context.Context, p *Provider, person, next string) (address, ceremony string, err error) {
	at, err := p.discovered(ctx)
	if err != nil {
		return "", "", err
	}
	j := journey{p.ID, person, rand.Text(), rand.Text(), oauth2.GenerateVerifier(), next}
	ceremony, err = a.begin(ctx, providing, "", j)
	return p.config(at).AuthCodeURL(j.State, oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier)), ceremony, err
}

// Returned is who came back from a provider, and whom the identity is to be linked to ("": it was to sign in).
type Returned struct {
	Issuer, Subject string
	Link            string
	Next            string
}

// Return ends what Depart began, with the state and code that the provider sent along. What does not fit is
// [ErrExpired]; what the provider does not vouch for is [ErrProvider].
func (a *Accounts) Return(ctx context.Context, p *Provider, ceremony, state, code string) (Returned, error) {
	var j journey
	if err := a.finish(ctx, ceremony, providing, "", &j); err != nil {
		return Returned{}, err
	}
	if j.Provider != p.ID || subtle.ConstantTimeCompare([]byte(j.State), []byte(state)) != 1 {
		return Returned{}, ErrExpired
	}
	if code == "" {
		return Returned{}, ErrProvider
	}
	at, err := p.discovered(ctx)
	if err != nil {
		return Returned{}, err
	}
	ctx = oidc.ClientContext(ctx, asking)
	token, err := p.config(at).Exchange(ctx, code, oauth2.VerifierOption(j.Verifier))
	if err != nil {
		return Returned{}, fmt.Errorf("%w: the code was not exchanged: %w", ErrProvider, err)
	}
	raw, _ := token.Extra("id_token").(string)
	// Its times are the world's, not a demo's.
	id, err := at.Verifier(&oidc.Config{ClientID: p.Client}).Verify(ctx, raw)
	if err != nil {
		return Returned{}, fmt.Errorf("%w: %w", ErrProvider, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(j.Nonce)) != 1 {
		return Returned{}, fmt.Errorf("%w: the answer is to another question", ErrProvider)
	}
	return Returned{id.Issuer, id.Subject, j.Person, j.Next}, nil
}
