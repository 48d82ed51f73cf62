package complaints

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/ui"
)

// stands says where a case stands, as far as that is the complainant's to know: what a company is offered, and what a
// panel decides, is between it and the body until it is final and public.
type stands struct {
	Title string // "It is investigated"
	Text  string // sentences: what that means, and what comes next
	Over  bool
}

var byStage = map[cases.Stage]stands{
	cases.Lodged:        {Title: "It is looked at", Text: "A case manager reads your complaint and decides what becomes of it. You need not do anything; questions to you would stand below."},
	cases.Offered:       {Title: "It is being dealt with", Text: "The case manager has read your complaint and has turned to the company. You are told what came of it."},
	cases.Dismissed:     {Title: "It was dismissed", Text: "The reasons stand below. If you think that they are wrong, a lay reviewer, who is from outside the trade, looks at it again, once."},
	cases.UnderReview:   {Title: "The dismissal is looked at again", Text: "A lay reviewer, who had no part in the case, decides whether the dismissal stands."},
	cases.Investigating: {Title: "It is investigated", Text: "The case manager gathers facts. What you know and have not said yet helps now: write it below."},
	cases.Charged:       {Title: "Charges were served", Text: "The company answers, and a panel of three hears the case, at least one of them from outside the trade. You may be asked to be a witness; nobody can make you."},
	cases.Heard:         {Title: "It was heard", Text: "The panel deliberates. What it says among itself nobody else learns."},
	cases.Decided:       {Title: "It is decided", Text: "The decision is being served on the company. Until it is final it is confidential."},
	cases.Served:        {Title: "It is decided", Text: "The company can appeal. Until the decision is final it is confidential."},
	cases.Appealed:      {Title: "The decision is appealed", Text: "People who had no part in the case before look at it."},
	cases.AppealDecided: {Title: "The appeal is decided", Text: "The decision is being served on the company."},
	cases.Final:         {Title: "The outcome is final", Text: "It is put in force, and what is public of it is published, next."},
	cases.Destroyed:     {Title: "The file was destroyed", Text: "Its time was over. Nobody can read any more what was written in it.", Over: true},
}

var byOutcome = map[string]stands{
	cases.OutcomeDismissed: {Title: "The complaint was dismissed", Text: "The case is closed. If there is something new, complain anew and name this case."},
	cases.OutcomeAccepted:  {Title: "The case is closed", Text: "It ended without a hearing. What was agreed with the company is between it and the body."},
	cases.OutcomeSettled:   {Title: "It was settled", Text: "You and the company agreed. The case is closed."},
	cases.OutcomeNotProven: {Title: "The charges were not proven", Text: "The panel heard the case and found that what was charged was not shown. The case is closed."},
	cases.OutcomeSetAside:  {Title: "The decision was set aside", Text: "Those who heard the appeal set the decision aside. The case is closed."},
	cases.OutcomeJoined:    {Title: "It goes on together with another case", Text: "Both are about the same company. What you write here is read by those who work on it."},
	cases.OutcomeProven:    {Title: "The case is closed", Text: "The panel decided, and the decision is final. If it is public, it stands among the notices and on the company’s page in the register; an advice or a warning is not."},
	cases.OutcomeConsent:   {Title: "The case is closed", Text: "Panel and company agreed on an order. If it is public, it stands among the notices and on the company’s page in the register; an advice or a warning is not."},
}

func standing(c cases.Case) stands {
	s := byStage[c.Stage]
	if c.Stage == cases.Closed {
		s = byOutcome[c.Outcome]
		s.Over = true
	}
	switch {
	case !c.Paused.IsZero():
		s.Text = "It is paused: nothing runs until it goes on. " + s.Text
	case c.Stage == cases.Lodged && c.Late:
		s.Text += " It came after the time in which one can complain: the chair of the body may extend that, or it is dismissed."
	}
	if c.Complainant.Withdrawn && !s.Over {
		s.Text += " You have withdrawn; the body may go on without you, and without your name."
	}
	return s
}

// happened is the history of a case as its complainant may know it.
func happened(events []act.Recorded, zone *time.Location) (all []passage) {
	for _, e := range events {
		if what := tells(e.Event); what != "" {
			all = append(all, passage{ui.MomentOf(e.At, zone), what})
		}
	}
	return all
}

func tells(e act.Event) string {
	switch of := e.(type) {
	case cases.CaseLodged:
		return "You complained."
	case cases.CaseAcknowledged:
		return "The body confirmed that the complaint has come."
	case cases.CaseAssigned:
		return "A case manager was named."
	case cases.LateAllowed:
		return "The chair extended the time in which one can complain."
	case cases.InvestigationOpened:
		return "An investigation was opened."
	case cases.CaseDismissed:
		return "The complaint was dismissed."
	case cases.ReviewAsked:
		return "You asked for a review."
	case cases.DismissalReviewed:
		if of.Stands {
			return "The lay reviewer found that the dismissal stands."
		}
		return "The lay reviewer found that it is to be investigated."
	case cases.DismissalStood:
		return "The dismissal is final."
	case cases.CaseSettled:
		return "It was settled."
	case cases.NameAsked:
		return "You were asked whether your name may be told."
	case cases.NameAnswered:
		if of.Agreed {
			return "You said that your name may be told."
		}
		return "You said that your name stays untold."
	case cases.ComplaintWithdrawn:
		return "You withdrew the complaint."
	case cases.FeedbackGiven:
		return "You were told what was done."
	case cases.ChargesServed:
		return "Charges were served on the company."
	case cases.CaseHeard:
		return "The case was heard."
	case cases.CasePaused:
		return "The case was paused."
	case cases.CaseResumed:
		return "The case went on."
	case cases.AppealLodged:
		return "The company appealed."
	case cases.CaseFinalized:
		return "The outcome became final."
	case cases.CaseJoined:
		return "The case was joined with another one."
	case cases.CaseDestroyed:
		return "The file was destroyed."
	}
	return ""
}
