package cases

import (
	"strings"

	"shingle/internal/act"
)

// AdmitEvidence takes a sealed object into a case.
type AdmitEvidence struct {
	Case      string      `json:"case" label:"Case number"`
	Object    string      `json:"object" label:"Object" hint:"id of the sealed object"`
	SHA256    string      `json:"sha256" label:"SHA-256" hint:"of what was sealed, in hex"`
	What      act.Private `json:"what,omitzero" label:"What it is"`
	Source    string      `json:"source" label:"From" choices:"complainant=The complainant|respondent=The respondent|witness=A witness|body=The body's own search|public=A public source"`
	Anonymous bool        `json:"anonymous" label:"Nobody stands by it with a name"`
	Basis     string      `json:"basis" label:"Why it may be held" choices:"none-personal=It holds nothing of customers or other people|redacted=It is redacted|consent=Whom it concerns has consented|legal=The law obliges or allows"`
	Exculpate bool        `json:"exculpate" label:"It speaks for the respondent"`
}

// Evidence is an object that was taken into a case. The object itself is in the vault.
type Evidence struct {
	Object    string
	SHA256    string
	Source    string
	Anonymous bool
}

// EvidenceAdmitted takes a sealed object into a case.
type EvidenceAdmitted struct {
	Of
	By        string      `json:"by"`
	Number    int         `json:"number"` // of the exhibit, from 1
	Object    string      `json:"object"`
	SHA256    string      `json:"sha256"`
	What      act.Private `json:"what"`
	Source    string      `json:"source"`
	Anonymous bool        `json:"anonymous"`
	Basis     string      `json:"basis"`
	Exculpate bool        `json:"exculpate"`
}

func (e EvidenceAdmitted) happen(c *Case) {
	c.hand(e.By, didInvestigate)
	c.Evidence = append(c.Evidence[:len(c.Evidence):len(c.Evidence)], Evidence{e.Object, e.SHA256, e.Source, e.Anonymous})
}

var lawfullyHeld = act.Rule{
	ID:    "CASE-29",
	Cites: "procedure.evidence",
	Text:  "What a body may hold of customers is redacted, consented to, or held by law; and it is named by its hash.",
	Cure:  "Say on what basis it is held, what it is, and give its SHA-256.",
}

var closedToEvidence = act.Rule{
	ID:    "CASE-30",
	Cites: "procedure.hearing-notice",
	Text:  "Evidence is admitted before the hearing, so that the respondent sees all that the panel sees; on appeal, where new evidence is the ground.",
	Cure:  "Adjourn the hearing, or appeal on new evidence.",
}

var evidenceAct = act.Define(stream, "case.admit-evidence", "Takes a sealed object into a case as evidence.",
	func(cmd AdmitEvidence, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.admitEvidence)

func (c Case) admitEvidence(_ Facts, cmd AdmitEvidence, m act.Meta) ([]act.Event, error) {
	if err := first(c.managed(m), oneOf(cmd.Source, "complainant", "respondent", "witness", "body", "public")); err != nil {
		return nil, err
	}
	cmd.Object, cmd.SHA256 = strings.TrimSpace(cmd.Object), strings.ToLower(strings.TrimSpace(cmd.SHA256))
	known := contains([]string{"none-personal", "redacted", "consent", "legal"}, cmd.Basis)
	switch {
	case !known || cmd.Object == "" || !isSHA256(cmd.SHA256) || cmd.What.Empty():
		return nil, lawfullyHeld.Refuse("basis %q, object %q", cmd.Basis, cmd.Object)
	case !c.takesEvidence():
		return nil, closedToEvidence.Refuse("case %q is %s", cmd.Case, c.Stage)
	}
	for _, e := range c.Evidence {
		if e.Object == cmd.Object {
			return nil, nil
		}
	}
	return []act.Event{EvidenceAdmitted{
		c.of(m), m.Actor, len(c.Evidence) + 1, cmd.Object, cmd.SHA256, cmd.What.OwnedBy(c.owner()), cmd.Source,
		cmd.Anonymous || cmd.Source == "complainant" && !c.named(), cmd.Basis, cmd.Exculpate,
	}}, nil
}

// named reports whether the complainant stands by the complaint with a name that the respondent may know.
func (c Case) named() bool { return !c.Complainant.Anonymous && c.Complainant.Agreed }

func (c Case) takesEvidence() bool {
	switch c.Stage {
	case Lodged, Investigating, Charged:
		return true
	case Appealed:
		return contains(c.Appeal.Grounds, newEvidence)
	}
	return false
}

// corroborated reports whether somebody or something with a name stands behind the charges.
func (c Case) corroborated() bool {
	for _, e := range c.Evidence {
		if !e.Anonymous {
			return true
		}
	}
	return false
}
