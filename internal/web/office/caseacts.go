package office

import (
	"context"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

// caseActs are what an office may ask for in a case, in the order of the procedure, and what a link to it says. Whether
// one may be taken now, the rules say.
var caseActs = []struct {
	title string
	acts  []struct{ kind, say string }
}{
	{"Screening", []struct{ kind, say string }{
		{"case.assign", "Give it to a case manager"}, {"case.allow-late", "Let it be looked into although it came late"}, {"case.investigate", "Open an investigation"},
		{"case.offer", "Offer an advice or a warning"}, {"case.settle", "Record a settlement"}, {"case.dismiss", "Dismiss it"},
	}},
	{"Investigation", []struct{ kind, say string }{
		{"case.admit-evidence", "Admit evidence"}, {"case.note", "Write into the log"}, {"case.ask-name", "Ask whether the complainant’s name may be told"},
		{"case.draft-charges", "Draft the charges"}, {"case.serve-charges", "Record that the charges were served"},
	}},
	{"Panel and hearing", []struct{ kind, say string }{
		{"case.name-panel", "Name the panel"}, {"case.rule-on-challenge", "Rule on a challenge"}, {"case.fill-seats", "Fill empty seats"}, {"case.recuse", "Take a panelist off the panel"},
		{"case.set-hearing", "Give notice of a hearing"}, {"case.adjourn", "Move the hearing"}, {"case.propose-consent", "Lay an agreed order before the panel"},
	}},
	{"Decision", []struct{ kind, say string }{
		{"case.serve-decision", "Record that the decision was served"}, {"case.publish", "Put it in force and publish it"},
	}},
	{"The parties", []struct{ kind, say string }{
		{"case.write", "Write to a party"}, {"case.feedback", "Tell the complainant what was done"}, {"case.answer", "Record an answer that came on paper"},
		{"case.bar-answer", "Record that the law forbids an answer"}, {"case.challenge", "Record a challenge that came on paper"}, {"case.appeal", "Record an appeal that came on paper"},
	}},
	{"Time", []struct{ kind, say string }{
		{"case.extend", "Give more time"}, {"case.reopen-default", "Reopen the default"}, {"case.pause", "Pause the case"}, {"case.resume", "Resume the case"},
		{"case.run-out", "Note that time has run"},
	}},
	{"The file", []struct{ kind, say string }{
		{"case.join", "Join it to another case"}, {"case.split", "Make a case of a part of it"}, {"case.extend-to", "Let it reach a successor"},
		{"case.link-order", "Link an order to it"}, {"case.hold", "Hold the file"}, {"case.release", "Release the file"}, {"case.destroy", "Destroy the file"},
	}},
}

// roomActs are what somebody who sits may do.
var roomActs = []struct{ kind, say string }{
	{"case.review-dismissal", "Say whether the dismissal stands"}, {"case.hear", "Record the hearing"}, {"case.vote", "Vote"},
	{"case.rule-on-consent", "Rule on the agreed order"}, {"case.decide", "Write down the decision"}, {"case.decide-appeal", "Write down the decision on the appeal"},
	{"case.sign", "Sign the decision"}, {"case.deliberate", "Write a note to the panel"}, {"case.recuse", "Step down"},
}

// sayCase is what an act in a case is called where it is asked for, "" for one that is asked for elsewhere.
func sayCase(kind string) string {
	for _, g := range caseActs {
		for _, a := range g.acts {
			if a.kind == kind {
				return a.say
			}
		}
	}
	return ""
}

func sayRoom(kind string) string {
	for _, a := range roomActs {
		if a.kind == kind {
			return a.say
		}
	}
	return ""
}

// unready is an act that somebody may ask for, and that the rules do not allow now.
type unready struct {
	Label  string
	Rule   act.Rule
	Detail string // as a sentence
}

// open is what may be done in a case now: what it waits for first, then the rest.
type openActs struct {
	First  *link // what it waits for, nil where that is not for who looks
	Groups []actGroup
	Not    []unready
}

// actsOf tries every act that somebody may ask for in a case. What the case waits for stands first, and the group
// that it belongs to before the others.
func (t *trial) actsOf(awaited string) (all openActs, err error) {
	for _, g := range caseActs {
		group := actGroup{Title: g.title}
		leads := false
		for _, a := range g.acts {
			if !t.asksOf(t.who, a.kind, "case/"+t.c.ID, t.c.Member) {
				continue
			}
			v, err := t.try(a.kind)
			switch {
			case err != nil:
				return all, err
			case v.why != nil:
				all.Not = append(all.Not, unready{a.say, v.why.Rule, sentenceOf(v.why.Detail)})
			case v.can && a.kind == awaited:
				all.First, leads = &link{caseActLink(t.c.ID, a.kind), a.say}, true
			case v.can:
				group.Links = append(group.Links, link{caseActLink(t.c.ID, a.kind), a.say})
			}
		}
		if len(group.Links) == 0 {
			continue
		}
		if leads {
			all.Groups = slices.Insert(all.Groups, 0, group)
		} else {
			all.Groups = append(all.Groups, group)
		}
	}
	return all, nil
}

// sentenceOf makes a sentence of the particulars of a refusal.
func sentenceOf(detail string) string {
	if detail == "" {
		return ""
	}
	return strings.ToUpper(detail[:1]) + detail[1:] + "."
}

// forWhom says who may do what a case waits for, e.g. "the chair", as the gate's table has it.
func forWhom(kind string) string {
	var titles []string
	for _, g := range gate.Grants() {
		if g.Act == kind && g.Role != gate.Clock && g.Role != gate.System {
			titles = append(titles, ui.RoleTitle(g.Role))
		}
	}
	if n := len(titles); n > 1 {
		return strings.Join(titles[:n-1], ", ") + " or " + titles[n-1]
	}
	return strings.Join(titles, "")
}

// may reports whether an act could be taken in a case now.
func (o *Office) may(ctx context.Context, who ui.Who, c cases.Case, chrome ui.Chrome, kind string) (bool, error) {
	if !o.asksOf(who, kind, "case/"+c.ID, c.Member, who.Actor) {
		return false, nil
	}
	v, err := o.trying(ctx, who, c, chrome).try(kind)
	return v.can || v.nothing, err
}
