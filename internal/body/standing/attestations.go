package standing

import (
	"shingle/internal/act"
	"shingle/internal/code"
)

var ruleAttestationMissing = act.Rule{
	ID:    "STD-05",
	Cites: "confidentiality.grace",
	Text:  "A member that has not attested how it met the code, also not in grace, is suspended until it does.",
	Cure:  "Give the attestation.",
}

var ruleAttestationInGrace = act.Rule{
	ID:    "STD-06",
	Cites: "confidentiality.due",
	Text:  "An attestation is overdue and in grace.",
	Cure:  "Give the attestation.",
}

// mostNamed is how many missing attestations are named under one version of the code. The first suspends
// until it is given, so the ones after these would change nothing.
const mostNamed = 12

// attestations finds when an attestation was overdue. One is owed for a period at whose beginning and
// end the code required it, by a member that was subscribed when it began. Nothing is owed for
// periods that began before the register went live or before the membership was recorded here.
func (e *evaluation) attestations(s *stint) {
	subscribed, signed := e.subscribed(s)
	if subscribed == never || e.opened == never {
		return
	}
	anchor := max(s.recorded, subscribed, e.opened)
	for k := range e.versions {
		from, until := e.reign(k)
		until = min(until, s.until)
		needs := &e.versions[k].Requirements.Confidentiality
		interval, set := needs.Attestation.Get()
		if !set || !needs.Due.IsSet() { // what is never late is never missed
			continue
		}
		p, ok := periodAt(act.DateIn(max(from, anchor).time(), e.body.Zone), interval)
		if !ok {
			continue
		}
		missing, ahead := 0, never // ahead is when the next one that is missing will be overdue
		for end := instantOf(code.EndOf(p.First().AddDays(-1), e.body.Zone)); ; p = p.next() {
			start := end
			end = instantOf(code.EndOf(p.Last(), e.body.Zone))
			if end > until || end > ahead || missing == mostNamed {
				break
			}
			if start < anchor || end <= from || !e.attestationSetAt(start) || e.isOutside(start) {
				continue
			}
			given, position := e.attested(p)
			due := e.then(end, needs.Due)
			if given <= due {
				continue
			}
			if given == never {
				missing++
			}
			due, grace := e.resume(due, e.then(due, needs.Grace), needs.Grace)
			if given == never && due > e.horizon {
				ahead = min(ahead, due)
			}
			label := p.String()
			until := min(given, s.until)
			e.add(cause{
				from: due, until: min(grace, until), rank: good, rule: &ruleAttestationInGrace, say: sayAttestation,
				subject: label, when: due, by: grace, facts: [2]int64{signed, position},
			})
			e.add(cause{
				from: grace, until: until, rank: suspendedByOmission, rule: &ruleAttestationMissing, public: true,
				say: sayAttestation, subject: label, when: due, facts: [2]int64{signed, position},
			})
		}
	}
}

func (e *evaluation) attestationSetAt(t instant) bool {
	k := e.inForce(t)
	return k >= 0 && e.versions[k].Requirements.Confidentiality.Attestation.IsSet()
}

func (e *evaluation) isOutside(t instant) bool {
	for _, out := range e.outside {
		if out.from <= t && t < out.until {
			return true
		}
	}
	return false
}

// attested returns when the attestation for p was given first; never if it was not.
func (e *evaluation) attested(p Period) (instant, int64) {
	for _, f := range e.facts {
		if a, ok := f.(*Attested); ok && a.Period == p {
			return instantOf(a.Effective), a.Position
		}
	}
	return never, 0
}

func sayAttestation(e *evaluation, c *cause) string {
	return "The attestation for " + c.subject + " was due by the end of " + e.lastDay(c.when) + e.graceOf(c)
}
