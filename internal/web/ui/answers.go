package ui

import (
	"context"
	"fmt"
	"time"

	"shingle/internal/roster"
)

// Answer is a field as "check your answers" shows it.
type Answer struct {
	Label string
	Given []string // in words; a list has several, nothing given none
	Long  bool     // several lines of text
	Odd   []string // what somebody should look at twice, as sentences
}

// names tells the names of all members.
type names = func(ctx context.Context, each func(number, name string)) error

// Answers says what was typed in words. Letters that could deceive are flagged, as an import flags them: nothing
// is refused for them.
func (f *Form) Answers(ctx context.Context, zone *time.Location, known map[string]string, all names) ([]Answer, error) {
	var answers []Answer
	for _, field := range f.Fields {
		a := Answer{Label: field.Label, Given: field.inWords(zone), Long: field.Lines() > 0 && field.Type != "list"}
		if field.Type == "text" && field.Rows == 0 || field.Type == "list" {
			for _, value := range field.understood(field.Typed, zone) {
				alike := all
				if field.Name != "name" && field.Name != "trading_names" {
					alike = nil
				}
				odd, err := Oddities(ctx, value, f.about(known), alike)
				if err != nil {
					return nil, err
				}
				a.Odd = append(a.Odd, odd...)
			}
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// Oddities says, as sentences, why somebody should look twice at what a company says of itself: letters that
// deceive and, where all tells the names of all members, that it reads like the name of another one than number's.
func Oddities(ctx context.Context, value, number string, all names) (odd []string, err error) {
	for _, o := range roster.Oddities(value) {
		odd = append(odd, "It "+o+".")
	}
	if all == nil || value == "" {
		return odd, nil
	}
	other, name, err := roster.ReadsLike(ctx, value, number, all)
	if err == nil && other != "" {
		odd = append(odd, fmt.Sprintf("It reads like %s, the name of member %s, in other letters.", Isolated(name), other))
	}
	return odd, err
}

// about is the number of the member that the form is about, "" for none or a new one.
func (f *Form) about(known map[string]string) string {
	for _, field := range f.Fields {
		if field.Name == "member" {
			return field.Typed
		}
	}
	return known["member"]
}

// inWords says what was typed as a reader says it.
func (f FormField) inWords(zone *time.Location) []string {
	switch {
	case f.Type == "list":
		var said []string
		for _, item := range f.items(f.Typed) {
			said = append(said, f.Called(item))
		}
		return said
	case f.Type == "yes/no" && f.Typed == "" && !f.Required:
		return []string{"No"}
	case f.Typed == "":
		return nil
	case f.Type == "yes/no":
		for _, o := range f.Options() {
			if o.Value == f.Typed {
				return []string{o.Label}
			}
		}
	case f.Type == "date":
		return []string{date(f.Typed)}
	case f.Type == "time":
		if t, err := time.Parse(time.RFC3339, f.understood(f.Typed, zone)[0]); err == nil {
			return []string{t.In(zone).Format("2 January 2006, 15:04 MST")}
		}
	}
	return []string{f.Called(f.Typed)}
}
