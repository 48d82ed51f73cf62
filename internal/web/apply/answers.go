package apply

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// checkPage shows all answers, and what the rules say of them, before the application is sent.
type checkPage struct {
	ui.Chrome
	Sections []section
	Faults   []fault // what is in the way; empty: it can be sent
	Notice   string  // why it was not sent, though nothing is wrong with it; ""
	Key      string  // idempotency key
	Seen     int64   // version of the draft that is shown, µs since 1970
}

// section is a task with its answers.
type section struct {
	Title string
	Steps []answeredStep
}

type answeredStep struct {
	Title, Href string
	Answers     []ui.Answer
}

// fault is something that is in the way, with the step on which it is put right; "" for none in particular.
type fault struct {
	ui.Fault
	Task, Href string
}

func (a *Apply) check(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	draft, err := a.Drafts.Read(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	return a.showCheck(w, r, who, c, http.StatusOK, draft, "", nil)
}

// showCheck shows the answers of a draft. also is a refusal of the whole that was met when it was sent.
func (a *Apply) showCheck(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, status int, draft applicant.Draft, notice string, also *act.Refusal) error {
	p := checkPage{Chrome: c, Notice: notice, Key: "application-" + rand.Text(), Seen: draft.Updated.UnixMicro()}
	var err error
	if p.Faults, err = a.faults(r.Context(), who, c, draft); err != nil {
		return err
	}
	if also != nil && len(p.Faults) == 0 {
		for _, one := range also.All() {
			rule := one.Rule
			p.Faults = append(p.Faults, fault{Fault: ui.Fault{Text: one.Detail, Rule: &rule}})
		}
	}
	if p.Sections, err = a.sections(r.Context(), c, draft); err != nil {
		return err
	}
	p.Title, p.Active = "Check your answers", "/apply/tasks"
	a.Desk.Show(w, r, status, "answers", p)
	return nil
}

// faults returns all that is in the way of a draft: steps that are not answered in full, and what the rules refuse
// now, though they may not have when the step was answered.
func (a *Apply) faults(ctx context.Context, who ui.Who, c ui.Chrome, draft applicant.Draft) (all []fault, err error) {
	for _, t := range tasks {
		for _, s := range t.steps {
			href := "/apply/tasks/" + s.name + "?then=" + fromCheck
			if !draft.Has(s.name) && !s.begun(draft) {
				all = append(all, fault{ui.Fault{Text: "“" + s.title + "” is not answered yet."}, t.title, href})
				continue
			}
			form, err := a.tried(ctx, who, c, s, draft.Answers)
			if err != nil {
				return nil, err
			}
			for _, f := range form.Faults {
				all = append(all, fault{f, t.title, href})
			}
			if len(form.Faults) == 0 && !draft.Has(s.name) { // put off until later
				all = append(all, fault{ui.Fault{Text: "“" + s.title + "” is begun: look at it again and go on from there."}, t.title, href})
			}
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	// Each answer is fine; what remains is what the rules say of all of them together.
	_, err = a.Desk.Counter.Preview(ctx, who, ui.Asked{Command: a.command(&ui.Form{}, c, draft.Answers, allFields()), Expect: -1})
	if refusal, ok := act.Refused(err); ok {
		for _, one := range refusal.All() {
			rule := one.Rule
			all = append(all, fault{Fault: ui.Fault{Text: one.Detail, Rule: &rule}})
		}
		return all, nil
	}
	return nil, err
}

// sections returns the answers in words. Letters that could deceive are pointed out, as they are to the officer
// who looks into the application; nothing is refused for them.
func (a *Apply) sections(ctx context.Context, c ui.Chrome, draft applicant.Draft) (all []section, err error) {
	names := a.Desk.Names
	if c.Launch { // who is a member is not public yet
		names = nil
	}
	for _, t := range tasks {
		of := section{Title: t.title}
		for _, s := range t.steps {
			form := a.form(s, c, draft.Answers)
			var shown []string
			for _, f := range s.fields {
				if !denied(f, draft.Answers) {
					shown = append(shown, f)
				}
			}
			form.Only(shown...)
			answers, err := form.Answers(ctx, c.Zone, nil, names)
			if err != nil {
				return nil, err
			}
			of.Steps = append(of.Steps, answeredStep{s.title, "/apply/tasks/" + s.name + "?then=" + fromCheck, answers})
		}
		all = append(all, of)
	}
	return all, nil
}

// send sends the application, once, however often the button is pressed. The draft goes in the same transaction.
func (a *Apply) send(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	sent, ok := a.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	draft, err := a.Drafts.Read(ctx, who.Actor)
	if err != nil {
		return err
	}
	if draft.Updated.IsZero() { // it went with the application, when the button was pressed the first time
		http.Redirect(w, r, "/apply/progress", http.StatusSeeOther)
		return nil
	}
	key := sent.Get("_key")
	if seen, err := strconv.ParseInt(sent.Get("_seen"), 10, 64); err != nil || seen != draft.Updated.UnixMicro() || !act.OneLine(key, 1, 100) {
		return a.showCheck(w, r, who, c, http.StatusConflict, draft, "The answers were changed after you had looked at them, on another device perhaps. Nothing was sent: look at them again.", nil)
	}
	if found, err := a.faults(ctx, who, c, draft); err != nil || len(found) > 0 {
		if err != nil {
			return err
		}
		return a.showCheck(w, r, who, c, http.StatusUnprocessableEntity, draft, "", nil)
	}
	cmd := a.command(&ui.Form{}, c, draft.Answers, allFields())
	done, err := a.Desk.Counter.Ask(ctx, who, ui.Asked{Command: cmd, Key: key, Expect: -1})
	if refusal, ok := act.Refused(err); ok {
		return a.showCheck(w, r, who, c, http.StatusUnprocessableEntity, draft, "", refusal)
	}
	switch {
	case errors.Is(err, record.ErrKeyReused):
		return a.showCheck(w, r, who, c, http.StatusConflict, draft, "These answers differ from those that were sent before. What was sent before stands: look at these again.", nil)
	case err != nil:
		return err // the draft is left as it is
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, Progress(strings.TrimPrefix(done.Stream, "member/"))+"?sent=yes", http.StatusSeeOther)
	return nil
}
