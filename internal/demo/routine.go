package demo

import (
	"fmt"

	"shingle/internal/act"
	"shingle/internal/body/membership"
)

// keepUp writes what a member does every year and every quarter.
func (h *history) keepUp(l *life, t texts) {
	signed := h.sign(l, t)
	h.payDues(l)
	if !signed.IsZero() {
		h.attest(l, signed)
	}
}

// routinely adds an everyday act of a member or about it, unless the member is gone by then. It returns
// the day on which it happens; no date for never.
func (h *history) routinely(l *life, d act.Date, by officer, cmd any) act.Date {
	at := h.post(d)
	day := act.DateIn(at, h.zone)
	if l.gone(day) {
		return act.Date{}
	}
	h.do(at, by, cmd)
	return day
}

// subscribe writes the signature under a text, and returns its day. The model signs every text on the
// morning on which it takes effect.
func (h *history) subscribe(l *life, d act.Date, t text) act.Date {
	if l.number == model {
		h.do(h.at(t.from, 9, 12), representative(model), l.signs(t))
		return t.from
	}
	return h.routinely(l, d, representative(l.number), l.signs(t))
}

func (l *life) signs(t text) membership.Subscribe {
	return membership.Subscribe{
		Member: l.number, Version: t.label, SHA256: t.sha256, Representative: act.NewPersonal("", l.contact), Capacity: l.capacity,
	}
}

// sign writes when the member signed which text and renewed between, and returns when it first signed.
func (h *history) sign(l *life, t texts) (first act.Date) {
	if l.signatures == none {
		return act.Date{}
	}
	due := t.first.from.AddDays(l.soon(60))
	if l.joined.After(t.first.from) {
		due = l.joined.AddDays(1 + l.soon(18))
	}
	if !h.post(due).Before(t.second.from.Start(h.zone)) { // the second text was in force when it came
		return h.subscribe(l, due, t.second)
	}
	signed := h.subscribe(l, due, t.first)
	if signed.IsZero() {
		return signed
	}
	renewed := signed.AddMonths(12).AddDays(-6 - l.rng.IntN(16))
	if !l.neglectsRenewal && act.DateIn(h.post(renewed), h.zone).Before(t.second.from) {
		h.routinely(l, renewed, representative(l.number), membership.Renew{
			Member: l.number, Representative: act.NewPersonal("", l.contact), Capacity: l.capacity, Declaration: true,
		})
	}
	if l.signatures == firstOnly {
		return signed
	}
	h.signSecond(l, t, renewed)
	return signed
}

// signSecond writes the signature under the second text, in its transition, and the proof of the
// member's domains that goes with it.
func (h *history) signSecond(l *life, t texts, renewal act.Date) {
	within := 78
	if renewal.After(t.second.from.AddDays(-15)) { // signing renews as well, and is due for that
		within = 14
	}
	if signed := h.subscribe(l, t.second.from.AddDays(l.soon(within)), t.second); !signed.IsZero() {
		h.prove(l, signed.AddDays(1+l.rng.IntN(5)))
	}
}

// soon returns a number of days up to most; small ones are more frequent.
func (l *life) soon(most int) int {
	u := l.rng.Float64()
	return int(u * u * float64(most))
}

// prove writes that the domains that the member has on a day were shown to be its own.
func (h *history) prove(l *life, d act.Date) {
	at := act.DateIn(h.post(d), h.zone)
	for _, domain := range h.domainsOn(l, at) {
		how := "dns"
		if l.rng.IntN(3) == 0 {
			how = "well-known"
		}
		h.routinely(l, d, registrar, membership.ProveDomain{Member: l.number, Domain: domain, How: how})
	}
}

// payDues writes how dues were paid, from year to year.
func (h *history) payDues(l *life) {
	for through := l.paid; through != l.duesEnd; {
		day := through.AddDays(-3 - l.rng.IntN(25))
		if !l.prompt && l.rng.IntN(12) == 0 { // in grace
			day = through.AddDays(2 + l.rng.IntN(18))
		}
		if day.After(h.today) {
			return
		}
		next := through.AddMonths(12)
		if through.AddDays(1).Day() == 1 {
			next = act.On(through.Year()+1, through.Month()+1, 0) // the end of a month stays one
		}
		if !l.duesEnd.IsZero() && next.AddDays(3).After(l.duesEnd) { // a 29 February may have been lost on the way
			next = l.duesEnd
		}
		h.routinely(l, day, registrar, membership.RecordDues{Member: l.number, PaidThrough: next})
		through = next
	}
}

// attest writes the quarterly attestations of a member that first signed on a day.
func (h *history) attest(l *life, signed act.Date) {
	q := act.On(signed.Year(), (signed.Month()-1)/3*3+1, 1)
	for q.Before(signed) || q.Before(h.goLive()) {
		q = q.AddMonths(3)
	}
	for ; ; q = q.AddMonths(3) {
		over := q.AddMonths(3) // the first day after the quarter
		if over.After(h.today) || l.silent > 0 && !q.Before(h.overdueQuarter().AddMonths(3-3*l.silent)) {
			return
		}
		day := over.AddDays(1 + l.rng.IntN(21))
		switch chance := l.rng.IntN(200); {
		case l.prompt:
		case chance < 2 && over.AddDays(85).Before(h.today): // so late that it was suspended
			day = over.AddDays(63 + l.rng.IntN(9))
		case chance < 12: // in grace
			day = over.AddDays(32 + l.rng.IntN(14))
		}
		cmd := membership.Attest{
			Member: l.number, Period: fmt.Sprintf("%d-Q%d", q.Year(), (q.Month()+2)/3),
			UndertakingsShare: 100 - l.soon(22), RequestsHandled: true,
		}
		if l.rng.IntN(9) == 0 {
			cmd.Incidents = 1 + l.rng.IntN(3)
			cmd.IncidentsInTime = cmd.Incidents - l.rng.IntN(2)
		}
		h.routinely(l, day, representative(l.number), cmd)
	}
}

// overdueQuarter returns the first day of the newest quarter whose attestation has been due, and in grace,
// for long enough that who did not give it is suspended.
func (h *history) overdueQuarter() act.Date {
	q := act.On(h.today.Year(), (h.today.Month()-1)/3*3+1, 1)
	for q.AddMonths(3).AddDays(63).After(h.today) {
		q = q.AddMonths(-3)
	}
	return q
}
