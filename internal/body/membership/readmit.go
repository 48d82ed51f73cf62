package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Readmit lets a former, lapsed or expelled member in again, after a fresh application: what was
// checked for the first one is checked anew, and what it signed then no longer counts.
type Readmit struct {
	Member   string `json:"member" label:"Member number"`
	Decision string `json:"decision" label:"Decision" hint:"who decided, and on what; it looks at the whole history" rows:"3"`
}

// Readmitted says that a membership began afresh. The domains that had been shown to be the company's own
// were checked with it, which counts as a proof on paper.
type Readmitted struct {
	Member   string    `json:"member"`
	Decision string    `json:"decision"`
	Domains  []string  `json:"domains,omitempty"`
	At       time.Time `json:"at"`
}

// Claims takes the domains.
func (r Readmitted) Claims() []act.Claim { return claimed(r.Domains) }

var onceAMember = act.Rule{
	ID:    "MEM-28",
	Cites: "membership",
	Text:  "Only somebody whose membership ended is readmitted.",
	Cure:  "A new company applies, with member.apply.",
}

var decisionSaid = act.Rule{
	ID:    "MEM-29",
	Cites: "membership",
	Text:  "A readmission says who decided it and on what.",
	Cure:  "Give the decision.",
}

var readmitAct = act.Define(stream, "member.readmit", "Lets a former, lapsed or expelled member in again.",
	func(cmd Readmit, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.readmit)

func (m Member) readmit(f Facts, cmd Readmit, meta act.Meta) ([]act.Event, error) {
	if !m.mayReturn(f) {
		return nil, onceAMember.Refuse("the membership of %s has not ended", f.Number)
	}
	if meta.At.Before(f.BarredUntil) {
		return nil, notBarred.Refuse("%s is barred until %s", m.Name, f.lastDay(f.BarredUntil))
	}
	if missing := m.unchecked(f.Since); len(missing) > 0 {
		return nil, checksPassed.Refuse("not passed since the membership ended: %s", strings.Join(missing, ", "))
	}
	decision := strings.TrimSpace(cmd.Decision)
	if decision == "" {
		return nil, decisionSaid.Refuse("no decision is given")
	}
	domains := m.ownDomains()
	if err := f.free(domains); err != nil {
		return nil, err
	}
	return []act.Event{Readmitted{Member: f.Number, Decision: decision, Domains: domains, At: meta.At}}, nil
}

// mayReturn reports whether the membership ended: by leaving, by omission or by expulsion.
func (m Member) mayReturn(f Facts) bool {
	return m.Stage == Former || m.Stage == Current && (f.Expelled || f.Lapsed)
}
