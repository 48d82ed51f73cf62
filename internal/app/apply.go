package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"shingle/internal/applicant"
	"shingle/internal/proofs"
	"shingle/internal/web/apply"
	"shingle/internal/web/ui"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// strangers is what a letter to somebody who signs up is addressed to; the id of the sign-up follows.
const strangers = "sign-up/"

// applying returns the face on which companies apply for membership.
func (b *Body) applying(desk ui.Desk, looker *proofs.Checker) *apply.Apply {
	drafts, signUps := applicant.Drafts{Record: b.Record}, applicant.SignUps{Record: b.Record, Ended: func(ctx context.Context, id string) error {
		return b.forgetLetters(ctx, strangers+id)
	}}
	b.regularly(time.Hour, "drafts or sign-ups that nobody goes on with are still there", func(ctx context.Context) error {
		return errors.Join(drafts.Sweep(ctx), signUps.Sweep(ctx))
	})
	return &apply.Apply{
		Desk: desk, Register: b.Register, Drafts: drafts, SignUps: signUps,
		Attempt: b.door.Accounts.Attempt, From: b.door.From, Digest: b.keys.Digest, Proofs: looker,
		Letter: func(ctx context.Context, signUp string) error {
			return b.sendLetter(ctx, mail.Letter{Letter: letters.Enrolment, To: strangers + signUp, About: strangers + signUp})
		},
		Enrol: func(ctx context.Context, person string) (string, error) {
			address, _, err := b.door.EnrolLink(ctx, person)
			return strings.TrimPrefix(address, b.door.Origin), err
		},
	}
}

// letterToStranger fills in the letter by which somebody shows that their address is theirs. Its link is made
// now, so that it lies in no queue.
func (b *Body) letterToStranger(ctx context.Context, signUp string, f *letters.Facts) error {
	secret, until, err := applicant.SignUps{Record: b.Record}.Link(ctx, signUp)
	if errors.Is(err, applicant.ErrSpent) {
		return mail.ErrNobody // they have come in by an earlier letter, or do not wait any more
	}
	f.Link, f.Until = b.door.Origin+apply.Address(secret), until
	return err
}

// stranger returns whom a letter to somebody who signs up is to. It calls them by no name: until they have used its
// link, the name is what anybody typed, and the letter would carry it to whomever they like.
func (b *Body) stranger(ctx context.Context, signUp string) (mail.Person, error) {
	who, err := applicant.SignUps{Record: b.Record}.Who(ctx, signUp)
	if errors.Is(err, applicant.ErrSpent) {
		err = mail.ErrNobody
	}
	return mail.Person{Email: who.Email}, err
}
