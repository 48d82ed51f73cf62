package office

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// casesPage lists cases: to those who look after them all that they may see, to who sits in some those.
type casesPage struct {
	ui.Chrome
	Said     []string
	Sits     bool // who looks sits in cases, and looks after none
	Filters  caseFilters
	Stages   []stageChoice
	Managers []named
	Rows     []caseLine
	Total    int64
	Capped   bool
	Asked    bool
	Later    bool
	Mine     bool // who looks can look after cases
	NextURL  string
	CSV      string
	Sort     link // to the other order
	Claims   bool
	Pool     bool
}

// stageChoice is a stage to filter by.
type stageChoice struct {
	Value cases.Stage
	Label string
}

// caseFilters are what the list is narrowed by, as they stand in the address.
type caseFilters struct{ Stage, Manager, Member, State, Sort, After string }

func caseFiltersOf(r *http.Request) caseFilters {
	v := r.URL.Query()
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	return caseFilters{get("stage"), get("manager"), strings.ToUpper(get("member")), get("state"), get("sort"), get("after")}
}

func (f caseFilters) query() string {
	return query("stage", f.Stage, "manager", f.Manager, "member", f.Member, "state", f.State, "sort", f.Sort, "after", f.After)
}

// wanted is what the filters ask the docket for: those that are open, unless a stage or everything is asked for.
func (f caseFilters) wanted(who ui.Who) view.DocketQuery {
	q := view.DocketQuery{Stage: cases.Stage(f.Stage), Manager: f.Manager, Member: f.Member, Open: f.State != "all" && f.Stage == "", Sort: f.Sort, After: f.After, Limit: caseLines}
	switch f.Manager {
	case "me":
		q.Manager = who.Actor
	case "nobody":
		q.Manager = view.NoManager
	}
	return q
}

// caseLines is how many cases a page lists.
const caseLines = 50

// caseLine is a case in the list.
type caseLine struct {
	view.CaseRow
	Href    string
	Title   string // the stage, and how it ended
	Tone    string
	By      named  // who looks after it
	Waits   string // what for, or for whom
	As      string // what who looks is there: "presides"
	ForMe   bool   // it waits for something that who looks may do
	Clock   *dueDay
	Missing int // clocks that the body missed
}

func (o *Office) cases(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Cases"
	p := casesPage{Chrome: c, Filters: caseFiltersOf(r), Sits: who.Role == gate.Panelist, Mine: who.Role == gate.CaseManager, Claims: o.sees(who, atClaims), Pool: o.sees(who, atPool)}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	if p.Sits {
		p.Title = "Your cases"
		if p.Rows, err = o.roomsOf(r.Context(), who, c); err != nil {
			return err
		}
		o.Desk.Show(w, r, http.StatusOK, "cases", p)
		return nil
	}
	for _, s := range cases.Stages {
		p.Stages = append(p.Stages, stageChoice{s, caseStages[s].label})
	}
	officers, err := o.Register.Officers(r.Context(), c.Now)
	if err != nil {
		return err
	}
	for _, f := range officers {
		if f.Role == people.CaseManager && "person/"+f.ID != who.Actor {
			p.Managers = append(p.Managers, named{f.ID, f.Name})
		}
	}
	page, err := o.Register.Docket(r.Context(), p.Filters.wanted(who))
	if err != nil {
		return err
	}
	p.Total, p.Capped = page.Total, page.Capped
	if p.Rows, err = o.caseLines(r.Context(), who, c, page.Rows); err != nil {
		return err
	}
	p.Total -= int64(len(page.Rows) - len(p.Rows))
	f := p.Filters
	p.Later, p.Asked = f.After != "", f.Stage+f.Manager+f.Member+f.State != ""
	if page.Next != "" {
		next := f
		next.After = page.Next
		p.NextURL = "/office/cases" + next.query()
	}
	f.After = ""
	p.CSV = "/office/cases.csv" + f.query()
	if f.Sort == view.DocketNewest {
		f.Sort, p.Sort.Label = "", "what is due first"
	} else {
		f.Sort, p.Sort.Label = view.DocketNewest, "the newest first"
	}
	p.Sort.Href = "/office/cases" + f.query()
	o.Desk.Show(w, r, http.StatusOK, "cases", p)
	return nil
}

// caseLines says what a list says of cases, without those of companies where who looks works.
func (o *Office) caseLines(ctx context.Context, who ui.Who, c ui.Chrome, rows []view.CaseRow) (lines []caseLine, err error) {
	var works []string
	if number, ok := who.Person(); ok {
		look := o.Desk.Counter.Record.Look(ctx)
		if works = flowbody.WorksAt(look, number, c.Now); look.Err() != nil {
			return nil, look.Err()
		}
	}
	names := map[string]named{}
	for _, row := range rows {
		if slices.ContainsFunc(row.Members, func(m string) bool { return slices.Contains(works, m) }) {
			continue
		}
		by, known := names[row.Manager]
		if !known && row.Manager != "" {
			if by, err = o.nameOf(ctx, "person/"+row.Manager); err != nil {
				return nil, err
			}
			names[row.Manager] = by
		}
		lines = append(lines, o.caseLine(who, c, row, by))
	}
	return lines, nil
}

func (o *Office) caseLine(who ui.Who, c ui.Chrome, row view.CaseRow, by named) caseLine {
	l := caseLine{
		CaseRow: row, By: by, Href: caseLink(row.ID), Title: stageTitle(cases.Case{Stage: row.Stage, Outcome: row.Outcome}), Tone: caseStages[row.Stage].tone,
		Clock: dueDayOf(row.Due, c.Now, c.Zone), Missing: row.Missed(c.Now),
	}
	if who.Role == gate.Panelist {
		l.Href += "/room"
	}
	mine := who.Role != gate.CaseManager || row.Manager == "" || "person/"+row.Manager == who.Actor
	switch {
	case row.Awaits.Act != "":
		l.Waits = row.Awaits.What
		l.ForMe = mine && o.asksOf(who, row.Awaits.Act, "case/"+row.ID, who.Actor)
	case row.Open() && row.Term != "":
		if words, ok := termWords[row.Term]; ok {
			l.Waits = "waits for " + words.whose
		}
	}
	if !row.Paused.IsZero() {
		l.Clock = nil
	}
	return l
}

// roomsOf lists the cases in which somebody sits now, and those whose dismissal they could look at.
func (o *Office) roomsOf(ctx context.Context, who ui.Who, c ui.Chrome) (lines []caseLine, err error) {
	parts, err := o.Register.CasesOf(ctx, who.Actor)
	if err != nil {
		return nil, err
	}
	var rows []view.CaseRow
	as := map[string]string{}
	for _, p := range parts {
		if !p.Now || p.As == view.PartManager {
			continue
		}
		row, err := o.Register.CaseRow(ctx, p.Case)
		if err != nil {
			return nil, err
		}
		as[p.Case] = strings.ReplaceAll(strings.ReplaceAll(p.As, "-", ", "), "presiding", "presides")
		rows = append(rows, row)
	}
	reviewed, err := o.Register.Docket(ctx, view.DocketQuery{Stage: cases.UnderReview, Limit: caseLines})
	if err != nil {
		return nil, err
	}
	rows = append(rows, reviewed.Rows...)
	for _, row := range rows {
		if _, inside, err := o.caseDoor(ctx, who, c, row.ID); err != nil || !inside {
			if err != nil {
				return nil, err
			}
			continue
		}
		by := named{}
		l := o.caseLine(who, c, row, by)
		if l.As = as[row.ID]; l.As == "" {
			l.As = "could review it"
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b caseLine) int {
		switch {
		case a.ForMe != b.ForMe && a.ForMe:
			return -1
		case a.ForMe != b.ForMe:
			return 1
		}
		return strings.Compare(b.ID, a.ID)
	})
	return lines, nil
}

func (o *Office) casesCSV(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	q := caseFiltersOf(r).wanted(who)
	q.After, q.Limit = "", 500
	page, err := o.Register.Docket(r.Context(), q)
	if err != nil {
		return err
	}
	out := startCSV(w, "cases-"+act.DateIn(c.Now, c.Zone).String())
	defer out.Flush()
	out.row("case", "member", "name", "stage", "outcome", "sanction", "manager", "lodged", "waits", "due", "term", "missed", "over", "published")
	for {
		lines, err := o.caseLines(r.Context(), who, c, page.Rows)
		if err != nil {
			return o.torn(r, err)
		}
		for _, l := range lines {
			missed := ""
			if l.Missing > 0 {
				missed = countOf(l.Missing, "clock")
			}
			out.row(l.ID, l.Member, l.Name, string(l.Stage), l.Outcome, l.Sanction, l.Manager, dayOf(l.Lodged, c.Zone), l.Awaits.What, dayOf(lastMoment(l.Due), c.Zone), l.Term, missed,
				dayOf(l.Over, c.Zone), dayOf(l.Published, c.Zone))
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
		if page, err = o.Register.Docket(r.Context(), q); err != nil {
			return o.torn(r, err)
		}
	}
}

// lastMoment is the last moment of a term: it is over at the time that it is due.
func lastMoment(due time.Time) time.Time {
	if due.IsZero() {
		return due
	}
	return due.Add(-time.Microsecond)
}
