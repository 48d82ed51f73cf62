package door

import (
	"net/http"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// joinPage is what an invitation opens: it sends a one-time link. By itself it lets nobody in.
type joinPage struct {
	ui.Chrome
	Name    string
	Address string // where the link goes, most of it hidden
	Expires time.Time
	Sent    bool
}

func (d *Door) join(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	if to, ok := d.byName(r); ok {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	invitation, who, err := d.invited(r)
	if err != nil {
		return err
	}
	c.Title = "You are invited"
	d.pages.Show(w, r, http.StatusOK, "join", joinPage{Chrome: c, Name: who.Name, Address: hidden(who.Email), Expires: invitation.Expires})
	return nil
}

func (d *Door) invited(r *http.Request) (account.Invitation, Person, error) {
	invitation, err := d.Accounts.Invitation(r.Context(), r.PathValue("token"))
	if err != nil {
		return invitation, Person{}, err
	}
	who, err := d.Person(r.Context(), invitation.Person)
	return invitation, who, err
}

func (d *Door) joinDone(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	invitation, who, err := d.invited(r)
	if err != nil {
		return err
	}
	if err := d.Accounts.MayAttempt(ctx, links, invitation.Person); err != nil {
		return err
	}
	if err := d.Accounts.Attempt(ctx, joins, d.From(r)); err != nil {
		return err
	}
	if err := d.Accounts.Attempt(ctx, links, invitation.Person); err != nil {
		return err
	}
	// It goes to the address that they have now, and is not shown here: whoever holds the invitation is not let
	// in by that alone.
	if err := d.Mail(ctx, Letter{Kind: EnrolLink, Person: invitation.Person, At: d.Now()}); err != nil {
		return err
	}
	c.Title = "Look into your e-mail"
	d.pages.Show(w, r, http.StatusOK, "join", joinPage{Chrome: c, Name: who.Name, Address: hidden(who.Email), Expires: invitation.Expires, Sent: true})
	return nil
}

// hidden is an address that its owner knows again, and nobody else learns.
func hidden(email string) string {
	name, domain, ok := strings.Cut(email, "@")
	if !ok || name == "" {
		return "your e-mail address"
	}
	first := []rune(name)[:1]
	return string(first) + "…@" + domain
}
