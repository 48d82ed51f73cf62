package complaints

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/complainant"
	"shingle/internal/web/ui"
)

// A step is one page of the form: one thing is asked on it.
type step struct {
	name   string // in its address, and in a draft
	title  string // the question
	lead   string
	fields []act.Field
}

// The two ways through the form, as the first question has them.
const (
	ofMember = "member" // a member did something
	ofClaim  = "claim"  // a company claims to be a member and is none
)

// Answers that are not fields of an act.
const (
	aboutWhat = "about"
	typedName = "company" // what was typed to find a member
	named     = "named"   // "no", "yes" or byMember
	evidence  = "evidence"
)

func textField(name, label, hint string, required bool) act.Field {
	return act.Field{Name: name, Label: label, Hint: hint, Type: "text", Required: required}
}

var first = step{
	name: "about", title: "What is it about?", fields: []act.Field{{
		Name: aboutWhat, Label: "What happened, roughly?", Type: "text", Required: true, Choices: []act.Choice{
			{Value: ofMember, Label: "A member did something that it should not have done, or failed to do what it should"},
			{Value: ofClaim, Label: "A company says that it is a member, or shows the mark, and I think it is none"},
		},
	}},
}

// memberSteps are those of a complaint about a member, after the first.
var memberSteps = []step{
	{name: "company", title: "Which company?", lead: "Only a company that was a member when it happened answers to the code.",
		fields: []act.Field{textField(typedName, "The company", "its name, its web address, or its number in the register", true)}},
	{name: "when", title: "When did it happen?", lead: "As well as you know. If it goes on, give today as the last day.", fields: []act.Field{
		{Name: "from", Label: "First day", Type: "date", Required: true},
		{Name: "to", Label: "Last day", Hint: "leave it empty if it was one day", Type: "date"},
	}},
	{name: "known", title: "When did you learn of it?", lead: "The time in which one can complain runs from that day.", fields: []act.Field{
		{Name: "known", Label: "The day on which you learnt of it", Type: "date", Required: true},
	}},
	{name: "provisions", title: "What do you think was not kept?", lead: "Choose what comes close, or nothing: whoever looks into it finds the right words."},
	{name: "account", title: "What happened?", fields: []act.Field{
		{Name: "account", Label: "In your own words", Type: "private", Required: true, Rows: 14, Secret: true,
			Hint: "who did what, when and where; in any language; leave out what could point to you if you want to stay unknown"},
	}},
	{name: "evidence", title: "What could show it?", lead: "Files are handed in on the page of your case, as soon as the complaint is sent. Tell here what there is.", fields: []act.Field{
		{Name: evidence, Label: "What there is, and who else knows", Type: "private", Rows: 6, Secret: true,
			Hint: "letters, screenshots, people who saw it; leave it empty if there is nothing"},
	}},
	{name: "name", title: "Do you give your name?", lead: "Without it nobody can find out who you are unless your words tell. The body can then ask you only on the page of your case, and on such evidence alone nobody is expelled.", fields: []act.Field{
		{Name: named, Label: "Do you give your name?", Type: "text", Required: true, Choices: []act.Choice{
			{Value: "no", Label: "No, I stay without a name"},
			{Value: "yes", Label: "Yes. It is told to the company only with charges, and only if I agree to that then"},
		}},
		{Name: "name", Label: "Your name", Hint: "leave it empty if you answered no", Type: "text", Secret: true},
		{Name: "contact", Label: "How to reach you", Hint: "an address or a telephone number, if you like", Type: "text", Secret: true},
	}},
}

// claimSteps are those of a report that a company claims to be a member and is none.
var claimSteps = []step{
	{name: "claimant", title: "Which company?", fields: []act.Field{
		textField("claimant", "The company", "as it calls itself", true),
		textField("former", "Its number, if it was a member before", "as it stood in the register, for example 0042", false),
	}},
	{name: "claim", title: "Where does it say so?", lead: "Somebody looks at that page, and writes to the company.", fields: []act.Field{
		textField("address", "Address of the page", "it begins with https:// or http://", true),
		{Name: "captured", Label: "The day on which you saw it", Type: "date", Required: true},
	}},
	{name: "contact", title: "May we ask you?", lead: "You need not say who you are.", fields: []act.Field{
		{Name: "contact", Label: "How to reach you", Hint: "an address or a telephone number, if you like", Type: "text", Secret: true},
	}},
}

// path are the steps that somebody takes who has answered so far as the draft says, in order.
func path(d complainant.Draft) []step {
	switch d.Answers[aboutWhat] {
	case ofMember:
		return append([]step{first}, memberSteps...)
	case ofClaim:
		return append([]step{first}, claimSteps...)
	}
	return []step{first}
}

// stepOn returns a step of the path by its name, and its place; ok is false for none.
func stepOn(d complainant.Draft, name string) (s step, at int, ok bool) {
	all := path(d)
	at = slices.IndexFunc(all, func(s step) bool { return s.name == name })
	if at < 0 {
		return step{}, 0, false
	}
	return all[at], at, true
}

// next is where somebody goes on: at the first step that is not answered, or at the answers.
func next(d complainant.Draft) string {
	for _, s := range path(d) {
		if !d.Has(s.name) {
			return at(s.name)
		}
	}
	return "/complaints/check"
}

func at(step string) string { return "/complaints/new/" + step }

// form returns the form of a step, as it is for everybody.
func (s step) form(d complainant.Draft) *ui.Form {
	form := &ui.Form{Action: at(s.name)}
	for _, f := range s.fields {
		form.Fields = append(form.Fields, ui.FormField{Field: f, Typed: d.Answers[f.Name]})
	}
	return form
}

// most is how many characters an answer may have.
func most(field string) int {
	switch field {
	case "account":
		return mostTyped
	case evidence:
		return mostShort
	}
	return 500
}
