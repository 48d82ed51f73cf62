// Package education says who has learnt enough.
//
// A code of ethics sets a scheme ([code.Education]): so many credits in each period, of which so many of
// this kind, at most so many of that. A person earns credits. They are put on a ledger, where they are never
// edited, only reversed. [Evaluate] reads the ledger: for each period what counts and towards what, what is
// missing and by when, and for each credit why it counts, or why it does not.
//
// Where credits compete (under a cap, or for what may be carried over) they are laid out in the person's
// favour: so that the least is missing, and then so that the most is carried over. All arithmetic is in
// hundredths of a credit, and what does not fill a step is dropped.
//
// A scheme is made ready once ([Ready]) and then used for everyone. At a member, [Look] sums up its people.
// [Sample] draws whom an audit asks for evidence, so that anyone can draw the same.
package education

import (
	"shingle/internal/act"
	"shingle/internal/code"
)

// Credit is a completed activity as the ledger has it. Fields that nobody knows are left empty.
type Credit struct {
	ID       string
	On       act.Date // when it was completed
	Minutes  int      // how long it was, or:
	Credits  code.Amount
	Topics   []string // of the scheme's; with several it counts for one of them, if the scheme does not count twice
	Delivery string
	Kind     string
	Provider string // "own", "approved" or "external"
	Proof    string // "verified" or "self-reported"

	Attendance code.Setting[code.Percent]
	Mark       code.Setting[code.Percent]
	Checks     code.Setting[int] // of attendance that were answered

	For      act.Date // a day of the period that it makes up for, if not its own
	Held     bool     // while an audit looks at it
	Reversed string   // why it was reversed; a reversed credit counts for nothing
}

// Person is what bears on one person, besides the credits.
type Person struct {
	Joined  act.Date // the first day on which the scheme binds them
	Left    act.Date // the first day on which it no longer does; none if it does
	Cohort  string
	Leaves  []Leave
	Waivers []Waiver
	Plans   []Plan
}

// Leave is a time off that the body has granted, both days included.
type Leave struct{ From, Until act.Date }

// Waiver frees a person of something in one period.
type Waiver struct {
	In          act.Date    // a day of the period
	Requirement string      // by name; "" for the credits as a whole
	Credits     code.Amount // how much; 0 for all of it, and with no requirement for the whole period
}

// Plan lets a person make up for a period until a day, included. Before the day on which it was made there is none.
type Plan struct {
	For   act.Date // a day of the period
	Until act.Date
	Made  act.Date // none for ever since
}

// Status says how a person stands in a period.
type Status string

// The statuses.
const (
	Exempt   Status = "exempt"    // nothing is owed, so that there are no needs
	Open     Status = "open"      // something is missing, and the period runs
	Complete Status = "complete"  // nothing is missing
	InGrace  Status = "in grace"  // the period is over, the grace is not
	MakingUp Status = "making up" // a plan runs
	Short    Status = "short"     // something is missing, and its time is over
)

// Ledger is what a person's credits come to on a day.
type Ledger struct {
	At      act.Date
	NotSet  bool     // the scheme does not say how much is owed; credits are kept
	Periods []Period // those that bind the person, the oldest first, the last one with At in it
	Lines   []Line   // one for each credit, in the order in which they were given
}

// Period is one period of one person.
type Period struct {
	From, Until act.Date // first and last day
	Status      Status
	Months, Of  int         // for which the person was bound, of so many
	Needs       []Need      // the credits as a whole first
	Short       code.Amount // the least number of further credits that would complete it
	In          []Carried   // what came from earlier periods, used or not
	Out         code.Amount // what goes into the next one
	First, By   act.Date    // the first and the last day by which something that is missing is due; there may be none
}

// Need is one requirement in a period.
type Need struct {
	Name    string
	Least   code.Amount // as it binds the person
	Most    code.Amount // a cap; 0 with no Capped
	Capped  bool
	Have    code.Amount
	Missing code.Amount
	Waived  code.Amount
	By      act.Date // the last day of the part of the period it is about
}

// Carried is a part of a credit that came into a period from an earlier one.
type Carried struct {
	Credit int // its place in the credits that were given
	Amount code.Amount
	Counts code.Amount // of it, in this period
	Left   int         // periods in which it can still be used, this one included
}

// Missing returns what of the needs is not met.
func (p Period) Missing() (all []Need) {
	for _, n := range p.Needs {
		if n.Missing > 0 {
			all = append(all, n)
		}
	}
	return all
}
