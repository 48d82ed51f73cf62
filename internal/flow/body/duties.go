package flowbody

import (
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/code"
)

// Duties returns what a member owes at a time: what its standing hangs on, and the proofs of its domains.
func Duties(w act.World, member string, at time.Time) []standing.Duty {
	duties := Outlook(w, member, FactsOf(w, member), at).Duties
	for i := range duties {
		duties[i] = duties[i].Worded(bodyOf(w).Location)
	}
	return duties
}

// Outlook returns the standing of a member over time and what it owes, from the facts about it and from the
// domains that it has shown to be its own. The duties are without words.
func Outlook(w act.World, member string, f standing.Facts, at time.Time) standing.Outlook {
	o := standing.Ahead(f, at)
	m := memberOf(w, member)
	if m.Stage != membership.Current || len(m.Domains) == 0 || isExpelled(o.Spans, at) {
		return o
	}
	for _, d := range m.Domains {
		if d.ProvenAt.IsZero() {
			continue // it is not the member's own, and nothing is owed for it
		}
		due, lapse, ends := proofTerm(w, d.ProvenAt, at)
		if due.IsZero() {
			continue
		}
		duty := standing.Duty{Kind: standing.DutyDomain, Subject: d.Name, Due: due.UTC()}
		if ends {
			duty.Lapse = lapse.UTC()
		}
		o.Duties = append(o.Duties, duty)
	}
	slices.SortFunc(o.Duties, standing.Duty.Compare)
	for _, v := range codeOf(w).Versions { // another text may ask for another term
		if v.EffectiveAt.After(at) && (o.Next.IsZero() || v.EffectiveAt.Before(o.Next)) {
			o.Next = v.EffectiveAt
		}
	}
	return o
}

func isExpelled(spans []standing.Span, at time.Time) bool {
	return slices.ContainsFunc(spans, func(s standing.Span) bool {
		return s.Status == standing.Expelled && !at.Before(s.From) && (s.Until.IsZero() || at.Before(s.Until))
	})
}

// proofTerm returns when the proof of a domain, given at proven, is owed anew under the code in force at the time
// at, and when it runs out; ends is false if it never does. Due is zero where the code asks for no proofs. The
// grace of the renewal counts, because a small member proves its domains with its renewal.
func proofTerm(w act.World, proven, at time.Time) (due, lapse time.Time, ends bool) {
	v, ok := codeOf(w).InForce(at)
	if !ok {
		return due, lapse, false
	}
	term, proofs := v.Requirements.Membership.DomainProof.Get()
	if !proofs {
		return due, lapse, false
	}
	b := bodyOf(w)
	due = code.Deadline(proven, term, b.Location, b.HolidaysAt(proven))
	grace, ends := v.Requirements.Membership.RenewalGrace.Get()
	if !ends || grace.N == 0 {
		return due, due, ends
	}
	begun := due.Add(-time.Microsecond)
	return due, code.Deadline(begun, grace, b.Location, b.HolidaysAt(begun)), true
}
