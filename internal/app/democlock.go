package app

import (
	"context"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// farthest is how far ahead of the machine's clock a demo's may be moved.
const farthest = 50 * 366 * 24 * time.Hour

// advance moves a demo's clock forward by d, and lets everything happen that falls due. Where it stands
// survives a restart.
func (b *Body) advance(ctx context.Context, d time.Duration) error {
	if !b.stamp.demo {
		return errors.New("only a demo's clock can be moved")
	}
	if d <= 0 {
		return &act.BadField{Field: "days", Detail: "should be more than none: the clock moves forward only"}
	}
	if d > farthest {
		return &act.BadField{Field: "days", Detail: "lies too far ahead"}
	}
	// One move at a time: each goes on from where the one before it left the clock.
	b.moving.Lock()
	defer b.moving.Unlock()
	shift := time.Duration(b.clock.ahead.Load()) + d
	if shift > farthest {
		return &act.BadField{Field: "days", Detail: "lies too far ahead"}
	}
	err := b.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("UPDATE stamp SET shift = $1 WHERE id = 1", shift.Microseconds())
		return nil
	})
	if err != nil {
		return err
	}
	b.clock.run(shift)
	return b.fallDue(ctx)
}

// moveClock moves a demo's clock forward by days.
func (b *Body) moveClock(ctx context.Context, days int) error {
	return b.advance(ctx, time.Duration(days)*24*time.Hour)
}
