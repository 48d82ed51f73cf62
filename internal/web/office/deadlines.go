package office

import (
	"net/http"
	"time"

	"shingle/internal/act"
	"shingle/internal/documents"
	"shingle/internal/web/ui"
)

const (
	// calendarDays is how far a calendar looks ahead, and calendarLines how much it holds.
	calendarDays  = 90
	calendarLines = 500
)

// calendar writes what is on the first page and has a day, and what comes after it, as an iCalendar file.
func (o *Office) calendar(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	b, err := o.Desk.Body(ctx)
	if err != nil {
		return err
	}
	until := act.DateIn(c.Now, c.Zone).AddDays(calendarDays).Start(c.Zone)
	duties, err := o.Register.DutiesOf(ctx, o.dutyKinds(who), time.Time{}, until, calendarLines)
	if err != nil {
		return err
	}
	var lines []line
	for _, d := range duties {
		lines = append(lines, o.dutyLine(who, c, d))
	}
	waiting, err := o.waiting(ctx, who, c)
	if err != nil {
		return err
	}
	terms, err := o.terms(ctx, who, c, until)
	if err != nil {
		return err
	}
	lines = append(append(lines, waiting...), terms...)
	if err := o.name(ctx, who, lines); err != nil {
		return err
	}
	var list []documents.Deadline
	for _, l := range lines {
		if l.Day == "" {
			continue
		}
		day, err := act.ParseDate(l.Day)
		if err != nil {
			return err
		}
		what := l.What
		if l.Name != "" {
			what += ": " + ui.Isolated(l.Name) + " (" + l.Number + ")"
		}
		list = append(list, documents.Deadline{Day: day, What: what, Path: l.Do.Href})
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", `attachment; filename="deadlines.ics"`)
	_, _ = w.Write(documents.Deadlines(documents.Body{Name: b.Name, Web: b.Web, Origin: o.Origin, Zone: c.Zone}, "Deadlines of "+b.Name, list, c.Now)) // the reader may have gone
	return nil
}
