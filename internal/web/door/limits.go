package door

import (
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// How often something may be tried. A whole office may sit behind one address, so what costs little is counted
// loosely; a secret cannot be guessed within any of these.
var (
	begins = account.Limit{Name: "begin", Most: 60, In: 10 * time.Minute} // what is to be signed, by address
	wrongs = account.Limit{Name: "wrong", Most: 10, In: 10 * time.Minute} // answers that proved nothing, by address and by person
	codes  = account.Limit{Name: "code", Most: 5, In: 15 * time.Minute}   // recovery codes, by address
	links  = account.Limit{Name: "link", Most: 5, In: time.Hour}          // e-mails to one person
	joins  = account.Limit{Name: "join", Most: 30, In: time.Hour}         // e-mails asked for from one address
)

// tooMany tells whoever tried too often when they may again.
func (d *Door) tooMany(w http.ResponseWriter, r *http.Request, c ui.Chrome, many *account.TooMany) {
	p, wait := ui.TooMany(w, many.Again.Sub(d.Now()), "Nothing was changed. It is counted by account and by network, so it may have been somebody beside you.")
	p.Cure = "Try again in " + wait + "."
	d.pages.Problem(w, r, c, p)
}
