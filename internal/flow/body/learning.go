package flowbody

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/standing"
)

// learning is what the education of a member's people follows from, taken from the record at one moment.
type learning struct {
	member string
	zone   *time.Location
	rules  func(known time.Time) education.Rules
	people []pupil
}

// pupil is one of the people who ever had a role at the member, with their whole life in the body.
type pupil struct {
	number string
	career career
	ledger education.Learner
}

// learningOf returns how the education of a member's people stands, as it follows from what was known at a time; nil
// where no text that was adopted asks for any, so that it costs nothing then.
func learningOf(w act.World, member string) func(known time.Time) []standing.LearningSpan {
	versions := codeOf(w)
	l := learning{member: member, zone: bodyOf(w).Location}
	owed := false
	for _, v := range versions.Versions {
		owed = owed || v.Requirements.Education.IsSet()
	}
	if !owed {
		return nil
	}
	for _, number := range act.FoldOf[staff](w, staffFold.Name, "member/"+member) {
		l.people = append(l.people, pupil{number, careerOf(w, number), learnerOf(w, number)})
	}
	if len(l.people) == 0 {
		return nil
	}
	l.rules = func(known time.Time) education.Rules { return rulesIn(versions, known) }
	return l.spans
}

func learnerOf(w act.World, person string) education.Learner {
	return act.StateOf[education.Learner](w, "learner/"+person)
}

// spans returns how the member stands over time, as known then.
func (l learning) spans(known time.Time) (all []standing.LearningSpan) {
	rules := l.rules(known)
	pupils := l.taught(rules, known)
	for i, reign := range rules {
		met := standing.LearningSpan{From: reign.From.Start(l.zone), Learning: standing.LearningMet}
		if !reign.Scheme.Owes() {
			all = append(all, met) // what is owed is not set: it fails nobody
			continue
		}
		colleagues := l.colleagues(pupils, reign.Scheme)
		spans := reign.Scheme.Member(colleagues)
		if len(spans) == 0 || spans[0].From.After(reign.From) {
			all = append(all, met) // nobody was there yet
		}
		for k, s := range spans {
			last := k+1 == len(spans)
			if !last && !spans[k+1].From.After(reign.From) {
				continue
			}
			if s.From.Before(reign.From) {
				s.From = reign.From
			}
			if i+1 < len(rules) && !s.From.Before(rules[i+1].From) {
				break
			}
			span := standing.LearningSpan{From: s.From.Start(l.zone), Learning: standing.Learning(s.Outcome), Evidence: behind(colleagues, s)}
			if s.Outcome == education.Making && !last {
				span.By = spans[k+1].From.Start(l.zone)
			}
			all = append(all, span)
		}
	}
	return all
}

// taught is one of the people, as far as is known of them.
type taught struct {
	stays []stay
	spans []education.Span
}

// taught works out the timelines of all people whom any of the schemes binds.
func (l learning) taught(rules education.Rules, known time.Time) (all []taught) {
	for _, p := range l.people {
		person := personUnder(rules, p.career, known, l.zone)
		if person.Joined.IsZero() {
			continue
		}
		ledger := p.ledger.Known(known)
		ledger.Bear(&person, l.zone)
		all = append(all, taught{p.career.stays(known), rules.Ahead(&person, ledger.Credits())})
	}
	return all
}

// colleagues returns those who count at the member under a scheme, each once at a time, whatever roles they have.
func (l learning) colleagues(pupils []taught, scheme *education.Scheme) (all []education.Colleague) {
	for _, p := range pupils {
		first := len(all)
		for _, s := range p.stays {
			if s.member != l.member || !scheme.Binds(s.role) {
				continue
			}
			c := education.Colleague{From: act.DateIn(s.from, l.zone), Spans: p.spans, Evidence: s.position}
			if !s.until.IsZero() {
				c.Until = act.DateIn(s.until, l.zone)
			}
			if n := len(all); n > first && (all[n-1].Until.IsZero() || !c.From.After(all[n-1].Until)) { // in another role meanwhile
				if !all[n-1].Until.IsZero() && (c.Until.IsZero() || c.Until.After(all[n-1].Until)) {
					all[n-1].Until = c.Until
				}
				continue
			}
			all = append(all, c)
		}
	}
	return all
}

// behind returns the appointments of those of whom something is missing when a span begins.
func behind(colleagues []education.Colleague, s education.MemberSpan) (positions []int64) {
	if s.Outcome == education.Met {
		return nil
	}
	for _, c := range colleagues {
		if status := c.At(s.From); c.Here(s.From) && (status == education.Short || status == education.MakingUp) {
			positions = append(positions, c.Evidence)
		}
	}
	return positions
}
