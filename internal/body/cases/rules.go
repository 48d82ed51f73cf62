package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"shingle/internal/act"
)

// The rules that several acts share; each of the others stands with its act.

var stageFits = act.Rule{
	ID:    "CASE-01",
	Cites: "procedure",
	Text:  "Each step of a case is taken when the steps before it have been, and once.",
	Cure:  "Look at the stage of the case, and take the step that it waits for.",
}

// at refuses what is not for the stage that a case is in.
func (c Case) at(id string, stages ...Stage) error {
	switch {
	case c.Stage == "":
		return stageFits.Refuse("there is no case %q", id)
	case !slices.Contains(stages, c.Stage):
		return stageFits.Refuse("case %s is %s", c.ID, c.Stage)
	}
	return nil
}

var ownName = act.Rule{
	ID:    "CASE-02",
	Cites: "procedure.impartiality",
	Text:  "Who has a part in deciding a case takes it in their own name, so that nobody has two.",
	Cure:  "Sign in as the person you are; a token is nobody.",
}

// inOwnName refuses a token, of which nobody knows who is behind it.
func inOwnName(m act.Meta) error {
	if !strings.HasPrefix(m.Actor, "person/") {
		return ownName.Refuse("%s is no person", m.Actor)
	}
	return nil
}

var managersOwn = act.Rule{
	ID:    "CASE-05",
	Cites: "procedure.impartiality",
	Text:  "A case is screened and investigated by the case manager to whom it is assigned.",
	Cure:  "Have the case assigned to you with case.assign.",
}

// managed refuses anybody but the case's manager.
func (c Case) managed(m act.Meta) error {
	if err := inOwnName(m); err != nil {
		return err
	}
	if c.Manager != m.Actor {
		return managersOwn.Refuse("case %s is not assigned to %s", c.ID, m.Actor)
	}
	return nil
}

var respondentsOwn = act.Rule{
	ID:    "CASE-06",
	Cites: "procedure",
	Text:  "For the respondent speaks the respondent, or who answers for it by now.",
	Cure:  "Name the member that the case is about.",
}

// answers refuses a member that has no part in the case, or does not know of it yet: to that one it looks as if there
// were none.
func (c Case) answers(f Facts, id, member string) error {
	if !c.Told || !slices.Contains(c.answering(f), member) {
		return respondentsOwn.Refuse("there is no case %q for member %q to answer in", id, member)
	}
	return nil
}

var complainantsOwn = act.Rule{
	ID:    "CASE-07",
	Cites: "procedure",
	Text:  "For the complainant speaks who complained: by the receipt code, or signed in as then.",
	Cure:  "Give the receipt code. If it is lost, nobody can recover it: complain anew, and name the case.",
}

var machineApart = act.Rule{
	ID:    "CASE-08",
	Cites: "procedure.impartiality",
	Text:  "Who runs the machine has no part in cases.",
	Cure:  "Complain as anybody does, signed out or in your own name.",
}

// apart refuses whoever runs the machine.
func apart(m act.Meta) error {
	if m.Role == "operator" || m.Role == "administrator" {
		return machineApart.Refuse("%s asks as %s", m.Actor, m.Role)
	}
	return nil
}

// complains refuses anybody but the complainant.
func (c Case) complains(id string, receipt act.Personal, m act.Meta) error {
	if err := apart(m); err != nil {
		return err
	}
	who := c.Complainant
	if c.Stage != "" && (who.Receipt != "" && who.Receipt == ReceiptHash(receipt) || who.Actor != "" && who.Actor == m.Actor) {
		return nil
	}
	return complainantsOwn.Refuse("neither the code nor the name is the one of case %q", id)
}

// ReceiptHash returns what is kept of a receipt code: its hash, in hex; "" of none. The code is long and drawn by
// chance, so that nobody finds it from the hash.
func ReceiptHash(code act.Personal) string {
	text := strings.TrimSpace(code.Text())
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("shingle receipt\n" + text))
	return hex.EncodeToString(sum[:])
}

var reasonGiven = act.Rule{
	ID:    "CASE-09",
	Cites: "procedure",
	Text:  "Who decides something in a case says why.",
	Cure:  "Give the reasons; they stay sealed under the key of the case.",
}

var wordKnown = act.Rule{
	ID:    "CASE-10",
	Cites: "procedure",
	Text:  "Where the procedure knows a few answers, one of them is given.",
	Cure:  "Use one of the words that the form offers.",
}

// oneOf refuses a word that is none of those known.
func oneOf(word string, known ...string) error {
	if !slices.Contains(known, word) {
		return wordKnown.Refuse("%q is none of %s", word, strings.Join(known, ", "))
	}
	return nil
}

var serviceProven = act.Rule{
	ID:    "CASE-11",
	Cites: "procedure",
	Text:  "What is not proven to have been served has no consequence, and nothing is served ahead of time.",
	Cure:  "Say how and when it was served, and how that is proven.",
}

// Service is how something reached somebody.
type Service struct {
	On  act.Date `json:"on"`
	How string   `json:"how"` // the proof, e.g. "courier receipt 1183"
}

// served refuses a service without proof, in the future, or before what is served was there.
func (f Facts) served(on act.Date, how string, notBefore act.Date, m act.Meta) (Service, error) {
	how = strings.TrimSpace(how)
	switch {
	case how == "" || on.IsZero():
		return Service{}, serviceProven.Refuse("no proof is given")
	case on.After(f.today(m)):
		return Service{}, serviceProven.Refuse("served on %s, which lies ahead", on)
	case on.Before(notBefore):
		return Service{}, serviceProven.Refuse("served on %s, and it is of %s", on, notBefore)
	}
	return Service{On: on, How: how}, nil
}

var running = act.Rule{
	ID:    "CASE-12",
	Cites: "procedure",
	Text:  "While a case is paused, nothing is held against anybody.",
	Cure:  "Resume the case with case.resume, or wait.",
}

// runs refuses what is not done while a case is paused.
func (c Case) runs() error {
	if !c.Paused.IsZero() {
		return running.Refuse("case %s is paused since %s", c.ID, c.Paused.Format("2006-01-02"))
	}
	return nil
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
