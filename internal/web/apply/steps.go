package apply

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/applicant"
	"shingle/internal/web/ui"
)

// kind is the act that all of this leads to.
const kind = "member.apply"

// A step is one page of the application: one thing is asked on it.
type step struct {
	name   string // in its address, and in a draft
	title  string // the question
	lead   string
	fields []string
	with   []string         // answers of other steps that the rules look at together with these
	say    map[string]words // how the form says what the act calls otherwise
}

// words are how a form speaks of a field.
type words struct{ label, hint string }

// task is one line of the task list.
type task struct {
	title string
	steps []step
}

// tasks are all that is asked, in order. Every field of the act stands in exactly one step.
var tasks = []task{
	{"Your company", []step{
		{name: "name", title: "What is the company called?", fields: []string{"name", "sole_trader"}, say: map[string]words{
			"name":        {"Legal name", "as it stands in the public register of companies, or your own name if you trade alone"},
			"sole_trader": {"Do you trade alone, under your own name?", "then your own name is kept sealed, and the company is public under its trading name"},
		}},
		{name: "trading-names", title: "Which names does it trade under?", fields: []string{"trading_names"}, with: []string{"sole_trader"}, say: map[string]words{
			"trading_names": {"Trading names", "those that customers know; the one that is used most comes first"},
		}},
		{name: "address", title: "Where is it?", fields: []string{"address", "place", "country"}, say: map[string]words{
			"address": {"Street address", ""}, "place": {"Place", "the town or city that customers look for"}, "country": {"Country", ""},
		}},
	}},
	{"Its domains", []step{
		{name: "domains", title: "Which internet domains are its own?", fields: []string{"domains"},
			lead: "Customers look a company up by its web address. Before it is admitted the body checks that the domains are its own.", say: map[string]words{
				"domains": {"Domains", "without https:// and without www, for example cobaltridge.example"},
			}},
	}},
	{"Its services", []step{
		{name: "services", title: "What does it do for customers?", fields: []string{"services"}, say: map[string]words{
			"services": {"Services", "in words that customers use, for example backup, help desk, network security"},
		}},
	}},
	{"Contact", []step{
		{name: "contact", title: "Whom does the body ask about the company?", fields: []string{"contact_name", "contact_email"},
			lead: "They are not shown in the register. You yourself are written to in any case.", say: map[string]words{
				"contact_name": {"Name of the contact", ""}, "contact_email": {"E-mail address of the contact", ""},
			}},
	}},
	{"Declarations", []step{
		{name: "sanctions", title: "Was it sanctioned before?", fields: []string{sanctioned, "declared_sanctions"},
			lead: "By any professional body or court, the company or those who run it. What you write is sealed: only those who decide on the application read it.", say: map[string]words{
				"declared_sanctions": {"What was decided, by whom and when", "leave it empty if you answered no"},
			}},
		{name: "successor", title: "Does it follow a former member?", fields: []string{succeeds, "successor_of"},
			lead: "A company that is run by the same people as a former member says so. After an expulsion nobody comes back under another name before the bar has run.", say: map[string]words{
				"successor_of": {"Number of the former member", "as it stands in the register, for example 0042; leave it empty if you answered no"},
			}},
	}},
}

// Questions that the act does not know: a declaration is answered with yes or no, and never by leaving a field
// empty.
const (
	sanctioned = "sanctioned"
	succeeds   = "succeeds"
)

var questions = []act.Field{
	{Name: sanctioned, Label: "Was the company, or somebody who runs it, ever sanctioned?", Type: "yes/no", Required: true},
	{Name: succeeds, Label: "Is it run by the same people as a former member?", Type: "yes/no", Required: true},
}

// declares says which answer is asked for once a question is answered with yes.
var declares = map[string]string{sanctioned: "declared_sanctions", succeeds: "successor_of"}

// stepNamed returns a step, the title of its task, and the step of the task that follows; ok is false for none.
func stepNamed(name string) (s step, of string, next string, ok bool) {
	for _, t := range tasks {
		i := slices.IndexFunc(t.steps, func(s step) bool { return s.name == name })
		if i < 0 {
			continue
		}
		if i+1 < len(t.steps) {
			next = t.steps[i+1].name
		}
		return t.steps[i], t.title, next, true
	}
	return step{}, "", "", false
}

// State says how far a task has got.
type State string

// The states.
const (
	NotStarted State = "Not started"
	InProgress State = "In progress"
	Done       State = "Done"
)

// state returns how far a task has got in a draft.
func (t task) state(d applicant.Draft) State {
	begun, done := false, 0
	for _, s := range t.steps {
		if d.Has(s.name) {
			done++
		}
		begun = begun || d.Has(s.name) || s.begun(d)
	}
	switch {
	case done == len(t.steps):
		return Done
	case begun:
		return InProgress
	}
	return NotStarted
}

// begun reports whether something was typed in a step.
func (s step) begun(d applicant.Draft) bool {
	return slices.ContainsFunc(s.fields, func(f string) bool { return d.Answers[f] != "" })
}

// first returns the step of a task to go on with: the first that is not answered in full, else its first.
func (t task) first(d applicant.Draft) string {
	for _, s := range t.steps {
		if !d.Has(s.name) {
			return s.name
		}
	}
	return t.steps[0].name
}

// form returns the form of a step, with the answers of a draft.
func (a *Apply) form(s step, c ui.Chrome, answers map[string]string) *ui.Form {
	k, _ := a.Desk.Counter.Record.Catalogue.Act(kind)
	form := ui.NewForm(k, "/apply/tasks/"+s.name, nil, c.Zone, c.Now)
	for _, q := range questions {
		form.Fields = append(form.Fields, ui.FormField{Field: q})
	}
	form.Only(s.fields...)
	for i := range form.Fields {
		f := &form.Fields[i]
		f.Typed = answers[f.Name]
		if say, ok := s.say[f.Name]; ok {
			f.Label, f.Hint = say.label, say.hint
		}
	}
	return form
}
