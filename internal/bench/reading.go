package bench

import (
	"context"
	"fmt"
	"time"
)

func standingPath(i int) string { return "/api/v1/members/" + number(i) + "/standing" }

func standingPaths(n int) []string {
	paths := make([]string, n)
	for i := range paths {
		paths[i] = standingPath(i)
	}
	return paths
}

// serveStanding asks for the members of the middling register, all alike.
func serveStanding(_ context.Context, s *session) ([]row, error) {
	r, err := s.besideMemory("standing by number over HTTP, "+figure(float64(s.Some))+" members", standingPaths(s.Some))
	return []row{r}, err
}

// serveHot asks for what a member shows to the world.
func serveHot(_ context.Context, s *session) (rows []row, err error) {
	for _, what := range []struct{ name, path string }{
		{"seal SVG, hot", "/seal/" + number(41) + ".svg"},
		{"receipt, hot", "/api/v1/members/" + number(41) + "/receipt"},
	} {
		r, err := s.besideMemory(what.name, []string{what.path})
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// besideMemory measures the house beside a bare server that says the same.
func (s *session) besideMemory(what string, paths []string) (row, error) {
	at, err := s.register(s.Some)
	if err != nil {
		return row{}, err
	}
	house, err := s.serve(at)
	if err != nil {
		return row{}, err
	}
	defer house.stop()
	memory, err := s.remember(house.address, paths)
	if err != nil {
		return row{}, err
	}
	defer memory.stop()
	ours, theirs, err := s.inTurns(newClient(house.address, paths, evenly(len(paths))), newClient(memory.address, paths, evenly(len(paths))), time.Second)
	if err != nil {
		return row{}, err
	}
	return ratio(what, "requests/s", ours, theirs, 0.85), nil
}

// inTurns lets two clients ask by turns, after each has asked for a while to warm its server up.
func (s *session) inTurns(a, b *client, warm time.Duration) (ours, theirs []float64, err error) {
	for _, c := range []*client{a, b} {
		if _, err := c.ask(s.ctx, warm); err != nil {
			return nil, nil, err
		}
	}
	for range s.Runs {
		for _, turn := range []struct {
			client *client
			speeds *[]float64
		}{{a, &ours}, {b, &theirs}} {
			speed, err := turn.client.ask(s.ctx, time.Duration(s.Seconds*float64(time.Second)))
			if err != nil {
				return nil, nil, err
			}
			*turn.speeds = append(*turn.speeds, speed)
		}
		s.say("%.0f requests/s beside %.0f", ours[len(ours)-1], theirs[len(theirs)-1])
	}
	return ours, theirs, nil
}

// warmZipf is how long the large register is asked before the clock starts, so that its cache is full.
const warmZipf = 15 * time.Second

// serveZipf measures the large register beside a small one.
func serveZipf(_ context.Context, s *session) ([]row, error) {
	const few = 330
	large, err := s.register(s.Members)
	if err != nil {
		return nil, err
	}
	small, err := s.register(few)
	if err != nil {
		return nil, err
	}
	ofLarge, err := s.serve(large)
	if err != nil {
		return nil, err
	}
	defer ofLarge.stop()
	ofSmall, err := s.serve(small)
	if err != nil {
		return nil, err
	}
	defer ofSmall.stop()
	ours, theirs, err := s.inTurns(newClient(ofLarge.address, standingPaths(s.Members), zipf(s.Members)),
		newClient(ofSmall.address, standingPaths(few), zipf(few)), warmZipf)
	if err != nil {
		return nil, err
	}
	r := ratio(fmt.Sprintf("standing over HTTP, %s members, Zipf 1.1", figure(float64(s.Members))), "requests/s", ours, theirs, 0.8)
	r.beside += fmt.Sprintf(" at %d members", few)
	return []row{r}, nil
}
