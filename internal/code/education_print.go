package code

import (
	"fmt"
	"reflect"
	"strings"
)

// flow returns a value as a code file writes it on one line, e.g. "{minutes: 50, step: 0.2}".
func flow(v reflect.Value) string {
	switch f := v.Interface().(type) {
	case Words:
		return "[" + strings.Join(f, ", ") + "]"
	case []Requirement:
		all := make([]string, len(f))
		for i, q := range f {
			all[i] = q.String()
		}
		return "[" + strings.Join(all, ", ") + "]"
	case Deliveries:
		all := make([]string, len(f))
		for i, d := range f {
			all[i] = d.Name + ": " + tableText(reflect.ValueOf(d))
		}
		return "{" + strings.Join(all, ", ") + "}"
	case Kinds:
		all := make([]string, len(f))
		for i, d := range f {
			all[i] = d.Name + ": " + tableText(reflect.ValueOf(d))
		}
		return "{" + strings.Join(all, ", ") + "}"
	case fmt.Stringer:
		return f.String()
	case int, OneOf:
		return fmt.Sprint(f)
	}
	return tableText(v)
}

// tableText writes the keys of a struct that have a value.
func tableText(v reflect.Value) string {
	var all []string
	for f, field := range v.Fields() {
		if name := f.Tag.Get("key"); name != "" && !field.IsZero() {
			all = append(all, name+": "+flow(field))
		}
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// String returns the anchor as a code file writes it.
func (a Anchor) String() string {
	switch {
	case a.Joined:
		return "joined"
	case len(a.Cohorts) > 0:
		all := make([]string, len(a.Cohorts))
		for i, c := range a.Cohorts {
			all[i] = c.Name + ": " + c.On.String()
		}
		return "{" + strings.Join(all, ", ") + "}"
	case !a.On.IsZero():
		return a.On.String()
	}
	return "calendar"
}

// String returns the unit as a code file writes it.
func (u CreditUnit) String() string {
	if u == (CreditUnit{}) {
		return "course"
	}
	return tableText(reflect.ValueOf(u))
}

// String returns the requirement as a code file writes it.
func (q Requirement) String() string {
	all := []string{fmt.Sprintf("name: %q", q.Name)}
	switch {
	case q.By == ByTime:
		all = append(all, "window: "+q.Window.String())
	case q.By != "":
		all = append(all, string(q.By)+": ["+strings.Join(q.Any, ", ")+"]")
	}
	if q.Least.IsSet() {
		all = append(all, "least: "+q.Least.String())
	}
	if q.Most.IsSet() {
		all = append(all, "most: "+q.Most.String())
	}
	if len(q.OfWhich) > 0 {
		all = append(all, "of-which: "+flow(reflect.ValueOf(q.OfWhich)))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// spoken returns requirements as a sentence would say them, e.g. "Ethics: at least 4 (of which Bias: at
// least 2); Self-study: at most 12.5".
func spoken(all []Requirement) string {
	said := make([]string, len(all))
	for i, q := range all {
		var bounds []string
		if least, ok := q.Least.Get(); ok {
			bounds = append(bounds, "at least "+least.String())
		}
		if most, ok := q.Most.Get(); ok {
			bounds = append(bounds, "at most "+most.String())
		}
		said[i] = q.Name
		if len(bounds) > 0 {
			said[i] += ": " + strings.Join(bounds, ", ")
		}
		if len(q.OfWhich) > 0 {
			said[i] += " (of which " + spoken(q.OfWhich) + ")"
		}
	}
	return strings.Join(said, "; ")
}
