package door

import (
	"net/http"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// guestPage is what a demo's printed link opens.
type guestPage struct {
	ui.Chrome
	Name   string
	Role   string // in words
	Member string
}

func (d *Door) guest(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	if to, ok := d.byName(r); ok {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	g, who, err := d.guestOf(r)
	if err != nil {
		return err
	}
	c.Title = "Sign in to the demo"
	d.pages.Show(w, r, http.StatusOK, "guest", guestPage{c, who.Name, titled(g.Role), d.at(r.Context(), g.Member)})
	return nil
}

func (d *Door) guestOf(r *http.Request) (Guest, Person, error) {
	g, ok := d.Demo(r.Context(), r.PathValue("role"))
	if !ok {
		return g, Person{}, account.ErrNotFound
	}
	who, err := d.Person(r.Context(), g.Person)
	return g, who, err
}

func (d *Door) guestIn(w http.ResponseWriter, r *http.Request, _ ui.Chrome) error {
	g, _, err := d.guestOf(r)
	if err != nil {
		return err
	}
	return d.enter(w, r, account.Opening{Person: g.Person, How: account.ByDemo, Role: g.Role, Member: g.Member}, "")
}
