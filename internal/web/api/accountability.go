package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	view "shingle/internal/view/body"
)

type (
	accountOutput struct{ Body ownAccount }
	ownAccount    struct {
		From     time.Time     `json:"from" doc:"Complaints that were lodged from here on are counted: those of three years."`
		Until    time.Time     `json:"until"`
		Lodged   *int64        `json:"lodged" nullable:"true" doc:"Null: below five, zero included."`
		Stages   []accountCell `json:"stages" doc:"Where they are now."`
		Outcomes []accountCell `json:"outcomes" doc:"What came of those that are over."`
		Terms    []accountTerm `json:"terms" doc:"Terms that bind the body. How many it missed is never withheld."`
		Days     []accountTook `json:"days" doc:"How long it took."`
	}
	accountCell struct {
		Name  string `json:"name"`
		Cases *int64 `json:"cases" nullable:"true" doc:"Null: withheld, because it or another number is below five."`
		Small bool   `json:"small" doc:"It is below five itself, zero included."`
	}
	accountTerm struct {
		Term   string `json:"term" doc:"The parameter procedure.TERM of the code sets it."`
		Missed int64  `json:"missed"`
		Of     *int64 `json:"of" nullable:"true"`
	}
	accountTook struct {
		Name   string `json:"name" doc:"A term, or whole: from the complaint to its outcome."`
		Median *int64 `json:"median" nullable:"true" doc:"Whole days; null where fewer than five cases stand behind it."`
		Of     *int64 `json:"of" nullable:"true"`
	}
	warningsOutput struct{ Body warningsList }
	warningsList   struct {
		Warnings []warning `json:"warnings" doc:"Newest first."`
	}
	warning struct {
		Claim   string    `json:"claim"`
		Company string    `json:"company" doc:"As it calls itself."`
		Address string    `json:"address" doc:"Of the page that displayed the mark."`
		Text    string    `json:"text"`
		Listed  time.Time `json:"listed"`
	}
)

func (a *API) describeAccountability(h huma.API) {
	register(a, h, operation("get-accountability", "/accountability", "How the body deals with complaints",
		"Complaints of three years by stage and outcome, medians, and the terms that the body missed."), a.accountability)
	register(a, h, operation("list-warnings", "/warnings", "False claims of membership", "Companies whose site displayed the body's mark although they were no members."), a.warnings)
}

func (a *API) accountability(ctx context.Context, _ *struct{}) (*accountOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	told, err := a.Accounts.At(ctx, a.now())
	if err != nil {
		return nil, err
	}
	out := ownAccount{From: told.From, Until: told.Until, Lodged: unlessHidden(told.Lodged), Stages: cellsOf(told.Stages), Outcomes: cellsOf(told.Outcomes)}
	for _, t := range told.Terms {
		out.Terms = append(out.Terms, accountTerm{t.Term, t.Missed, unlessHidden(t.Of)})
	}
	for _, t := range told.Took {
		took := accountTook{Name: t.Name, Of: unlessHidden(t.Of)}
		if !t.Of.Hidden {
			took.Median = &t.Median
		}
		out.Days = append(out.Days, took)
	}
	return &accountOutput{out}, nil
}

func unlessHidden(c view.Cell) *int64 {
	if c.Hidden {
		return nil
	}
	return &c.N
}

func cellsOf(cells []view.Cell) []accountCell {
	all := make([]accountCell, len(cells))
	for i, c := range cells {
		all[i] = accountCell{c.Name, unlessHidden(c), c.Small}
	}
	return all
}

func (a *API) warnings(ctx context.Context, _ *struct{}) (*warningsOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	list, err := a.Register.WarningList(ctx, a.now())
	if err != nil {
		return nil, err
	}
	out := warningsList{Warnings: make([]warning, len(list))}
	for i, c := range list {
		out.Warnings[i] = warning{c.ID, c.Company, c.Address, c.Text, c.Listed}
	}
	return &warningsOutput{out}, nil
}
