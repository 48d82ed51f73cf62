package door

import (
	"errors"
	"net/http"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// stepUpPage asks for a fresh proof.
type stepUpPage struct {
	ui.Chrome
	Next    string
	Problem string
	Guest   bool // a demo's guest has no passkey, and proves who they are by a button
}

func (d *Door) stepUp(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	return d.showStepUp(w, r, c, http.StatusOK, stepUpPage{Next: next(r.URL.Query().Get("next"))})
}

func (d *Door) showStepUp(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, p stepUpPage) error {
	s, _ := sessionIn(r.Context())
	c.Title = "Prove that it is you"
	p.Chrome, p.Guest = c, s.How == account.ByDemo
	ui.AllowScript(w)
	d.pages.Show(w, r, status, "step-up", p)
	return nil
}

func (d *Door) stepUpBegin(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	if err := d.Accounts.Attempt(r.Context(), begins, d.From(r)); err != nil {
		return err
	}
	s, _ := sessionIn(r.Context())
	options, secret, err := d.Accounts.BeginProof(r.Context(), s.Person)
	if errors.Is(err, account.ErrWrongPasskey) {
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/no-passkey", Title: "You have no passkey", Status: http.StatusConflict, Cure: "Ask for a new invitation; by that you make one."})
		return nil
	}
	if err != nil {
		return err
	}
	return begun(w, options, secret)
}

func (d *Door) stepUpDone(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	s, _ := sessionIn(ctx)
	p := stepUpPage{Next: next(r.PostForm.Get("next"))}
	if !(s.How == account.ByDemo && d.Demo != nil) {
		answer := r.PostForm.Get("answer")
		if answer == "" {
			p.Problem = "Your browser did not use a passkey. That needs a script on this page: allow it and try again."
			return d.showStepUp(w, r, c, http.StatusUnprocessableEntity, p)
		}
		if err := d.Accounts.MayAttempt(ctx, wrongs, d.From(r), s.Person); err != nil {
			return err
		}
		err := d.Accounts.FinishProof(ctx, s.Person, ceremony(w, r), []byte(answer))
		if p.Problem = signInProblem(err); p.Problem != "" {
			if err := d.wrong(r, s.Person); err != nil {
				return err
			}
			if errors.Is(err, account.ErrCopied) {
				d.tell(ctx, PasskeyCopied, s.Person)
			}
			return d.showStepUp(w, r, c, http.StatusUnprocessableEntity, p)
		}
		if err != nil {
			return err
		}
	}
	secret, proven, err := d.Accounts.Prove(ctx, s)
	if err != nil {
		return err
	}
	d.signedIn(w, secret, proven)
	http.Redirect(w, r, d.homeOr(p.Next, s.Role, s.Member), http.StatusSeeOther)
	return nil
}
