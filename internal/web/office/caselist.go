package office

import (
	"net/http"
	"strings"
	"time"

	"shingle/internal/act"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/ui"
)

// casesPage lists the cases that wait for somebody.
type casesPage struct {
	ui.Chrome
	Said []string
	Rows []line
}

func (o *Office) cases(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Cases"
	p := casesPage{Chrome: c}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	all, err := o.Register.Waiting(r.Context(), c.Now, flowbody.WaitingCase)
	if err != nil {
		return err
	}
	for _, v := range all {
		id := strings.TrimPrefix(v.Subject, "case/")
		to, ok, err := o.caseDoor(r.Context(), who, c, id)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		l := line{What: strings.TrimSuffix(v.What, "."), Number: v.Member, due: v.Due, Do: link{to, "Look at it"}}
		if v.Due.IsZero() {
			l.When = sinceWords(-daysUntil(act.DateIn(v.Since, c.Zone), c.Now, c.Zone))
		} else {
			day := act.DateIn(v.Due.Add(-time.Microsecond), c.Zone)
			l.Day, l.When = day.String(), untilWords(daysUntil(day, c.Now, c.Zone))
		}
		p.Rows = append(p.Rows, l)
	}
	if err := o.name(r.Context(), p.Rows); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "cases", p)
	return nil
}
