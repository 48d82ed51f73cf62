package complaints

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
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
	return x.showStep(v, http.StatusOK, draft, s, s.form(draft), stepPage{Then: v.r.URL.Query().Get("then")})
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
	kept, err := x.Drafts.Change(ctx, v.session.Code, func(d *complainant.Draft) {
		for name, answer := range answers {
			d.Answers[name] = answer
		}
		d.Mark(s.name, false)
	})
	if err != nil {
		return err
	}
	form, p := s.form(kept), stepPage{Then: v.sent.Get("_then")}
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
	later := v.sent.Get("_step") == "later" && !v.cut
	if whole {
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

// placeholder stands for what is asked for on another page.
const placeholder = "…"

// tryLodge decides a complaint as far as it goes, and records nothing. It returns what would be lodged.
func (x *Complaints) tryLodge(v *visit, d complainant.Draft) (*cases.CaseLodged, error) {
	cmd, err := lodge(d.Answers)
	if err != nil {
		return nil, err
	}
	today := act.DateIn(v.Now, v.Zone)
	if cmd.From.IsZero() {
		return nil, nil
	}
	if cmd.Known.IsZero() {
		cmd.Known = today
	}
	cmd.Account, cmd.Anonymous, cmd.Name, cmd.Contact = act.NewPrivate("", placeholder), true, act.Private{}, act.Private{}
	return x.preview(v.r.Context(), cmd)
}

func (x *Complaints) preview(ctx context.Context, cmd cases.Lodge) (*cases.CaseLodged, error) {
	done, err := x.Counter.Preview(ctx, anyone, ui.Asked{Command: cmd, Expect: -1})
	for _, e := range done.Events {
		if lodged, ok := e.Event.(cases.CaseLodged); ok && err == nil {
			return &lodged, nil
		}
	}
	return nil, err
}

// tryReport decides a report as far as it goes, and records nothing.
func (x *Complaints) tryReport(v *visit, d complainant.Draft, step string) (cases.Report, error) {
	cmd, err := report(d.Answers)
	if err != nil {
		return cmd, err
	}
	if step == "claimant" {
		cmd.Address, cmd.Captured = "https://example.com/", act.DateIn(v.Now, v.Zone)
	}
	_, err = x.Counter.Preview(v.r.Context(), anyone, ui.Asked{Command: cmd, Expect: -1})
	return cmd, err
}

// lodge makes a complaint out of answers; what is not answered yet is left out.
func lodge(answers map[string]string) (cmd cases.Lodge, err error) {
	for field, into := range map[string]*act.Date{"from": &cmd.From, "to": &cmd.To, "known": &cmd.Known} {
		if err := day(answers, field, into); err != nil {
			return cmd, err
		}
	}
	cmd.Respondent = answers["respondent"]
	for id := range strings.SplitSeq(answers["provisions"], ";") {
		if id != "" {
			cmd.Provisions = append(cmd.Provisions, id)
		}
	}
	account := strings.TrimSpace(answers["account"])
	if more := strings.TrimSpace(answers[evidence]); more != "" && account != "" {
		account += "\n\nWhat could show it:\n" + more
	}
	cmd.Account, cmd.Anonymous = act.NewPrivate("", account), answers[named] != "yes"
	if !cmd.Anonymous {
		cmd.Name, cmd.Contact = act.NewPrivate("", strings.TrimSpace(answers["name"])), act.NewPrivate("", strings.TrimSpace(answers["contact"]))
	}
	return cmd, nil
}

// report makes a report of a false claim out of answers.
func report(answers map[string]string) (cmd cases.Report, err error) {
	cmd.Company, cmd.Address, cmd.Former = strings.TrimSpace(answers["claimant"]), strings.TrimSpace(answers["address"]), strings.TrimSpace(answers["former"])
	cmd.Contact = act.NewPrivate("", strings.TrimSpace(answers["contact"]))
	return cmd, day(answers, "captured", &cmd.Captured)
}

func day(answers map[string]string, field string, into *act.Date) (err error) {
	given := strings.TrimSpace(answers[field])
	if given == "" {
		return nil
	}
	if *into, err = act.ParseDate(given); err != nil {
		return &act.BadField{Field: field, Detail: "This is no day; write one such as 2026-03-31."}
	}
	return nil
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}
