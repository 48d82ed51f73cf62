package cases

import (
	"slices"
	"strings"

	"shingle/internal/act"
)

// File is something that a party handed in. It is in the vault, and is evidence once the case manager admits it.
type File struct {
	Object string
	SHA256 string
	From   string // "complainant" or "respondent"
}

// HandIn adds a file of the complainant to a case.
type HandIn struct {
	Case    string       `json:"case" label:"Case number"`
	Receipt act.Personal `json:"receipt,omitzero" label:"Receipt code"`
	Object  string       `json:"object" label:"Object" hint:"id of the sealed object"`
	SHA256  string       `json:"sha256" label:"SHA-256" hint:"of what was sealed, in hex"`
	What    act.Private  `json:"what,omitzero" label:"What it is"`
}

// Produce adds a file of the respondent to a case.
type Produce struct {
	Case   string      `json:"case" label:"Case number"`
	Member string      `json:"member" label:"Member number"`
	Object string      `json:"object" label:"Object" hint:"id of the sealed object"`
	SHA256 string      `json:"sha256" label:"SHA-256" hint:"of what was sealed, in hex"`
	What   act.Private `json:"what,omitzero" label:"What it is"`
}

// FileHandedIn says that a party handed a file in.
type FileHandedIn struct {
	Of
	From   string      `json:"from"` // "complainant" or "respondent"
	Object string      `json:"object"`
	SHA256 string      `json:"sha256"`
	What   act.Private `json:"what"`
}

func (e FileHandedIn) happen(c *Case) {
	c.Files = append(c.Files[:len(c.Files):len(c.Files)], File{e.Object, e.SHA256, e.From})
}

var fileDescribed = act.Rule{
	ID:    "CASE-72",
	Cites: "procedure.evidence",
	Text:  "A file is handed in while the case is open, is named by its hash, and says what it is.",
	Cure:  "Upload it, and say in a few words what it is.",
}

// mostFiles bounds how many files a party hands in. Whoever has more puts them together.
const mostFiles = 100

var fewFiles = act.Rule{
	ID:    "CASE-73",
	Cites: "procedure.evidence",
	Text:  "A party hands in at most 100 files.",
	Cure:  "Put what belongs together into one file, or ask the case manager which are needed.",
}

var handInAct = act.Define(stream, "case.hand-in", "Adds a file of the complainant to a case.",
	func(cmd HandIn, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.handIn)

func (c Case) handIn(_ Facts, cmd HandIn, m act.Meta) ([]act.Event, error) {
	if err := c.complains(cmd.Case, cmd.Receipt, m); err != nil {
		return nil, err
	}
	return c.file(toComplainant, cmd.Object, cmd.SHA256, cmd.What, m)
}

var produceAct = act.Define(stream, "case.produce", "Adds a file of the respondent to a case.",
	func(cmd Produce, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.produce)

func (c Case) produce(f Facts, cmd Produce, m act.Meta) ([]act.Event, error) {
	if err := c.answers(f, cmd.Case, cmd.Member); err != nil {
		return nil, err
	}
	return c.file(toRespondent, cmd.Object, cmd.SHA256, cmd.What, m)
}

func (c Case) file(from, object, sum string, what act.Private, m act.Meta) ([]act.Event, error) {
	object, sum = strings.TrimSpace(object), strings.ToLower(strings.TrimSpace(sum))
	if object == "" || !isSHA256(sum) || what.Empty() || !c.IsOpen() {
		return nil, fileDescribed.Refuse("object %q, or nothing open", object)
	}
	n := 0
	for _, f := range c.Files {
		if f.Object == object {
			return nil, nil
		}
		if f.From == from {
			n++
		}
	}
	if n >= mostFiles {
		return nil, fewFiles.Refuse("%d files are there", n)
	}
	return []act.Event{FileHandedIn{c.of(m), from, object, sum, what.OwnedBy(c.owner())}}, nil
}

// isSHA256 reports whether a text is a SHA-256, in small hex.
func isSHA256(sum string) bool { return len(sum) == 64 && strings.Trim(sum, "0123456789abcdef") == "" }

// Holds reports whether a file is part of a case: handed in, or admitted.
func (c Case) Holds(object string) bool {
	return slices.ContainsFunc(c.Files, func(f File) bool { return f.Object == object }) || c.admitted(object)
}

func (c Case) admitted(object string) bool {
	return slices.ContainsFunc(c.Evidence, func(e Evidence) bool { return e.Object == object })
}

// Reader is who would read the papers of a case.
type Reader struct {
	Actor  string // "person/0007"; "anyone" for a complainant who gave the receipt code
	Role   string
	Member string // that they act for
}

// Reads reports whether a file of a case is somebody's to read. The case manager reads all; who sits, or stands by,
// what was admitted; a lay reviewer that too, while a dismissal is looked at by somebody who had no part in it; a
// party what it handed in itself, and the respondent, once it is charged, all that the panel sees.
func (c Case) Reads(r Reader, object string) bool {
	from := func(party string) bool {
		return slices.ContainsFunc(c.Files, func(f File) bool { return f.Object == object && f.From == party })
	}
	switch r.Role {
	case "case-manager":
		return c.Manager != "" && c.Manager == r.Actor && c.Holds(object)
	case "panelist":
		return c.ReadsBundle(r) && c.admitted(object)
	case "representative", "compliance-officer":
		own := c.Told && from(toRespondent) && contains(append([]string{c.Member}, c.Heirs...), r.Member)
		return own || c.ReadsBundle(r) && c.admitted(object)
	case "anyone", "person":
		return (r.Role == "anyone" || c.Complainant.Actor != "" && c.Complainant.Actor == r.Actor) && from(toComplainant)
	}
	return false
}

// ReadsBundle reports whether somebody may read all that was admitted.
func (c Case) ReadsBundle(r Reader) bool {
	switch r.Role {
	case "case-manager":
		return c.Manager != "" && c.Manager == r.Actor
	case "panelist":
		number, person := strings.CutPrefix(r.Actor, "person/")
		return person && (c.Panel.seat(number) != nil || c.Stage == UnderReview && c.Did(r.Actor) == "")
	case "representative", "compliance-officer":
		return !c.Charges.Served.IsZero() && r.Member != "" && contains(append([]string{c.Member}, c.Heirs...), r.Member)
	}
	return false
}
