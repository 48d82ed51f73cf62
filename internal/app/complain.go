package app

import (
	"context"
	"errors"
	"time"

	"shingle/internal/complainant"
	"shingle/internal/web/complaints"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
)

// complaining returns the face on which anybody complains. What surrounds its pages is s's, whoever is signed in.
func (b *Body) complaining(s *site.Site) *complaints.Complaints {
	drafts, sessions := complainant.Drafts{Record: b.Record}, complainant.Sessions{Record: b.Record}
	b.regularly(time.Hour, "complaints that nobody goes on with are still there", func(ctx context.Context) error {
		return errors.Join(drafts.Sweep(ctx), sessions.Sweep(ctx))
	})
	return &complaints.Complaints{
		Counter: ui.Counter{Record: b.Record, Allows: ui.Allows}, Register: b.Register, Drafts: drafts, Sessions: sessions, Chrome: s.Chrome,
		Reveal: b.reveal, Exhibits: b.Exhibits, Attempt: b.door.Accounts.Attempt, From: b.door.From, Logger: b.logger,
	}
}
