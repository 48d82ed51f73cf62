package ui

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// Form is how an act is asked for on a page: a field for each field of its command, with what was typed and
// what is wrong with it.
type Form struct {
	Kind   string // of the act
	Does   string // what it does, as a sentence
	Action string // address that it is sent to
	Fields []FormField
	Faults []Fault // of all fields, in order, and of none in particular
}

// FormField is a field of a form.
type FormField struct {
	act.Field
	Typed string // as it was typed
	Error string // what is wrong with it, as a sentence
	Zone  string // that a time is given in
}

// Fault is something that is wrong with a form, as the summary above it says it.
type Fault struct {
	Text  string    // as a sentence
	Field string    // whose fault it is; "" for none in particular
	Rule  *act.Rule // that was not met; nil where a value could not be read
}

// NewForm returns the form of an act, to be sent to an address. known are values that are not asked for.
func NewForm(a *act.Act, action string, known map[string]string, zone *time.Location, now time.Time) *Form {
	f := &Form{Kind: a.Kind, Does: a.Does, Action: action}
	for _, field := range a.Fields {
		if _, fixed := known[field.Name]; fixed {
			continue
		}
		ff := FormField{Field: field}
		if field.Type == "time" {
			ff.Zone = now.In(zone).Format("MST")
		}
		f.Fields = append(f.Fields, ff)
	}
	return f
}

// offer gives fields values to choose from.
func (f *Form) offer(choices map[string][]act.Choice) {
	for i := range f.Fields {
		if some := choices[f.Fields[i].Name]; len(some) > 0 {
			f.Fields[i].Choices = some
		}
	}
}

// Fill puts values into the form as if they had been typed. What is personal or confided, or long, is taken
// from what was sent and not from an address.
func (f *Form) Fill(values url.Values, sent bool) {
	for i := range f.Fields {
		field := &f.Fields[i]
		given, ok := values[field.Name]
		if !ok || !sent && (field.Secret || field.Rows > 0) {
			continue
		}
		// What is no text is shown as text, and refused when it is read.
		field.Typed = strings.ToValidUTF8(strings.Join(given, "\n"), "\ufffd")
	}
}

// Read makes the command out of what was typed, and notes what cannot be read as faults of the form.
func (f *Form) Read(a *act.Act, sent url.Values, known map[string]string, zone *time.Location) (cmd any, ok bool) {
	values := map[string][]string{}
	for name, given := range sent {
		if _, fixed := known[name]; !fixed && !strings.HasPrefix(name, "_") {
			values[name] = given
		}
	}
	unanswered := map[string]bool{}
	for _, field := range f.Fields {
		given, ok := values[field.Name]
		if ok && len(given) == 1 {
			values[field.Name] = field.understood(given[0], zone)
		}
		unanswered[field.Name] = field.Type == "yes/no" && field.Required && strings.Join(given, "") == ""
	}
	for name, value := range known {
		if slices.ContainsFunc(a.Fields, func(field act.Field) bool { return field.Name == name }) {
			values[name] = []string{value}
		}
	}
	cmd, faults := a.ReadText(values)
	for _, bad := range faults {
		f.blame(bad.Field, bad.Detail, nil)
	}
	for _, field := range a.Fields {
		if unanswered[field.Name] {
			f.blame(field.Name, "is missing; choose yes or no", nil)
		}
	}
	f.sort()
	return cmd, len(f.Faults) == 0
}

// understood is what was meant by what was typed, in the form in which an act reads it.
func (f FormField) understood(typed string, zone *time.Location) []string {
	switch f.Type {
	case "list":
		return append(f.items(typed), "") // a list of one is parted no further
	case "time":
		for _, layout := range []string{localTime, localTime + ":05"} {
			if t, err := time.ParseInLocation(layout, typed, zone); err == nil {
				return []string{t.UTC().Format(time.RFC3339)}
			}
		}
	case "date", "number", "yes/no":
		return []string{strings.TrimSpace(typed)}
	}
	return []string{typed}
}

// localTime is how a browser sends a time: without a zone.
const localTime = "2006-01-02T15:04"

// items are the lines of a list or, where there is one line, what stands between its semicolons.
func (f FormField) items(typed string) []string {
	lines := strings.Split(strings.ReplaceAll(typed, "\r\n", "\n"), "\n")
	if len(lines) == 1 {
		lines = strings.Split(typed, ";")
	}
	var items []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			items = append(items, line)
		}
	}
	return items
}

// Refuse notes what rules did not allow.
func (f *Form) Refuse(r *act.Refusal) {
	for _, one := range r.All() {
		rule := one.Rule
		f.blame(one.Field, one.Detail, &rule)
	}
	f.sort()
}

// Only leaves the fields named, in that order, and the faults that are theirs or come from a rule.
func (f *Form) Only(names ...string) {
	var fields []FormField
	for _, name := range names {
		for _, field := range f.Fields {
			if field.Name == name {
				fields = append(fields, field)
			}
		}
	}
	f.Fields = fields
	f.Faults = slices.DeleteFunc(f.Faults, func(fault Fault) bool {
		return fault.Rule == nil && !slices.Contains(names, fault.Field)
	})
}

// Blame notes that something is wrong with a field, as a sentence.
func (f *Form) Blame(name, text string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Error = text
		}
	}
	f.Faults = append(f.Faults, Fault{Text: text, Field: name})
	f.sort()
}

// blame notes a fault of a field, or of none that is asked for.
func (f *Form) blame(name, detail string, rule *act.Rule) {
	fault := Fault{Text: asSentence(detail), Rule: rule}
	for i := range f.Fields {
		field := &f.Fields[i]
		if field.Name != name {
			continue
		}
		fault.Field = name
		if rule == nil {
			fault.Text = asSentence("“" + field.Label + "” " + strings.TrimSuffix(detail, "; give text"))
		}
		if field.Error == "" {
			field.Error = fault.Text
		} else {
			field.Error += " " + fault.Text
		}
	}
	if fault.Field == "" && rule == nil && name != "" {
		fault.Text = asSentence(name + " " + detail)
	}
	f.Faults = append(f.Faults, fault)
}

// sort orders the faults as the fields are, what belongs to none first.
func (f *Form) sort() {
	place := func(fault Fault) int {
		return slices.IndexFunc(f.Fields, func(field FormField) bool { return field.Name == fault.Field })
	}
	slices.SortStableFunc(f.Faults, func(a, b Fault) int { return place(a) - place(b) })
}

// asSentence begins with a capital and ends in a full stop.
func asSentence(text string) string {
	if text == "" {
		return ""
	}
	r := []rune(text)
	text = strings.ToUpper(string(r[:1])) + string(r[1:])
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// ID is the field's name in the page.
func (f FormField) ID() string { return "field-" + f.Name }

// DescribedBy names what else describes the field: its hint and its error.
func (f FormField) DescribedBy() string {
	var ids []string
	if f.Help() != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Help is the hint, and how a value is written where that is not plain to see.
func (f FormField) Help() string {
	var parts []string
	if f.Hint != "" {
		parts = append(parts, asSentence(f.Hint))
	}
	switch f.Type {
	case "list":
		if f.Several() {
			return strings.Join(append(parts, "One or more."), " ")
		}
		parts = append(parts, "One on each line.")
	case "time":
		parts = append(parts, "Date and time, "+f.Zone+".")
	}
	return strings.Join(parts, " ")
}

// Options are the values to choose from; none where a value is typed.
func (f FormField) Options() []act.Choice {
	if f.Type == "yes/no" {
		return []act.Choice{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
	}
	return f.Choices
}

// Several reports whether more than one of the values can be chosen.
func (f FormField) Several() bool { return f.Type == "list" && len(f.Choices) > 0 }

// Chosen reports whether a value is one that was chosen.
func (f FormField) Chosen(value string) bool {
	if f.Several() {
		return slices.Contains(f.items(f.Typed), value)
	}
	if f.Type == "yes/no" && f.Typed == "" && !f.Required {
		return value == "no"
	}
	return f.Typed == value
}

// Lines is how many lines a field for text has; 0 for a field of one line.
func (f FormField) Lines() int {
	switch {
	case f.Rows > 0:
		return f.Rows
	case f.Type == "private", f.Type == "list":
		return 4
	}
	return 0
}
