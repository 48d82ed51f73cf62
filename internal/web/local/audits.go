package local

import (
	"fmt"
	"net/http"

	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/ui"
)

// auditPeople writes the numbers of the people that an audit is drawn from, a line each.
func (d *Door) auditPeople(w http.ResponseWriter, r *http.Request) {
	look := d.Record.Look(r.Context())
	people, ok := flowbody.Sampled(look, r.PathValue("number"), d.Now())
	if err := look.Err(); err != nil {
		ui.ProblemOf(err).WriteJSON(w)
		return
	}
	if !ok {
		notThere("There is no audit "+r.PathValue("number")+".", "Commit to one with audit.commit.").WriteJSON(w)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, person := range people {
		fmt.Fprintln(w, person)
	}
}
