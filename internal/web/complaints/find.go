package complaints

import (
	"errors"
	"strings"

	"shingle/internal/complainant"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// mostFound is how many companies are shown that could be meant.
const mostFound = 12

// look finds the member that is meant. Where it could be one of several, they are shown.
func (x *Complaints) look(v *visit, draft *complainant.Draft, form *ui.Form, p *stepPage) error {
	ctx, text := v.r.Context(), strings.TrimSpace(draft.Answers[typedName])
	m, ok, err := x.memberOf(v, draft.Answers["respondent"])
	if err != nil || ok && v.sent.Get("_for") == text { // chosen among those that were found for these words
		return err
	}
	draft.Answers["respondent"] = ""
	number, err := x.Register.Exactly(ctx, text)
	if err == nil {
		draft.Answers["respondent"] = number
		return nil
	} else if !isNotFound(err) {
		return err
	}
	if ok && text == m.Name {
		draft.Answers["respondent"] = m.Number
		return nil
	}
	list, err := x.Register.Search(ctx, view.Query{Q: text, At: v.Now, Limit: mostFound})
	switch {
	case errors.Is(err, view.ErrQuery), err == nil && len(list.Members) == 0:
		form.Blame(typedName, "We know no member, now or before, with this name, number or web address. It may trade under another name: try another word, or its web address. If it only claims to be a member, go back and say so.")
		return nil
	case err != nil:
		return err
	}
	p.Found = list.Members
	return nil
}
