package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"shingle/internal/act"
	"shingle/internal/app"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
)

// questions is how many members and days are asked for.
const questions = 20_000

// standingAsOf asks the large register for random members at random days.
func standingAsOf(ctx context.Context, s *session) ([]row, error) {
	base, err := s.register(s.Members)
	if err != nil {
		return nil, err
	}
	b, err := app.Open(ctx, base, nil)
	if err != nil {
		return nil, err
	}
	now, r := time.Now().UTC(), rand.New(rand.NewPCG(1, 2))
	took := make([]time.Duration, 0, questions)
	stop, err := s.profile("as-of")
	if err != nil {
		return nil, err
	}
	for range questions {
		member, at := number(r.IntN(s.Members)), now.AddDate(0, 0, -r.IntN(3650))
		began := time.Now()
		_, err := b.Standing(ctx, member, at, now)
		took = append(took, time.Since(began))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s at %s: %w", member, at, err), b.Close())
		}
	}
	stop()
	slices.Sort(took)
	half, most := took[questions/2], took[questions*99/100]
	return []row{{
		what: "standing as of a date, from the record, " + figure(float64(s.Members)) + " members", measured: fmt.Sprintf("p50 %s, p99 %s", short(half), short(most)),
		beside: "–", value: "p99 " + short(most), target: "p99 < 1 ms", met: most < time.Millisecond,
	}}, b.Close()
}

func short(d time.Duration) string { return d.Round(time.Microsecond).String() }

// lives is the record as the facts of standing see it, folded in memory.
type lives struct {
	record act.World
	folds  map[string]any // by member number
}

func (l *lives) State(stream string) any        { return l.record.State(stream) }
func (l *lives) Holder(kind, key string) string { return "" }
func (l *lives) Fold(_, subject string) any     { return l.folds[strings.TrimPrefix(subject, "member/")] }

// world is the record as it stands, for what bears on every member.
type world struct {
	ctx  context.Context
	body *app.Body
}

func (w world) State(stream string) any {
	state, _, err := w.body.Record.State(w.ctx, stream)
	if err != nil {
		return nil
	}
	return state
}
func (w world) Fold(string, string) any      { return nil }
func (w world) Holder(string, string) string { return "" }

// recompute computes every standing of the large register, on all cores.
func recompute(ctx context.Context, s *session) ([]row, error) {
	base, err := s.register(s.Members)
	if err != nil {
		return nil, err
	}
	b, err := app.Open(ctx, base, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }()
	facts, read, err := factsOfAll(ctx, b)
	if err != nil {
		return nil, err
	}
	if len(facts) != s.Members {
		return nil, fmt.Errorf("there are facts of %d members, not of %d", len(facts), s.Members)
	}
	cores := runtime.GOMAXPROCS(0)
	var took []float64
	for range s.Runs {
		now := time.Now().UTC()
		began := time.Now()
		var group sync.WaitGroup
		for part := range slices.Chunk(facts, (len(facts)+cores-1)/cores) {
			group.Go(func() {
				for _, f := range part {
					if standing.Of(f, now, now).Status == "" {
						panic("bench: a member without a standing")
					}
				}
			})
		}
		group.Wait()
		took = append(took, time.Since(began).Seconds())
	}
	seconds := median(took)
	return []row{{
		what: "standing of all " + figure(float64(s.Members)) + " members, from the facts", measured: fmt.Sprintf("%.2f s on %d cores", seconds, cores),
		beside: fmt.Sprintf("– (reading and folding the record before: %.0f s)", read.Seconds()),
		value:  fmt.Sprintf("%.2f s", seconds), target: "< 10 s on 2 cores", met: seconds < 10,
	}}, nil
}

// factsOfAll reads the whole record once and folds what concerns each member.
func factsOfAll(ctx context.Context, b *app.Body) (all []standing.Facts, took time.Duration, err error) {
	began := time.Now()
	fold, ok := flowbody.Catalogue().Fold("standing")
	if !ok {
		return nil, 0, errors.New("there is no fold of standing")
	}
	l := &lives{record: world{ctx, b}, folds: map[string]any{}}
	for after := int64(0); ; {
		events, err := b.Record.Events(ctx, after, 5000)
		if err != nil {
			return nil, 0, err
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			after = e.Position
			for _, subject := range e.Subjects {
				if n, ok := strings.CutPrefix(subject, fold.Prefix); ok {
					l.folds[n] = fold.Evolve(l.folds[n], e)
				}
			}
		}
	}
	all = make([]standing.Facts, 0, len(l.folds))
	for n := range l.folds {
		f := flowbody.FactsOf(l, n)
		if len(all) > 0 {
			f.Body = all[0].Body // one for all, as the register has it while it redraws
		}
		all = append(all, f)
	}
	return all, time.Since(began), nil
}
