package door

import (
	"errors"
	"net/http"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// awayPage leads to an identity provider.
type awayPage struct {
	ui.Chrome
	Name    string
	Address string
}

func (d *Door) provider(r *http.Request) (*account.Provider, error) {
	for _, p := range d.Providers {
		if p.ID == r.PathValue("provider") {
			return p, nil
		}
	}
	return nil, account.ErrNotFound
}

func (d *Door) toProvider(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	return d.away(w, r, c, "", next(r.PostForm.Get("next")))
}

func (d *Door) linkProvider(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	s, _ := sessionIn(r.Context())
	return d.away(w, r, c, s.Person, "")
}

// away sends somebody to a provider: to be signed in, or, if a person is named, to link an identity.
func (d *Door) away(w http.ResponseWriter, r *http.Request, c ui.Chrome, person, to string) error {
	p, err := d.provider(r)
	if err != nil {
		return err
	}
	if err := d.Accounts.Attempt(r.Context(), begins, d.From(r)); err != nil {
		return err
	}
	address, secret, err := d.Accounts.Depart(r.Context(), p, person, to)
	if err != nil {
		return err
	}
	setCookie(w, ceremonyCookie, secret, 300)
	// Our policy lets no form lead elsewhere, also not by a redirect; a page may.
	w.Header().Set("Refresh", "0; url="+address)
	c.Title = "To " + p.Name
	d.pages.Show(w, r, http.StatusOK, "away", awayPage{c, p.Name, address})
	return nil
}

func (d *Door) fromProvider(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	p, err := d.provider(r)
	if err != nil {
		return err
	}
	ctx, query := r.Context(), r.URL.Query()
	if err := d.Accounts.MayAttempt(ctx, wrongs, d.From(r)); err != nil {
		return err
	}
	back, err := d.Accounts.Return(ctx, p, ceremony(w, r), query.Get("state"), query.Get("code"))
	if err != nil {
		if limit := d.wrong(r, ""); limit != nil {
			return limit
		}
		return err
	}
	if back.Link != "" {
		return d.linked(w, r, c, back)
	}
	person, err := d.Accounts.ByIdentity(ctx, back.Issuer, back.Subject)
	if errors.Is(err, account.ErrNoPerson) {
		// Also if the provider knows an address that we know: it need not be theirs.
		return d.showSignIn(w, r, c, http.StatusForbidden, signInPage{Next: back.Next,
			Problem: "No account here is linked to this identity at " + p.Name + ". Sign in with your passkey, and link it on your account's page."})
	} else if err != nil {
		return err
	}
	return d.enter(w, r, account.Opening{Person: person, How: account.ByProvider}, back.Next)
}

// linked links an identity to whoever set out to do so, if they are still signed in.
func (d *Door) linked(w http.ResponseWriter, r *http.Request, c ui.Chrome, back account.Returned) error {
	ctx := r.Context()
	s, ok := sessionIn(ctx)
	if !ok || s.Limited() || s.Person != back.Link {
		return account.ErrExpired
	}
	err := d.Accounts.LinkIdentity(ctx, account.Identity{Issuer: back.Issuer, Subject: back.Subject, Person: s.Person})
	if errors.Is(err, account.ErrLinked) {
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/linked", Title: "This identity is linked to an account already", Status: http.StatusConflict,
			Detail: "Nothing was changed.", Cure: "Unlink it there first, or use another."})
		return nil
	} else if err != nil {
		return err
	}
	d.tell(ctx, IdentityLinked, s.Person)
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

func (d *Door) unlinkProvider(w http.ResponseWriter, r *http.Request, _ ui.Chrome) error {
	p, err := d.provider(r)
	if err != nil {
		return err
	}
	s, _ := sessionIn(r.Context())
	if err := d.Accounts.UnlinkIdentity(r.Context(), s.Person, p.Issuer); err != nil {
		return err
	}
	// Whoever has the account there may be signed in with it.
	if err := d.Accounts.EndOthers(r.Context(), s.Person, s.ID); err != nil {
		return err
	}
	d.tell(r.Context(), IdentityRemoved, s.Person)
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}
