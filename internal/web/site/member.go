package site

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/code"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type memberPage struct {
	ui.Chrome
	Member  view.Member
	Name    string          // at the time that is asked about
	Answer  standing.Answer // the public one
	History []view.Span     // newest first
	Notices []view.Notice
	// Decision is the notice of the order behind the standing, if there is one.
	Decision *view.Notice
	AsOf     *asOf // nil: as it is now
	At       string
	Error    string // what is wrong with the date asked for

	SuccessorName string
	CoursesNotSet bool // the code signed leaves the number of courses open
	InForce       string
	Proof         *proof // nil before the first statement
	Domain        string // one of its domains, for the command that verifies
	Origin        string
	HasPack       bool
	Tells         bool // who asks is told when the standing changes
}

// asOf is a question about the past.
type asOf struct {
	Day     string
	Then    standing.Answer // what the register answered at the time
	Changed bool            // and it would answer otherwise now
}

// proof is where the public log states what the page says.
type proof struct {
	Index    int64 // leaf
	Position int64 // in the record
	At       time.Time
	Size     int64 // of the log
}

func (s *Site) member(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx, number := r.Context(), r.PathValue("number")
	m, err := s.Register.Member(ctx, number)
	if errors.Is(err, view.ErrNotFound) {
		s.pages.Problem(w, r, c, ui.NotFound("We found no member with the number "+number+"."))
		return nil
	}
	if err != nil {
		return err
	}
	c.Title = m.Name
	p := memberPage{Chrome: c, Member: m, Name: m.Name, Origin: s.Origin, HasPack: s.Papers != nil, Tells: s.Telling != nil && !c.Static, At: r.URL.Query().Get("at")}
	at, status := c.Now, http.StatusOK
	if p.At != "" {
		if at, p.Error = instantOf(p.At, c); p.Error != "" {
			at, status = c.Now, http.StatusBadRequest
		}
	}
	if p.Answer, err = s.public(ctx, number, at, c.Now); err != nil {
		return err
	}
	if p.At != "" && p.Error == "" {
		then, err := s.public(ctx, number, at, at)
		if err != nil {
			return err
		}
		changed := then.Status != p.Answer.Status || then.Kind != p.Answer.Kind
		p.AsOf = &asOf{Day: act.DateIn(at, c.Zone).String(), Then: then, Changed: changed}
		p.NoIndex = true
		name, err := s.namedThen(ctx, number, at)
		if err != nil {
			return err
		}
		if name != "" {
			p.Name, p.Title = name, name
		}
	}
	if err := s.about(ctx, &p); err != nil {
		return err
	}
	s.pages.Show(w, r, status, "member", p)
	return nil
}

func (s *Site) public(ctx context.Context, number string, at, known time.Time) (standing.Answer, error) {
	a, err := s.Standing(ctx, number, at, known)
	return a.Public(), err
}

// instantOf reads a day of a question about the past: its last instant, or now if it is today.
func instantOf(day string, c ui.Chrome) (time.Time, string) {
	d, err := act.ParseDate(day)
	if err != nil {
		return time.Time{}, "Give the day as year, month and day, for example 2026-03-01."
	}
	today := act.DateIn(c.Now, c.Zone)
	switch {
	case d.After(today):
		return time.Time{}, "That day has not come yet. Give today or an earlier day."
	case d == today:
		return c.Now, ""
	}
	return d.End(c.Zone).Add(-time.Microsecond), ""
}

// about fills in what stands around the answer.
func (s *Site) about(ctx context.Context, p *memberPage) (err error) {
	m := p.Member
	if p.History, err = s.Register.History(ctx, m.Number, p.Now); err != nil {
		return err
	}
	slices.Reverse(p.History)
	if p.Notices, err = s.Register.Notices(ctx, m.Number, "", p.Now, 20); err != nil {
		return err
	}
	if p.Decision, err = s.decision(ctx, m.Number, p.Answer, p.Now); err != nil {
		return err
	}
	if m.Successor != "" {
		if other, err := s.Register.Member(ctx, m.Successor); err == nil {
			p.SuccessorName = other.Name
		}
	}
	if len(m.Domains) > 0 {
		p.Domain = m.Domains[0].Domain
	}
	if v, err := s.Register.VersionInForce(ctx, p.Now); err == nil {
		p.InForce = v.Version
	}
	if p.Answer.Code != nil {
		v, err := s.Register.Version(ctx, p.Answer.Code.Version)
		if err != nil && !errors.Is(err, view.ErrNotFound) {
			return err
		}
		if parsed, problems := code.Parse([]byte(v.Text)); err == nil && len(problems) == 0 {
			p.CoursesNotSet = !parsed.Requirements.Education.Credits.IsSet()
		}
	}
	p.Proof, err = s.proofOf(ctx, m.Number)
	return err
}

// decision returns the notice of the order that is the gravest reason for a standing; nil if no order is, or
// its notice has expired.
func (s *Site) decision(ctx context.Context, number string, answer standing.Answer, now time.Time) (*view.Notice, error) {
	if len(answer.Reasons) == 0 || answer.Reasons[0].Order == "" || answer.Status == standing.Good {
		return nil, nil
	}
	n, err := s.Register.NoticeOfOrder(ctx, number, answer.Reasons[0].Order)
	if errors.Is(err, view.ErrNotFound) || err == nil && n.Expired(now) {
		return nil, nil
	}
	return &n, err
}

// namedThen returns the name under which the public log last spoke of a member up to a time or, for the
// time before it spoke of it, first; "" if that cannot be read here yet.
func (s *Site) namedThen(ctx context.Context, number string, at time.Time) (name string, err error) {
	err = s.eachSaid(ctx, number, func(one said) bool {
		name = one.Name
		return one.At.After(at)
	})
	return name, err
}

// proofOf returns where the log last stated a member's standing.
func (s *Site) proofOf(ctx context.Context, number string) (*proof, error) {
	last, err := s.Register.LastStatement(ctx, number)
	if errors.Is(err, view.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	index, err := s.LeafAt(ctx, last.Position)
	if err != nil {
		return nil, err
	}
	return &proof{Index: index, Position: last.Position, At: last.At, Size: s.Log.Head().Size}, nil
}

// Annexed reports whether there is an annex to a contract with the company.
func (p memberPage) Annexed() bool { return ui.NoAnnex(p.Answer) == "" }

// Host is where the site is reached, without the scheme.
func (p memberPage) Host() string {
	_, host, _ := strings.Cut(p.Origin, "://")
	return host
}
