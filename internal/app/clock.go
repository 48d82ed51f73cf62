package app

import (
	"sync/atomic"
	"time"
)

// clock is the one clock of a process. A demo's can be moved forward, or stand at a given time while
// its history is made.
type clock struct {
	ahead atomic.Int64 // nanoseconds
	fixed atomic.Int64 // nanoseconds since 1970 at which it stands; 0: it runs
}

// Now returns the time, UTC.
func (c *clock) Now() time.Time {
	if at := c.fixed.Load(); at != 0 {
		return time.Unix(0, at).UTC()
	}
	return time.Now().Add(time.Duration(c.ahead.Load())).UTC()
}

// stand stops the clock at t.
func (c *clock) stand(t time.Time) { c.fixed.Store(t.UnixNano()) }

// run lets the clock run, ahead of the machine's by shift.
func (c *clock) run(shift time.Duration) {
	c.ahead.Store(int64(shift))
	c.fixed.Store(0)
}
