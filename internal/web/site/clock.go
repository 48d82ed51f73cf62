package site

import (
	"fmt"
	"net/http"
	"strconv"

	"shingle/internal/web/ui"
)

// clockPage shows a demo's clock and the form that moves it.
type clockPage struct {
	ui.Chrome
	Steps []clockStep
	Error string // what was wrong with the number of days
	Given string // what was given
}

// clockStep is one button.
type clockStep struct {
	Days  int
	Label string
}

var clockSteps = []clockStep{{1, "A day"}, {7, "A week"}, {30, "30 days"}, {91, "A quarter"}, {365, "A year"}}

// mostDays is how far the clock moves in one step.
const mostDays = 3660

func (s *Site) clock(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	c.Title, c.NoIndex = "Demo time", true
	s.pages.Show(w, r, http.StatusOK, "clock", clockPage{Chrome: c, Steps: clockSteps})
	return nil
}

func (s *Site) moveClock(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	given := r.PostFormValue("days")
	days, err := strconv.Atoi(given)
	if err != nil || days < 1 || days > mostDays {
		c.Title, c.NoIndex = "Demo time", true
		s.pages.Show(w, r, http.StatusUnprocessableEntity, "clock", clockPage{
			Chrome: c, Steps: clockSteps, Given: given,
			Error: fmt.Sprintf("Give a whole number of days from 1 to %d: the clock moves forward only", mostDays),
		})
		return nil
	}
	if err := s.MoveClock(r.Context(), days); err != nil {
		return err
	}
	http.Redirect(w, r, "/demo/clock", http.StatusSeeOther)
	return nil
}
