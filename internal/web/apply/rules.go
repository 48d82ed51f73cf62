package apply

import (
	"context"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/web/ui"
)

// tried returns the form of a step with what is wrong with its answers: what cannot be read, and what the rules
// of the application say of them. It asks for nothing.
func (a *Apply) tried(ctx context.Context, who ui.Who, c ui.Chrome, s step, answers map[string]string) (*ui.Form, error) {
	form := a.form(s, c, answers)
	declared(form, answers)
	cmd := a.command(form, c, answers, append(slices.Clone(s.fields), s.with...))
	form.Only(s.fields...)
	if len(form.Faults) > 0 {
		return form, nil
	}
	if cmd.Name == "" {
		cmd.Name = "…" // asked for in another step, which says so if it is missing
	}
	if slices.Contains(s.fields, "sole_trader") {
		cmd.SoleTrader = false // what follows from it is asked for in the next step
	}
	_, err := a.Desk.Counter.Preview(ctx, who, ui.Asked{Command: cmd, Expect: -1})
	if refusal, ok := act.Refused(err); ok {
		form.Refuse(refusal)
		return form, nil
	}
	return form, err
}

// declared notes what is wrong with answers that the rules of the application do not look at.
func declared(form *ui.Form, answers map[string]string) {
	for _, f := range form.Fields {
		detail, question := declares[f.Name]
		switch {
		case question && answers[f.Name] != "yes" && answers[f.Name] != "no":
			form.Blame(f.Name, "Answer “"+f.Label+"” with yes or no.")
		case question && answers[f.Name] == "yes" && strings.TrimSpace(answers[detail]) == "":
			form.Blame(detail, "You answered yes: say which.")
		case f.Name == "contact_email" && f.Typed != "":
			if parsed, err := mail.ParseAddress(strings.TrimSpace(f.Typed)); err != nil || parsed.Address != strings.TrimSpace(f.Typed) {
				form.Blame(f.Name, "“"+f.Label+"” is no e-mail address; write one such as ada@cobaltridge.example.")
			}
		}
	}
}

// command makes the application out of the answers to some fields, and notes in form what cannot be read.
func (a *Apply) command(form *ui.Form, c ui.Chrome, answers map[string]string, fields []string) membership.Apply {
	k, _ := a.Desk.Counter.Record.Catalogue.Act(kind)
	whole := ui.NewForm(k, "", nil, c.Zone, c.Now)
	given := url.Values{}
	for _, field := range k.Fields {
		if slices.Contains(fields, field.Name) && !denied(field.Name, answers) {
			given.Set(field.Name, strings.ReplaceAll(answers[field.Name], "\r\n", "\n"))
		}
	}
	whole.Fill(given, true)
	read, _ := whole.Read(k, given, nil, c.Zone)
	for _, fault := range whole.Faults {
		form.Blame(fault.Field, fault.Text)
	}
	cmd, _ := read.(membership.Apply)
	return cmd
}

// denied reports whether a field was answered with no: what still stands in it is not said.
func denied(field string, answers map[string]string) bool {
	for question, detail := range declares {
		if detail == field && answers[question] != "yes" {
			return true
		}
	}
	return false
}

// allFields are those of every step.
func allFields() (fields []string) {
	for _, t := range tasks {
		for _, s := range t.steps {
			fields = append(fields, s.fields...)
		}
	}
	return fields
}
