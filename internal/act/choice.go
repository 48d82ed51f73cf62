package act

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Choice is one of the few values that a field can have. That it has no other is for a rule to insist on.
type Choice struct{ Value, Label string }

// choicesOf reads the tag choices: values that are separated by bars, each with its words after an equals
// sign where they are not the value itself: "dns=DNS record|paper".
func choicesOf(f reflect.StructField) (all []Choice) {
	tag := f.Tag.Get("choices")
	if tag == "" {
		return nil
	}
	for choice := range strings.SplitSeq(tag, "|") {
		value, label, named := strings.Cut(choice, "=")
		if value == "" {
			panic(fmt.Sprintf("act: %s: an empty choice", f.Name))
		}
		if !named {
			label = strings.ToUpper(value[:1]) + strings.ReplaceAll(value[1:], "-", " ")
		}
		all = append(all, Choice{value, label})
	}
	return all
}

// Values returns the values to choose from; nil where any may be given.
func (f Field) Values() (values []string) {
	for _, c := range f.Choices {
		values = append(values, c.Value)
	}
	return values
}

// Called returns the words for a value of the field: those of the choice, else the value itself.
func (f Field) Called(value string) string {
	for _, c := range f.Choices {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

// rowsOf reads the tag rows: how many lines a form shows of a text of several.
func rowsOf(f reflect.StructField) int {
	tag := f.Tag.Get("rows")
	if tag == "" {
		return 0
	}
	n, err := strconv.Atoi(tag)
	if err != nil || n < 1 {
		panic(fmt.Sprintf("act: %s: %q is no number of rows", f.Name, tag))
	}
	return n
}
