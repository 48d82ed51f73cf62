package portal

import (
	"shingle/internal/act"
	"shingle/internal/body/cases"
)

// file is what happened in a case, as far as the respondent is to know it.
type file struct {
	words     []word
	texts     []act.Private // of words
	papers    []paper
	whats     []act.Private // of papers
	name      act.Private   // of the complainant, to be told with charges
	hearing   string        // its place
	findings  []cases.Finding
	pending   []sealedWord // of a decision that is yet to be served
	decided   []cases.Finding
	paused    string // the ground
	appealed  *cases.AppealResolved
	statement *sealedWord
}

type sealedWord struct {
	word word
	text act.Private
}

const (
	us       = "You"
	theBody  = "The case manager"
	thePanel = "The panel"
	theChair = "The chair"
)

// fileOf gathers what the respondent may know. What is drafted is not served, and what is decided is not either until
// it was.
func fileOf(events []act.Recorded) file {
	var f file
	add := func(e act.Recorded, whose, title string, text act.Private) {
		if !text.Empty() {
			f.words = append(f.words, word{e.At, whose, whose == us, title, ""})
			f.texts = append(f.texts, text)
		}
	}
	for _, e := range events {
		switch v := e.Event.(type) {
		case cases.CaseLodged:
			f.name = v.Name
		case cases.MessageSent:
			switch {
			case v.From == "respondent":
				add(e, us, "Message", v.Text)
			case v.To == "respondent":
				add(e, theBody, "Message", v.Text)
			}
		case cases.FastTrackOffered:
			add(e, theBody, "Why you are offered "+measures[v.Sanction], v.Reason)
		case cases.ChargesDrafted:
			f.statement = &sealedWord{word{At: e.At, Whose: theBody, Title: "The charges"}, v.Statement}
		case cases.ChargesServed:
			if f.statement != nil {
				f.words, f.texts = append(f.words, word{e.At, theBody, false, "The charges", ""}), append(f.texts, f.statement.text)
			}
		case cases.ChargesAnswered:
			add(e, us, "Your answer to the charges", v.Text)
		case cases.TermExtended:
			if waits[v.Term.Name].what != "" {
				add(e, theChair, "Why a term is longer", v.Reason)
			}
		case cases.DefaultReopened:
			add(e, theChair, "Why the charges can be answered after all", v.Reason)
		case cases.PanelistChallenged:
			add(e, us, "Why a panelist should not sit", v.Reason)
		case cases.ChallengeRuled:
			title := "The panelist sits"
			if v.Upheld {
				title = "The panelist does not sit"
			}
			add(e, theChair, title, v.Reason)
		case cases.HearingSet:
			f.hearing = v.Place
		case cases.HearingAdjourned:
			add(e, theBody, "Why the hearing was moved", v.Reason)
		case cases.CaseHeard:
			add(e, thePanel, "Record of the hearing", v.Record)
		case cases.DecisionMade:
			f.decided = v.Findings
			f.pending = []sealedWord{{word{Whose: thePanel, Title: "The decision"}, v.Reasons}}
		case cases.AppealResolved:
			f.appealed = &v
			f.pending = []sealedWord{{word{Whose: "The appeal panel", Title: "The decision on your appeal"}, v.Reasons}}
		case cases.DecisionServed, cases.AppealDecisionServed:
			f.findings = f.decided
			for _, s := range f.pending {
				add(e, s.word.Whose, s.word.Title, s.text)
			}
			f.pending = nil
		case cases.AppealLodged:
			add(e, us, "Your appeal", v.Reasons)
		case cases.ConsentProposed:
			add(e, theBody, "What you agreed on", v.Terms)
		case cases.ConsentApproved:
			add(e, thePanel, "Why the panel agrees", v.Reasons)
		case cases.ConsentRefused:
			add(e, thePanel, "Why the panel does not agree", v.Reasons)
		case cases.CaseSettled:
			add(e, theBody, "What was agreed", v.Terms)
		case cases.CasePaused:
			f.paused = v.Ground
		case cases.EvidenceAdmitted:
			f.papers, f.whats = append(f.papers, paper{Number: v.Number, Object: v.Object, Whose: sources[v.Source], At: e.At}), append(f.whats, v.What)
		case cases.FileHandedIn:
			if v.From == "respondent" {
				f.papers, f.whats = append(f.papers, paper{Object: v.Object, Whose: us, At: e.At}), append(f.whats, v.What)
			}
		}
	}
	return f
}

var sources = map[string]string{
	"complainant": "The complainant", "respondent": us, "witness": "A witness", "body": "The body’s own search", "public": "A public source",
}
