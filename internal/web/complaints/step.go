package complaints

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
	"shingle/internal/complainant"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// stepPage asks one thing.
type stepPage struct {
	ui.Chrome
	Heading, Lead string
	Form          *ui.Form
	Back          string // address of the page before
	Number, Of    int    // of the step
	Then          string // "check" to go back to the answers afterwards, else ""
	Company       string // the member that it is about, once it is known
	Found         []view.Summary
	Chosen        string // number of the one that is chosen among them
	Version       string // of the code whose provisions are offered
	Provisions    []provision
	Kept          string // what was kept of a text that is too long, as a sentence
}

// provision is one line of the code, to be ticked.
type provision struct {
	ID, Name string
	Top      bool
	Chosen   bool
}

// fromCheck is what an address says that leads back to the answers.
const fromCheck = "check"

func isNotFound(err error) bool { return errors.Is(err, view.ErrNotFound) }

func (x *Complaints) ask(v *visit) error {
	draft, err := x.Drafts.Read(v.r.Context(), v.session.Code)
	if err != nil {
		return err
	}
	s, _, ok := stepOn(draft, v.r.PathValue("step"))
	if !ok {
		return x.missing(v)
	}
	form, err := x.form(v, draft, s)
	if err != nil {
		return err
	}
	return x.showStep(v, http.StatusOK, draft, s, form, stepPage{Then: v.r.URL.Query().Get("then")})
}

// showStep shows a step. p brings what is found for it already.
func (x *Complaints) showStep(v *visit, status int, draft complainant.Draft, s step, form *ui.Form, p stepPage) error {
	_, place, _ := stepOn(draft, s.name)
	all := path(draft)
	v.Title = s.title
	if len(form.Faults) > 0 {
		v.Title = "Error: " + v.Title
	}
	p.Chrome, p.Heading, p.Lead, p.Form, p.Number, p.Of = v.Chrome, s.title, s.lead, form, place+1, len(all)
	switch {
	case p.Then == fromCheck:
		p.Back = "/complaints/check"
	case place > 0:
		p.Back = at(all[place-1].name)
	default:
		p.Then, p.Back = "", "/complaints/new"
	}
	if p.Then != fromCheck {
		p.Then = ""
	}
	if s.name != first.name {
		m, ok, err := x.memberOf(v, draft.Answers["respondent"])
		if err != nil {
			return err
		}
		if ok && draft.Answers[aboutWhat] == ofMember {
			p.Company = m.Name
		}
	}
	if s.name == "company" && p.Chosen == "" {
		p.Chosen = draft.Answers["respondent"]
	}
	if s.name == "provisions" {
		if err := x.offer(v, draft, &p); err != nil {
			return err
		}
	}
	x.show(v, status, "step", p)
	return nil
}

// offer offers the provisions of the text of the code that bound the member then.
func (x *Complaints) offer(v *visit, draft complainant.Draft, p *stepPage) error {
	all, err := x.codes(v)
	if err != nil {
		return err
	}
	text, ok := all.InForce(v.Now)
	if lodged, err := x.tryLodge(v, draft); err == nil && lodged != nil {
		for _, t := range all.Versions {
			if t.Label == lodged.Version {
				text, ok = t, true
			}
		}
	}
	if !ok {
		return nil
	}
	chosen := strings.Split(draft.Answers["provisions"], ";")
	p.Version = text.Label
	for one := range text.All() {
		p.Provisions = append(p.Provisions, provision{one.ID, one.Name(), slices.ContainsFunc(text.Provisions, func(t code.Provision) bool { return t.ID == one.ID }), slices.Contains(chosen, one.ID)})
	}
	return nil
}

// answered saves what was typed, whatever it is, and goes on if nothing is wrong with it. Whoever wants to come back
// later is told nothing of what is wrong with what they have so far.
func (x *Complaints) answered(v *visit) error {
	ctx := v.r.Context()
	before, err := x.Drafts.Read(ctx, v.session.Code)
	if err != nil {
		return err
	}
	name := v.r.PathValue("step")
	s, _, ok := stepOn(before, name)
	if !ok {
		return x.missing(v)
	}
	answers, long := typed(s, v.sent)
	later := v.sent.Get("_step") == "later" && !v.cut
	kept, err := x.Drafts.Change(ctx, v.session.Code, func(d *complainant.Draft) {
		for name, answer := range answers {
			d.Answers[name] = answer
		}
		d.Mark(s.name, false)
	})
	if err != nil {
		return err
	}
	form, err := x.form(v, kept, s)
	if err != nil {
		return err
	}
	p := stepPage{Then: v.sent.Get("_then")}
	if err := x.tried(v, &kept, s, form, &p); err != nil {
		return err
	}
	for _, name := range long {
		p.Kept = fmt.Sprintf("The first %s characters are saved; what came after them is not.", thousands(most(name)))
		form.Blame(name, fmt.Sprintf("This is longer than the %s characters that are taken. Shorten it, or hand the whole text in as a file once the complaint is sent.", thousands(most(name))))
	}
	if v.cut && len(long) == 0 {
		form.Blame("", "More was sent than is taken. What is saved stands below: look at it, and go on.")
	}
	whole := len(form.Faults) == 0 && len(p.Found) == 0
	if whole && (!later || before.Has(s.name)) {
		kept, err = x.Drafts.Change(ctx, v.session.Code, func(d *complainant.Draft) {
			if number := kept.Answers["respondent"]; number != "" {
				d.Answers["respondent"] = number
			}
			d.Mark(s.name, true)
		})
		if err != nil {
			return err
		}
	}
	switch {
	case later:
		v.to("/complaints/code")
	case !whole && (len(long) > 0 || v.cut):
		return x.showStep(v, http.StatusRequestEntityTooLarge, kept, s, form, p)
	case !whole && len(form.Faults) == 0:
		return x.showStep(v, http.StatusOK, kept, s, form, p)
	case !whole:
		return x.showStep(v, http.StatusUnprocessableEntity, kept, s, form, p)
	case p.Then == fromCheck:
		v.to("/complaints/check")
	default:
		_, place, _ := stepOn(kept, s.name)
		if all := path(kept); place+1 < len(all) {
			v.to(at(all[place+1].name))
		} else {
			v.to("/complaints/check")
		}
	}
	return nil
}

// typed returns the answers to a step, each no longer than is taken, and which of them were.
func typed(s step, sent url.Values) (answers map[string]string, long []string) {
	answers = map[string]string{}
	take := func(name, text string) {
		text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\ufffd")
		short, cut := shortened(text, most(name))
		if cut {
			long = append(long, name)
		}
		answers[name] = short
	}
	for _, f := range s.fields {
		take(f.Name, strings.Join(sent[f.Name], "\n"))
	}
	switch s.name {
	case "provisions":
		take("provisions", strings.Join(sent["provisions"], ";"))
	case "company":
		take("respondent", sent.Get("respondent"))
	}
	return answers, long
}

// tried notes what is wrong with the answers to a step: what cannot be read, and what the rules say of them. It asks
// for nothing.
func (x *Complaints) tried(v *visit, draft *complainant.Draft, s step, form *ui.Form, p *stepPage) error {
	missing(form)
	switch {
	case len(form.Faults) > 0:
		return nil
	case s.name == "company":
		return x.look(v, draft, form, p)
	case s.name == "name" && draft.Answers[named] == "yes" && strings.TrimSpace(draft.Answers["name"]) == "":
		form.Blame("name", "Write your name, or choose to stay without one.")
		return nil
	}
	var err error
	if draft.Answers[aboutWhat] == ofClaim {
		if s.name == first.name || s.name == "claimant" && draft.Answers["former"] == "" {
			return nil
		}
		_, err = x.tryReport(v, *draft, s.name)
	} else if s.name == "when" || s.name == "known" || s.name == "provisions" {
		_, err = x.tryLodge(v, *draft)
	}
	var bad *act.BadField
	if refusal, ok := act.Refused(err); ok {
		form.Refuse(refusal)
		return nil
	} else if errors.As(err, &bad) {
		form.Blame(bad.Field, bad.Detail)
		return nil
	}
	return err
}

// missing notes what has to be answered and is not, and choices and days that are none.
func missing(form *ui.Form) {
	for _, f := range form.Fields {
		switch given := strings.TrimSpace(f.Typed); {
		case len(f.Choices) > 0 && !slices.Contains(f.Values(), given):
			form.Blame(f.Name, "Choose one of the answers.")
		case given == "" && f.Required:
			form.Blame(f.Name, "“"+f.Label+"” is missing.")
		case given != "" && f.Type == "date":
			if _, err := act.ParseDate(given); err != nil {
				form.Blame(f.Name, "“"+f.Label+"” is no day; write one such as 2026-03-31.")
			}
		}
	}
}
