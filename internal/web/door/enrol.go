package door

import (
	"errors"
	"net/http"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/web/ui"
)

// linkPage is what a one-time link opens. It is used up by its button alone.
type linkPage struct{ ui.Chrome }

func (d *Door) link(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	if to, ok := d.byName(r); ok {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	if err := d.Accounts.Link(r.Context(), r.PathValue("link")); err != nil {
		return err
	}
	c.Title = "Set up your passkey"
	d.pages.Show(w, r, http.StatusOK, "link", linkPage{c})
	return nil
}

func (d *Door) linkUsed(w http.ResponseWriter, r *http.Request, _ ui.Chrome) error {
	person, err := d.Accounts.UseLink(r.Context(), r.PathValue("link"))
	if err != nil {
		return err
	}
	return d.enter(w, r, account.Opening{Person: person, How: account.ByLink}, "")
}

// enrolPage makes a passkey.
type enrolPage struct {
	ui.Chrome
	Label   string
	First   bool   // they came by a link or a recovery code, and are not in yet
	Problem string // why there is no passkey
	Field   string // that the problem is about; "" for none
}

func (d *Door) enrol(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	return d.showEnrol(w, r, c, http.StatusOK, enrolPage{Label: device(r.UserAgent())})
}

func (d *Door) showEnrol(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, p enrolPage) error {
	s, _ := sessionIn(r.Context())
	c.Title = "Make a passkey"
	p.Chrome, p.First = c, s.Limited()
	ui.AllowScript(w)
	d.pages.Show(w, r, status, "enrol", p)
	return nil
}

// whoEnrols returns who is enrolling, with their session.
func (d *Door) whoEnrols(r *http.Request) (account.Session, Person, account.Enrolling, error) {
	s, _ := sessionIn(r.Context())
	p, err := d.Person(r.Context(), s.Person)
	return s, p, account.Enrolling{Person: s.Person, Name: p.Name, Email: p.Email}, err
}

func (d *Door) enrolBegin(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	if err := d.Accounts.Attempt(r.Context(), begins, d.From(r)); err != nil {
		return err
	}
	_, _, who, err := d.whoEnrols(r)
	if err != nil {
		return err
	}
	options, secret, err := d.Accounts.BeginEnrol(r.Context(), who)
	if errors.Is(err, account.ErrTooManyPasskeys) {
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/too-many-passkeys", Title: "You have twenty passkeys", Status: http.StatusConflict, Cure: "Remove one that you do not use."})
		return nil
	}
	if err != nil {
		return err
	}
	return begun(w, options, secret)
}

func (d *Door) enrolDone(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	s, person, who, err := d.whoEnrols(r)
	if err != nil {
		return err
	}
	p := enrolPage{Label: r.PostForm.Get("label")}
	if r.PostForm.Get("answer") == "" {
		p.Problem = "Your browser made no passkey. That needs a script on this page: allow it and try again."
		return d.showEnrol(w, r, c, http.StatusUnprocessableEntity, p)
	}
	made, err := d.Accounts.FinishEnrol(ctx, who, ceremony(w, r), []byte(r.PostForm.Get("answer")), p.Label)
	var bad *act.BadField
	switch {
	case errors.As(err, &bad):
		p.Problem, p.Field = "The name of the passkey "+bad.Detail+".", "label"
	case errors.Is(err, account.ErrExpired):
		p.Problem = "That took too long, or was done before. Try again."
	case errors.Is(err, account.ErrWrongPasskey):
		p.Problem = "What your device answered does not fit. Try again, or use another device."
	case err != nil:
		return err
	}
	if p.Problem != "" {
		return d.showEnrol(w, r, c, http.StatusUnprocessableEntity, p)
	}
	if s.Limited() && !person.Joined {
		if err := d.Joined(ctx, s.Person); err != nil {
			return errors.Join(err, d.Accounts.DropPasskey(ctx, made))
		}
	}
	d.tell(ctx, PasskeyAdded, s.Person)
	if !s.Limited() {
		http.Redirect(w, r, "/account", http.StatusSeeOther)
		return nil
	}
	if err := d.Accounts.Withdraw(ctx, s.Person); err != nil {
		return err
	}
	secret, next, err := d.Accounts.Complete(ctx, s)
	if err != nil {
		return err
	}
	d.signedIn(w, secret, next)
	http.Redirect(w, r, d.begin(ctx, s.Person), http.StatusSeeOther)
	return nil
}
