package standing

import "shingle/internal/act"

var ruleWithdrawn = act.Rule{
	ID:    "STD-08",
	Cites: "membership",
	Text:  "A company that has left is no longer a member.",
	Cure:  "A fresh application.",
}

var ruleUnderInvestigation = act.Rule{
	ID:    "STD-07",
	Cites: "procedure.jurisdiction",
	Text:  "Leaving does not end charges, nor does it keep them from being served within the time of jurisdiction.",
	Cure:  "The charges are decided, or dropped.",
}

// memberships finds when the company was a member, and when it had left.
func (e *evaluation) memberships() {
	inside := func() *stint {
		if n := len(e.stints); n > 0 && e.stints[n-1].until == never {
			return &e.stints[n-1]
		}
		return nil
	}
	for _, f := range e.facts {
		at := instantOf(f.stamp().Effective)
		now := inside()
		switch f := f.(type) {
		case *Joined:
			if now == nil {
				e.begin(at, &f.Stamp)
			}
		case *Readmitted:
			if now != nil {
				now.until = at
			}
			e.begin(at, &f.Stamp)
		case *Left:
			if now != nil {
				now.until = at
			}
		case *Subscribed:
			if now != nil {
				e.sign(now, f)
			}
		}
	}
	for i, s := range e.stints {
		e.add(cause{from: s.from, until: s.until, rank: good})
		back := never
		if i+1 < len(e.stints) {
			back = e.stints[i+1].from
		}
		e.add(cause{
			from: s.until, until: back, rank: withdrawn,
			rule: &ruleWithdrawn, public: true, say: sayWithdrawn, when: s.until, facts: [2]int64{e.leaving(s.until)},
		})
	}
}

func (e *evaluation) begin(at instant, s *Stamp) {
	e.stints = append(e.stints, stint{
		from: at, until: never, recorded: max(at, instantOf(s.Recorded)), position: s.Position,
		signatures: []signature{{from: at, version: -1}},
	})
}

// sign notes a subscription, the first to each text. One to a superseded text, by somebody who had signed a
// newer one, changes nothing.
func (e *evaluation) sign(s *stint, f *Subscribed) {
	at, n := instantOf(f.Effective), len(s.signatures)
	for i, v := range e.versions {
		if v.Label != f.Version || v.SHA256 != f.SHA256 || s.newest(n, i).version == i {
			continue
		}
		if s.newest(n, len(e.versions)).version < i || i >= e.inForce(at) {
			s.signatures = append(s.signatures, signature{at, i, f.Position})
		}
	}
}

// newest returns, of the first n signatures, that to the newest text up to version k.
func (s *stint) newest(n, k int) signature {
	newest := s.signatures[0]
	for _, sig := range s.signatures[1:n] {
		if newest.version < sig.version && sig.version <= k {
			newest = sig
		}
	}
	return newest
}

// signed returns the newest text signed in the membership that holds at t, or held last.
func (e *evaluation) signed(t instant) *Signed {
	var last *Signed
	for i := range e.stints {
		s := &e.stints[i]
		if s.from > t {
			break
		}
		n := 1
		for n < len(s.signatures) && s.signatures[n].from <= t {
			n++
		}
		last = nil
		if sig := s.newest(n, len(e.versions)); sig.version >= 0 {
			v := &e.versions[sig.version]
			last = &Signed{v.Label, v.SHA256, sig.from.time()}
		}
	}
	return last
}

// subscribed returns since when the member is a subscriber in a membership: since it had signed a text and
// that was in force. Who signs ahead is none before.
func (e *evaluation) subscribed(s *stint) (since instant, position int64) {
	since = never
	for _, sig := range s.signatures[1:] {
		if from, _ := e.reign(sig.version); max(from, sig.from) < since {
			since, position = max(from, sig.from), sig.position
		}
	}
	return since, position
}

func (e *evaluation) leaving(at instant) int64 {
	for _, f := range e.facts {
		if l, ok := f.(*Left); ok && instantOf(l.Effective) == at {
			return l.Position
		}
	}
	return 0
}

// charges finds when charges were open against a company that had left, served before that or after.
func (e *evaluation) charges() {
	for i, f := range e.facts {
		charged, ok := f.(*Charged)
		if !ok {
			continue
		}
		until := never
		for _, later := range e.facts[i:] {
			if d, ok := later.(*Discharged); ok && d.Charge == charged.Charge {
				until = instantOf(d.Effective)
				break
			}
		}
		for j, s := range e.stints {
			back := never
			if j+1 < len(e.stints) {
				back = e.stints[j+1].from
			}
			e.add(cause{
				from: max(s.until, instantOf(charged.Effective)), until: min(back, until), rank: underInvestigation,
				rule: &ruleUnderInvestigation, public: true, say: sayUnderInvestigation, when: s.until,
				facts: [2]int64{charged.Position},
			})
		}
	}
}

func sayWithdrawn(e *evaluation, c *cause) string {
	return "Left on " + e.day(c.when) + "."
}

func sayUnderInvestigation(e *evaluation, c *cause) string {
	if c.from > c.when {
		return "Left on " + e.day(c.when) + ". Charges were served on " + e.day(c.from) + ". No finding has been made."
	}
	return "Left on " + e.day(c.when) + " while charges were open. No finding has been made."
}
