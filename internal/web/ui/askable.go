package ui

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/gate"
)

// ActGroup is the acts about one sort of thing.
type ActGroup struct {
	Title string
	Acts  []*act.Act
}

// sorts name the sorts of things that acts are about, by the prefix of their streams, in the order in which
// they are listed.
var sorts = []struct{ prefix, title string }{
	{"member", "Members"}, {"case", "Cases"}, {"charge", "Charges"}, {"order", "Orders"}, {"claim", "False claims of membership"}, {"panelist", "Panelists"}, {"person", "People"},
	{"learner", "Ledgers of education"}, {"course", "Courses"}, {"provider", "Providers of courses"}, {"audit", "Audits of education"}, {"code", "The code"}, {"body", "The body"},
}

// Askable returns the acts that somebody may ask for, by what they are about. q narrows them down to those
// whose words hold all of its words.
func (d *Desk) Askable(who Who, q string) (all []ActGroup) {
	for _, sort := range sorts {
		all = append(all, ActGroup{Title: sort.title})
	}
	all = append(all, ActGroup{Title: "Other"})
	for _, a := range d.Counter.Record.Catalogue.Acts {
		if d.Own && a.Stream.Prefix == "person" && gate.AsOneself(who.Role, a.Kind) {
			continue // what is about themself, and not about the member, is asked for at their account
		}
		var denied *gate.Denied
		if err := d.Counter.May(who, a.Kind); err != nil && !(errors.As(err, &denied) && denied.StepUp) || !speaksOf(a, q) {
			continue
		}
		at := len(sorts)
		for i, sort := range sorts {
			if sort.prefix == a.Stream.Prefix {
				at = i
			}
		}
		all[at].Acts = append(all[at].Acts, a)
	}
	return slices.DeleteFunc(all, func(g ActGroup) bool { return len(g.Acts) == 0 })
}

// speaksOf reports whether an act's words hold all words of a question.
func speaksOf(a *act.Act, q string) bool {
	text := a.Kind + " " + a.Does
	for _, f := range a.Fields {
		text += " " + f.Label
	}
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(q)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// actsPage lists what may be asked for.
type actsPage struct {
	Chrome
	Root   string
	Q      string
	Groups []ActGroup
}

func (d *Desk) acts(w http.ResponseWriter, r *http.Request, who Who, c Chrome) error {
	c.Title = "What you may ask for"
	q := r.URL.Query().Get("q")
	d.pages.Show(w, r, http.StatusOK, "acts", actsPage{c, d.Root, q, d.Askable(who, q)})
	return nil
}
