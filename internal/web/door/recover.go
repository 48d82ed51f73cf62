package door

import (
	"errors"
	"net/http"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// recoverPage asks for a recovery code.
type recoverPage struct {
	ui.Chrome
	Given   string
	Problem string
}

func (d *Door) recover(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	return d.showRecover(w, r, c, http.StatusOK, recoverPage{})
}

func (d *Door) showRecover(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, p recoverPage) error {
	c.Title = "Use a recovery code"
	p.Chrome = c
	d.pages.Show(w, r, status, "recover", p)
	return nil
}

func (d *Door) recoverDone(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	given := r.PostForm.Get("code")
	if given == "" {
		return d.showRecover(w, r, c, http.StatusUnprocessableEntity, recoverPage{Problem: "Enter a recovery code."})
	}
	if err := d.Accounts.Attempt(r.Context(), codes, d.From(r)); err != nil {
		return err
	}
	person, _, err := d.Accounts.Recover(r.Context(), given)
	if errors.Is(err, account.ErrExpired) {
		if len(given) > 100 {
			given = ""
		}
		return d.showRecover(w, r, c, http.StatusUnprocessableEntity, recoverPage{Given: given, Problem: "This code does not work: it was mistyped, was used before, or newer ones were made. Each works once."})
	} else if err != nil {
		return err
	}
	d.tell(r.Context(), RecoveryUsed, person)
	return d.enter(w, r, account.Opening{Person: person, How: account.ByRecovery}, "")
}
