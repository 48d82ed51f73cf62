package education

import (
	"slices"

	"shingle/internal/code"
)

// Why says what became of a credit.
type Why int

// What can become of one.
const (
	Counted       Why = iota // in full or in part; see the line's other fields
	IsReversed               // it was reversed
	IsHeld                   // an audit looks at it
	NotYet                   // it is completed after the day that is asked for
	TooEarly                 // before the scheme bound the person
	TooLate                  // for a period whose time is over
	WrongProvider            // the scheme takes no such provider
	WrongProof               // the scheme takes no such proof
	Absent                   // too little attendance
	Unanswered               // too few checks of attendance
	Failed                   // the mark is too low
	TooShort                 // it comes to less than the least that counts
	OverCap                  // all of it
	NotNeeded                // it is over what is needed, and over what can be carried over
	AfterLeaving             // the scheme did not bind the person any more
	Kept                     // the number of credits is not set yet
)

// worth returns what an activity comes to by itself, and why that is nothing.
func (s *Scheme) worth(c *Credit) (code.Amount, Why) {
	e := &s.education
	d := s.delivery(c.Delivery)
	mark, checks := e.Completion.Mark, e.Completion.Checks
	if d.Mark > 0 {
		mark = d.Mark
	}
	if d.Checks > 0 {
		checks = d.Checks
	}
	amount, why := s.reckoned(c, d)
	switch got, known := c.Mark.Get(); {
	case len(e.Providers) > 0 && !slices.Contains(e.Providers, c.Provider):
		return amount, WrongProvider
	case len(e.Proofs) > 0 && !slices.Contains(e.Proofs, c.Proof):
		return amount, WrongProof
	case c.Attendance.Or(100) < e.Completion.Attendance:
		return amount, Absent
	case mark > 0 && known && got < mark || d.Mark > 0 && !known:
		return amount, Failed
	case checks > 0 && (d.Checks > 0 || c.Checks.IsSet()) && int(amount)*checks > c.Checks.Or(0)*int(code.Credit):
		return amount, Unanswered
	}
	return amount, why
}

// reckoned turns time into credits: multiplied first, then cut to whole steps.
func (s *Scheme) reckoned(c *Credit, d code.Delivery) (code.Amount, Why) {
	u := s.education.Unit
	times := code.Credit
	if d.Multiply > 0 {
		times = d.Multiply
	}
	num, den := int(c.Credits), 1
	switch {
	case u.Minutes == 0 && c.Credits == 0:
		num = int(code.Credit)
	case u.Minutes > 0 && c.Credits == 0:
		num, den = c.Minutes*int(code.Credit), u.Minutes
	}
	num, den = num*int(times), den*int(code.Credit)
	if k := s.kind(c.Kind); k.Multiply > 0 {
		num, den = num*int(k.Multiply), den*int(code.Credit)
	}
	step, least := u.Step, u.Least
	if d.Step > 0 {
		step = d.Step
	}
	if d.Least > 0 {
		least = d.Least
	}
	step = max(step, 1)
	amount := code.Amount(num/(den*int(step))) * step
	if amount == 0 || amount < least {
		return amount, TooShort
	}
	return amount, Counted
}

func (s *Scheme) delivery(name string) code.Delivery {
	for i := range s.education.Deliveries {
		if s.education.Deliveries[i].Name == name {
			return s.education.Deliveries[i]
		}
	}
	return code.Delivery{}
}

func (s *Scheme) kind(name string) code.ActivityKind {
	for _, k := range s.education.Kinds {
		if k.Name == name {
			return k
		}
	}
	return code.ActivityKind{}
}
