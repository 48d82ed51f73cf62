package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/alerts"
	"shingle/internal/body/people"
	"shingle/internal/web/door"
	"shingle/internal/web/ui"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// invitedBy returns the invitation that an event occasions.
func invitedBy(_ context.Context, e act.Recorded) ([]mail.Letter, error) {
	var person string
	switch v := e.Event.(type) {
	case people.PersonInvited:
		person = v.Person
	case people.PersonReinvited:
		person = v.Person
	default:
		return nil, nil
	}
	return []mail.Letter{{Letter: letters.Invitation, To: personStream + person, About: "event/" + strconv.FormatInt(e.Position, 10)}}, nil
}

// accountLetters says by which letter the door's are sent. What is told of an account in one sentence has one letter.
var accountLetters = map[door.Kind]struct{ letter, what string }{
	door.EnrolLink:       {letters.Enrolment, ""},
	door.Invitation:      {letters.Invitation, ""},
	door.RecoveryUsed:    {letters.RecoveryUsed, ""},
	door.PasskeyAdded:    {letters.Account, "a passkey was added"},
	door.PasskeyRemoved:  {letters.Account, "a passkey was removed"},
	door.PasskeyCopied:   {letters.Account, "a passkey was used of which there seems to be a copy; it works no more"},
	door.RecoveryMade:    {letters.Account, "new recovery codes were made; those before work no more"},
	door.IdentityLinked:  {letters.Account, "another way to sign in, by an identity provider, was added"},
	door.IdentityRemoved: {letters.Account, "a way to sign in, by an identity provider, was removed"},
}

// post sends a letter about an account.
func (b *Body) post(ctx context.Context, l door.Letter) error {
	is, known := accountLetters[l.Kind]
	if !known || b.working.Load() == nil {
		return door.ErrNoMail
	}
	return b.sendLetter(ctx, mail.Letter{Letter: is.letter, To: l.Person, About: fmt.Sprintf("account/%s/%d", l.Kind, l.At.UnixMicro())})
}

// toPerson returns somebody who has, or had, an account.
func (b *Body) toPerson(ctx context.Context, id string) (mail.Person, error) {
	p, err := b.person(ctx, id)
	if errors.Is(err, account.ErrNoPerson) {
		return mail.Person{}, mail.ErrNobody
	}
	return mail.Person{Name: p.Name, Email: p.Email}, err
}

// fillLetter adds what only the account and the alerts know to a letter, and makes its link.
func (b *Body) fillLetter(ctx context.Context, l mail.Letter, f *letters.Facts) (err error) {
	switch l.Letter {
	case letters.Confirm:
		return b.fillConfirm(ctx, strings.TrimPrefix(l.To, alerts.Prefix), f)
	case letters.Invitation:
		return b.fillInvitation(ctx, l.To, f)
	case letters.Enrolment:
		f.Link, f.Until, err = b.door.EnrolLink(ctx, l.To)
		return err
	case letters.RecoveryUsed, letters.Account:
		about := strings.Split(l.About, "/") // account/KIND/µs
		if len(about) != 3 {
			return mail.ErrNobody
		}
		at, err := strconv.ParseInt(about[2], 10, 64)
		f.At, f.What, f.Link = time.UnixMicro(at).UTC(), accountLetters[door.Kind(about[1])].what, b.door.Origin+"/account"
		return err
	}
	return mail.ErrNobody
}

// fillInvitation says as what somebody is invited, and makes the link that they accept it by; whoever is to have no
// part any more gets none.
func (b *Body) fillInvitation(ctx context.Context, person string, f *letters.Facts) error {
	held, err := b.Register.Roles(ctx, strings.TrimPrefix(person, personStream))
	if err != nil {
		return err
	}
	now := b.now()
	for _, h := range held {
		if !h.At(now) {
			continue
		}
		f.Role = ui.RoleTitle(h.Role)
		if h.Member != "" {
			if f.Member, err = b.memberName(ctx, h.Member); err != nil {
				return err
			}
			f.Role = strings.TrimPrefix(f.Role, "a member's ")
		}
		f.Link, f.Until, err = b.door.Invite(ctx, person)
		return err
	}
	return mail.ErrNobody
}
