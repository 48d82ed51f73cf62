package apply

import (
	"errors"
	"net/http"
	"strings"

	"shingle/internal/applicant"
	"shingle/internal/web/ui"
)

// stepPage asks one thing.
type stepPage struct {
	ui.Chrome
	Heading, Task, Lead string
	Form                *ui.Form
	Then                string // "check" to go back to the answers afterwards, else ""
}

// fromCheck is what an address says that leads back to the answers.
const fromCheck = "check"

func (a *Apply) ask(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	s, _, _, ok := stepNamed(r.PathValue("step"))
	if !ok {
		return a.Desk.NotFound(w, r, c)
	}
	draft, err := a.Drafts.Read(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	form := a.form(s, c, draft.Answers)
	if s.name == "contact" && !draft.Has(s.name) && draft.Answers["contact_name"] == "" && draft.Answers["contact_email"] == "" {
		number, _ := who.Person()
		me, err := a.Register.Person(r.Context(), number)
		if err != nil {
			return err
		}
		form.Fields[0].Typed, form.Fields[1].Typed = me.Name, me.Email
	}
	return a.showStep(w, r, c, http.StatusOK, s, form, r.URL.Query().Get("then"))
}

func (a *Apply) showStep(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, s step, form *ui.Form, then string) error {
	_, task, _, _ := stepNamed(s.name)
	c.Title, c.Active = s.title, "/apply/tasks"
	if len(form.Faults) > 0 {
		c.Title = "Error: " + c.Title
	}
	if then != fromCheck {
		then = ""
	}
	a.Desk.Show(w, r, status, "step", stepPage{c, s.title, task, s.lead, form, then})
	return nil
}

// answered saves what was typed, whatever it is, and goes on if nothing is wrong with it. Whoever wants to come
// back later is told nothing of what is wrong with what they have so far.
func (a *Apply) answered(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	s, _, next, ok := stepNamed(r.PathValue("step"))
	if !ok {
		return a.Desk.NotFound(w, r, c)
	}
	sent, ok := a.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	form := a.form(s, c, nil)
	form.Fill(sent, true)
	answers := map[string]string{}
	for _, f := range form.Fields {
		answers[f.Name] = strings.ReplaceAll(f.Typed, "\r\n", "\n")
	}
	before, err := a.Drafts.Read(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	for _, with := range s.with {
		answers[with] = before.Answers[with]
	}
	form, err = a.tried(r.Context(), who, c, s, answers)
	if err != nil {
		return err
	}
	whole, later := len(form.Faults) == 0, sent.Get("_step") == "later"
	_, err = a.Drafts.Change(r.Context(), who.Actor, func(d *applicant.Draft) {
		for _, f := range s.fields {
			d.Answers[f] = answers[f]
		}
		d.Mark(s.name, whole && (!later || d.Has(s.name)))
	})
	if errors.Is(err, applicant.ErrTooLarge) {
		a.Desk.Problem(w, r, c, ui.Problem{Type: "/problems/too-large", Title: "This is more than a draft may hold", Status: http.StatusRequestEntityTooLarge,
			Detail: "The draft may hold 256 KiB, and was left as it was.", Cure: "Go back and write less."})
		return nil
	} else if err != nil {
		return err
	}
	then := sent.Get("_then")
	to := "/apply/tasks"
	switch {
	case later:
	case !whole:
		return a.showStep(w, r, c, http.StatusUnprocessableEntity, s, form, then)
	case then == fromCheck:
		to = "/apply/check"
	case next != "":
		to += "/" + next
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
