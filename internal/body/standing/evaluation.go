package standing

import (
	"cmp"
	"math"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// instant is a time in µs since 1970 UTC, quick to compare.
type instant int64

const (
	dawn  instant = math.MinInt64 // before all time
	never instant = math.MaxInt64 // after all time; as the end of something: it has none
)

func instantOf(t time.Time) instant { return instant(t.UnixMicro()) }

// time returns the instant in UTC, never and dawn as the zero time.
func (i instant) time() time.Time {
	if i == never || i == dawn {
		return time.Time{}
	}
	return time.UnixMicro(int64(i)).UTC()
}

// rank orders statuses, and within them kinds: the gravest cause that holds is the answer. 0 is no member.
type rank uint8

var kinds = []Kind{"", Administrative, Interim, Disciplinary}

const (
	good                  = rank(1+0) << 2
	notSubscribed         = rank(1+1)<<2 | 1
	conditionalByOmission = rank(1+2)<<2 | 1
	conditional           = rank(1+2)<<2 | 3
	lapsed                = rank(1+3)<<2 | 1
	withdrawn             = rank(1+4)<<2 | 1
	underInvestigation    = rank(1+5)<<2 | 2
	suspendedByOmission   = rank(1+6)<<2 | 1
	suspendedMeanwhile    = rank(1+6)<<2 | 2
	suspendedByOrder      = rank(1+6)<<2 | 3
	expelled              = rank(1+7)<<2 | 3
)

func (r rank) status() Status {
	if r == 0 {
		return ""
	}
	return Statuses[r>>2-1]
}

func (r rank) kind() Kind { return kinds[r&3] }

// cause is one thing that holds for a time and bears on the standing.
type cause struct {
	from, until instant // until is excluded
	rank        rank

	rule     *act.Rule // nil for membership itself, which needs no reason
	public   bool      // anyone may see the reason
	publicly *act.Rule // what anyone may see instead of it
	order    string    // id of the order that it is an effect of, or the end
	ended    bool      // that order has ended

	say       func(*evaluation, *cause) string
	subject   string // what say speaks of: a version, a period
	provision string
	when      instant // a time say speaks of
	by        instant // until when the cure is in time; never for none
	latest    instant // until when an order may be continued on review
	facts     [2]int64
}

func (c *cause) evidence() []int64 {
	evidence := make([]int64, 0, len(c.facts))
	for _, p := range c.facts {
		if p > 0 {
			evidence = append(evidence, p)
		}
	}
	return evidence
}

// stint is one membership, from joining to leaving; someone who comes back begins another.
type stint struct {
	from, until instant
	recorded    instant // when it became known: nothing had to be done through this system before
	position    int64
	signatures  []signature // by time, the first to each text; none at first
}

// signature is a subscription, or its absence at the beginning of a stint.
type signature struct {
	from     instant
	version  int // place in Body.Versions; -1 for none
	position int64
}

// evaluation is the one computation behind all answers.
type evaluation struct {
	body     *Body
	versions []Version // those known
	opened   instant   // when the register went live; never in launch mode
	launch   instant   // the end of the first transition: before it, nobody lapses
	known    instant
	horizon  instant // up to here, and to the next turn after it, repeated omissions are told one by one
	facts    []Fact  // those known, by (effective, position)
	learning []LearningSpan
	stints   []stint
	outside  []span // times of expulsion that came to an end: no term ran out in them
	causes   []cause
	first    [16]cause // where causes begin, to save allocations
}

func evaluate(f Facts, known, horizon instant) *evaluation {
	e := &evaluation{body: f.Body, known: known, horizon: horizon, opened: never}
	e.causes = e.first[:0]
	if e.body == nil || e.body.Zone == nil {
		b := Body{}
		if f.Body != nil {
			b = *f.Body
		}
		b.Zone = time.UTC
		e.body = &b
	}
	if !e.body.Opened.IsZero() && instantOf(e.body.OpenedRecorded) <= known {
		e.opened = instantOf(e.body.Opened)
	}
	e.versions = knownVersions(e.body.Versions, known)
	e.launch = e.firstTransition()
	e.facts = knownFacts(f.Member, known)
	e.memberships()
	if f.Learning != nil && len(e.stints) > 0 {
		e.learning = f.Learning(known.time())
	}
	e.orders()
	e.charges()
	for i := range e.stints {
		s := &e.stints[i]
		e.subscription(s)
		e.dues(s)
		e.renewal(s)
		e.attestations(s)
		e.education(s)
		e.notSet(s)
	}
	return e
}

func knownVersions(all []Version, known instant) []Version {
	later := func(v Version) bool { return instantOf(v.Recorded) > known }
	if !slices.ContainsFunc(all, later) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), later)
}

func knownFacts(all []Fact, known instant) []Fact {
	later := func(f Fact) bool { return instantOf(f.stamp().Recorded) > known }
	inOrder := func(a, b Fact) int {
		x, y := a.stamp(), b.stamp()
		return cmp.Or(cmp.Compare(instantOf(x.Effective), instantOf(y.Effective)), cmp.Compare(x.Position, y.Position))
	}
	if slices.ContainsFunc(all, later) {
		all = slices.DeleteFunc(slices.Clone(all), later)
	}
	if !slices.IsSortedFunc(all, inOrder) {
		all = slices.Clone(all)
		slices.SortStableFunc(all, inOrder)
	}
	return all
}

// add notes a cause, unless there is no time at which it holds.
func (e *evaluation) add(c cause) {
	if c.from >= c.until {
		return
	}
	if c.by == 0 {
		c.by = never
	}
	e.causes = append(e.causes, c)
}

// deadline returns the end of a term that begins at from. A term that begins when another one ends
// counts from that one's last day; a term that is not set never ends.
func (e *evaluation) deadline(from instant, term code.Setting[code.Duration]) instant {
	d, set := term.Get()
	if !set || from == never {
		return never
	}
	return e.end(from, d)
}

func (e *evaluation) end(from instant, d code.Duration) instant {
	if d.N == 0 {
		return from
	}
	return instantOf(code.Deadline(from.time(), d, e.body.Zone, e.calendar(from)))
}

// calendar returns the holidays with which a term that begins at from is counted.
func (e *evaluation) calendar(from instant) (days code.Holidays) {
	for i, c := range e.body.Calendars {
		if at := instantOf(c.Recorded); at > e.known || i > 0 && at > from {
			break
		}
		days = c.Holidays
	}
	return days
}

// then returns the end of a term that follows another one which ends at from.
func (e *evaluation) then(from instant, term code.Setting[code.Duration]) instant {
	d, set := term.Get()
	switch {
	case !set || from == never:
		return never
	case d.N == 0:
		return from
	case d.Unit == code.Hours:
		return e.end(from, d)
	}
	return e.end(from-1, d) // from is a 24:00, which is already the next day
}

// resume moves a term that ran out while its member was expelled, and the grace after it: what was not
// owed then is owed within the same grace after the expulsion ended.
func (e *evaluation) resume(due, end instant, grace code.Setting[code.Duration]) (instant, instant) {
	for _, out := range e.outside {
		if out.from <= end && end < out.until || out.from <= due && due < out.until {
			due = out.until
			end = e.deadline(due, grace)
		}
	}
	return due, end
}

// inForce returns the place of the version in force at t; -1 before the first.
func (e *evaluation) inForce(t instant) int {
	k := -1
	for i := range e.versions {
		if instantOf(e.versions[i].Effective) <= t {
			k = i
		}
	}
	return k
}

// requirements returns those in force at t, or of the first version before that; nil without any code.
func (e *evaluation) requirements(t instant) *code.Requirements {
	if len(e.versions) == 0 {
		return nil
	}
	return e.versions[max(0, e.inForce(t))].Requirements
}

// reign returns the time during which the version at place k is in force; place -1 is before the first.
func (e *evaluation) reign(k int) (from, until instant) {
	from, until = dawn, never
	if k >= 0 {
		from = instantOf(e.versions[k].Effective)
	}
	if k+1 < len(e.versions) {
		until = instantOf(e.versions[k+1].Effective)
	}
	return from, until
}

// day returns the calendar day in the body's zone as a sentence says it, e.g. "1 March 2026".
func (e *evaluation) day(t instant) string {
	return t.time().In(e.body.Zone).Format("2 January 2006")
}

// lastDay returns the day at whose end a term ends.
func (e *evaluation) lastDay(t instant) string { return e.day(t - 1) }
