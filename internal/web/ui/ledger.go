package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/code"
	flowbody "shingle/internal/flow/body"
)

// Ledger is somebody's education as pages show it: to themself, and to who looks after it.
type Ledger struct {
	Bound   bool // the code binds them by one of their roles
	NotSet  bool // how much is owed is not set
	Version string
	Periods []LedgerPeriod // the newest first
	Lines   []LedgerLine   // the newest first
}

// LedgerPeriod is one period.
type LedgerPeriod struct {
	ID     string
	Title  string // "1 January 2027 to 31 December 2027"
	Status string // in words
	Tone   string // as of a standing
	Says   string // a sentence
	Needs  []LedgerNeed
	Cycle  Cycle
}

// LedgerNeed is one requirement in a period, with a bar that is as long as its share is.
type LedgerNeed struct {
	Name    string
	Have    string
	Least   string // "" where nothing is the least
	Most    string // "" without a cap
	Waived  string
	Missing string // "" where nothing is
	By      act.Date
	Bar     int // of 100
}

// LedgerLine is one credit: what counts of it and why, or why not.
type LedgerLine struct {
	ID      string
	Number  int // on the ledger, from 1
	On      act.Date
	Title   string
	Course  string // number, ""
	Says    string // "2 of 3: towards Ethics, …"
	Tone    string
	Undone  bool
	Waiting bool // it is held
}

// Cycle is the picture of a period: a line of time, and on it what was earned. Places are in thousandths of its length.
type Cycle struct {
	From, Until, Deadline act.Date
	End                   int // of the period; what follows is grace or a plan
	Today                 int // -1 outside of it
	Earned                []Earned
}

// Earned is a credit on the line of time.
type Earned struct {
	At     int
	Counts bool
	Says   string
}

// Grace reports whether time is left after the period.
func (c Cycle) Grace() bool { return c.End < 1000 }

// Rest is how long that is.
func (c Cycle) Rest() int { return 1000 - c.End }

// LedgerOf puts a person's education in words. title names a credit.
func LedgerOf(s flowbody.Schooling, title func(education.Entry) string) Ledger {
	l := Ledger{Bound: s.Bound, NotSet: s.Ledger.NotSet, Version: s.Version}
	for i, p := range s.Ledger.Periods {
		l.Periods = append(l.Periods, periodOf(s, i, p, title))
	}
	for i, e := range s.Entries {
		line := s.Ledger.Lines[i]
		l.Lines = append(l.Lines, LedgerLine{
			ID: line.ID, Number: i + 1, On: e.On, Title: title(e), Course: e.Course, Says: line.String(), Tone: toneOf(line), Undone: e.Reversed != "", Waiting: e.Held,
		})
	}
	slices.Reverse(l.Periods)
	slices.SortStableFunc(l.Lines, func(a, b LedgerLine) int { return cmp.Or(b.On.Compare(a.On), b.Number-a.Number) })
	return l
}

// Now returns the newest period; ok is false if there is none.
func (l Ledger) Now() (p LedgerPeriod, ok bool) {
	if len(l.Periods) == 0 {
		return p, false
	}
	return l.Periods[0], true
}

// Earlier returns the periods before the newest one.
func (l Ledger) Earlier() []LedgerPeriod {
	if len(l.Periods) == 0 {
		return nil
	}
	return l.Periods[1:]
}

var educationTones = map[education.Status]string{
	education.Exempt: "plain", education.Open: "plain", education.Complete: "good", education.InGrace: "caution", education.MakingUp: "caution", education.Short: "grave",
}

func toneOf(l education.Line) string {
	switch {
	case l.Counts > 0 || l.Carried > 0:
		return "good"
	case l.Why == education.IsReversed:
		return "grave"
	}
	return "plain"
}

func periodOf(s flowbody.Schooling, i int, p education.Period, title func(education.Entry) string) LedgerPeriod {
	says := p.String()
	if _, after, ok := strings.Cut(says, ": "); ok {
		says = strings.ToUpper(after[:1]) + after[1:] + "."
	}
	out := LedgerPeriod{
		ID: fmt.Sprintf("period-%d", i+1), Title: longDay(p.From) + " to " + longDay(p.Until), Status: string(p.Status), Tone: educationTones[p.Status], Says: says,
		Cycle: cycleOf(s, i, p, title),
	}
	for k, n := range p.Needs {
		name := n.Name
		if k == 0 {
			name = "All credits"
		}
		need := LedgerNeed{Name: name, Have: n.Have.String(), By: n.By, Least: orNothing(n.Least), Waived: orNothing(n.Waived), Missing: orNothing(n.Missing), Bar: 100}
		if n.Capped {
			need.Most = n.Most.String()
		}
		if n.Least > 0 {
			need.Bar = int(min(n.Have, n.Least)) * 100 / int(n.Least)
		}
		out.Needs = append(out.Needs, need)
	}
	return out
}

func orNothing(a code.Amount) string {
	if a == 0 {
		return ""
	}
	return a.String()
}

func longDay(d act.Date) string { return fmt.Sprintf("%d %s %d", d.Day(), d.Month(), d.Year()) }

// cycleOf draws a period and what follows it, as long as something can still be earned for it.
func cycleOf(s flowbody.Schooling, i int, p education.Period, title func(education.Entry) string) Cycle {
	c := Cycle{From: p.From, Until: p.Until, Deadline: p.Until, Today: -1}
	if p.By.After(c.Deadline) {
		c.Deadline = p.By
	}
	from, until := dayNumber(p.From), dayNumber(c.Deadline)+1
	at := func(d act.Date) int { return min(1000, max(0, (dayNumber(d)-from)*1000/max(1, until-from))) }
	c.End = at(p.Until.AddDays(1))
	if !s.At.Before(p.From) && !s.At.After(c.Deadline) {
		c.Today = at(s.At)
	}
	for k, line := range s.Ledger.Lines {
		if line.Period == i {
			e := s.Entries[k]
			c.Earned = append(c.Earned, Earned{at(e.On), line.Counts > 0, title(e) + ": " + line.String()})
		}
	}
	return c
}

// dayNumber counts days.
func dayNumber(d act.Date) int { return int(d.Start(time.UTC).Unix() / (24 * 60 * 60)) }
