package office

import (
	"net/http"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// declaredPage shows what a company that applies declared of past sanctions.
type declaredPage struct {
	ui.Chrome
	Number, Name string
	At           time.Time
	Text         string
	Check        string // address of the form on which the check is recorded
}

// declared opens what an applicant confided, for whoever checks it. It is a form that is sent, because something is
// recorded: who looked.
func (o *Office) declared(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	number := r.PathValue("number")
	m, err := o.Desk.Member(r.Context(), number)
	if err != nil {
		return err
	}
	if m.Stage != membership.Applicant {
		return o.Desk.NotFound(w, r, c)
	}
	found, err := o.Desk.Counter.Record.Search(r.Context(), record.Wanted{Subject: "member/" + number, Kind: "member.applied"}, 1)
	if err != nil {
		return err
	}
	p := declaredPage{Chrome: c, Number: number, Name: m.Name, Check: memberActLink(number, "member.check", "check", "sanctions")}
	var words act.Private
	for _, e := range found.Events {
		if applied, ok := e.Event.(membership.Applied); ok {
			words, p.At = applied.DeclaredSanctions, e.At
		}
	}
	if words.Empty() {
		return o.Desk.NotFound(w, r, c)
	}
	texts, err := o.Reveal(r.Context(), who, "member/"+number, "to check the past sanctions of a company that applies", words)
	if err != nil {
		return err
	}
	p.Title, p.Text = "What it declared of past sanctions", texts[0]
	o.Desk.Show(w, r, http.StatusOK, "declared", p)
	return nil
}
