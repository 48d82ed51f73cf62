package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shingle/internal/app"
)

// rebuild rebuilds all views of the middling register.
func rebuild(ctx context.Context, s *session) ([]row, error) {
	base, err := s.register(s.Some)
	if err != nil {
		return nil, err
	}
	at, drop, err := s.copied(base, "rebuilt")
	defer drop()
	if err != nil {
		return nil, err
	}
	b, err := app.Open(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	var speeds []float64
	for range min(s.Runs, 3) {
		stop, err := s.profile("rebuild")
		if err != nil {
			return nil, err
		}
		began := time.Now()
		err = b.Record.Rebuild(ctx, nil)
		stop()
		if err != nil {
			return nil, errors.Join(err, b.Close())
		}
		speeds = append(speeds, float64(b.Record.Position())/time.Since(began).Seconds())
		s.say("rebuild: %.0f events/s", speeds[len(speeds)-1])
	}
	speed := median(speeds)
	return []row{{
		what: "rebuild of all views, " + figure(float64(s.Some)) + " members", measured: figure(speed) + " events/s",
		beside: fmt.Sprintf("– (%s events)", figure(float64(b.Record.Position()))),
		value:  figure(speed) + " events/s", target: "≥ 25,000 events/s", met: speed >= 25_000,
	}}, b.Close()
}
