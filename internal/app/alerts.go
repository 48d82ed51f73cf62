package app

import (
	"context"
	"errors"
	"time"

	"shingle/internal/alerts"
	"shingle/internal/web/site"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// openAlerts lets customers ask, on s's pages, to be told of a member's changes.
func (b *Body) openAlerts(s *site.Site) {
	b.alerts = alerts.New(alerts.Config{Record: b.Record, Keys: b.keys, Now: b.clock.Now, Ended: func(ctx context.Context, id string) error {
		return b.forgetLetters(ctx, alerts.Prefix+id)
	}})
	s.Telling = &site.Telling{Alerts: b.alerts, Send: b.sendLetter, From: b.door.From}
	b.regularly(time.Hour, "addresses of people who did not confirm may still be kept", b.alerts.Sweep)
}

// subscribers returns who is told when a member's standing changes.
func (b *Body) subscribers(ctx context.Context, number string) ([]string, error) {
	ids, err := b.alerts.Of(ctx, number)
	for i, id := range ids {
		ids[i] = alerts.Prefix + id
	}
	return ids, err
}

// toSubscriber returns whom a letter about a change goes to.
func (b *Body) toSubscriber(ctx context.Context, id string) (mail.Person, error) {
	address, endsBy, err := b.alerts.Subscriber(ctx, id)
	if errors.Is(err, alerts.ErrGone) {
		return mail.Person{}, mail.ErrNobody
	}
	p := mail.Person{Email: address}
	if endsBy != "" {
		p.Unsubscribe = b.origin + "/alerts/" + endsBy
	}
	return p, err
}

// fillConfirm makes the link by which a subscriber confirms.
func (b *Body) fillConfirm(ctx context.Context, id string, f *letters.Facts) error {
	link, until, err := b.alerts.Link(ctx, id)
	if errors.Is(err, alerts.ErrGone) {
		return mail.ErrNobody // it was confirmed, or it is too late
	}
	f.Link, f.Until = b.origin+"/alerts/confirm/"+link, until
	return err
}
