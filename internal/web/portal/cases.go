package portal

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// casesPage lists the cases that the company was told of.
type casesPage struct {
	ui.Chrome
	Open, Over []caseLine
}

// caseLine is a case in a list.
type caseLine struct {
	ID     string
	Stands string // "Charges were served"
	Lodged time.Time
	Due    time.Time // what is done before it is in time; zero for none
	What   string    // what is to be done by then, or happens: "Answer the charges"
	When   string    // in words: "12 days left"
	Ours   bool      // it is the company that is to act
}

// waits says what a term gives the respondent time for.
var waits = map[string]struct {
	what string
	ours bool
}{
	cases.TermOffer: {"Accept or decline what is offered", true}, cases.TermAnswer: {"Answer the charges", true}, cases.TermReopen: {"Ask to answer after all", true},
	cases.TermChallenge: {"Object to a panelist", true}, view.TermHearing: {"The hearing", false}, cases.TermDecision: {"The decision is served", false},
	cases.TermAppeal: {"Appeal", true},
}

func lineOf(row view.CaseRow, c ui.Chrome) caseLine {
	line := caseLine{ID: row.ID, Stands: stood(row.Stage, row.Outcome, row.Sanction), Lodged: row.Lodged}
	for _, t := range row.Terms {
		of := waits[t.Term]
		if t.Over(c.Now) || of.what == "" || !row.Paused.IsZero() || !line.Due.IsZero() && !t.Due.Before(line.Due) {
			continue
		}
		line.Due, line.What, line.Ours = t.Due, of.what, of.ours
		line.When = days(lastDay(t.Term, t.Due, c.Zone), c)
	}
	return line
}

// lastDay is the last day of a term, or the day of a hearing.
func lastDay(term string, due time.Time, zone *time.Location) act.Date {
	if term == view.TermHearing {
		return act.DateIn(due, zone)
	}
	return act.DateIn(due.Add(-time.Microsecond), zone)
}

func days(last act.Date, c ui.Chrome) string {
	switch left := daysBetween(act.DateIn(c.Now, c.Zone), last); {
	case left == 0:
		return "today"
	case left == 1:
		return "tomorrow"
	case left > 1:
		return fmt.Sprintf("%d days left", left)
	}
	return "its time has run"
}

func (p *Portal) cases(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	rows, err := p.Register.CasesAgainst(r.Context(), who.Member)
	if err != nil {
		return err
	}
	c.Title = "Cases"
	page := casesPage{Chrome: c}
	for _, row := range rows {
		if row.Open() {
			page.Open = append(page.Open, lineOf(row, c))
		} else {
			page.Over = append(page.Over, lineOf(row, c))
		}
	}
	slices.SortStableFunc(page.Open, func(a, b caseLine) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			if a.Due.IsZero() {
				return 1
			}
			return -1
		}
		return a.Due.Compare(b.Due)
	})
	p.Desk.Show(w, r, http.StatusOK, "cases", page)
	return nil
}

// caseDuties are the cases in which the company has something to do, the most urgent first.
func (p *Portal) caseDuties(ctx context.Context, who ui.Who, c ui.Chrome) (all []caseLine, err error) {
	rows, err := p.Register.CasesAgainst(ctx, who.Member)
	for _, row := range rows {
		if line := lineOf(row, c); row.Open() && !line.Due.IsZero() {
			all = append(all, line)
		}
	}
	slices.SortStableFunc(all, func(a, b caseLine) int { return a.Due.Compare(b.Due) })
	return all, err
}

// against returns a case that the company was told of, as it stands; ok is false for any other, whether there is
// such a case or not.
func (p *Portal) against(r *http.Request, who ui.Who) (row view.CaseRow, c cases.Case, ok bool, err error) {
	rows, err := p.Register.CasesAgainst(r.Context(), who.Member)
	i := slices.IndexFunc(rows, func(row view.CaseRow) bool { return row.ID == r.PathValue("case") })
	if err != nil || i < 0 {
		return row, c, false, err
	}
	state, _, err := p.Desk.Counter.Record.State(r.Context(), "case/"+rows[i].ID)
	c, ok = state.(cases.Case)
	return rows[i], c, ok && c.Told, err
}

// stood says in words where a case stands, as its respondent knows it.
func stood(stage cases.Stage, outcome, sanction string) string {
	switch stage {
	case cases.Lodged:
		return "It is looked at"
	case cases.Offered:
		return "You are offered " + measures[sanction]
	case cases.Dismissed, cases.UnderReview:
		return "The complaint was dismissed, and that can be reviewed"
	case cases.Investigating:
		return "It is investigated"
	case cases.Charged:
		return "Charges were served"
	case cases.Heard:
		return "It was heard; the panel deliberates"
	case cases.Decided:
		return "It was heard; the decision is on its way to you"
	case cases.Served:
		return "It is decided"
	case cases.Appealed:
		return "The decision is appealed"
	case cases.AppealDecided:
		return "The decision on your appeal is on its way to you"
	case cases.Final:
		return "The outcome is final"
	case cases.Destroyed:
		return "The file was destroyed"
	}
	return outcomes[outcome]
}

var outcomes = map[string]string{
	cases.OutcomeDismissed: "The complaint was dismissed", cases.OutcomeAccepted: "It ended with what you accepted", cases.OutcomeSettled: "It was settled",
	cases.OutcomeConsent: "It ended with an order that you agreed to", cases.OutcomeProven: "It ended with an order", cases.OutcomeNotProven: "The charges were not proven",
	cases.OutcomeSetAside: "The decision was set aside", cases.OutcomeJoined: "It goes on as part of another case",
}

// measures name the measures in a sentence.
var measures = map[string]string{
	cases.Advice: "an advice", cases.Warning: "a warning", cases.Reprimand: "a reprimand", cases.RequiredEducation: "required education",
	cases.Conditions: "conditions", cases.Probation: "probation", cases.Suspension: "a suspension", cases.Expulsion: "expulsion",
}

// lineIn is a line with its day in words.
type lineIn struct {
	caseLine
	Day string
}

// In is the line as a page shows it.
func (l caseLine) In(c ui.Chrome) lineIn {
	if l.Due.IsZero() {
		return lineIn{l, ""}
	}
	return lineIn{l, l.Due.Add(-time.Microsecond).In(c.Zone).Format("2 January 2006")}
}
