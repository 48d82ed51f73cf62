package apply

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// How often somebody may sign up. A whole office may sit behind one network address.
var (
	signUps = account.Limit{Name: "sign-up", Most: 20, In: time.Hour}       // by network address
	letters = account.Limit{Name: "sign-up-letter", Most: 3, In: time.Hour} // by the address that a letter goes to
)

// startPage says what it takes to become a member, and takes a name and an address.
type startPage struct {
	ui.Chrome
	Version view.CodeVersion // in force; zero before there is one
	In      bool             // whoever reads it is signed in
	Takes   bool             // strangers can sign up
	Busy    bool             // no letter can be sent right now
	Form    *ui.Form
}

func (a *Apply) start(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return a.showStart(w, r, who, c, http.StatusOK, signUpForm())
}

func (a *Apply) showStart(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, status int, form *ui.Form) error {
	c.NoIndex, c.Title = false, "Become a member"
	if len(form.Faults) > 0 {
		c.Title = "Error: " + c.Title
	}
	v, err := a.Register.VersionInForce(r.Context(), c.Now)
	if err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	_, in := who.Person()
	p := startPage{Chrome: c, Version: v, In: in, Takes: a.Letter != nil, Busy: status == http.StatusServiceUnavailable, Form: form}
	a.Desk.Show(w, r, status, "start", p)
	return nil
}

// signUpForm asks a stranger who they are.
func signUpForm() *ui.Form {
	return &ui.Form{Action: "/apply", Fields: []ui.FormField{
		{Field: act.Field{Name: "name", Label: "Your name", Type: "text", Required: true}},
		{Field: act.Field{Name: "email", Label: "Your e-mail address", Type: "text", Required: true,
			Hint: "A link is sent to it. It works once, for ten minutes."}},
	}}
}

// sentPage says that a letter is under way, whoever the address belongs to.
type sentPage struct {
	ui.Chrome
	Address string
}

// signUp takes a name and an address, and has a link sent there. Whether somebody with this address is known
// already makes no difference to the answer, nor to what is done for it: that is found out when the link is used.
func (a *Apply) signUp(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	sent, ok := a.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	if a.Letter == nil {
		return a.showStart(w, r, who, c, http.StatusServiceUnavailable, signUpForm())
	}
	form := signUpForm()
	form.Fill(sent, true)
	name, email := strings.TrimSpace(form.Fields[0].Typed), strings.TrimSpace(form.Fields[1].Typed)
	// The rules say what a name and an address are; nothing is recorded before the address is shown to be theirs.
	system := ui.Who{Actor: "system", Role: gate.System}
	_, err := a.Desk.Counter.Preview(ctx, system, ui.Asked{Expect: -1, Command: people.Register{Name: act.NewPersonal("", name), Email: act.NewPersonal("", email)}})
	if refusal, ok := act.Refused(err); ok {
		form.Refuse(refusal)
		return a.showStart(w, r, who, c, http.StatusUnprocessableEntity, form)
	} else if err != nil {
		return err
	}
	if err := a.count(r, email); err != nil {
		return a.tooMany(w, r, c, err)
	}
	id, err := a.SignUps.Begin(ctx, applicant.Stranger{Name: name, Email: email})
	if err != nil {
		return err
	}
	if err := a.Letter(ctx, id); err != nil {
		a.Desk.Logger.ErrorContext(ctx, "somebody who signs up gets no letter", "error", err)
		w.Header().Set("Retry-After", "5") // seconds
		return a.showStart(w, r, who, c, http.StatusServiceUnavailable, form)
	}
	c.Title = "Look into your e-mail"
	w.Header().Set("Cache-Control", "no-store")
	a.Desk.Show(w, r, http.StatusOK, "sent", sentPage{c, email})
	return nil
}

// count counts a sign-up, by where it comes from and where its letter goes.
func (a *Apply) count(r *http.Request, email string) error {
	if from := a.From(r); from != "" {
		if err := a.Attempt(r.Context(), signUps, from); err != nil {
			return err
		}
	}
	return a.Attempt(r.Context(), letters, strings.ToLower(email))
}

// tooMany tells whoever tried too often when they may again; any other error is left as it is.
func (a *Apply) tooMany(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) error {
	var many *account.TooMany
	if !errors.As(err, &many) {
		return err
	}
	p, wait := ui.TooMany(w, many.Again.Sub(c.Now), "No letter was sent. It is counted by address and by network, so it may have been somebody beside you.")
	p.Cure = "Look for a letter from us among unwanted mail, or try again in " + wait + "."
	a.Desk.Problem(w, r, c, p)
	return nil
}

// invitationPage says what to do with an invitation. Invitations themselves are taken up at the door.
type invitationPage struct{ ui.Chrome }

func (a *Apply) invitation(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	c.Title = "You have an invitation"
	a.Desk.Show(w, r, http.StatusOK, "invitation", invitationPage{c})
	return nil
}
