package door

import (
	"context"
	"errors"
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// accountPage is what somebody has here: their roles, passkeys, recovery codes, identities and sessions.
type accountPage struct {
	ui.Chrome
	Name      string
	Email     string
	Roles     []choice
	Passkeys  []account.Passkey
	Codes     account.RecoveryCodes
	NotReady  bool // they hold an office that they cannot take up yet
	Providers []linkable
	Sessions  []account.Session
	Current   string // id of this session
	Home      string // where they begin in the role that they act in; "" if that is here
	Guest     bool   // of a demo
	Problem   string
}

// choice is a role that one may act in.
type choice struct {
	Role, Member string
	Label        string
	At           string // at which member; "" for an office
	Until        time.Time
	Acting       bool
}

// linkable is a provider, and whether an identity there is linked.
type linkable struct {
	ID, Name string
	Linked   bool
}

func (d *Door) account(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	return d.showAccount(w, r, c, http.StatusOK, "")
}

func (d *Door) showAccount(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, problem string) error {
	ctx := r.Context()
	s, _ := sessionIn(ctx)
	who, _ := ui.WhoIn(ctx)
	p := accountPage{Name: who.Name, Current: s.ID, Guest: s.How == account.ByDemo, Problem: problem}
	if home := d.homeOr("", s.Role, s.Member); home != "/account" {
		p.Home = home
	}
	roles, err1 := d.Accounts.Roles(ctx, s.Person)
	ready, err2 := d.Accounts.Ready(ctx, s.Person)
	var err3, err4, err5, err6 error
	p.Passkeys, err3 = d.Accounts.Passkeys(ctx, s.Person)
	p.Codes, err4 = d.Accounts.RecoveryCodes(ctx, s.Person)
	p.Sessions, err5 = d.Accounts.Sessions(ctx, s.Person)
	p.Providers, err6 = d.linkable(ctx, s.Person)
	person, err7 := d.Person(ctx, s.Person)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		return err
	}
	p.Email = person.Email
	for _, role := range append(roles, account.Role{Name: account.InPerson}) {
		p.Roles = append(p.Roles, choice{
			role.Name, role.Member, titled(role.Name), d.at(ctx, role.Member), role.Until, role.Name == s.Role && role.Member == s.Member,
		})
		p.NotReady = p.NotReady || role.Office() && !ready && !p.Guest
	}
	c.Title = "Your account"
	p.Chrome = c
	d.pages.Show(w, r, status, "account", p)
	return nil
}

func (d *Door) linkable(ctx context.Context, person string) (list []linkable, err error) {
	linked, err := d.Accounts.Identities(ctx, person)
	for _, p := range d.Providers {
		l := linkable{ID: p.ID, Name: p.Name}
		for _, i := range linked {
			l.Linked = l.Linked || i.Issuer == p.Issuer
		}
		list = append(list, l)
	}
	return list, err
}

// at names the member that a role is held at; "" for an office.
func (d *Door) at(ctx context.Context, member string) string {
	if member == "" || d.MemberName == nil {
		return member
	}
	name, err := d.MemberName(ctx, member)
	if err != nil || name == "" {
		return "member " + member
	}
	return name
}

func (d *Door) actAs(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	s, _ := sessionIn(r.Context())
	secret, acting, err := d.Accounts.ActAs(r.Context(), s, r.PostForm.Get("role"), r.PostForm.Get("member"))
	switch {
	case errors.Is(err, account.ErrNotHeld):
		return d.showAccount(w, r, c, http.StatusUnprocessableEntity, "You do not hold that role, or no longer.")
	case errors.Is(err, account.ErrNotReady):
		return d.showAccount(w, r, c, http.StatusUnprocessableEntity, "Before you act in an office, make a second passkey or print recovery codes: whoever loses the only one they have can be let in by nobody.")
	case errors.Is(err, account.ErrUnproven):
		http.Redirect(w, r, "/step-up?next=%2Faccount", http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	}
	d.signedIn(w, secret, acting)
	http.Redirect(w, r, d.homeOr(r.PostForm.Get("next"), acting.Role, acting.Member), http.StatusSeeOther)
	return nil
}

func (d *Door) removePasskey(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	s, _ := sessionIn(ctx)
	err := d.Accounts.RemovePasskey(ctx, s.Person, r.PathValue("id"))
	if errors.Is(err, account.ErrLastPasskey) {
		return d.showAccount(w, r, c, http.StatusUnprocessableEntity, "This passkey is still needed. Make another one first; then remove this.")
	} else if err != nil {
		return err
	}
	// Whoever has the device may be signed in with it.
	if err := d.Accounts.EndOthers(ctx, s.Person, s.ID); err != nil {
		return err
	}
	d.tell(ctx, PasskeyRemoved, s.Person)
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// codesPage shows recovery codes, once.
type codesPage struct {
	ui.Chrome
	Name  string
	Codes []string
}

func (d *Door) makeCodes(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	who, _ := ui.WhoIn(r.Context())
	made, err := d.Accounts.MakeRecoveryCodes(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	d.tell(r.Context(), RecoveryMade, who.Actor)
	c.Title = "Your recovery codes"
	d.pages.Show(w, r, http.StatusOK, "codes", codesPage{c, who.Name, made})
	return nil
}

func (d *Door) endSession(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	s, _ := sessionIn(r.Context())
	if r.PathValue("id") == s.ID {
		return d.signOut(w, r, c)
	}
	if err := d.Accounts.End(r.Context(), s.Person, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/account#sessions", http.StatusSeeOther)
	return nil
}

func (d *Door) endOthers(w http.ResponseWriter, r *http.Request, _ ui.Chrome) error {
	s, _ := sessionIn(r.Context())
	if err := d.Accounts.EndOthers(r.Context(), s.Person, s.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/account#sessions", http.StatusSeeOther)
	return nil
}
