package site

import (
	"errors"
	"net/http"

	"shingle/internal/body/standing"
	"shingle/internal/code"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type homePage struct {
	ui.Chrome
	Members    int64
	Counts     []statusCount
	Notices    []view.Notice
	Version    view.CodeVersion // zero before the first is in force
	Provisions []code.Provision // the topmost ones
	GoLive     string           // the day named for the opening, "" if none or past
}

type statusCount struct {
	Status standing.Status
	Kind   standing.Kind // never set: counts do not tell kinds apart
	N      int64
}

const homeNotices = 4

func (s *Site) home(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "Is this company a member?"
	p := homePage{Chrome: c}
	v, err := s.Register.VersionInForce(ctx, c.Now)
	if err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	if parsed, problems := code.Parse([]byte(v.Text)); err == nil && len(problems) == 0 {
		p.Version, p.Provisions = v, topmost(parsed)
	}
	if c.Launch {
		p.Title = "Opening soon"
		if b, err := s.Register.Body(ctx); err == nil && !b.Opened.IsZero() {
			p.GoLive = b.Opened.In(c.Zone).Format("2 January 2006")
		}
		s.pages.Show(w, r, http.StatusOK, "launch", p)
		return nil
	}
	counts, err := s.Register.Counts(ctx)
	if err != nil {
		return err
	}
	for _, status := range standing.Statuses {
		p.Members += counts[status]
		p.Counts = append(p.Counts, statusCount{Status: status, N: counts[status]})
	}
	if p.Notices, err = s.Register.Notices(ctx, "", "", c.Now, homeNotices); err != nil {
		return err
	}
	s.pages.Show(w, r, http.StatusOK, "home", p)
	return nil
}

// topmost returns the provisions that carry a number, of the highest level.
func topmost(v *code.Version) []code.Provision {
	var top []code.Provision
	for _, p := range v.Provisions {
		if p.Number != "" {
			top = append(top, p)
		}
	}
	return top
}

type whyPage struct{ ui.Chrome }

func (s *Site) why(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	c.Title = "Why a subscribing member"
	s.pages.Show(w, r, http.StatusOK, "why", whyPage{c})
	return nil
}
