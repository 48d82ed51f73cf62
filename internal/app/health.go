package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"shingle/internal/health"
	"shingle/internal/publog"
	"shingle/internal/serving"
)

const (
	// slack is for how long the published checkpoint may be behind the database: another node's leaves are
	// heard of within a second.
	slack = 10 * time.Second
	// unwitnessed is for how long a checkpoint may lack the signature of a witness. One that does not answer is
	// asked again every five minutes.
	unwitnessed = 15 * time.Minute
	// lateness is for how long what falls due may be unstated: many fall due at one midnight.
	lateness = 5 * time.Minute
)

// health returns what /healthz tells.
func (b *Body) health(witnesses int) *health.Health {
	var behind, lacking since
	checks := []health.Check{
		health.Writable(b.Record),
		{Name: "clock", Look: func(context.Context) error {
			if _, err := b.Record.Time(); err != nil {
				return &health.Fault{Says: "the clock stands before the last record; nothing is recorded until it is mended", Err: err}
			}
			return nil
		}},
		{Name: "log", Look: func(ctx context.Context) error {
			if err := b.Log.Halted(); err != nil {
				return &health.Fault{Says: "the public log is halted: it does not agree with what was published of it", Err: err}
			}
			s, err := b.Log.State(ctx)
			if err != nil {
				return err
			}
			if d := behind.lasting(s.Public < s.Stored); d > slack || s.Public > s.Stored {
				return &health.Fault{Says: fmt.Sprintf("the published checkpoint has %d leaves, the record holds %d", s.Public, s.Stored)}
			}
			return nil
		}},
		{Name: "due", Look: func(ctx context.Context) error {
			n, err := b.Register.CountDue(ctx, b.now().Add(-lateness), manyDue)
			if err == nil && n > 0 {
				return &health.Fault{Says: fmt.Sprintf("%d standings that time has changed are not stated yet", n)}
			}
			return err
		}},
	}
	if witnesses > 0 {
		checks = append(checks, health.Check{Name: "witnesses", Look: func(ctx context.Context) error {
			s, err := b.Log.State(ctx)
			if err != nil {
				return err
			}
			if d := lacking.lasting(s.Lacking > 0); d > unwitnessed {
				return &health.Fault{Says: fmt.Sprintf("%d of %d witnesses have not cosigned the checkpoint for %s", s.Lacking, witnesses, d.Round(time.Minute))}
			}
			return nil
		}})
	}
	checks = append(checks, health.Check{Name: "certificates", Look: func(context.Context) error {
		if b.certs == nil { // HTTPS is somebody else's affair
			return nil
		}
		if says := b.certs.Wrong(time.Now()); says != "" {
			return &health.Fault{Says: says}
		}
		return nil
	}})
	return health.New(b.logger, checks...)
}

// since remembers from when on something was so.
type since struct {
	mu   sync.Mutex
	from time.Time // zero: it is not so
}

// lasting returns for how long it has been so.
func (s *since) lasting(is bool) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !is:
		s.from = time.Time{}
		return 0
	case s.from.IsZero():
		s.from = time.Now()
	}
	return time.Since(s.from)
}

// manyDue is up to how many are counted.
const manyDue = 100_000

// noted counts a request.
func (b *Body) noted(r serving.Request) { b.counts.Request(r.Route, r.Status, r.Took) }

// measure adds to the metrics what is read when they are asked for.
func (b *Body) measure(well *health.Health) {
	m := b.counts
	m.Gauge("shingle_record_position", "Position of the newest event.", func() (float64, bool) { return float64(b.Record.Position()), true })
	m.Gauge("shingle_queue_acts", "Acts that wait for the appender.", func() (float64, bool) {
		waiting, _ := b.Record.Queue()
		return float64(waiting), true
	})
	m.Gauge("shingle_log_leaves", "Leaves of the published checkpoint.", func() (float64, bool) { return float64(b.Log.Head().Size), true })
	m.Gauge("shingle_checkpoint_age_seconds", "Since the published checkpoint was signed by this process.", func() (float64, bool) {
		s, err := b.log()
		return b.clock.Now().Sub(s.Signed).Seconds(), err == nil && !s.Signed.IsZero()
	})
	m.Gauge("shingle_checkpoint_behind_leaves", "Leaves in the database that the published checkpoint lacks.", func() (float64, bool) {
		s, err := b.log()
		return float64(s.Stored - s.Public), err == nil
	})
	m.Gauge("shingle_witnesses_lacking", "Witnesses that have not cosigned the published checkpoint.", func() (float64, bool) {
		s, err := b.log()
		return float64(s.Lacking), err == nil
	})
	m.Gauge("shingle_witness_lag_seconds", "For how long the published checkpoint has lacked a witness's signature.", b.witnessLag())
	m.Each("shingle_clocks_due", "Standings that time alone changes: overdue (it has), day (within a day). Counting stops at a hundred thousand.", "when", b.clocksDue)
	m.Gauge("shingle_certificate_expires_timestamp_seconds", "When the first of the certificates expires.", func() (float64, bool) {
		if b.certs == nil {
			return 0, false
		}
		at, ok := b.certs.Expires()
		return float64(at.Unix()), ok
	})
	m.Gauge("shingle_backup_age_seconds", "Since the newest backup by schedule was read, by whichever node; +Inf before the first.", b.backups.age)
	m.Each("shingle_healthy", "1 where a check of /healthz is well, else 0.", "check", func() map[string]float64 {
		found := map[string]float64{}
		results, _ := well.Look(context.Background())
		for _, r := range results {
			if found[r.Name] = 0; r.Says == "" {
				found[r.Name] = 1
			}
		}
		return found
	})
}

// log returns how far the public log is.
func (b *Body) log() (publog.State, error) {
	ctx, cancel := context.WithTimeout(context.Background(), health.Patience)
	defer cancel()
	return b.Log.State(ctx)
}

func (b *Body) witnessLag() func() (float64, bool) {
	var lacking since
	return func() (float64, bool) {
		s, err := b.log()
		return lacking.lasting(s.Lacking > 0).Seconds(), err == nil
	}
}

func (b *Body) clocksDue() map[string]float64 {
	ctx, cancel := context.WithTimeout(context.Background(), health.Patience)
	defer cancel()
	found := map[string]float64{}
	for word, by := range map[string]time.Time{"overdue": b.now(), "day": b.now().Add(24 * time.Hour)} {
		if n, err := b.Register.CountDue(ctx, by, manyDue); err == nil {
			found[word] = float64(n)
		}
	}
	return found
}
