package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/act"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
)

type (
	coursesInput struct {
		Q      string `query:"q" maxLength:"200" doc:"Beginnings of words of the title, or a number."`
		Topic  string `query:"topic" maxLength:"200" doc:"Only courses of this topic, or of a part of it."`
		Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"How many at a time."`
		Cursor string `query:"cursor" maxLength:"2000" doc:"The value next of the page before."`
	}
	coursesOutput struct{ Body coursesPage }
	coursesPage   struct {
		Courses []courseItem `json:"courses" doc:"Those that count today, by title."`
		Next    *string      `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last."`
	}
	courseInput struct {
		Number string `path:"number" doc:"The course's number, e.g. C-0001."`
	}
	courseOutput struct{ Body courseItem }
	courseItem   struct {
		Number       string   `json:"number"`
		Title        string   `json:"title"`
		Provider     *string  `json:"provider" nullable:"true" doc:"Number of who gives it; null for the body's own."`
		ProviderName *string  `json:"provider_name" nullable:"true"`
		Topics       []string `json:"topics"`
		Delivery     *string  `json:"delivery" nullable:"true"`
		Kind         *string  `json:"kind" nullable:"true"`
		Minutes      *int     `json:"minutes" nullable:"true"`
		Credits      *string  `json:"credits" nullable:"true" doc:"Null if they follow from the minutes."`
		From         *string  `json:"from" nullable:"true" doc:"First day on which its completions count."`
		Until        *string  `json:"until" nullable:"true" doc:"Last day; null for no end."`
	}

	ledgerInput struct {
		Person string `path:"person" doc:"The person's number, e.g. 0007."`
	}
	ledgerOutput struct{ Body ledgerJSON }
	ledgerJSON   struct {
		Person  string             `json:"person"`
		On      string             `json:"on" doc:"The day it is reckoned on, in the body's zone."`
		Code    *string            `json:"code" nullable:"true" doc:"Version of the code in force."`
		Bound   bool               `json:"bound" doc:"The code binds the person by one of their roles."`
		NotSet  bool               `json:"not_set" doc:"How much is owed is not set; what is completed is kept."`
		Periods []ledgerPeriodItem `json:"periods" doc:"The oldest first."`
		Credits []ledgerCreditItem `json:"credits" doc:"In the order in which they were recorded."`
	}
	ledgerPeriodItem struct {
		From    string           `json:"from"`
		Until   string           `json:"until"`
		Status  string           `json:"status" enum:"exempt,open,complete,in grace,making up,short"`
		Says    string           `json:"says"`
		Missing string           `json:"missing" doc:"The least number of further credits that would complete it."`
		By      *string          `json:"by" nullable:"true" doc:"Last day on which what is missing can be earned."`
		Needs   []ledgerNeedItem `json:"needs" doc:"The credits as a whole first."`
	}
	ledgerNeedItem struct {
		Name    string  `json:"name"`
		Least   string  `json:"least"`
		Most    *string `json:"most" nullable:"true"`
		Have    string  `json:"have"`
		Missing string  `json:"missing"`
		Waived  string  `json:"waived"`
		By      string  `json:"by"`
	}
	ledgerCreditItem struct {
		Number   int     `json:"number"`
		On       string  `json:"on"`
		Course   *string `json:"course" nullable:"true"`
		Worth    string  `json:"worth"`
		Counts   string  `json:"counts"`
		Carried  string  `json:"carried"`
		Says     string  `json:"says" doc:"Why it counts, or why not."`
		Reversed bool    `json:"reversed"`
		Held     bool    `json:"held"`
	}
)

const ownEducation = "GET " + prefix + "/people/{person}/education"

var (
	errNoCourse = newProblem("no-course-found", http.StatusNotFound, "No course found", "The catalogue has no course of this number.", "Search the catalogue by title.")
	errNoPerson = newProblem("no-person-found", http.StatusNotFound, "No person found", "Nobody has this number.", "Check the person's number.")
)

func (a *API) describeEducation(h huma.API) {
	register(a, h, operation("list-courses", "/courses", "The catalogue of courses", "Courses that count today, by title."), a.courses)
	register(a, h, operation("get-course", "/courses/{number}", "One course", "Also one that no longer counts."), a.course)
	register(a, h, signedIn(operation("get-ledger", "/people/{person}/education", "A person's ledger of education",
		"For the person and the education officer: what counts, what does not and why, what is missing and by when.")), a.ledger)
}

func (a *API) courses(ctx context.Context, in *coursesInput) (*coursesOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	b, err := a.body(ctx)
	if err != nil {
		return nil, err
	}
	all, next, err := a.Register.Courses(ctx, view.CourseQuery{Q: in.Q, Topic: in.Topic, Limit: in.Limit, Cursor: in.Cursor, On: act.DateIn(a.now(), b.Location)})
	if err != nil {
		return nil, err
	}
	page := coursesPage{Courses: []courseItem{}, Next: orNull(next)}
	for _, c := range all {
		page.Courses = append(page.Courses, courseOf(c))
	}
	return &coursesOutput{page}, nil
}

func (a *API) course(ctx context.Context, in *courseInput) (*courseOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	c, err := a.Register.Course(ctx, in.Number)
	if err == nil && c.From.IsZero() {
		err = view.ErrNotFound // it was never approved
	}
	if err != nil {
		return nil, notFoundAs(err, errNoCourse)
	}
	return &courseOutput{courseOf(c)}, nil
}

func courseOf(c view.Course) courseItem {
	item := courseItem{
		Number: c.Number, Title: c.Title, Provider: orNull(c.Provider), ProviderName: orNull(c.ProviderName), Topics: orEmpty(c.Topics),
		Delivery: orNull(c.Delivery), Kind: orNull(c.Kind), Minutes: orNull(c.Minutes), From: dayOrNull(c.From), Until: dayOrNull(c.Until),
	}
	if c.Credits > 0 {
		item.Credits = orNull(c.Credits.String())
	}
	return item
}

func dayOrNull(d act.Date) *string {
	if d.IsZero() {
		return nil
	}
	return orNull(d.String())
}

func (a *API) ledger(ctx context.Context, in *ledgerInput) (*ledgerOutput, error) {
	if err := a.allowed(ctx, ownEducation, "person/"+in.Person); err != nil {
		return nil, err
	}
	if _, err := a.Register.Person(ctx, in.Person); err != nil {
		return nil, notFoundAs(err, errNoPerson)
	}
	look := a.Record.Look(ctx)
	s := flowbody.SchoolingOf(look, in.Person, a.now())
	if err := look.Err(); err != nil {
		return nil, err
	}
	out := ledgerJSON{
		Person: s.Person, On: s.At.String(), Code: orNull(s.Version), Bound: s.Bound, NotSet: s.Ledger.NotSet, Periods: []ledgerPeriodItem{}, Credits: []ledgerCreditItem{},
	}
	for _, p := range s.Ledger.Periods {
		item := ledgerPeriodItem{
			From: p.From.String(), Until: p.Until.String(), Status: string(p.Status), Says: p.String(), Missing: p.Short.String(), By: dayOrNull(p.By), Needs: []ledgerNeedItem{},
		}
		for _, n := range p.Needs {
			need := ledgerNeedItem{Name: n.Name, Least: n.Least.String(), Have: n.Have.String(), Missing: n.Missing.String(), Waived: n.Waived.String(), By: n.By.String()}
			if n.Capped {
				most := n.Most.String()
				need.Most = &most
			}
			item.Needs = append(item.Needs, need)
		}
		out.Periods = append(out.Periods, item)
	}
	for i, e := range s.Entries {
		l := s.Ledger.Lines[i]
		out.Credits = append(out.Credits, ledgerCreditItem{
			Number: i + 1, On: e.On.String(), Course: orNull(e.Course), Worth: l.Worth.String(), Counts: l.Counts.String(), Carried: l.Carried.String(),
			Says: l.String(), Reversed: e.Reversed != "", Held: e.Held,
		})
	}
	return &ledgerOutput{out}, nil
}
