package office

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/roster"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// applicants is what stands among the statuses for companies that are no members yet.
const applicants = "applicant"

// filters are what the list is narrowed by, as they stand in the address: so a list is kept by keeping its address.
type filters struct{ Q, Status, Place, Service, Version, Due, Sort, Cursor string }

func filtersOf(r *http.Request) filters {
	v := r.URL.Query()
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	return filters{get("q"), get("status"), get("place"), get("service"), get("version"), get("due"), get("sort"), get("cursor")}
}

func (f filters) query() string {
	return query("q", f.Q, "status", f.Status, "place", f.Place, "service", f.Service, "version", f.Version, "due", f.Due, "sort", f.Sort, "cursor", f.Cursor)
}

// dues are the times by which something may be owed.
var dues = []struct{ Value, Label string }{
	{"overdue", "Something is overdue"}, {"week", "Something is due this week"}, {"month", "Something is due in 30 days"},
}

// asked returns the filters as the register understands them.
func (f filters) asked(c ui.Chrome) (view.Query, error) {
	q := view.Query{Q: f.Q, Place: f.Place, Service: f.Service, Status: f.Status, Version: f.Version, Sort: f.Sort, Cursor: f.Cursor, At: c.Now}
	today := act.DateIn(c.Now, c.Zone)
	switch f.Due {
	case "":
	case "overdue":
		q.DueBefore = c.Now
	case "week":
		q.DueFrom, q.DueBefore = c.Now, today.AddDays(thisWeek).Start(c.Zone)
	case "month":
		q.DueFrom, q.DueBefore = c.Now, today.AddDays(soon).Start(c.Zone)
	default:
		return q, view.ErrQuery
	}
	return q, nil
}

// row is a member in the list.
type row struct {
	view.Summary
	view.Particulars
	Day  string // by which it owes something next, "" for nothing
	When string
	Late bool
}

type membersPage struct {
	ui.Chrome
	Filters  filters
	Facets   view.Facets
	Statuses []standing.Status
	Dues     []struct{ Value, Label string }
	Rows     []row
	Total    int64
	Capped   bool
	Asked    bool // it is narrowed
	Later    bool // this is not the first page
	NextURL  string
	CSVURL   string
	Sorts    []link // the one in use has no address
	Imports  bool
	Enrols   bool
	Applying bool // companies that are no members yet may be seen
}

func (o *Office) members(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Members"
	f := filtersOf(r)
	if f.Status == applicants && o.sees(who, atApplications) {
		http.Redirect(w, r, "/office/applications"+query("q", f.Q), http.StatusSeeOther)
		return nil
	}
	q, err := f.asked(c)
	if err != nil {
		return err
	}
	list, err := o.Register.Search(r.Context(), q)
	if err != nil {
		return err
	}
	p := membersPage{
		Chrome: c, Filters: f, Statuses: standing.Statuses, Dues: dues, Total: list.Total, Capped: list.Capped, Later: f.Cursor != "",
		Imports: o.sees(who, "GET /office/import"), Enrols: o.asks(who, "member.enrol"), Applying: o.sees(who, atApplications),
	}
	if p.Facets, err = o.Register.Facets(r.Context()); err != nil {
		return err
	}
	if p.Rows, err = o.rows(r.Context(), list.Members, c); err != nil {
		return err
	}
	p.Asked = f.Q+f.Status+f.Place+f.Service+f.Version+f.Due != ""
	f.Cursor = ""
	p.CSVURL = "/office/members.csv" + f.query()
	if list.Next != "" {
		next := f
		next.Cursor = list.Next
		p.NextURL = "/office/members" + next.query()
	}
	for _, by := range []string{"name", "number", "newest"} {
		other := f
		if other.Sort = by; by == "name" {
			other.Sort = ""
		}
		to := link{"/office/members" + other.query(), by}
		if f.Sort == other.Sort || f.Sort == by {
			to.Href = ""
		}
		p.Sorts = append(p.Sorts, to)
	}
	o.Desk.Show(w, r, http.StatusOK, "members", p)
	return nil
}

func (o *Office) rows(ctx context.Context, members []view.Summary, c ui.Chrome) ([]row, error) {
	numbers := make([]string, len(members))
	for i, m := range members {
		numbers[i] = m.Number
	}
	known, err := o.Register.Particulars(ctx, numbers)
	rows := make([]row, len(members))
	for i, m := range members {
		rows[i] = row{Summary: m, Particulars: known[m.Number]}
		if due := rows[i].NextDue; !due.IsZero() {
			day := act.DateIn(due.Add(-time.Microsecond), c.Zone)
			rows[i].Day, rows[i].When, rows[i].Late = day.String(), untilWords(daysUntil(day, c.Now, c.Zone)), !c.Now.Before(due)
		}
	}
	return rows, err
}

// exportPage is how many members an export reads at a time.
const exportPage = 500

// membersCSV writes a whole list. Who speaks for a member is in it for those who may see that.
func (o *Office) membersCSV(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	q, err := filtersOf(r).asked(c)
	if err != nil {
		return err
	}
	q.Limit, q.Cursor = exportPage, ""
	list, err := o.Register.Search(r.Context(), q)
	if err != nil {
		return err
	}
	header := []string{"number", "name", "trading_names", "domains", "address", "place", "country", "services", "admitted", "status", "kind", "since",
		"code_version", "subscribed", "next_due"}
	contacts := o.sees(who, atMemberPeople)
	if contacts {
		header = append(header, "contact_name", "contact_email")
	}
	out := startCSV(w, "members-"+act.DateIn(c.Now, c.Zone).String())
	defer out.Flush()
	out.row(header...)
	for {
		rows, err := o.rows(r.Context(), list.Members, c)
		if err != nil {
			return o.torn(r, err)
		}
		for _, m := range rows {
			cells := []string{m.Number, m.Summary.Name, strings.Join(m.TradingNames, ";"), strings.Join(m.Domains, ";"), m.Address, m.Place, m.Country,
				strings.Join(m.Services, ";"), dayOf(m.Admitted, c.Zone), string(m.Standing.Status), string(m.Standing.Kind), timeText(m.Standing.Since),
				m.Code.Version, timeText(m.Code.At), m.Day}
			if contacts {
				cells = append(cells, m.ContactName, m.ContactEmail)
			}
			out.row(cells...)
		}
		if list.Next == "" {
			return nil
		}
		q.Cursor = list.Next
		if list, err = o.Register.Search(r.Context(), q); err != nil {
			return o.torn(r, err)
		}
	}
}

// sheet is a file for a spreadsheet.
type sheet struct{ *csv.Writer }

func startCSV(w http.ResponseWriter, name string) sheet {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+url.PathEscape(name)+`.csv"`)
	return sheet{csv.NewWriter(w)}
}

// row writes cells, none of which a spreadsheet takes for a formula.
func (s sheet) row(cells ...string) {
	_ = s.Write(roster.Escape(slices.Clone(cells))) // the reader may have gone; the next look at the register then fails
}

// torn ends a file in the middle, so that nobody takes it for a whole one: its head is out already.
func (o *Office) torn(r *http.Request, err error) error {
	o.Desk.Logger.ErrorContext(r.Context(), "export broke off", "error", err)
	panic(http.ErrAbortHandler)
}

func dayOf(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return act.DateIn(t, zone).String()
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
