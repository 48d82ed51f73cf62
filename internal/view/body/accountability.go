package body

import (
	"context"
	"slices"
	"sync"
	"time"

	"shingle/internal/body/cases"
)

// Account is what a body tells of how it deals with complaints: of those lodged in the last three years, small numbers
// withheld, and of the terms that it missed, which never are.
type Account struct {
	From, Until time.Time // of the complaints that are counted
	Lodged      Cell
	Stages      []Cell // where they are now
	Outcomes    []Cell // of those that are over
	Took        []Took
	Terms       []TermsMissed
	Missed      int64 // of all terms
}

// Cell is a number of cases that is told, or withheld because it, or another one, is small.
type Cell struct {
	Name   string
	N      int64 // 0 if it is withheld
	Hidden bool  // it is withheld
	Small  bool  // it is withheld because it is below five itself, zero included
}

// Took is how long something took.
type Took struct {
	Name   string
	Of     Cell  // in how many cases
	Median int64 // whole days, rounded up; 0 if it is withheld
}

// TermsMissed is how often the body missed a term that binds it.
type TermsMissed struct {
	Term   string // such as [cases.TermScreening]
	Missed int64
	Of     Cell // how many began
}

// smallest is the smallest number of cases that is told.
const smallest = 5

// window is how far back an account looks, in months.
const window = 36

// stageGroups are the stages as an account tells them: few, so that their numbers can be told.
var stageGroups = []struct {
	name   string
	stages []cases.Stage
}{
	{"screening", []cases.Stage{cases.Lodged, cases.Offered}},
	{"dismissed", []cases.Stage{cases.Dismissed, cases.UnderReview}},
	{"investigation", []cases.Stage{cases.Investigating}},
	{"charges", []cases.Stage{cases.Charged, cases.Heard, cases.Decided}},
	{"appeal", []cases.Stage{cases.Served, cases.Appealed, cases.AppealDecided}},
	{"final", []cases.Stage{cases.Final}},
	{"closed", []cases.Stage{cases.Closed, cases.Destroyed}},
}

// outcomes are those that an account tells.
var outcomes = []string{
	cases.OutcomeDismissed, cases.OutcomeAccepted, cases.OutcomeSettled, cases.OutcomeConsent, cases.OutcomeProven, cases.OutcomeNotProven,
	cases.OutcomeSetAside, cases.OutcomeJoined,
}

// TookWhole names the time from a complaint to its outcome. The other spans are named after the term within which
// they are to end.
const TookWhole = "whole"

// bodysTerms are the terms that bind the body, in the order in which a case meets them.
var bodysTerms = []string{cases.TermAcknowledge, cases.TermScreening, cases.TermFeedback, cases.TermDecision}

// Accountability returns the account of a body at a time. Its cost grows with the complaints of three years; see
// [Accounts].
func (r Register) Accountability(ctx context.Context, now time.Time) (Account, error) {
	a := Account{From: now.AddDate(0, -window, 0), Until: now}
	stages, ends, err := r.countCases(ctx, a.From)
	if err != nil {
		return a, err
	}
	var all int64
	for _, g := range stageGroups {
		var n int64
		for _, s := range g.stages {
			n += stages[s]
		}
		all += n
		a.Stages = append(a.Stages, Cell{Name: g.name, N: n})
	}
	for _, o := range outcomes {
		a.Outcomes = append(a.Outcomes, Cell{Name: o, N: ends[o]})
	}
	a.Lodged = alone(Cell{Name: "lodged", N: all})
	withhold(a.Stages)
	withhold(a.Outcomes)
	if err := r.countTerms(ctx, &a); err != nil {
		return a, err
	}
	took, err := r.days(ctx, `SELECT over_at - lodged_at FROM docket WHERE lodged_at >= $1 AND over_at > 0 AND outcome <> 'joined'`, micros(a.From))
	a.Took = append(a.Took, tookOf(TookWhole, took))
	return a, err
}

func (r Register) countCases(ctx context.Context, from time.Time) (stages map[cases.Stage]int64, ends map[string]int64, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT stage, outcome, count(*) FROM docket WHERE lodged_at >= $1 GROUP BY stage, outcome`, micros(from))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	stages, ends = map[cases.Stage]int64{}, map[string]int64{}
	for rows.Next() {
		var stage cases.Stage
		var outcome string
		var n int64
		if err := rows.Scan(&stage, &outcome, &n); err != nil {
			return nil, nil, err
		}
		stages[stage] += n
		ends[outcome] += n
	}
	return stages, ends, rows.Err()
}

// countTerms adds the terms that bind the body: how many began and were missed, and how long it took where they are
// over.
func (r Register) countTerms(ctx context.Context, a *Account) error {
	rows, err := r.DB.QueryContext(ctx, `SELECT term, from_at, due_at, done_at, paused FROM docket_term WHERE bodys = 1 AND from_at >= $1`, micros(a.From))
	if err != nil {
		return err
	}
	defer rows.Close()
	missed, began, took := map[string]int64{}, map[string]int64{}, map[string][]int64{}
	for rows.Next() {
		t := CaseTerm{Bodys: true}
		var paused int64
		if err := rows.Scan(&t.Term, instant{&t.From}, instant{&t.Due}, instant{&t.Done}, &paused); err != nil {
			return err
		}
		t.Paused = paused == 1
		began[t.Term]++
		if t.Missed(a.Until) {
			missed[t.Term]++
			a.Missed++
		}
		if !t.Done.IsZero() {
			took[t.Term] = append(took[t.Term], t.Done.Sub(t.From).Microseconds())
		}
	}
	for _, term := range bodysTerms {
		a.Terms = append(a.Terms, TermsMissed{term, missed[term], alone(Cell{Name: term, N: began[term]})})
		a.Took = append(a.Took, tookOf(term, took[term]))
	}
	return rows.Err()
}

// days reads times in microseconds.
func (r Register) days(ctx context.Context, query string, args ...any) (all []int64, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var us int64
		if err := rows.Scan(&us); err != nil {
			return nil, err
		}
		all = append(all, us)
	}
	return all, rows.Err()
}

// tookOf returns the median of times in microseconds, unless there are too few of them to tell it.
func tookOf(name string, took []int64) Took {
	s := Took{Name: name, Of: alone(Cell{Name: name, N: int64(len(took))})}
	if s.Of.Hidden {
		return s
	}
	slices.Sort(took)
	const day = 24 * time.Hour
	s.Median = int64((time.Duration(took[(len(took)-1)/2])*time.Microsecond + day - 1) / day)
	return s
}

// alone withholds a number that stands by itself, if it is small.
func alone(c Cell) Cell {
	if c.N < smallest {
		c.N, c.Hidden, c.Small = 0, true, true
	}
	return c
}

// withhold withholds what is small in a table whose sum is told, and as many others, the smallest first, as it takes
// to keep what is small from being worked out: one number that is missing follows from the sum, and so do several
// whose sum is small.
func withhold(cells []Cell) {
	var sum int64
	hidden := 0
	hide := func(c *Cell, small bool) {
		sum, hidden = sum+c.N, hidden+1
		c.N, c.Hidden, c.Small = 0, true, small
	}
	for i := range cells {
		if cells[i].N < smallest {
			hide(&cells[i], true)
		}
	}
	for sum > 0 && (hidden == 1 || sum < smallest) {
		next := -1
		for i, c := range cells {
			if !c.Hidden && (next < 0 || c.N < cells[next].N) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		hide(&cells[next], false)
	}
}

// Accounts gives the account of a body to whoever asks, and makes it anew at most once a minute.
type Accounts struct {
	Register Register

	mu   sync.Mutex
	last Account
}

// At returns the account of now, or of up to a minute before.
func (a *Accounts) At(ctx context.Context, now time.Time) (Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if age := now.Sub(a.last.Until); age >= 0 && age < time.Minute {
		return a.last, nil
	}
	made, err := a.Register.Accountability(ctx, now)
	if err == nil {
		a.last = made
	}
	return made, err
}
