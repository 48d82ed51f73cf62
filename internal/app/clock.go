package app

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"shingle/internal/record"
)

// clock is the one clock of a process. It goes by the machine's wall clock for as long as that agrees with
// the time that has passed since it was last believed, which no one can set. Where the two part by more than
// apart, somebody or something set the wall clock: then time goes on as if nobody had, doubt says why, and
// nothing is recorded or signed until both agree again or an operator accepts the wall clock's time.
//
// A demo's clock can be moved forward, or stand at a given time while its history is made.
type clock struct {
	ahead atomic.Int64 // nanoseconds
	fixed atomic.Int64 // nanoseconds since 1970 at which it stands; 0: it runs

	read     func() reading         // of the machine's clocks
	believed atomic.Pointer[anchor] // never nil once it has started

	mu   sync.Mutex // held while the anchor is moved
	path string     // where the anchor is kept, "" for nowhere
}

// apart is by how much the wall clock may depart from the time that has passed. A leap second, or a small
// correction, is no reason to stop.
const apart = time.Minute

// reading is what the machine's clocks show at one moment.
type reading struct {
	wall time.Time     // without a monotonic reading: it is the other clock that is compared with
	up   time.Duration // since the machine was started; it counts while the machine sleeps
	boot string        // which start that was
}

// newClock returns a clock that goes by the machine's clocks, or by read if that is given.
func newClock(read func() reading) *clock {
	if read == nil {
		read = machineClocks()
	}
	c := &clock{read: read}
	c.believed.Store(anchorAt(c.read()))
	return c
}

// Now returns the time, UTC.
func (c *clock) Now() time.Time {
	if at := c.fixed.Load(); at != 0 {
		return time.Unix(0, at).UTC()
	}
	a := c.believed.Load()
	now, _ := a.tell(c.read())
	now = now.Add(time.Duration(c.ahead.Load())).UTC()
	if now.Before(a.Floor) {
		return a.Floor
	}
	return now
}

// doubt says why the machine's clock cannot be believed, or nil. The error is a [record.ErrClock].
func (c *clock) doubt() error {
	if c.fixed.Load() != 0 {
		return nil
	}
	_, err := c.believed.Load().tell(c.read())
	return err
}

// stand stops the clock at t.
func (c *clock) stand(t time.Time) { c.fixed.Store(t.UnixNano()) }

// run lets the clock run, ahead of the machine's by shift.
func (c *clock) run(shift time.Duration) {
	c.ahead.Store(int64(shift))
	c.fixed.Store(0)
}

// anchor is a moment at which the machine's clock was believed.
type anchor struct {
	Boot string        `json:"boot"`
	Up   time.Duration `json:"up"` // nanoseconds since the machine was started
	Wall time.Time     `json:"wall"`
	// Doubted says that the clock departed and that nobody has accepted it since.
	Doubted bool `json:"doubted,omitempty"`
	// Floor is the time of a record that stood ahead of the clock when an operator accepted that: until the
	// clock gets there, time stands still.
	Floor time.Time `json:"floor,omitzero"`
	// Waits says that the machine was started anew, and why its clock cannot be believed yet. Then there is no
	// time that has passed to compare with, and time stands still.
	Waits bool `json:"-"`
}

func anchorAt(r reading) *anchor { return &anchor{Boot: r.boot, Up: r.up, Wall: r.wall} }

// tell returns the time that is to be believed, and why that is not the machine's.
func (a *anchor) tell(r reading) (time.Time, error) {
	doubt := func(why string) error { // put into words only where there is one: the clock is asked all the time
		return fmt.Errorf("%w: the machine's clock shows %s, %s", record.ErrClock, r.wall.UTC().Format(time.RFC3339), why)
	}
	switch {
	case a.Waits && a.Doubted:
		return a.Wall, doubt("and it had departed from the right time before the machine was started anew")
	case a.Waits && r.wall.Before(a.Wall.Add(-apart)):
		return a.Wall, doubt("and showed " + a.Wall.UTC().Format(time.RFC3339) + " before the machine was started anew")
	case a.Waits:
		return r.wall, nil
	}
	expected := a.Wall.Add(r.up - a.Up)
	if off := r.wall.Sub(expected); off > apart || off < -apart {
		return expected, doubt("and by the time that has passed it is " + expected.UTC().Format(time.RFC3339))
	}
	return r.wall, nil
}
