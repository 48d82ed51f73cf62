package education

import (
	"fmt"
	"strings"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Line says what became of one credit.
type Line struct {
	ID      string
	Period  int         // its place among the ledger's periods; -1 if it is in none
	Worth   code.Amount // what the activity comes to by itself
	Counts  code.Amount // of that, in its period
	Carried code.Amount // of that, into the next
	Why     Why

	scheme *Scheme
	credit *Credit
	at     [6]int16 // for each family, the node where it counts
	over   [2]int16 // the requirement whose cap it is over: family and node; -1 for none
}

// String says what the credit counts and why, or why not, e.g. "0 of 2: over the cap for Self-study".
func (l Line) String() string {
	counts := fmt.Sprintf("%s of %s: ", l.Counts, l.Worth)
	if l.Why != Counted {
		counts = fmt.Sprintf("0 of %s: ", l.Worth)
	}
	switch l.Why {
	case Counted, OverCap, NotNeeded:
		return counts + l.counted()
	case IsReversed:
		return counts + "reversed: " + strings.ReplaceAll(l.credit.Reversed, "-", " ")
	case IsHeld:
		return counts + "held until the audit is answered"
	case NotYet:
		return counts + "not completed yet"
	case Kept:
		return counts + "kept; how much is owed was not set"
	case TooEarly:
		return counts + "earned before anything was owed"
	case AfterLeaving:
		return counts + "earned after leaving"
	case TooLate:
		return counts + "for a period whose time is over"
	case WrongProvider:
		return counts + orNone(l.credit.Provider, "unnamed") + " providers do not count"
	case WrongProof:
		return counts + orNone(l.credit.Proof, "unverified") + " completions do not count"
	case Absent:
		return counts + fmt.Sprintf("attended %s of the time, %s are needed", l.credit.Attendance, l.scheme.education.Completion.Attendance)
	case Unanswered:
		return counts + fmt.Sprintf("answered %d checks of attendance, too few", l.credit.Checks.Or(0))
	case Failed:
		if !l.credit.Mark.IsSet() {
			return counts + "without an examination"
		}
		return counts + fmt.Sprintf("a mark of %s is too low", l.credit.Mark)
	}
	return counts + "less than the least that counts"
}

func orNone(word, none string) string {
	if word == "" {
		return none
	}
	return word
}

// counted says towards what a credit counts, and what becomes of the rest.
func (l Line) counted() string {
	var said []string
	if l.Counts > 0 {
		said = append(said, "towards "+strings.Join(l.Towards(), " and "))
	}
	rest := l.Worth - l.Counts
	if l.Carried > 0 {
		said = append(said, l.Carried.String()+" carried over")
		rest -= l.Carried
	}
	switch {
	case rest <= 0:
	case l.over[0] >= 0:
		n := l.scheme.families[l.over[0]].nodes[l.over[1]]
		said = append(said, of(rest, l.Counts+l.Carried)+"over the cap of "+n.most.String()+" for "+n.name)
	case l.scheme.education.CarryOver.Most > 0 && l.Why != OverCap:
		said = append(said, of(rest, l.Counts+l.Carried)+"not needed, and over what can be carried over")
	}
	return strings.Join(said, ", ")
}

// of says how much, where it is not all.
func of(rest, others code.Amount) string {
	if others == 0 {
		return ""
	}
	return rest.String() + " "
}

// Towards returns the names of the requirements for which it counts, the narrowest of each dimension. If it
// counts for none of them, it counts for the credits as a whole.
func (l Line) Towards() []string {
	var all []string
	for f := range l.scheme.families {
		n := &l.scheme.families[f].nodes[l.at[f]]
		if l.at[f] > 0 && n.part == 0 {
			all = append(all, n.name)
		}
	}
	if len(all) == 0 {
		return []string{"the credits as a whole"}
	}
	return all
}

// String says what is missing, or that nothing is, e.g. "2 of 4 for Legal ethics: 2 missing, by 31 January 2028".
func (n Need) String() string {
	s := fmt.Sprintf("%s of %s for %s", n.Have, n.Least, n.Name)
	if n.Least == 0 && n.Capped {
		s = fmt.Sprintf("%s for %s", n.Have, n.Name)
	}
	if n.Capped {
		s += fmt.Sprintf(", at most %s", n.Most)
	}
	if n.Waived > 0 {
		s += fmt.Sprintf(", %s waived", n.Waived)
	}
	if n.Missing > 0 {
		s += fmt.Sprintf(": %s missing, by %s", n.Missing, longDate(n.By))
	}
	return s
}

// String says how the person stands in the period.
func (p Period) String() string {
	s := longDate(p.From) + " to " + longDate(p.Until) + ": "
	switch p.Status {
	case Exempt, Complete:
		s += string(p.Status)
	case Short:
		s += fmt.Sprintf("short, at least %s more; the time for it ended on %s", p.Short, longDate(p.First))
	default:
		s += fmt.Sprintf("%s, at least %s more by %s", p.Status, p.Short, longDate(p.By))
		if p.First.Before(p.By) {
			s += ", the first of it by " + longDate(p.First)
		}
	}
	if p.Months < p.Of {
		s += fmt.Sprintf(" (bound for %d of %d months)", p.Months, p.Of)
	}
	return s
}

func longDate(d act.Date) string {
	return fmt.Sprintf("%d %s %d", d.Day(), d.Month(), d.Year())
}
