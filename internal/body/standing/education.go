package standing

import (
	"time"

	"shingle/internal/act"
)

// Learning is what the education of a member's people means for the member.
type Learning string

// What it can mean.
const (
	LearningMet    Learning = "met"    // enough people have what is owed, or still have time
	LearningMaking Learning = "making" // they would, if those who are making up for it were counted
	LearningMissed Learning = "missed"
)

// Educated says how a member's education stands over time, as far as it followed from the ledgers when it was
// recorded: what is to come by the passing of time alone is part of it. From the time at which it takes effect it
// holds in place of all that were recorded before it; one that corrects the past (a credit was reversed, and takes its
// consequences along) takes effect then.
type Educated struct {
	Stamp
	Spans []LearningSpan // in order
}

// LearningSpan is how it stands from a time until the next span begins.
type LearningSpan struct {
	From     time.Time
	Learning Learning
	By       time.Time // until when those who are making up have time; zero for none
}

var ruleLearningMade = act.Rule{
	ID:    "STD-24",
	Cites: "education.late",
	Text:  "A member too few of whose people have the continuing education that is owed stands on condition that they make up for it.",
	Cure:  "Earn what is missing within the plan.",
}

var ruleLearningMissed = act.Rule{
	ID:    "STD-25",
	Cites: "education.who",
	Text:  "A member too few of whose people have the continuing education that is owed, also not in grace, is suspended until they do.",
	Cure:  "Agree on a plan to make up for it with the education officer, and keep it.",
}

// education finds when too few of a member's people had what they owe.
func (e *evaluation) education(s *stint) {
	var holds *Educated
	for _, f := range e.facts {
		f, ok := f.(*Educated)
		if !ok || holds != nil && f.Position < holds.Position {
			continue
		}
		if holds != nil {
			e.learn(s, holds, instantOf(f.Effective))
		}
		holds = f
	}
	if holds != nil {
		e.learn(s, holds, never)
	}
}

// learn adds what a fact says from the time at which it takes effect until another one holds in its place.
func (e *evaluation) learn(s *stint, f *Educated, end instant) {
	for i, span := range f.Spans {
		c := cause{
			from: max(s.from, instantOf(f.Effective), instantOf(span.From)), until: min(s.until, end),
			public: true, say: sayRule, facts: [2]int64{f.Position},
		}
		if i+1 < len(f.Spans) {
			c.until = min(c.until, instantOf(f.Spans[i+1].From))
		}
		switch span.Learning {
		case LearningMaking:
			c.rank, c.rule = conditionalByOmission, &ruleLearningMade
			if !span.By.IsZero() {
				c.by = instantOf(span.By)
			}
		case LearningMissed:
			c.rank, c.rule = suspendedByOmission, &ruleLearningMissed
		default:
			continue
		}
		e.add(c)
	}
}
