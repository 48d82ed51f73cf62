package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/body/people"
	"shingle/internal/code"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// verdict is what the rules say to an act, before anybody has filled in its form.
type verdict struct {
	can     bool         // somebody could take it now
	nothing bool         // it is so already
	why     *act.Refusal // why not; nil if it can be taken, or is so already
}

// trial is one case and who would act in it.
type trial struct {
	*Office
	ctx  context.Context
	who  ui.Who
	c    cases.Case
	now  time.Time
	zone *time.Location
	look act.World
}

// trying begins to try acts in a case for somebody. That they would have to prove afresh who they are is left out: they
// are asked for that when they act.
func (o *Office) trying(ctx context.Context, who ui.Who, c cases.Case, chrome ui.Chrome) *trial {
	who.Stale = false
	return &trial{o, ctx, who, c, chrome.Now, chrome.Zone, o.Desk.Counter.Record.Look(ctx)}
}

// try asks the counter what would become of an act, with a form filled in as somebody would who wants it to succeed.
// Nothing is recorded. So it is the rules that say what may be done now, and why something may not.
func (t *trial) try(kind string) (v verdict, err error) {
	a, ok := t.Desk.Counter.Record.Catalogue.Act(kind)
	if !ok {
		return verdict{}, fmt.Errorf("office: there is no act %q", kind)
	}
	first, several := map[string][]string{}, map[string][][]string{}
	for _, f := range a.Fields {
		guesses, err := t.guesses(kind, f)
		if err != nil {
			return v, err
		}
		if len(guesses) > 0 {
			first[f.Name] = guesses[0]
		}
		if f.Required && len(first[f.Name]) == 0 {
			first[f.Name] = []string{something}
		}
		if len(guesses) > 1 {
			several[f.Name] = guesses[1:]
		}
	}
	v, err = t.decide(a, first)
	if err != nil || v.can {
		return v, err
	}
	for name, others := range several {
		kept := first[name]
		for _, values := range others {
			first[name] = values
			other, err := t.decide(a, first)
			if err != nil || other.can {
				return other, err
			}
		}
		first[name] = kept
	}
	return v, nil
}

func (t *trial) decide(a *act.Act, values map[string][]string) (v verdict, err error) {
	cmd, faults := a.ReadText(values)
	if len(faults) > 0 {
		return v, fmt.Errorf("office: %s cannot be tried: %w", a.Kind, faults[0])
	}
	done, err := t.Desk.Counter.Preview(t.ctx, t.who, ui.Asked{Command: cmd, Expect: -1})
	var denied *gate.Denied
	if errors.As(err, &denied) {
		return v, nil
	}
	if refusal, ok := act.Refused(err); ok {
		return verdict{why: refusal}, nil
	}
	return verdict{can: err == nil && len(done.Events) > 0, nothing: len(done.Events) == 0}, err
}

// something stands for whatever somebody would write.
const something = "…"

// guesses returns what somebody would fill in for a field who wants the act to succeed, the likeliest first.
func (t *trial) guesses(kind string, f act.Field) (all [][]string, err error) {
	one := func(values ...string) [][]string { return [][]string{values} }
	today := act.DateIn(t.now, t.zone)
	switch f.Name {
	case "case", "from", "claim":
		return one(t.c.ID), nil
	case "member":
		if kind == "case.extend-to" {
			return t.others()
		}
		return one(t.c.Member), nil
	case "person":
		return t.managers()
	case "panelist":
		return t.panelist(), nil
	case "panelists", "alternates":
		return t.panel(kind, f.Name)
	case "present":
		return one(t.c.Panel.Sitting()...), nil
	case "provisions":
		return one(t.provisions()...), nil
	case "charges":
		return one("1"), nil
	case "grounds":
		return one("procedure"), nil
	case "findings":
		return one(t.findings(kind)...), nil
	case "text":
		if kind == "case.publish" && !t.c.Decision.Sanction.IsPublic() {
			return nil, nil
		}
	case "order":
		return t.orders()
	case "into":
		return t.siblings()
	case "until":
		return one(today.AddDays(1000).String()), nil
	case "on":
		if f.Type == "time" {
			far := t.now.AddDate(1, 0, 0)
			if t.c.Hearing.On.After(t.now) {
				far = t.c.Hearing.On.AddDate(0, 0, 1)
			}
			return one(far.UTC().Format(time.RFC3339)), nil
		}
	case "sha256":
		return one(strings.Repeat("0", 64)), nil
	}
	switch {
	case f.Type == "date":
		return one(today.String()), nil
	case f.Type == "yes/no":
		return one(map[bool]string{true: "false", false: "true"}[f.Name == "name"]), nil
	case len(f.Choices) > 0 && f.Required:
		for _, choice := range f.Choices {
			all = append(all, []string{choice.Value})
		}
		return all, nil
	case f.Required, f.Type == "private":
		return one(something), nil
	}
	return nil, nil
}

// others is some member that is not the respondent.
func (t *trial) others() (all [][]string, err error) {
	numbers, err := t.Register.Numbers(t.ctx, "", 3)
	for _, n := range numbers {
		if !slices.Contains(partiesOf(t.c), n) {
			return [][]string{{n}}, err
		}
	}
	return [][]string{{something}}, err
}

// managers are those who could look after the case instead of who does.
func (t *trial) managers() (all [][]string, err error) {
	officers, err := t.Register.Officers(t.ctx, t.now)
	for _, f := range officers {
		if f.Role == people.CaseManager && t.c.Manager != "person/"+f.ID {
			all = append(all, []string{f.ID})
		}
	}
	if len(all) == 0 {
		all = [][]string{{something}}
	}
	return all, err
}

// panelist is who acts; for others, those on the panel, who is challenged first.
func (t *trial) panelist() (all [][]string) {
	number, _ := t.who.Person()
	if t.who.Role == gate.Panelist {
		return [][]string{{number}}
	}
	for _, n := range t.c.Panel.Challenged {
		all = append(all, []string{n})
	}
	for _, s := range t.c.Panel.Seats {
		all = append(all, []string{s.Person})
	}
	if len(all) == 0 {
		all = [][]string{{something}}
	}
	return all
}

// panel chooses as many as the procedure asks for of those who may sit, lay members first.
func (t *trial) panel(kind, field string) ([][]string, error) {
	p := t.procedure()
	seats, standBy := p.Panel, p.Alternates
	if kind == "case.fill-seats" {
		seats, standBy = p.Panel-len(t.c.Panel.Sitting()), 0
	}
	pool, err := t.poolOf()
	if err != nil {
		return nil, err
	}
	var free []string
	for _, lay := range []bool{true, false} {
		for _, s := range pool {
			if (s.Side == cases.Public) == lay && s.conflict == nil && t.who.Actor != "person/"+s.Number {
				free = append(free, s.Number)
			}
		}
	}
	seats = max(0, min(seats, len(free)))
	if field == "panelists" {
		return [][]string{free[:seats]}, nil
	}
	return [][]string{free[seats:min(seats+standBy, len(free))]}, nil
}

// procedure is that in force now.
func (t *trial) procedure() code.Procedure {
	if v, ok := act.StateOf[governance.Code](t.look, "code").InForce(t.now); ok {
		return v.Requirements.Procedure
	}
	return code.Usual().Procedure
}

// provisions are those in question, or else the first that the code has.
func (t *trial) provisions() []string {
	for _, known := range [][]string{t.c.Charges.Provisions, t.c.Provisions} {
		if len(known) > 0 {
			return known
		}
	}
	if v, ok := act.StateOf[governance.Code](t.look, "code").Version(t.c.Version); ok {
		for p := range v.All() {
			return []string{p.ID}
		}
	}
	return []string{something}
}

// findings are that nothing is proven, or, of what is published, a sentence on each provision.
func (t *trial) findings(kind string) (list []string) {
	if kind == "case.publish" {
		for _, p := range t.c.Decision.Sanction.Provisions {
			if t.c.Decision.Sanction.IsPublic() {
				list = append(list, p+"="+something)
			}
		}
		return list
	}
	for i := range t.c.Charges.Provisions {
		list = append(list, strconv.Itoa(i+1)+"=not-proven")
	}
	return list
}

// siblings are other cases about the respondent of which something is yet to come.
func (t *trial) siblings() (all [][]string, err error) {
	page, err := t.Register.Docket(t.ctx, view.DocketQuery{Member: t.c.Member, Open: true, Sort: view.DocketNewest})
	for _, row := range page.Rows {
		if row.ID != t.c.ID {
			all = append(all, []string{row.ID})
		}
	}
	if len(all) == 0 {
		all = [][]string{{something}}
	}
	return all, err
}

// orders are those of the respondent that do not belong to the case yet.
func (t *trial) orders() (all [][]string, err error) {
	orders, err := t.Register.OrdersOf(t.ctx, t.c.Member)
	for _, order := range orders {
		if !slices.Contains(t.c.Orders, order.ID) {
			all = append(all, []string{order.ID})
		}
	}
	if len(all) == 0 {
		all = [][]string{{something}}
	}
	return all, err
}

// pooled is somebody in the pool, and why they may not sit in a case.
type pooled struct {
	named
	Side      string
	Declared  bool
	Employer  string
	Interests []string
	conflict  *act.Refusal
}

// poolOf returns all who hold the office of a panelist, with their conflicts in the case.
func (t *trial) poolOf() (pool []pooled, err error) {
	officers, err := t.Register.Officers(t.ctx, t.now)
	if err != nil {
		return nil, err
	}
	for _, f := range officers {
		if f.Role != people.Panelist {
			continue
		}
		s := act.StateOf[cases.Seated](t.look, "panelist/"+f.ID)
		one := pooled{named: named{f.ID, f.Name}, Side: s.Side, Declared: s.Declared, Employer: s.Employer, Interests: s.Interests}
		if t.c.ID != "" {
			one.conflict, _ = act.Refused(flowbody.MaySit(t.look, t.c.ID, f.ID, t.now))
		}
		pool = append(pool, one)
	}
	return pool, nil
}
