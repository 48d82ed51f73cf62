// Package letters holds what the body writes to people: for each kind of letter a pair of templates, one in
// plain text and one in HTML, that say the same.
//
//	letter, err := letters.Write(letters.Admitted, letters.Facts{Body: "Demo Guild", Name: "Ada Byron", …})
//
// The first line of the text is the subject. It is read by whoever passes the letter on, on locked screens
// and in logs of servers: it names the body and the occasion, and no person.
package letters

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	texts "text/template"
	"time"
	"unicode"
)

// The kinds of letters. Each has a pair of files of its name.
const (
	Invitation   = "invitation"           // to become somebody's person, or an officer
	Enrolment    = "enrolment-link"       // a link that works once, for minutes
	Received     = "application-received" // to who applied
	Admitted     = "admitted"
	Declined     = "declined"
	Reminder     = "reminder"           // of what a member owes
	Standing     = "standing-changed"   // to who asked to be told
	Confirm      = "confirm-alert"      // whether they want to be told
	Signature    = "signature-missing"  // to who may sign the code for a member, and has not
	RecoveryUsed = "recovery-code-used" // to whose account it was
	Account      = "account-changed"    // the same
	Withdrawn    = "member-withdrawn"
	Moved        = "address-changed" // to the address before
)

// Kinds are all kinds, sorted.
var Kinds = []string{Account, Moved, Admitted, Received, Confirm, Declined, Enrolment, Invitation, Withdrawn, RecoveryUsed, Reminder, Signature, Standing}

// Facts are what a letter may say. Which of them a kind needs is seen in its files.
type Facts struct {
	Body string         // the body's name
	Site string         // address of its site, e.g. https://demo.example
	Zone *time.Location // in which days are told; nil is UTC
	Name string         // whom the letter is to; "" for somebody without a name

	Member, Number string // the company's name and its number
	Role           string // in words
	Reason         string
	Link           string    // that the letter is about
	Until          time.Time // until when the link works
	At             time.Time // when it happened

	Owed  string    // what is owed, in words: "the attestation for 2026 Q3"
	Due   time.Time // the end of the time for it
	Lapse time.Time // when the member lapses or is suspended without it
	Days  int       // until Due; 0 once the grace has begun

	What        string // that was done, e.g. "a passkey was added"
	Status, Was string // in words; Was is "" where nothing was said before
	Unsubscribe string // address that ends a subscription
}

// Letter is a letter without its envelope.
type Letter struct{ Subject, Text, HTML string }

//go:embed files
var files embed.FS

// pair is a kind of letter.
type pair struct {
	text *texts.Template
	html *template.Template
}

var pairs = func() map[string]pair {
	functions := map[string]any{"day": Facts.day, "moment": Facts.moment}
	all := map[string]pair{}
	for _, kind := range Kinds {
		all[kind] = pair{
			texts.Must(texts.New(kind+".txt").Funcs(functions).Option("missingkey=error").ParseFS(files, "files/"+kind+".txt", "files/foot.txt")),
			template.Must(template.New("frame.html").Funcs(functions).ParseFS(files, "files/frame.html", "files/"+kind+".html")),
		}
	}
	return all
}()

// Write writes a letter of a kind. What is in the facts stays text: it makes no new line in the subject, and
// no markup.
func Write(kind string, f Facts) (Letter, error) {
	p, ok := pairs[kind]
	if !ok {
		return Letter{}, fmt.Errorf("there is no letter of the kind %q", kind)
	}
	f = f.plain()
	var text, html bytes.Buffer
	if err := p.text.Execute(&text, f); err != nil {
		return Letter{}, fmt.Errorf("the letter %s cannot be written: %w", kind, err)
	}
	if err := p.html.Execute(&html, f); err != nil {
		return Letter{}, fmt.Errorf("the letter %s cannot be written: %w", kind, err)
	}
	subject, body, _ := strings.Cut(text.String(), "\n")
	return Letter{strings.TrimSpace(subject), strings.TrimSpace(body) + "\n", html.String()}, nil
}

// plain returns the facts without control characters, which have no place in a line of a letter.
func (f Facts) plain() Facts {
	for _, s := range []*string{&f.Body, &f.Site, &f.Name, &f.Member, &f.Number, &f.Role, &f.Link, &f.Owed, &f.Status, &f.Was, &f.What, &f.Unsubscribe} {
		*s = Line(*s)
	}
	f.Reason = strings.Map(func(r rune) rune {
		if r != '\n' && hidden(r) {
			return ' '
		}
		return r
	}, f.Reason)
	return f
}

// Line returns a text as one line: control characters, and those that turn the direction of writing, become
// blanks.
func Line(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if hidden(r) {
			return ' '
		}
		return r
	}, s))
}

func hidden(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r)
}

// day and moment tell a time in the body's zone.
func (f Facts) day(t time.Time) string    { return t.In(f.zone()).Format("Monday, 2 January 2006") }
func (f Facts) moment(t time.Time) string { return t.In(f.zone()).Format("2 January 2006, 15:04 MST") }

func (f Facts) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// LastDay is the day at whose end the time for what is owed ends.
func (f Facts) LastDay() string { return f.day(f.Due.Add(-time.Microsecond)) }

// LapseDay is the last day on which it helps.
func (f Facts) LapseDay() string { return f.day(f.Lapse.Add(-time.Microsecond)) }

// Known reports whether there are letters of a kind.
func Known(kind string) bool { return slices.Contains(Kinds, kind) }
