package standing

import (
	"slices"
	"time"
)

// Span is a time during which status and kind stay the same. All times are UTC.
type Span struct {
	From   time.Time
	Until  time.Time // excluded; zero if time alone never ends it
	Status Status
	Kind   Kind
}

// Timeline returns the public standing of a member from its first day on, as known then: past and
// future, without gaps within a membership, neighbours always different. Before the first span, and
// for somebody who never joined, there is no standing.
func Timeline(f Facts, known time.Time) []Span {
	k := instantOf(known)
	return spansOut(evaluate(f, k, k).spans())
}

func spansOut(spans []span) []Span {
	line := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s.rank != 0 {
			line = append(line, Span{s.from.time(), s.until.time(), s.rank.status(), s.rank.kind()})
		}
	}
	return line
}

type span struct {
	from, until instant
	rank        rank
}

// spans lays all causes on one line: at every instant the gravest one shows.
func (e *evaluation) spans() []span {
	if len(e.causes) == 0 {
		return nil
	}
	var array [48]instant
	turns := array[:0]
	for i := range e.causes {
		turns = append(turns, e.causes[i].from, e.causes[i].until)
	}
	slices.Sort(turns)
	turns = slices.Compact(turns)
	spans := make([]span, 0, 8)
	for _, t := range turns {
		if t == never {
			break
		}
		worst := rank(0)
		for i := range e.causes {
			if c := &e.causes[i]; c.from <= t && t < c.until {
				worst = max(worst, c.rank)
			}
		}
		if n := len(spans); n > 0 {
			if spans[n-1].rank == worst {
				continue
			}
			spans[n-1].until = t
		}
		spans = append(spans, span{t, never, worst})
	}
	return spans
}
