package office

import (
	"net/http"
	"strings"

	"shingle/internal/body/cases"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

// poolPage lists those from whom panels are named, with what they said of their interests.
type poolPage struct {
	ui.Chrome
	Said []string
	Rows []poolRow
	Lay  int // how many there are from the public whose interests are on record
	Able int // how many can be named at all
	Own  bool
	Size int // of a panel, with those who stand by
}

type poolRow struct {
	pooled
	Links []link
}

// Interested is what somebody said of their interests, in words.
func (p pooled) Interested() string {
	switch {
	case !p.Declared:
		return "not declared"
	case p.Employer == "" && len(p.Interests) == 0:
		return "none"
	}
	var words []string
	if p.Employer != "" {
		words = append(words, "works at "+p.Employer)
	}
	if len(p.Interests) > 0 {
		words = append(words, "close to "+joined(p.Interests))
	}
	return strings.Join(words, ", ")
}

func (o *Office) pool(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Panelists"
	p := poolPage{Chrome: c, Own: who.Role == gate.Panelist}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	t := o.trying(r.Context(), who, cases.Case{}, c)
	all, err := t.poolOf()
	if err != nil {
		return err
	}
	procedure := t.procedure()
	p.Size = procedure.Panel + procedure.Alternates
	for _, one := range all {
		if p.Own && "person/"+one.Number != who.Actor {
			continue // what colleagues said of their interests is for the chair
		}
		row := poolRow{pooled: one}
		if one.Side != "" && one.Declared {
			p.Able++
			if one.Side == cases.Public {
				p.Lay++
			}
		}
		for _, a := range []struct{ kind, say string }{{"panelist.declare", "Declare interests"}, {"panelist.enlist", "Take into the pool"}, {"panelist.strike", "Take out of the pool"}} {
			in := one.Side != ""
			if o.asksOf(who, a.kind, "panelist/"+one.Number, "person/"+one.Number) && (a.kind != "panelist.strike" || in) && (a.kind != "panelist.enlist" || !in) {
				row.Links = append(row.Links, link{"/office/panelists/" + one.Number + "/acts/" + a.kind, a.say})
			}
		}
		p.Rows = append(p.Rows, row)
	}
	o.Desk.Show(w, r, http.StatusOK, "pool", p)
	return nil
}

// poolAct asks for an act about somebody in the pool.
func (o *Office) poolAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	person, kind := r.PathValue("person"), r.PathValue("kind")
	known := map[string]string{"person": person}
	switch {
	case kind == "panelist.declare":
		known = map[string]string{"panelist": person}
	case !strings.HasPrefix(kind, "panelist."):
		return o.Desk.NotFound(w, r, c)
	}
	return o.ask(w, r, who, c, ui.Asking{Kind: kind, Known: known, Then: "/office/panelists", Back: "/office/panelists", Lead: "Person " + person + "."})
}
