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

// LearningSpan is how a member's education stands from a time until the next span begins.
type LearningSpan struct {
	From     time.Time
	Learning Learning
	By       time.Time // until when those who are making up have time; zero for none
	Evidence []int64   // positions of what it follows from; no more than two are told
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

// education finds when too few of a member's people had what they owe, as far as it follows from what was known.
func (e *evaluation) education(s *stint) {
	for i, span := range e.learning {
		c := cause{from: max(s.from, instantOf(span.From)), until: s.until, public: true, say: sayRule}
		copy(c.facts[:], span.Evidence)
		if i+1 < len(e.learning) {
			c.until = min(c.until, instantOf(e.learning[i+1].From))
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
