package complaints

import (
	"net/http"

	"shingle/internal/body/governance"
	"shingle/internal/code"
	"shingle/internal/complainant"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// startPage says what a complaint is, what becomes of it, and what it is not.
type startPage struct {
	ui.Chrome
	Procedure code.Procedure
	Begun     bool   // a draft is open in this browser
	GoOn      string // where it goes on
	About     string // number of the member that one comes from, ""
	Name      string // its name
}

func (x *Complaints) start(v *visit) error {
	v.NoIndex, v.Title = false, "Complain about a company"
	p := startPage{Chrome: v.Chrome}
	var err error
	if p.Procedure, err = x.procedure(v); err != nil {
		return err
	}
	if v.in && v.session.Case == "" {
		draft, err := x.Drafts.Read(v.r.Context(), v.session.Code)
		if err != nil {
			return err
		}
		p.Begun, p.GoOn = true, next(draft)
	}
	if number := v.r.URL.Query().Get("about"); number != "" {
		m, err := x.Register.Member(v.r.Context(), number)
		if err == nil {
			p.About, p.Name = m.Number, m.Name
		}
	}
	x.show(v, http.StatusOK, "start", p)
	return nil
}

// procedure returns the clocks in force; the usual ones before there is a code.
func (x *Complaints) procedure(v *visit) (code.Procedure, error) {
	in, err := x.codes(v)
	if text, ok := in.InForce(v.Now); ok && err == nil {
		return text.Requirements.Procedure, nil
	}
	return code.Usual().Procedure, err
}

func (x *Complaints) codes(v *visit) (governance.Code, error) {
	state, _, err := x.Counter.Record.State(v.r.Context(), "code")
	all, _ := state.(governance.Code)
	return all, err
}

// begin makes a code and a draft, and leads to the first question. A draft that is open in this browser goes on.
func (x *Complaints) begin(v *visit) error {
	if v.in && v.session.Case == "" {
		return x.goOn(v)
	}
	if err := x.count(v, begins); err != nil {
		return err
	}
	answers := map[string]string{}
	if number := v.sent.Get("about"); number != "" {
		if m, err := x.Register.Member(v.r.Context(), number); err == nil {
			answers[typedName], answers["respondent"] = m.Name, m.Number
		}
	}
	s := complainant.Session{Code: complainant.NewCode()}
	_, err := x.Drafts.Change(v.r.Context(), s.Code, func(d *complainant.Draft) {
		for name, answer := range answers {
			d.Answers[name] = answer
		}
	})
	if err != nil {
		return err
	}
	if err := x.enter(v, s); err != nil {
		return err
	}
	v.to(at(first.name))
	return nil
}

// goOn leads to where a draft goes on.
func (x *Complaints) goOn(v *visit) error {
	draft, err := x.Drafts.Read(v.r.Context(), v.session.Code)
	if err != nil {
		return err
	}
	v.to(next(draft))
	return nil
}

// memberOf returns a member of the register; ok is false for none.
func (x *Complaints) memberOf(v *visit, number string) (m view.Member, ok bool, err error) {
	if number == "" {
		return m, false, nil
	}
	m, err = x.Register.Member(v.r.Context(), number)
	if isNotFound(err) {
		return m, false, nil
	}
	return m, err == nil, err
}
