package office

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"shingle/internal/act"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// memberAct asks for an act about the member that the address names; then the member's page says what was recorded.
func (o *Office) memberAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	number := r.PathValue("number")
	m, err := o.Desk.Member(r.Context(), number)
	if err != nil {
		return err
	}
	back := memberLink(number)
	if m.Joined.IsZero() {
		back = "/office/applications/" + url.PathEscape(number)
	}
	a := ui.Asking{
		Kind: r.PathValue("kind"), Title: called(r.PathValue("kind")), Known: map[string]string{"member": number}, Then: back, Back: back,
		Lead: "Member " + number + ", " + ui.Isolated(m.Name) + ".",
	}
	if a.Kind == "member.subscribe" {
		if a.Given, err = o.text(r, c); err != nil {
			return err
		}
	}
	return o.ask(w, r, who, c, a)
}

// text returns the version that is signed and its hash: the one that the address names, else the one in force.
func (o *Office) text(r *http.Request, c ui.Chrome) (url.Values, error) {
	v, err := o.Register.VersionInForce(r.Context(), c.Now)
	if label := r.URL.Query().Get("version"); label != "" {
		v, err = o.Register.Version(r.Context(), label)
	}
	if errors.Is(err, view.ErrNotFound) {
		return nil, nil
	}
	return url.Values{"version": {v.Version}, "sha256": {v.SHA256}}, err
}

// orderAct asks for an act about an order.
func (o *Office) orderAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	id := r.PathValue("id")
	return o.ask(w, r, who, c, ui.Asking{
		Kind: r.PathValue("kind"), Known: map[string]string{"order": id}, Then: "/office/orders", Back: "/office/orders", Lead: "Order " + id + ".",
	})
}

// personAct asks for an act about a person.
func (o *Office) personAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	person := r.PathValue("person")
	return o.ask(w, r, who, c, ui.Asking{
		Kind: r.PathValue("kind"), Known: map[string]string{"person": person}, Then: "/office/people", Back: "/office/people", Lead: "Person " + person + ".",
	})
}

// ask asks for an act that has all the fields which the address knows.
func (o *Office) ask(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, a ui.Asking) error {
	kind, ok := o.Desk.Counter.Record.Catalogue.Act(a.Kind)
	for name := range a.Known {
		ok = ok && slices.ContainsFunc(kind.Fields, func(f act.Field) bool { return f.Name == name })
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	return o.Desk.Ask(w, r, who, c, a)
}
