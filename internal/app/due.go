package app

import (
	"context"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/standing"
	"shingle/internal/record"
)

// round is how many members one round of the clock looks at.
const round = 1000

// stateWhatFallsDue states standings that time alone changed, as they change, until ctx ends.
func (b *Body) stateWhatFallsDue(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	doubted := false
	for said := ""; ; {
		doubted = b.watchClock(doubted)
		switch err := b.fallDue(ctx); {
		case err == nil:
			said = ""
		case errors.Is(err, record.ErrClock): // watchClock has said so
		case ctx.Err() == nil && err.Error() != said: // once, and not every second
			said = err.Error()
			b.logger.Error("what fell due could not be stated", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// fallDue states every standing that is due now, redraws spans that a new code made stale, and lets happen what time
// alone brings about in cases.
func (b *Body) fallDue(ctx context.Context) error {
	if err := b.runOut(ctx); err != nil {
		return err
	}
	for {
		now, err := b.Record.Time()
		if err != nil {
			return err
		}
		due, err := b.Register.Due(ctx, now, round)
		if err != nil {
			return err
		}
		asked := make([]*record.Pending, len(due))
		for i, number := range due {
			asked[i] = b.Record.Ask(ctx, record.Request{Command: standing.State{Member: number}, Actor: "clock", Role: "clock", Expect: -1})
		}
		for _, p := range asked {
			if _, err := p.Wait(); err != nil {
				return err
			}
		}
		stale, err := b.Register.Stale(ctx, 1)
		if err != nil {
			return err
		}
		if len(stale) > 0 || len(due) > 0 {
			err = b.Record.Upkeep(ctx, func(tx record.Tx, w act.World) error {
				_, err := b.projection.Redraw(tx, w, now)
				return err
			})
			if err != nil {
				return err
			}
		}
		if len(due) == 0 && len(stale) == 0 {
			return nil
		}
	}
}

// runOut asks for what time alone brings about in cases and false claims. What is asked for in vain is put off to
// when it can be asked for next.
func (b *Body) runOut(ctx context.Context) error {
	for {
		now, err := b.Record.Time()
		if err != nil {
			return err
		}
		asks, err := b.Register.ClockAsks(ctx, now, round)
		if err != nil || len(asks) == 0 {
			return err
		}
		asked := make([]*record.Pending, len(asks))
		for i, cmd := range asks {
			asked[i] = b.Record.Ask(ctx, record.Request{Command: cmd, Actor: "clock", Role: "clock", Expect: -1})
		}
		var vain []string // numbers of cases
		for i, p := range asked {
			done, err := p.Wait()
			if _, refused := act.Refused(err); err != nil && !refused {
				return err
			}
			if len(done.Events) > 0 {
				continue
			}
			switch cmd := asks[i].(type) {
			case cases.RunOut:
				vain = append(vain, cmd.Case)
			case cases.Destroy:
				vain = append(vain, cmd.Case)
			}
		}
		if len(vain) > 0 {
			err := b.Record.Upkeep(ctx, func(tx record.Tx, w act.World) error {
				b.projection.Refile(tx, w, vain, now)
				return nil
			})
			if err != nil {
				return err
			}
		}
		if len(vain) == len(asks) {
			return nil // others may have done it meanwhile; the next round sees
		}
	}
}
