package apply

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

// linkPage is what a link opens. It is used up by its button alone: whatever scans e-mail opens links too.
type linkPage struct{ ui.Chrome }

func (a *Apply) link(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	w.Header().Set("Cache-Control", "no-store")
	if err := a.SignUps.Works(r.Context(), r.PathValue("secret")); err != nil {
		return a.spent(w, r, c, err)
	}
	c.Title = "Your address is right"
	a.Desk.Show(w, r, http.StatusOK, "link", linkPage{c})
	return nil
}

// linkUsed takes in whoever has shown that mail reaches them, and leads them on to where they make a passkey.
// Somebody who can sign in already does so: a link lets nobody into an account.
func (a *Apply) linkUsed(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	w.Header().Set("Cache-Control", "no-store")
	id, who, err := a.SignUps.Use(ctx, r.PathValue("secret"))
	if err != nil {
		return a.spent(w, r, c, err)
	}
	person, joined, err := a.known(ctx, c, who)
	switch {
	case err != nil:
		return err
	case joined:
		http.Redirect(w, r, ui.SignInPath+"?"+url.Values{"next": {"/apply/tasks"}}.Encode(), http.StatusSeeOther)
		return nil
	case person == "":
		if person, err = a.register(ctx, id, who); err != nil {
			return err
		}
	}
	path, err := a.Enrol(ctx, person)
	if err != nil {
		return err
	}
	// The button that was pressed counts for the link that lies behind it too: it stays a POST.
	http.Redirect(w, r, path, http.StatusTemporaryRedirect)
	return nil
}

// known returns the stream of the person with a stranger's address, "" for none. joined says that they can sign
// in; whose invitation has run out without that is nobody any more, and who only says that the address is theirs
// now keeps nobody out whom mail to it reaches.
func (a *Apply) known(ctx context.Context, c ui.Chrome, who applicant.Stranger) (person string, joined bool, err error) {
	all, err := a.Register.PeopleAt(ctx, who.Email)
	for _, p := range all {
		if !p.Joined.IsZero() {
			if !p.Moved {
				return "person/" + p.ID, true, err
			}
			continue
		}
		if c.Now.Before(p.InvitedUntil) {
			person = "person/" + p.ID
		}
	}
	return person, false, err
}

// register records a stranger as a person. The same sign-up makes one person, however often it is tried.
func (a *Apply) register(ctx context.Context, signUp string, who applicant.Stranger) (person string, err error) {
	done, err := a.Desk.Counter.Ask(ctx, ui.Who{Actor: "system", Role: gate.System}, ui.Asked{
		Command: people.Register{Name: act.NewPersonal("", who.Name), Email: act.NewPersonal("", who.Email)}, Key: "sign-up-" + signUp, Expect: -1,
	})
	return done.Stream, err
}

// spent answers for a link that works no more.
func (a *Apply) spent(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) error {
	if errors.Is(err, applicant.ErrSpent) {
		a.Desk.Problem(w, r, c, ui.Problem{Type: "/problems/spent", Title: "This link has expired or was used before", Status: http.StatusGone,
			Detail: "A link works once, and for ten minutes. Nothing was changed.", Cure: "Ask for another one on the page “Become a member”."})
		return nil
	}
	return err
}
