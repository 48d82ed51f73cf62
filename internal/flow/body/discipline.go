package flowbody

import (
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
)

// disciplineFacts gathers what an act about an order or charges must know.
func disciplineFacts(w act.World, stream string, cmd any, m act.Meta) discipline.Facts {
	b := bodyOf(w)
	_, id, _ := strings.Cut(stream, "/")
	f := discipline.Facts{ID: id, Holidays: b.Holidays, GoLive: b.GoLive}
	if !b.Founded.IsZero() {
		f.Zone = b.Location
	}
	for _, v := range codeOf(w).Versions {
		f.Code = append(f.Code, discipline.Text{Version: v.Version, EffectiveAt: v.EffectiveAt})
	}
	var number string
	switch cmd := cmd.(type) {
	case discipline.Record:
		number = cmd.Member
	case discipline.Impose:
		number = cmd.Member
	case discipline.Charge:
		number = cmd.Member
	case discipline.Enforce:
		number, f.Certified = cmd.Member, certified(w, cmd.Case)
	case discipline.CloseCharge:
		number = act.StateOf[discipline.ChargeState](w, stream).Member
	default:
		number = act.StateOf[discipline.Order](w, stream).Member
	}
	f.Respondent = respondent(w, number, m)
	return f
}

// respondent tells what is known of the member that an order or charge is about.
func respondent(w act.World, number string, m act.Meta) discipline.Respondent {
	member := memberOf(w, number)
	if member.Stage == membership.Unknown {
		return discipline.Respondent{}
	}
	facts := FactsOf(w, number)
	answer := standing.Of(facts, m.At, m.At)
	r := discipline.Respondent{Name: member.Name, Current: member.Stage == membership.Current && answer.Status != standing.Expelled}
	for _, fact := range facts.Member {
		switch fact := fact.(type) {
		case *standing.Joined:
			if r.Joined.IsZero() {
				r.Joined = fact.Effective
			}
		case *standing.Readmitted:
			r.Readmitted = fact.Effective
		case *standing.Charged:
			r.Charged = append(r.Charged, fact.Effective)
		}
	}
	r.Interim = standing.InterimSince(facts, m.At)
	for heir := member.Successor; heir != "" && !slices.Contains(r.Heirs, heir) && heir != number; heir = memberOf(w, heir).Successor {
		r.Heirs = append(r.Heirs, heir)
	}
	for _, number := range append([]string{number}, r.Heirs...) {
		for _, s := range standing.Memberships(FactsOf(w, number), m.At) {
			r.Memberships = append(r.Memberships, discipline.Membership(s))
		}
	}
	return r
}

// noticeFacts gathers what a notice is written from.
func noticeFacts(w act.World, stream string, cmd any, m act.Meta) discipline.NoticeFacts {
	publish := cmd.(discipline.Publish)
	number, b := publish.Order, bodyOf(w)
	if publish.Charge != "" {
		charges := act.StateOf[discipline.ChargeState](w, "charge/"+publish.Charge)
		if strings.HasPrefix(publish.Charge, "case/") {
			charges = chargesOf(w, publish.Charge)
		}
		return discipline.NoticeFacts{
			ID: strings.TrimPrefix(stream, "notice/"), Zone: b.Location, Name: memberOf(w, publish.Member).Name,
			Charge: charges, Suspected: suspected(w, publish.Member, m.At),
			Announced: w.Holder("notice", discipline.FailedKey(publish.Charge, publish.Member)) != "",
		}
	}
	o := act.StateOf[discipline.Order](w, "order/"+number)
	f := discipline.NoticeFacts{
		ID: strings.TrimPrefix(stream, "notice/"), Zone: b.Location, Holidays: b.Holidays, Order: o,
		Name:      memberOf(w, o.Member).Name,
		Certified: certified(w, o.Case),
		Announced: w.Holder("notice", discipline.AnnouncedKey(number, len(o.Turns))) != "",
	}
	if first := w.Holder("notice", discipline.AnnouncedKey(number, 1)); first != "" {
		f.First = act.StateOf[discipline.Notice](w, first)
	}
	if v, ok := codeOf(w).InForce(m.At); ok {
		f.Periods = v.Requirements.Publication
	}
	return f
}
