package complaints

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
	"shingle/internal/complainant"
	"shingle/internal/web/ui"
)

// checkPage shows all answers, and what the rules say of them, before the complaint is sent.
type checkPage struct {
	ui.Chrome
	Steps     []answeredStep
	Faults    []fault // what is in the way; empty: it can be sent
	Notice    string  // why it was not sent, though nothing is wrong with it; ""
	Claim     bool    // it is a report of a false claim
	Late      bool    // it comes after the limitation period
	Anonymous bool
	Procedure code.Procedure
	Seen      int64 // version of the draft that is shown, µs since 1970
}

type answeredStep struct {
	Title, Href string
	Answers     []ui.Answer
}

// fault is something that is in the way, with the step on which it is put right; "" for none in particular.
type fault struct {
	ui.Fault
	Title, Href string
}

func (x *Complaints) check(v *visit) error {
	draft, err := x.Drafts.Read(v.r.Context(), v.session.Code)
	if err != nil {
		return err
	}
	return x.showCheck(v, http.StatusOK, draft, "")
}

func (x *Complaints) showCheck(v *visit, status int, draft complainant.Draft, notice string) error {
	v.Title = "Check your answers"
	p := checkPage{Chrome: v.Chrome, Notice: notice, Claim: draft.Answers[aboutWhat] == ofClaim, Anonymous: draft.Answers[named] == "no", Seen: draft.Updated.UnixMicro()}
	var err error
	if p.Faults, p.Late, err = x.faults(v, draft); err != nil {
		return err
	}
	if p.Procedure, err = x.procedure(v); err != nil {
		return err
	}
	for _, s := range path(draft) {
		one := answeredStep{Title: s.title, Href: at(s.name) + "?then=" + fromCheck}
		if one.Answers, err = x.said(v, draft, s); err != nil {
			return err
		}
		p.Steps = append(p.Steps, one)
	}
	x.show(v, status, "check", p)
	return nil
}

// said returns the answers to a step in words.
func (x *Complaints) said(v *visit, draft complainant.Draft, s step) ([]ui.Answer, error) {
	switch s.name {
	case "company":
		m, ok, err := x.memberOf(v, draft.Answers["respondent"])
		if err != nil || !ok {
			return []ui.Answer{{Label: "The company"}}, err
		}
		return []ui.Answer{{Label: "The company", Given: []string{m.Name + " (" + m.Number + ")"}}}, nil
	case "provisions":
		a := ui.Answer{Label: "Provisions"}
		var p stepPage
		if err := x.offer(v, draft, &p); err != nil {
			return nil, err
		}
		for _, one := range p.Provisions {
			if one.Chosen {
				a.Given = append(a.Given, one.Name)
			}
		}
		return []ui.Answer{a}, nil
	}
	form, err := x.form(v, draft, s)
	if err != nil {
		return nil, err
	}
	if s.name == "name" && draft.Answers[named] == "no" {
		form.Only(named)
	}
	return form.Answers(v.r.Context(), v.Zone, nil, nil)
}

// faults returns all that is in the way of a draft: steps that are not answered in full, and what the rules refuse
// now, though they may not have when the step was answered. late says that it comes after the limitation period.
func (x *Complaints) faults(v *visit, draft complainant.Draft) (all []fault, late bool, err error) {
	for _, s := range path(draft) {
		if !draft.Has(s.name) {
			all = append(all, fault{ui.Fault{Text: "“" + s.title + "” is not answered yet."}, s.title, at(s.name) + "?then=" + fromCheck})
		}
	}
	if len(all) > 0 {
		return all, false, nil
	}
	if draft.Answers[aboutWhat] == ofClaim {
		_, err = x.tryReport(v, draft, "")
	} else {
		cmd, bad := lodge(draft.Answers)
		if err = bad; err == nil {
			who, speaks, failed := x.asks(v, draft, &cmd)
			if failed != nil {
				return nil, false, failed
			}
			if !speaks {
				return []fault{{ui.Fault{Text: "You are not signed in for the member any more, in whose name you complain. Sign in again, or choose another answer."}, "", at("name") + "?then=" + fromCheck}}, false, nil
			}
			lodged, refused := x.preview(v.r.Context(), who, cmd)
			late, err = lodged != nil && lodged.Late, refused
		}
	}
	var bad *act.BadField
	if refusal, ok := act.Refused(err); ok {
		for _, one := range refusal.All() {
			rule := one.Rule
			all = append(all, fault{Fault: ui.Fault{Text: sentence(one.Detail), Rule: &rule}})
		}
		return all, late, nil
	} else if errors.As(err, &bad) {
		return []fault{{Fault: ui.Fault{Text: bad.Detail}}}, late, nil
	}
	return nil, late, err
}

// sentence begins with a capital and ends in a full stop.
func sentence(text string) string {
	r := []rune(text)
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[:1])) + strings.TrimSuffix(string(r[1:]), ".") + "."
}

// codePage shows the code, for whoever comes back later.
type codePage struct {
	ui.Chrome
	Code  string
	Until ui.Moment // when the draft goes
	Next  string    // address at which it goes on
}

func (x *Complaints) code(v *visit) error {
	draft, err := x.Drafts.Read(v.r.Context(), v.session.Code)
	if err != nil {
		return err
	}
	v.Title = "Come back later"
	x.show(v, http.StatusOK, "code", codePage{v.Chrome, v.session.Code, ui.MomentOf(draft.Updated.Add(complainant.Life), v.Zone), next(draft)})
	return nil
}

// discard deletes the draft and ends the session.
func (x *Complaints) discard(v *visit) error {
	if err := x.Drafts.Discard(v.r.Context(), v.session.Code); err != nil {
		return err
	}
	if err := x.end(v); err != nil {
		return err
	}
	v.carry("", -1)
	v.to("/complaints/new")
	return nil
}

// ready reports whether nothing is in the way of a draft.
func (x *Complaints) ready(v *visit, draft complainant.Draft) (bool, error) {
	found, _, err := x.faults(v, draft)
	return len(found) == 0 && slices.ContainsFunc(path(draft), func(s step) bool { return s.name != first.name }), err
}
