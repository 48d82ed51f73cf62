package portal

import (
	"net/http"
	"net/url"
	"time"

	"shingle/internal/body/cases"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

const casesPath = "/portal/cases"

func casePath(id string) string { return casesPath + "/" + url.PathEscape(id) }

// nextOf says what comes next in a case, as sentences.
func nextOf(of cases.Case, c ui.Chrome) string {
	if !of.Paused.IsZero() {
		return "The case is paused. No clock runs, and nothing is held against you."
	}
	switch of.Stage {
	case cases.Offered:
		return "If you accept it, the case ends with it; it is not published, and there is no hearing. If you decline, or say nothing in time, the case is investigated."
	case cases.Investigating:
		return "The case manager gathers facts, and may ask you. If there are charges, they are served on you with all that supports them."
	case cases.Charged:
		switch {
		case !of.Charges.Defaulted.IsZero():
			return "The time to answer has run. Silence admits nothing. You may still ask the chair to let you answer, by a message that says why, and you are heard at the hearing."
		case !of.Charges.Answered:
			return "Answer in writing, with counsel if you like. You see all that the panel sees. Silence admits nothing; nothing is decided before you could answer and were heard."
		case of.Hearing.On.IsZero():
			return "A panel is named, to which you may object, and then a day for the hearing, of which you are told in good time."
		}
		return "The panel hears you on the day that stands below. Bring whom you like; witnesses may be questioned."
	case cases.Heard, cases.Decided:
		return "The decision, with its reasons, is served on you."
	case cases.Served:
		if runs(of, cases.TermAppeal, c.Now) {
			return "You may appeal. If you do not, the decision is final when the time for it has run; until then nothing is published and nothing is in force."
		}
		return "The decision becomes final."
	case cases.Appealed:
		return "People who had no part in the case before decide on your appeal. Nobody is worse off for having appealed."
	case cases.Final:
		return "What was decided is put in force and, if it is public, published."
	case cases.Dismissed, cases.UnderReview:
		return "You need not do anything."
	}
	return ""
}

// deeds are what the company can do in a case now, and whoever acts for it may ask for.
func (p *Portal) deeds(who ui.Who, of cases.Case, c ui.Chrome) (all []deed) {
	add := func(d deed, kind, page string) {
		if p.may(who, kind) && p.may(who, "POST "+casesPath+"/{case}/"+page) {
			if d.Href == "" {
				d.Href = casePath(of.ID) + "/" + page
			}
			all = append(all, d)
		}
	}
	charged := of.Stage == cases.Charged
	if of.Stage == cases.Offered && runs(of, cases.TermOffer, c.Now) {
		add(deed{Do: "Accept or decline", Text: "You are offered " + measures[of.Offer.Measure] + " instead of charges.", First: true}, "case.answer-offer", "offer")
	}
	if charged && !of.Charges.Answered && runs(of, cases.TermAnswer, c.Now) {
		add(deed{Do: "Answer the charges", Text: "In writing, once. More can be said in messages, and at the hearing.", First: true}, "case.answer", "answer")
	}
	if charged && of.Paused.IsZero() && (!of.Charges.Answered || !of.Charges.Defaulted.IsZero()) {
		add(deed{Do: "The law forbids us to answer", Text: "Then say so: the case pauses, and nothing is inferred from it."}, "case.bar-answer", "barred")
	}
	if of.Stage == cases.Served && runs(of, cases.TermAppeal, c.Now) {
		add(deed{Do: "Appeal", Text: "On procedure, proportionality or new evidence.", First: true}, "case.appeal", "appeal")
	}
	if of.Stage != cases.Destroyed {
		add(deed{Do: "Write a message", Text: "To the case manager."}, "case.write-back", "write")
	}
	if of.IsOpen() {
		add(deed{Do: "Hand in a file", Text: "It is looked at, cleaned of what it tells about who made it, and sealed."}, "case.produce", "files")
	}
	return all
}

// inCase is a page on which something is asked for in a case that the company was told of.
func (p *Portal) inCase(asking func(r *http.Request, who ui.Who, of cases.Case, c ui.Chrome) ui.Asking) ui.DeskPage {
	return func(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
		_, of, ok, err := p.against(r, who)
		if err != nil || !ok {
			return p.notOurs(w, r, c, err)
		}
		a := asking(r, who, of, c)
		if a.Kind == "" {
			return p.Desk.NotFound(w, r, c)
		}
		c.Active = casesPath
		a.Then, a.Back = casePath(of.ID), casePath(of.ID)
		return p.Desk.Ask(w, r, who, c, a)
	}
}

// caseKnown are the values that are not asked for: which case it is, and for whom somebody speaks.
func caseKnown(who ui.Who, of cases.Case, more ...string) map[string]string {
	return known(who, append([]string{"case", of.ID}, more...)...)
}

// dueFact says until when something is in time.
func dueFact(of cases.Case, term string, c ui.Chrome) []fact {
	for _, t := range of.Terms {
		if t.Name == term && t.Done.IsZero() {
			last := lastDay(term, t.Due, c.Zone)
			return []fact{{"Last day", last.Start(c.Zone).In(c.Zone).Format("2 January 2006") + ", " + days(last, c)}}
		}
	}
	return nil
}

func (p *Portal) caseRoutes() map[string]ui.DeskPage {
	return map[string]ui.DeskPage{
		"answer": p.inCase(func(_ *http.Request, who ui.Who, of cases.Case, c ui.Chrome) ui.Asking {
			return ui.Asking{Kind: "case.answer", Title: "Answer the charges", Lead: "Charge by charge, what you say to it and what shows it. What you leave out is not admitted.",
				Known: caseKnown(who, of), Around: around(true, []string{
					"It is given once. More can be said in messages, and at the hearing.",
					"Case manager and panel read it; it is sealed under the key of the case.",
					"You may be advised, and represented, by counsel.",
				}, dueFact(of, cases.TermAnswer, c)...)}
		}),
		"barred": p.inCase(func(_ *http.Request, who ui.Who, of cases.Case, _ ui.Chrome) ui.Asking {
			return ui.Asking{Kind: "case.bar-answer", Title: "The law forbids us to answer", Lead: "A duty of secrecy, an order, a proceeding: say as much as you may.",
				Known: caseKnown(who, of), Around: around(false, []string{
					"The case is paused, and every clock with it.",
					"Nothing is inferred from it, now or later.",
					"The chair and the case manager let it go on when what forbids it has ended.",
				})}
		}),
		"offer": p.inCase(func(_ *http.Request, who ui.Who, of cases.Case, c ui.Chrome) ui.Asking {
			return ui.Asking{Kind: "case.answer-offer", Title: "You are offered " + measures[of.Offer.Measure], Lead: "The reasons stand on the page of the case.",
				Known: caseKnown(who, of), Around: around(true, []string{
					"If you accept, the case ends. It is between you and the body, and is not published.",
					"It is on record, and may count if there is another case.",
					"If you decline, or say nothing in time, the case is investigated. Nothing is held against you for it.",
				}, dueFact(of, cases.TermOffer, c)...)}
		}),
		"write": p.inCase(func(_ *http.Request, who ui.Who, of cases.Case, _ ui.Chrome) ui.Asking {
			return ui.Asking{Kind: "case.write-back", Title: "Write to the case manager", Lead: "Whoever works on the case reads it.", Known: caseKnown(who, of)}
		}),
		"appeal": p.inCase(func(_ *http.Request, who ui.Who, of cases.Case, c ui.Chrome) ui.Asking {
			return ui.Asking{Kind: "case.appeal", Title: "Appeal", Lead: "Say on which grounds, and why.",
				Known: caseKnown(who, of), Around: around(false, []string{
					"People who had no part in the case before decide on it.",
					"Nobody is worse off for having appealed.",
					"Until it is decided nothing is published, and nothing is in force.",
				}, dueFact(of, cases.TermAppeal, c)...)}
		}),
		"challenge/{person}": p.inCase(func(r *http.Request, who ui.Who, of cases.Case, c ui.Chrome) ui.Asking {
			number := r.PathValue("person")
			for _, seat := range of.Panel.Seats {
				if seat.Person == number {
					name := "a panelist"
					if person, err := p.Register.Person(r.Context(), number); err == nil && person.Name != "" {
						name = ui.Isolated(person.Name)
					}
					return ui.Asking{Kind: "case.challenge", Title: "Object to " + name, Lead: "Say what makes you doubt that they are impartial: what they own, whom they work for or compete with, what they have said.",
						Known: caseKnown(who, of, "panelist", number), Around: around(false, []string{
							"The chair rules on it, with reasons. If you are right, somebody else steps in.",
							"You can object to each panelist once.",
						}, dueFact(of, cases.TermChallenge, c)...)}
				}
			}
			return ui.Asking{}
		}),
	}
}

// deadline is a row of the case's terms that are still to come.
type deadline struct {
	What string
	Last time.Time
	When string
}

// Deadlines are the terms that concern the company and run, the earliest first.
func (p casePage) Deadlines() (all []deadline) {
	for _, t := range p.Row.Terms {
		if of := waits[t.Term]; of.what != "" && !t.Over(p.Now) {
			last := lastDay(t.Term, t.Due, p.Zone)
			when := days(last, p.Chrome)
			if !p.Row.Paused.IsZero() {
				when = "stands still"
			}
			at := last.Start(p.Zone)
			if t.Term == view.TermHearing {
				at = t.Due
			}
			all = append(all, deadline{of.what, at, when})
		}
	}
	return all
}
