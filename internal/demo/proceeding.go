package demo

import (
	"fmt"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/code"
	"shingle/internal/gate"
)

// The panelists, by number. Those from the public come first.
var (
	lay   = []string{"0006", "0007", "0021", "0022"}
	trade = []string{"0008", "0023", "0024", "0025", "0026"}
)

// anyone is who complains, signed out.
var anyone = officer{actor: "anyone", role: gate.Anyone}

// panelist is a panelist who acts in their own name.
func panelist(number string) officer {
	return officer{actor: "person/" + number, role: gate.Panelist}
}

// pool writes how panelists were taken into the pool, and said where they work and to whom they are close.
func (h *history) pool() {
	day := h.workday(h.founding().AddDays(28))
	declare := func(number, side, employer string, interests ...string) {
		h.do(h.at(day, 10, 30), chair, cases.Enlist{Person: number, Side: side})
		h.do(h.at(day, 11, 30), panelist(number), cases.DeclareInterests{Panelist: number, Employer: employer, Interests: interests})
	}
	for _, number := range lay {
		declare(number, cases.Public, "")
	}
	for i, number := range trade {
		// One of them is close to two members, and so never sits in their cases.
		interests := [][]string{{"0228", "0299"}, nil, nil, nil, nil}[i]
		declare(number, cases.Trade, "", interests...)
	}
}

// proceeding is a case of the history.
type proceeding struct {
	*history
	member string
	lodged int // days before today
	number *string
	panel  []string // numbers of those who sit; the first presides
}

// complain writes how somebody complained of a member, some days before today.
func (h *history) complain(member string, lodged int, account string, more cases.Lodge) *proceeding {
	p := &proceeding{history: h, member: member, lodged: lodged, number: new(string)}
	more.Respondent, more.Account = member, act.NewPrivate("", account)
	more.From, more.To, more.Known = h.ago(lodged+21), h.ago(lodged+18), h.ago(lodged+6)
	more.Anonymous = more.Name.Empty()
	more.Receipt = act.NewPersonal("", fmt.Sprintf("demo-receipt-of-%s-%d", member, lodged))
	h.do(h.at(h.workday(h.ago(lodged)), 14, 0), anyone, more).number = p.number
	return p
}

// on returns the working day on which the office does what is due some days after the complaint.
func (p *proceeding) on(after int) act.Date { return p.workday(p.ago(p.lodged - after)) }

// then writes what somebody did some days after the complaint.
func (p *proceeding) then(after int, by officer, cmd func(id string) any) {
	p.do(p.at(p.on(after), 15, 0), by, func() any { return cmd(*p.number) })
}

// receipt is the code with which the complainant comes back.
func (p *proceeding) receipt() act.Personal {
	return act.NewPersonal("", fmt.Sprintf("demo-receipt-of-%s-%d", p.member, p.lodged))
}

// taken writes how the case manager took a case on.
func (p *proceeding) taken(after int) {
	p.then(after, chair, func(id string) any { return cases.Assign{Case: id, Person: caseManager.actor[len("person/"):]} })
}

// told writes how the complainant learned what came of the complaint.
func (p *proceeding) told(after int, text string) {
	p.then(after, caseManager, func(id string) any { return cases.GiveFeedback{Case: id, Text: act.NewPrivate("", text)} })
}

// investigated writes how a case came to charges that are drafted.
func (p *proceeding) investigated(after int, plan, charges string, provisions ...string) {
	p.taken(3)
	p.then(after, caseManager, func(id string) any { return cases.Investigate{Case: id, Plan: act.NewPrivate("", plan)} })
	p.then(after+2, caseManager, func(id string) any {
		return cases.Note{Case: id, Kind: "step", Text: act.NewPrivate("", "Asked the company for its records; asked two former employees.")}
	})
	p.told(after+18, "We have looked into what you told us, and are preparing charges.")
	p.then(after+20, caseManager, func(id string) any {
		return cases.DraftCharges{Case: id, Provisions: provisions, Statement: act.NewPrivate("", charges)}
	})
}

// charged writes how charges were investigated and served, by the 34th day.
func (p *proceeding) charged(plan, charges string, provisions ...string) {
	p.investigated(10, plan, charges, provisions...)
	p.then(34, caseManager, func(id string) any {
		return cases.ServeCharges{Case: id, On: p.on(34), Proof: fmt.Sprintf("Courier receipt %d, signed for at the registered office", 5200+p.lodged)}
	})
}

// answered writes what the respondent said to them.
func (p *proceeding) answered(text string) {
	p.then(45, representative(p.member), func(id string) any {
		return cases.Answer{Case: id, Member: p.member, Text: act.NewPrivate("", text)}
	})
}

// seated writes who was named to hear the case, and for when the hearing was set: the 82nd day.
func (p *proceeding) seated(panel, alternates []string) {
	p.panel = panel
	p.then(48, chair, func(id string) any { return cases.NamePanel{Case: id, Panelists: panel, Alternates: alternates} })
	p.then(50, caseManager, func(id string) any {
		return cases.SetHearing{
			Case: id, On: p.at(p.on(82), 13, 0), Place: "The Guild's office, Chicago, and by video", NoticeOn: p.on(50),
			Proof: fmt.Sprintf("Courier receipt %d", 5600+p.lodged),
		}
	})
}

// heard writes how the panel heard the case, and how all but some of it voted.
func (p *proceeding) heard(record string, waits ...string) {
	panel := p.panel
	p.then(82, panelist(panel[0]), func(id string) any {
		return cases.Hear{Case: id, Panelist: panel[0], Present: panel, Respondent: true, Record: act.NewPrivate("", record)}
	})
	p.vote(82, "Proven, on the balance of probabilities.", waits...)
}

func (p *proceeding) vote(after int, vote string, waits ...string) {
	for _, n := range p.panel {
		if len(waits) > 0 && waits[0] == n {
			continue
		}
		p.then(after, panelist(n), func(id string) any { return cases.Vote{Case: id, Panelist: n, Vote: act.NewPrivate("", vote)} })
	}
}

// decided writes what the panel decided, how each signed it, and how it was served on the 92nd day.
func (p *proceeding) decided(d cases.Decide, reasons string) {
	d.Panelist, d.Reasons = p.panel[0], act.NewPrivate("", reasons)
	p.then(90, panelist(p.panel[0]), func(id string) any { d.Case = id; return d })
	p.signed(90)
	p.served(92)
}

func (p *proceeding) signed(after int) {
	for _, n := range p.panel {
		p.then(after, panelist(n), func(id string) any { return cases.Sign{Case: id, Panelist: n} })
	}
}

func (p *proceeding) served(after int) {
	p.then(after, caseManager, func(id string) any {
		return cases.ServeDecision{Case: id, On: p.on(after), Proof: fmt.Sprintf("Courier receipt %d, signed for at the registered office", 6000+p.lodged)}
	})
}

// unappealed is, in days after the complaint, when nobody can appeal any more from a decision that was served on
// the 92nd day.
func (p *proceeding) unappealed() int {
	last := code.LastDay(p.on(92), code.Duration{N: 20, Unit: code.BusinessDays}, p.holidays)
	for after := 92; ; after++ {
		if p.on(after).After(last) {
			return after
		}
	}
}

// published writes how the chair put an outcome in force.
func (p *proceeding) published(after int, text string, findings ...string) {
	p.then(after, chair, func(id string) any { return cases.Publish{Case: id, Text: text, Findings: findings} })
}
