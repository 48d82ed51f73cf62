package local

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// ErrJoined says that a person can sign in already, so that no link is made for them here.
var ErrJoined = errors.New("the person has joined already")

// invite answers with the address at which a person comes in. An invitation has the link sent to their e-mail
// address; a link is handed out only for who has not joined: whoever sits at the machine does not come in as
// somebody who did.
func (d *Door) invite(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Person string
		Link   bool
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&ask); err != nil {
		ui.BadRequest("The request cannot be read as JSON.").WriteJSON(w)
		return
	}
	address, until, err := d.Invite(r.Context(), ask.Person, ask.Link)
	switch {
	case errors.Is(err, account.ErrNoPerson):
		notThere("There is no such person", "\"shingle act officer.invite\" and \"shingle act person.invite\" invite somebody and print their number.").WriteJSON(w)
		return
	case errors.Is(err, ErrJoined):
		ui.Problem{Type: "/problems/conflict", Title: "This person has joined already", Status: http.StatusConflict, Detail: "Nothing was changed.",
			Cure: "Leave out --link: an invitation has the link sent to their own e-mail address."}.WriteJSON(w)
		return
	case err != nil:
		d.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
	d.write(w, map[string]any{"address": address, "until": until.Format(time.RFC3339)})
}
