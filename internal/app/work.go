package app

import (
	"context"
	"errors"
	netmail "net/mail"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/certs"
	"shingle/internal/cli"
	"shingle/internal/health"
	"shingle/internal/outbound"
	"shingle/internal/record/postgres"
	"shingle/internal/web/local"
	"shingle/internal/web/office"
	"shingle/internal/work"
	"shingle/internal/work/mail"
	"shingle/internal/work/webhook"
)

// working is what a served body does beside answering.
type working struct {
	jobs  *work.Work
	mail  *mail.Mailer
	hooks *webhook.Hooks
}

// errNotWorking says that jobs are not taken right now: the body is not served, or its jobs cannot be read.
var errNotWorking = errors.New("letters and messages are not taken right now; try again in a moment")

// sendLetter asks for a letter, for whoever is at a page. It is written when the job runs.
func (b *Body) sendLetter(ctx context.Context, l mail.Letter) error {
	w := b.working.Load()
	if w == nil {
		return errNotWorking
	}
	return w.mail.Send(ctx, w.jobs, l)
}

// postOffice is what the office shows of letters and messages, nil while none are sent.
func (b *Body) postOffice() *office.Post {
	w := b.working.Load()
	if w == nil {
		return nil
	}
	return &office.Post{Jobs: w.jobs, Mail: w.mail, Hooks: w.hooks}
}

// worker returns what does jobs until ctx ends. Where none were done here before, they follow from what is
// recorded from now on.
func (b *Body) worker(ctx context.Context, s service) func() {
	begun := b.Record.Position()
	return func() { b.keepWorking(ctx, s, begun) }
}

// keepWorking does jobs until ctx ends. Pages do without them: what keeps jobs from being done is logged, and
// tried again.
func (b *Body) keepWorking(ctx context.Context, s service, begun int64) {
	for said := ""; ctx.Err() == nil; {
		w, store, err := b.openWork(ctx, s, begun)
		if err == nil {
			b.working.Store(w)
			w.jobs.Run(ctx)
			b.working.Store(nil)
			if err := store.Close(); err != nil {
				b.logger.Error("the jobs could not be closed", "error", err)
			}
			return
		}
		if err.Error() != said && ctx.Err() == nil {
			said = err.Error()
			b.logger.Error("jobs are not done now, and will be", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}

// openWork opens the jobs: in a file of their own in the folder, or in the record's PostgreSQL database.
func (b *Body) openWork(ctx context.Context, s service, begun int64) (_ *working, store *work.Store, err error) {
	if s.at.Database == "" {
		store, err = work.OpenFile(ctx, folder(s.at.Data).jobs())
	} else {
		var servers *postgres.Servers
		if servers, err = postgres.Locate(s.at.Database); err == nil {
			store, err = work.OpenDatabase(ctx, servers.Writing())
		}
	}
	if err != nil {
		return nil, nil, err
	}
	w := &working{}
	if w.mail, err = b.mailer(s); err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	w.hooks = b.webhooks(store)
	workers := river.NewWorkers()
	w.mail.AddTo(workers)
	w.hooks.AddTo(workers)
	w.jobs, err = work.New(ctx, work.Config{
		Store: store, Record: b.Record, Begun: begun, Now: b.now, Log: b.logger, Workers: workers,
		Queues:    map[string]int{mail.Queue: 4, webhook.Queue: 16},
		Followers: []work.Follower{w.mail.Follower(), w.hooks.Follower()},
		Rounds:    append(w.mail.Rounds(), w.hooks.Round()),
	})
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return w, store, nil
}

// webhooks returns the webhooks. Without a store they can be listed, added and removed, and nothing is sent.
func (b *Body) webhooks(store *work.Store) *webhook.Hooks {
	reach := outbound.Public
	if b.stamp.demo {
		reach = outbound.Loopback // who tries it out has a receiver on the same machine
	}
	return webhook.New(webhook.Config{Record: b.Record, Store: store, Keys: b.keys, Public: b.isPublic, Machine: time.Now, Reach: reach, Log: b.logger})
}

// resend sends a message to a webhook again.
func (b *Body) resend(ctx context.Context, id string, position int64) error {
	w := b.working.Load()
	if w == nil {
		return local.ErrNotSending
	}
	return w.hooks.Resend(ctx, w.jobs, id, position)
}

// mailer returns what sends the letters.
func (b *Body) mailer(s service) (*mail.Mailer, error) {
	c := mail.Config{Sources: b.letterSources(), Record: b.Record, From: s.how.MailFrom, Return: s.how.MailReturn, Now: b.now, Machine: time.Now, Log: b.logger}
	if c.From == "" {
		c.From = (&netmail.Address{Address: "no-reply@" + b.stamp.web}).String()
	}
	if s.at.Data != "" {
		c.Folder = folder(s.at.Data).mail()
	}
	if s.how.SMTP == "" {
		return mail.New(c), nil
	}
	var err error
	if c.Server, err = mail.ParseServer(s.how.SMTP); err != nil {
		return nil, err
	}
	if s.how.SMTPCA != "" {
		c.Server.Roots, err = certs.Roots(s.how.SMTPCA)
	}
	return mail.New(c), err
}

// isPublic reports whether the register was open at a time.
func (b *Body) isPublic(ctx context.Context, at time.Time) (bool, error) {
	w := b.Record.Look(ctx)
	body := act.StateOf[governance.Body](w, "body")
	return !body.GoLive.IsZero() && !at.Before(body.GoLive.Start(body.Location)), w.Err()
}

// measureWork adds the jobs to the metrics.
func (b *Body) measureWork() {
	b.counts.Each("shingle_jobs", "Jobs (letters, messages to webhooks) by state; what is done is not counted. Discarded ones were tried for days.", "state", func() map[string]float64 {
		w := b.working.Load()
		if w == nil {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), health.Patience)
		defer cancel()
		n, err := w.jobs.Waiting(ctx)
		if err != nil {
			return nil
		}
		return n
	})
	b.counts.Each("shingle_letters", "What came of the letters of the last seven days, by state.", "state", func() map[string]float64 {
		ctx, cancel := context.WithTimeout(context.Background(), health.Patience)
		defer cancel()
		n, err := mail.Count(ctx, b.Record.Engine.Reader(), b.now().Add(-week))
		if err != nil {
			return nil
		}
		found := map[string]float64{mail.Sent: 0, mail.Retrying: 0, mail.Failed: 0, mail.Bounced: 0}
		for state, count := range n {
			found[state] = float64(count)
		}
		return found
	})
}

const week = 7 * 24 * time.Hour

// mail says how letters fare, by what came of those of the last week.
func (e *examination) mail(ctx context.Context) {
	const do = "serve body --smtp smtp://user:password@host:587 --mail-from 'NAME <ADDRESS>'; docs/OPERATIONS.md, Mail"
	db := e.engine.Reader()
	since := time.Now().Add(e.stamp.shift - week)
	n, err := mail.Count(ctx, db, since)
	if err != nil {
		e.find(cli.Wrong, "mail", "see whether the database can be read", "what came of letters cannot be read: %v", err)
		return
	}
	newest, err := mail.Read(ctx, db, mail.Filter{State: mail.Retrying, Since: since, Limit: 1})
	if err == nil && len(newest) == 0 {
		newest, err = mail.Read(ctx, db, mail.Filter{State: mail.Failed, Since: since, Limit: 1})
	}
	undelivered := n[mail.Failed] + n[mail.Bounced]
	switch {
	case err != nil:
		e.find(cli.Wrong, "mail", "see whether the database can be read", "what came of letters cannot be read: %v", err)
	case len(newest) > 0 && (n[mail.Retrying] > 0 || n[mail.Failed] > 0):
		e.find(cli.Wrong, "mail", do, "of the last week's letters %d wait to be tried again and %d were given up; the newest: %s", n[mail.Retrying], n[mail.Failed], newest[0].Says)
	case n[mail.Folder] > 0 && n[mail.Sent] == 0:
		e.find(cli.Look, "mail", do, "no mail server is configured: %d letters of the last week lie in the folder", n[mail.Folder])
	case undelivered > 0:
		e.find(cli.Look, "mail", "mend the addresses that the office shows as refused", "%d letters of the last week were delivered, %d refused", n[mail.Sent], undelivered)
	case n[mail.Sent] > 0:
		e.fine("mail", "%d letters of the last week were delivered", n[mail.Sent])
	default:
		e.fine("mail", "no letter was to be sent in the last week")
	}
}
