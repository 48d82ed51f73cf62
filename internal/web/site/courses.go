package site

import (
	"errors"
	"net/http"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// coursesPage is the public catalogue: what counts today.
type coursesPage struct {
	ui.Chrome
	Q       string
	Topic   string
	Topics  []string // of the code in force, to choose from
	Courses []view.Course
	Next    string // address of the next page
	Later   bool
	NotSet  bool // how many are owed is not set
}

const coursesPerPage = 50

func (s *Site) courses(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	c.Title = "Courses"
	q := r.URL.Query()
	p := coursesPage{Chrome: c, Q: sought(q.Get("q")), Topic: sought(q.Get("topic")), Later: q.Get("after") != "", NotSet: true}
	version, err := s.Register.VersionInForce(r.Context(), c.Now)
	if err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	if v, problems := code.Parse([]byte(version.Text)); len(problems) == 0 {
		p.Topics, p.NotSet = v.Requirements.Education.Topics, !v.Requirements.Education.IsSet()
	}
	var next string
	p.Courses, next, err = s.Register.Courses(r.Context(), view.CourseQuery{
		Q: p.Q, Topic: p.Topic, On: act.DateIn(c.Now, c.Zone), Limit: coursesPerPage, Cursor: q.Get("after"),
	})
	if err != nil {
		return err
	}
	if next != "" {
		q.Set("after", next)
		p.Next = "/courses?" + q.Encode()
	}
	s.pages.Show(w, r, http.StatusOK, "courses", p)
	return nil
}

// sought is what somebody looks for, as far as it is read.
func sought(text string) string {
	text = strings.TrimSpace(text)
	return strings.ToValidUTF8(text[:min(len(text), 200)], "")
}

// course shows one course of the catalogue, also one that no longer counts: people who completed it look for it.
func (s *Site) course(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	one, err := s.Register.Course(r.Context(), r.PathValue("number"))
	if err == nil && one.From.IsZero() {
		err = view.ErrNotFound // it never counted, and may never do
	}
	if err != nil {
		return err
	}
	c.Title = one.Title
	today := act.DateIn(c.Now, c.Zone)
	s.pages.Show(w, r, http.StatusOK, "course", coursePage{c, one, !today.Before(one.From) && (one.Until.IsZero() || !today.After(one.Until))})
	return nil
}

type coursePage struct {
	ui.Chrome
	Course view.Course
	Counts bool // today
}
