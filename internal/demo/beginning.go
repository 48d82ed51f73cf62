package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"shingle/examples"
	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/code"
)

// enrolled is how many companies were members before the body began with this system; the others of
// the roster applied later.
const enrolled = 300

// text is a version of the code: what a member signs.
type text struct {
	file   []byte
	label  string
	sha256 string
	from   act.Date
}

// texts are the two versions of the demo's code.
type texts struct{ first, second text }

// write writes the whole history up to now.
func write(now time.Time) (*history, error) {
	c, err := newCalendar(now)
	if err != nil {
		return nil, err
	}
	var t texts
	if t.first, err = dated("msp/code-first.md", c.firstText()); err != nil {
		return nil, err
	}
	if t.second, err = dated("msp/code.md", c.secondText()); err != nil {
		return nil, err
	}
	lives, err := livesOf(c)
	if err != nil {
		return nil, err
	}
	h := &history{calendar: c}
	h.found(t)
	h.invite()
	for _, l := range lives[:enrolled] {
		h.enrol(l)
	}
	h.join(lives[enrolled:])
	for _, l := range lives {
		h.keepUp(l, t)
		h.change(l)
		h.end(l)
	}
	h.readmit(lives, t)
	h.merge(lives)
	h.apply()
	h.decide()
	h.hear()
	h.warn()
	return h, nil
}

// dated returns an example's text as the version that takes effect on a day.
func dated(file string, effective act.Date) (text, error) {
	example, err := examples.FS.ReadFile(file)
	if err != nil {
		return text{}, fmt.Errorf("demo: %w", err)
	}
	label := strconv.Itoa(effective.Year()) + ".1"
	if example, err = code.Redate(example, label, effective); err != nil {
		return text{}, fmt.Errorf("demo: %s: %w", file, err)
	}
	v, problems := code.Parse(example)
	if err := problems.Err(); err != nil {
		return text{}, fmt.Errorf("demo: %s: %w", file, err)
	}
	return text{example, label, v.Hash(), effective}, nil
}

// found writes how the body began, adopted its texts, and kept its calendar.
func (h *history) found(t texts) {
	began := h.founding()
	year := began.Year()
	h.do(h.at(began, 9, 0), operator, governance.Found{
		Name: "Guild of Managed Service Providers", Short: "MSP Guild", Zone: zone, Web: "demo.example",
		Holidays: append(holidays(year), holidays(year+1)...),
	})
	h.do(h.office(began.AddDays(3)), president, governance.Adopt{Text: string(t.first.file)})
	h.do(h.at(h.goLive(), 8, 0), president, governance.Open{})
	h.do(h.office(h.month(9).AddDays(8)), president, governance.Adopt{Text: string(t.second.file)})
	for year++; year <= h.today.Year(); year++ {
		h.do(h.office(act.On(year, time.October, 15)), registrar, governance.SetHolidays{Year: year + 1, Holidays: holidays(year + 1)})
	}
}

func holidays(year int) (days []string) {
	for _, d := range federal(year) {
		days = append(days, d.String())
	}
	return days
}

// enrol writes how a member was taken over from paper.
func (h *history) enrol(l *life) {
	was := l.formerly
	h.do(h.office(h.founding().AddDays(7+l.rng.IntN(3))), registrar, membership.Enrol{
		Number: l.number, Name: was.name, TradingNames: l.tradingNames, Domains: was.domains, Address: was.address,
		Place: was.place, Country: l.country, Services: was.services,
		ContactName: act.NewPersonal("", l.contact), ContactEmail: act.NewPersonal("", l.email),
		Admitted: l.joined, PaidThrough: l.paid,
	})
}

// join writes how the others applied, were checked and admitted, one after another.
func (h *history) join(newcomers []*life) {
	for _, l := range newcomers {
		was := l.formerly
		h.do(h.office(l.applied), registrar, membership.Apply{
			Name: was.name, TradingNames: l.tradingNames, Domains: was.domains, Address: was.address,
			Place: was.place, Country: l.country, Services: was.services,
			ContactName: act.NewPersonal("", l.contact), ContactEmail: act.NewPersonal("", l.email),
			DeclaredSanctions: act.NewPrivate("", "None."),
		}).on = "member/" + l.number
		h.check(l.number, l.applied.AddDays(4), l.joined)
		h.do(h.office(l.joined), registrar, membership.Admit{Member: l.number})
		h.do(h.office(l.joined), registrar, membership.RecordDues{Member: l.number, PaidThrough: l.paid})
		h.prove(l, l.joined.AddDays(2+l.rng.IntN(8)))
	}
}

// check writes how somebody who asks to be let in was looked into, from one day on and before another.
func (h *history) check(number string, from, before act.Date) {
	for i, c := range []struct{ what, how string }{
		{"identity", "Extract from the company register, compared with the application"},
		{"domain", "Letter to the registered address, answered from the domain"},
		{"references", "Two customers, by telephone"},
		{"sanctions", "Declaration of the company; court notices of the last five years"},
	} {
		if day := from.AddDays(2 * i); day.Before(before) {
			h.do(h.office(day), registrar, membership.RecordCheck{Member: number, Check: c.what, How: c.how, Result: "passed"})
		}
	}
}

// apply writes the applications that led, or have so far led, to nothing.
func (h *history) apply() {
	declined := membership.Apply{
		Name: "Bargain Byte Depot", Domains: []string{"bargainbytedepot.example"}, Address: "77 Commerce Street", Place: "Reno, Nevada",
		Country: "United States", Services: []string{"helpdesk"},
		ContactName: act.NewPersonal("", "Rex Hollister"), ContactEmail: act.NewPersonal("", "rex@bargainbytedepot.example"),
	}
	h.do(h.office(h.ago(32)), registrar, declined).on = "member/0331"
	h.do(h.office(h.ago(24)), registrar, membership.RecordCheck{
		Member: "0331", Check: "references", How: "Two customers, by telephone: neither has a contract with the company", Result: "failed",
	})
	h.do(h.office(h.ago(17)), registrar, membership.Decline{
		Member: "0331", Reason: "The customers named as references know of no managed services. Apply again with a year's experience.",
	})
	pending := membership.Apply{
		Name: "Kingbolt Managed IT", Domains: []string{"kingboltmanagedit.example"}, Address: "12 Foundry Row", Place: "Chattanooga, Tennessee",
		Country: "United States", Services: []string{"managed IT", "backup", "network"},
		ContactName: act.NewPersonal("", "Thea Maddox"), ContactEmail: act.NewPersonal("", "thea.maddox@kingboltmanagedit.example"),
		DeclaredSanctions: act.NewPrivate("", "None."),
	}
	h.do(h.office(h.ago(11)), registrar, pending).on = "member/0332"
	h.check("0332", h.ago(8), h.ago(5))
}

// list takes a cell of the roster apart.
func list(cell string) (items []string) {
	for item := range strings.SplitSeq(cell, ";") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
