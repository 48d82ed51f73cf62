// Package code reads the code of ethics as what it is: a document that people sign.
//
// A version of the code is one Markdown file. Its front matter says what can be measured (how often a
// member attests, how long a respondent has to answer), its headings carry the ids by which provisions
// are cited. [Parse] turns such a file into a [Version], or tells its author everything that is wrong
// with it, each with line, column, the rule and the way out.
//
// What members sign is the SHA-256 of the canonical text, and they should be able to compute it
// themselves. So the canonical text stays as near to the file as it can: UTF-8 without a byte order
// mark, lines end in LF, no spaces or tabs at their ends, exactly one line end at the end. Characters
// are left as written: Unicode normalization would let the hash depend on the edition of its tables.
// What a reader would not see (HTML, images, invisible direction marks) is refused, so that nobody
// signs more than they read.
//
// The board may not yet have made up its mind: a [Setting] is set or not set, and what is not set
// binds nobody. Only procedure and publication always have a value, because a case cannot wait for one.
//
// When the board changes the text, [Diff] shows what that does to each provision and requirement.
// [Deadline] turns a term of the code into an instant.
//
// The package decides nothing and reads no clock, no file and no network.
package code

import (
	"encoding/hex"
	"iter"

	"shingle/internal/act"
)

// Version is one text of the code of ethics.
type Version struct {
	Title        string
	Label        string   // its name among the versions, e.g. "2026.1"; fit for addresses and receipts
	Effective    act.Date // from the start of this day, in the body's zone, it supersedes the version before
	Transition   Duration // how long after Effective members have to subscribe to it
	Requirements Requirements
	Preamble     string // Markdown before the first provision
	Provisions   []Provision
	Text         []byte   // the canonical text
	SHA256       [32]byte // of Text: what members sign
}

// Hash returns the SHA-256 of the canonical text as 64 hexadecimal digits.
func (v *Version) Hash() string { return hex.EncodeToString(v.SHA256[:]) }

// All yields every provision in reading order, each before those within it.
func (v *Version) All() iter.Seq[Provision] {
	return func(yield func(Provision) bool) { each(v.Provisions, yield) }
}

func each(ps []Provision, yield func(Provision) bool) bool {
	for _, p := range ps {
		if !yield(p) || !each(p.Within, yield) {
			return false
		}
	}
	return true
}

// Provision returns the provision with that id.
func (v *Version) Provision(id string) (Provision, bool) {
	for p := range v.All() {
		if p.ID == id {
			return p, true
		}
	}
	return Provision{}, false
}

// Provision is a duty, or a part of one, under a heading of its own.
type Provision struct {
	ID      string // by which it is cited for ever, e.g. "1.2"
	Number  string // as its heading numbers it, e.g. "1.2"; "" where it does not
	Heading string // the heading without number and id; Markdown
	Level   int    // of the heading, from 1
	Text    string // Markdown under the heading, up to the next one
	Within  []Provision
}

// Name returns number and heading as a reader sees them, e.g. "1.2 Undertakings".
func (p Provision) Name() string {
	switch {
	case p.Number == "":
		return p.Heading
	case p.Heading == "":
		return p.Number
	}
	return p.Number + " " + p.Heading
}
