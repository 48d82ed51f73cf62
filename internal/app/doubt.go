package app

import (
	"errors"

	"shingle/internal/record"
	"shingle/internal/web/local"
)

// watchClock tells the log when the clock begins to be doubted, and when it is believed again. It returns
// whether it is in doubt.
func (b *Body) watchClock(before bool) (doubted bool) {
	if err := b.clock.watch(); err != nil {
		b.logger.Warn("what is known of the clock could not be noted", "error", err)
	}
	_, err := b.Record.Time()
	doubted = errors.Is(err, record.ErrClock)
	switch {
	case doubted && !before:
		b.logger.Error("nothing is recorded or signed until the clock is right again, or \"shingle doctor --accept-clock\"", "error", err)
	case before && !doubted:
		b.logger.Warn("the clock is believed again")
	}
	return doubted
}

// showClock says how the clock stands.
func (b *Body) showClock() local.Clock {
	now, err := b.Record.Time()
	c := local.Clock{Machine: b.clock.read().wall.UTC(), Believed: now, Recorded: b.Record.Recorded()}
	if err != nil {
		c.Doubt = err.Error()
	}
	return c
}

// acceptClock believes the machine's clock.
func (b *Body) acceptClock() error { return b.clock.accept(b.Record.Recorded()) }
