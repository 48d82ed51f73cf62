package standing

import (
	"time"

	"shingle/internal/act"
)

var ruleNoSubscriber = act.Rule{
	ID:    "STD-17",
	Cites: "membership.subscription",
	Text:  "A member may choose not to subscribe to the code; it is then said to be no subscriber.",
	Cure:  "Subscribe to the code in force.",
}

var ruleNotYetSubscribed = act.Rule{
	ID:    "STD-18",
	Cites: "transition",
	Text:  "Until it subscribes, a member is said to be no subscriber; it has the transition to do so.",
	Cure:  "Subscribe to the code in force.",
}

var ruleNeverSubscribed = act.Rule{
	ID:    "STD-09",
	Cites: "membership.subscription",
	Text:  "A member subscribes to the code before the transition and its grace are over.",
	Cure:  "Subscribe to the code in force.",
}

var ruleNewTextUnsigned = act.Rule{
	ID:    "STD-10",
	Cites: "membership.grace",
	Text:  "A subscriber signs a new version before its transition and grace are over.",
	Cure:  "Subscribe to the code in force.",
}

var ruleNewTextWaits = act.Rule{
	ID:    "STD-19",
	Cites: "transition",
	Text:  "A new version is in force and waits for the member's signature.",
	Cure:  "Subscribe to the code in force.",
}

// subscription finds when the member had signed the code in force, still had time to, or had failed to. A
// text that was signed ahead counts from the day on which it takes effect.
func (e *evaluation) subscription(s *stint) {
	missed := -1 // the version under which the time to sign ran out
	for i, last := range s.signatures {
		until := s.until
		if i+1 < len(s.signatures) {
			until = s.signatures[i+1].from
		}
		for k := -1; k < len(e.versions); k++ {
			from, end := e.reign(k)
			from, end = max(from, last.from), min(end, until)
			if from >= end {
				continue
			}
			sig := s.newest(i+1, k)
			switch {
			case k >= 0 && sig.version == k, !e.unsigned(s, sig, k, from, end, missed >= 0 && missed < k):
				missed = -1
			case missed < 0:
				missed = k
			}
		}
	}
}

// unsigned notes what follows while version k is in force and not signed; missed says that the time to sign
// ran out under the version before. It reports whether the time to sign has run out.
func (e *evaluation) unsigned(s *stint, sig signature, k int, from, until instant, missed bool) bool {
	waits := cause{
		from: from, until: until, rank: notSubscribed, rule: &ruleNoSubscriber, public: true, say: sayNoSubscriber,
		facts: [2]int64{s.position, sig.position},
	}
	if k < 0 { // there is no code yet
		waits.rule, waits.say = &ruleNotYetSubscribed, sayNoCode
		e.add(waits)
		return false
	}
	v := &e.versions[k]
	waits.subject = v.Label
	due, end := e.timeToSign(s, v)
	if !v.Requirements.SubscriptionRequired() {
		if sig.version >= 0 { // a subscriber of the text before has the transition to decide
			waits.from = max(from, min(due, until))
		}
		e.add(waits)
		return false
	}
	if missed {
		due = instantOf(v.Effective)
		end = due
	}
	fails := cause{
		from: max(from, end), until: until, rank: lapsed, rule: &ruleNeverSubscribed, public: true, say: sayUnsigned,
		subject: v.Label, when: end, facts: waits.facts,
	}
	waits.until, waits.by, waits.when = min(until, end), end, due
	if sig.version >= 0 {
		fails.rule = &ruleNewTextUnsigned
		waits.rank, waits.rule, waits.public, waits.say = good, &ruleNewTextWaits, false, sayNewTextWaits
	} else {
		waits.rule, waits.say = &ruleNotYetSubscribed, sayNotYetSubscribed
	}
	e.add(waits)
	e.add(fails)
	return end < until
}

// timeToSign returns when the time to sign version v ends, without and with grace. Who joined after the
// version took effect has as long from then on, and nobody runs out of time before the first
// transition has ended since the register went live.
func (e *evaluation) timeToSign(s *stint, v *Version) (due, end instant) {
	due = instantOf(v.TransitionUntil)
	if s.recorded > instantOf(v.Effective) {
		due = max(due, e.end(s.recorded, v.Transition))
	}
	due = max(due, e.launch)
	return e.resume(due, e.then(due, v.Requirements.Membership.Grace), v.Requirements.Membership.Grace)
}

// firstTransition returns the end of the body's first transition: before it, nobody lapses.
func (e *evaluation) firstTransition() instant {
	if len(e.versions) == 0 || e.opened == never {
		return never
	}
	first := &e.versions[0]
	end := instantOf(first.TransitionUntil)
	if e.opened > instantOf(first.Effective) {
		end = max(end, e.end(e.opened, first.Transition))
	}
	return end
}

func sayNoCode(*evaluation, *cause) string {
	return "No code of ethics was in force yet."
}

func sayNoSubscriber(_ *evaluation, c *cause) string {
	return "A member that has not subscribed to version " + c.subject + " of the code; the code leaves the choice."
}

func sayNotYetSubscribed(e *evaluation, c *cause) string {
	if c.by == never {
		return "A member that has not yet subscribed to version " + c.subject + " of the code."
	}
	return "A member that has not yet subscribed to version " + c.subject + " of the code; it may until the end of " + e.lastDay(c.by) + "."
}

func sayUnsigned(e *evaluation, c *cause) string {
	return "Version " + c.subject + " of the code was not signed by the end of " + e.lastDay(c.when) + "."
}

func sayNewTextWaits(e *evaluation, c *cause) string {
	if c.when == never {
		return "Version " + c.subject + " of the code is in force and not yet signed."
	}
	return "Version " + c.subject + " of the code is in force and to be signed by the end of " + e.lastDay(c.when) + "."
}

// notSet notes what the code in force does not require yet: it has no effect, and is said.
func (e *evaluation) notSet(s *stint) {
	for k := range e.versions {
		from, until := e.reign(k)
		from, until = max(from, s.from), min(until, s.until)
		r := e.versions[k].Requirements
		if !r.Education.Credits.IsSet() {
			e.add(cause{from: from, until: until, rank: good, rule: &ruleEducationNotSet, public: true, say: sayRule})
		}
		if !r.Confidentiality.Attestation.IsSet() {
			e.add(cause{from: from, until: until, rank: good, rule: &ruleAttestationNotSet, public: true, say: sayRule})
		}
	}
}

var ruleEducationNotSet = act.Rule{
	ID:    "STD-04",
	Cites: "education.credits",
	Text:  "The number of continuing education courses is not yet set; meanwhile it fails nobody.",
}

var ruleAttestationNotSet = act.Rule{
	ID:    "STD-22",
	Cites: "confidentiality.attestation",
	Text:  "How often a member attests is not yet set; meanwhile it fails nobody.",
}

func sayRule(_ *evaluation, c *cause) string { return c.rule.Text }

// FirstTransition returns the end of the body's first transition, before which nobody lapses; zero while the
// register is not open, or no text was adopted, as far as is known at a time.
func FirstTransition(b *Body, known time.Time) time.Time {
	return evaluate(Facts{Body: b}, instantOf(known), dawn).launch.time()
}
