package office

import (
	"context"
	"net/http"
	"slices"
	"time"

	"shingle/internal/act"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// datesPage has all due dates of cases, and the days of hearings, on one page.
type datesPage struct {
	ui.Chrome
	Groups []datesGroup
	Mine   bool // only those of who looks
	Toggle *link
	Sits   bool
	ICS    bool // who looks may have them in a calendar
}

// datesGroup is the dates of some time.
type datesGroup struct {
	ID, Title string
	Late      bool
	Rows      []dateRow
}

// dateRow is a date of a case.
type dateRow struct {
	dueOn
	What, Whose  string
	Case, Member string
	Href, Stage  string
	Paused       bool

	due time.Time
}

// datesAhead is how far the page looks, in days.
const datesAhead = 365

func (o *Office) caseDates(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Due dates"
	p := datesPage{Chrome: c, Mine: r.URL.Query().Get("of") == "me" && who.Role == gate.CaseManager, Sits: who.Role == gate.Panelist, ICS: o.sees(who, atCaseDays)}
	rows, err := o.dates(r.Context(), who, c, p.Mine)
	if err != nil {
		return err
	}
	if who.Role == gate.CaseManager {
		p.Toggle = &link{"/office/cases/dates?of=me", "Only mine"}
		if p.Mine {
			p.Toggle = &link{"/office/cases/dates", "Everybody’s"}
		}
	}
	today := act.DateIn(c.Now, c.Zone)
	week, month := today.AddDays(thisWeek).Start(c.Zone), today.AddDays(soon).Start(c.Zone)
	groups := []datesGroup{{ID: "overdue", Title: "Overdue", Late: true}, {ID: "week", Title: "This week"}, {ID: "soon", Title: "In the next 30 days"}, {ID: "later", Title: "Later"}, {ID: "still", Title: "Standing still"}}
	for _, row := range rows {
		i := 3
		switch {
		case row.Paused:
			i = 4
		case row.due.Before(c.Now) || row.due.Equal(c.Now):
			i = 0
		case row.due.Before(week):
			i = 1
		case row.due.Before(month):
			i = 2
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	p.Groups = slices.DeleteFunc(groups, func(g datesGroup) bool { return len(g.Rows) == 0 })
	o.Desk.Show(w, r, http.StatusOK, "dates", p)
	return nil
}

// dates returns the dates of the cases that somebody may see, the earliest first.
func (o *Office) dates(ctx context.Context, who ui.Who, c ui.Chrome, mine bool) (rows []dateRow, err error) {
	until := act.DateIn(c.Now, c.Zone).AddDays(datesAhead).Start(c.Zone)
	terms, err := o.Register.CaseTerms(ctx, time.Time{}, until)
	if err != nil {
		return nil, err
	}
	seen, err := o.seenBy(ctx, who, c)
	if err != nil {
		return nil, err
	}
	for _, t := range terms {
		if t.Over(c.Now) || mine && "person/"+t.Manager != who.Actor || !seen(t) {
			continue
		}
		row := dateRow{dueOn: *dueOnOf(t.Due, c.Now, c.Zone), Case: t.Case, Member: t.Member, Href: caseLink(t.Case), Stage: caseStages[t.Stage].label, Paused: t.Paused, due: t.Due}
		if who.Role == gate.Panelist {
			row.Href += "/room"
		}
		words := termWords[t.Term]
		row.What, row.Whose = words.what, words.whose
		switch {
		case t.Term == view.TermHearing:
			at := ui.MomentOf(t.Due, c.Zone)
			row.What, row.Whose, row.Day = "Hearing, "+t.Due.In(c.Zone).Format("15:04 MST"), "everybody", at.Day
			left := daysUntil(act.DateIn(t.Due, c.Zone), c.Now, c.Zone)
			row.When, row.Late = untilWords(left), left < 0
		case row.What == "":
			row.What = t.Term
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// seenBy returns which dates are for somebody: a panelist's are those of the cases in which they sit; nobody's are
// those of a company where they work.
func (o *Office) seenBy(ctx context.Context, who ui.Who, c ui.Chrome) (func(view.CaseTerm) bool, error) {
	number, person := who.Person()
	if !person {
		return func(view.CaseTerm) bool { return true }, nil
	}
	if who.Role == gate.Panelist {
		parts, err := o.Register.CasesOf(ctx, number)
		return func(t view.CaseTerm) bool {
			return slices.ContainsFunc(parts, func(p view.Part) bool { return p.Case == t.Case && p.Now && p.As != view.PartManager })
		}, err
	}
	look := o.Desk.Counter.Record.Look(ctx)
	works := flowbody.WorksAt(look, number, c.Now)
	return func(t view.CaseTerm) bool { return !slices.Contains(works, t.Member) }, look.Err()
}
