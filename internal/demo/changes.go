package demo

import (
	"slices"

	"shingle/internal/act"
	"shingle/internal/body/membership"
)

// change writes how the company became what it is: its name, its address, its services, its domains.
func (h *history) change(l *life) {
	if l.formerly.name != l.is.name {
		h.routinely(l, h.changed(l, 1), registrar, membership.Rename{Member: l.number, Name: l.is.name})
	}
	if l.formerly.address != l.is.address || l.formerly.place != l.is.place {
		h.routinely(l, h.changed(l, 2), representative(l.number), membership.Move{
			Member: l.number, Address: l.is.address, Place: l.is.place, Country: l.country,
		})
	}
	if !slices.Equal(l.formerly.services, l.is.services) {
		h.routinely(l, h.changed(l, 3), representative(l.number), membership.SetServices{Member: l.number, Services: l.is.services})
	}
	for _, domain := range l.is.domains {
		if day := h.changed(l, 4); !slices.Contains(l.formerly.domains, domain) {
			h.routinely(l, day, representative(l.number), membership.AddDomain{Member: l.number, Domain: domain})
			h.routinely(l, day.AddDays(6), registrar, membership.ProveDomain{Member: l.number, Domain: domain, How: "dns"})
		}
	}
	for _, domain := range l.formerly.domains {
		if !slices.Contains(l.is.domains, domain) {
			h.routinely(l, h.changed(l, 5), representative(l.number), membership.RemoveDomain{Member: l.number, Domain: domain})
		}
	}
}

// changed returns when the what-th thing about the company changed: some day between its coming, or the
// go-live, and now.
func (h *history) changed(l *life, what int) act.Date {
	from := h.goLive()
	if l.joined.After(from) {
		from = l.joined
	}
	from = from.AddDays(20)
	between := max(1, days(from, h.ago(10)))
	number := int(l.number[2]-'0')*10 + int(l.number[3]-'0')
	return from.AddDays((number*13 + what*131 + len(l.is.name)*37) % between)
}

// domainsOn returns the domains that a company has on a day.
func (h *history) domainsOn(l *life, d act.Date) (held []string) {
	on := func(what int) act.Date { return act.DateIn(h.post(h.changed(l, what)), h.zone) }
	for _, domain := range l.is.domains {
		if slices.Contains(l.formerly.domains, domain) || d.After(on(4)) {
			held = append(held, domain)
		}
	}
	for _, domain := range l.formerly.domains {
		if !slices.Contains(l.is.domains, domain) && d.Before(on(5)) {
			held = append(held, domain)
		}
	}
	return held
}

// end writes how a member left.
func (h *history) end(l *life) {
	if l.ending == withdraws {
		h.do(h.office(l.when), representative(l.number), membership.Withdraw{Member: l.number})
	}
}

// merge writes how one member became part of another, which took over its domains.
func (h *history) merge(lives []*life) {
	for _, l := range lives {
		if l.ending != merges {
			continue
		}
		into := merger[l.number]
		h.do(h.office(l.when), registrar, membership.Merge{Member: l.number, Into: into})
		for _, domain := range l.is.domains {
			day := l.when.AddDays(5)
			h.do(h.office(day), representative(into), membership.AddDomain{Member: into, Domain: domain})
			h.do(h.office(day.AddDays(7)), registrar, membership.ProveDomain{Member: into, Domain: domain, How: "well-known"})
		}
	}
}

// readmit writes how a member whose dues had run out came back by a fresh application.
func (h *history) readmit(lives []*life, t texts) {
	i := slices.IndexFunc(lives, func(l *life) bool { return l.number == returning })
	l := lives[i]
	applied := l.duesEnd.AddDays(75)
	h.check(l.number, applied, applied.AddDays(20))
	back := applied.AddDays(22)
	h.do(h.office(back), registrar, membership.Readmit{
		Member: l.number, Decision: "The registrar, on a fresh application. The dues had been overlooked when the owners changed; nothing else is on record.",
	})
	h.do(h.office(back.AddDays(1)), representative(l.number), l.signs(t.first))
	h.do(h.office(back.AddDays(3)), registrar, membership.RecordDues{
		Member: l.number, PaidThrough: act.On(h.today.Year(), h.today.Month()+7, 0),
	})
}
