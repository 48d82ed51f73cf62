package flowbody

import (
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
	"shingle/internal/code"
)

// membershipFacts gathers what an act about a member must know. Enrolling is asked for by the hundred
// thousand, so each act gets what it asks for and no more.
func membershipFacts(w act.World, stream string, cmd any, m act.Meta) membership.Facts {
	b := bodyOf(w)
	f := membership.Facts{Number: strings.TrimPrefix(stream, "member/")}
	if !b.Founded.IsZero() {
		f.Zone = b.Location
	}
	if signer := inOwnName(m); signer != "" {
		stage := personOf(w, signer).Stage
		f.Signer = membership.Signer{Stream: signer, Known: stage == people.Invited || stage == people.Joined}
	}
	switch cmd := cmd.(type) {
	case membership.Apply:
		f.Holders = holders(w, cmd.Domains)
		f.BarredUntil = standing.BarredUntil(FactsOf(w, strings.TrimSpace(cmd.SuccessorOf)), m.At)
		return f
	case membership.Enrol:
		f.Holders = holders(w, cmd.Domains)
		if !cmd.Subscribed.IsZero() {
			f.Code = texts(w)
		}
		return f
	case membership.AddDomain:
		f.Holders = holders(w, []string{cmd.Domain})
	case membership.ProveDomain:
		f.Holders = holders(w, []string{cmd.Domain})
	case membership.Subscribe, membership.Renew:
		f.Code = texts(w)
	case membership.Attest:
		f.Period = attestPeriod(w, cmd.Period)
	case membership.Merge:
		into := memberOf(w, cmd.Into)
		answer := standing.Of(FactsOf(w, cmd.Into), m.At, m.At)
		f.Into = membership.Other{Current: into.Stage == membership.Current && answer.Status != standing.Expelled}
	}
	member := memberOf(w, f.Number)
	switch cmd.(type) {
	case membership.Admit, membership.Readmit:
		var names []string
		for _, d := range member.Domains {
			names = append(names, d.Name)
		}
		f.Holders = holders(w, names)
	}
	if member.Stage == membership.Unknown {
		return f
	}
	facts := FactsOf(w, f.Number)
	answer := standing.Of(facts, m.At, m.At)
	f.Expelled, f.Lapsed, f.Since = answer.Status == standing.Expelled, answer.Status == standing.Lapsed, answer.Since
	f.UnderOrder = standing.UnderOrder(facts, m.At)
	f.OpenCharges = standing.OpenCharges(facts, m.At)
	f.BarredUntil = standing.BarredUntil(facts, m.At)
	if p := member.SuccessorOf(); p != "" {
		if bar := standing.BarredUntil(FactsOf(w, p), m.At); bar.After(f.BarredUntil) {
			f.BarredUntil = bar
		}
	}
	return f
}

// holders returns who has shown the domains, and those above them, to be its own.
func holders(w act.World, domains []string) map[string]string {
	held := map[string]string{}
	look := func(d string) {
		if stream := w.Holder("domain", d); stream != "" {
			held[d] = strings.TrimPrefix(stream, "member/")
		}
	}
	for _, d := range domains {
		d = strings.ToLower(strings.TrimSpace(d))
		look(d)
		if act.IsDomain(d) {
			for _, above := range act.DomainsAbove(d) {
				look(above)
			}
		}
	}
	return held
}

func texts(w act.World) []membership.Text {
	var list []membership.Text
	for _, v := range codeOf(w).Versions {
		list = append(list, membership.Text{
			Version: v.Label, SHA256: v.Hash(), Adopted: v.Adopted, Effective: v.EffectiveAt,
		})
	}
	return list
}

// attestPeriod says what the code in force at the end of a period asks for.
func attestPeriod(w act.World, label string) membership.Period {
	p, ok := standing.ParsePeriod(label)
	if !ok {
		return membership.Period{Set: true}
	}
	end := code.EndOf(p.Last(), bodyOf(w).Location)
	v, inForce := codeOf(w).InForce(end)
	if !inForce {
		return membership.Period{}
	}
	interval, set := v.Requirements.Confidentiality.Attestation.Get()
	return membership.Period{Set: set, Fits: p.Fits(interval), End: end}
}
