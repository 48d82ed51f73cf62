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
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	view "shingle/internal/view/body"
	"shingle/internal/web/door"
	"shingle/internal/web/ui"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// speaking are the roles in which somebody is written to about their member.
var speaking = map[string]bool{people.Representative: true, people.ComplianceOfficer: true}

// letterSources say what a letter is made of.
func (b *Body) letterSources() mail.Sources {
	return mail.Sources{
		Body: func(ctx context.Context) (mail.Body, error) {
			body, err := b.body(ctx)
			return mail.Body{Name: body.Name, Site: b.origin, Zone: body.Location}, err
		},
		Person: b.addressee,
		Member: func(ctx context.Context, number string) (string, error) {
			w := b.Record.Look(ctx)
			return act.StateOf[membership.Member](w, "member/"+number).Name, w.Err()
		},
		Speakers: b.speakers, Subscribers: b.subscribers, Due: b.fallsDue, Fill: b.fillLetter, Occasions: b.invites,
	}
}

// contactOf is whom a member named, before anybody of it has come.
const contactOf = "member/"

// speakers returns who is written to about a member: those who have come and speak for it, else whom it named.
func (b *Body) speakers(ctx context.Context, number string) (ids []string, err error) {
	colleagues, err := b.Register.PeopleOf(ctx, number, b.now())
	for _, c := range colleagues {
		if speaking[c.Role] && !c.Joined.IsZero() {
			ids = append(ids, personStream+c.ID)
		}
	}
	if len(ids) == 0 {
		ids = []string{contactOf + number}
	}
	return ids, err
}

// addressee returns whom a letter is to.
func (b *Body) addressee(ctx context.Context, id string) (to mail.Person, err error) {
	if subscriber, ok := strings.CutPrefix(id, alerts.Prefix); ok {
		return b.toSubscriber(ctx, subscriber)
	}
	if signUp, ok := strings.CutPrefix(id, strangers); ok {
		return b.stranger(ctx, signUp)
	}
	if former, ok := strings.CutPrefix(id, formerly); ok {
		return b.toFormer(ctx, former)
	}
	if number, ok := strings.CutPrefix(id, contactOf); ok {
		c, err := b.Register.Contact(ctx, number)
		to, id = mail.Person{Name: c.Name, Email: c.Email}, "the contact of member "+number
		if err = reachable(id, to, err); err != nil {
			return mail.Person{}, err
		}
		return to, nil
	}
	p, err := b.Register.Person(ctx, strings.TrimPrefix(id, personStream))
	to = mail.Person{Name: p.Name, Email: p.Email}
	return to, reachable(id, to, err)
}

// reachable refuses somebody who left no address, or whose address is gone.
func reachable(who string, p mail.Person, err error) error {
	switch {
	case errors.Is(err, view.ErrNotFound), err == nil && !strings.Contains(p.Email, "@"):
		return mail.ErrNobody
	case err != nil:
		return fmt.Errorf("%s cannot be looked up: %w", who, err)
	}
	return nil
}

// fallsDue returns what is owed and due after from and not after until.
func (b *Body) fallsDue(ctx context.Context, from, until time.Time) (all []mail.Duty, err error) {
	const instant = time.Microsecond
	for after := ""; ; {
		page, next, err := b.Register.DutiesBetween(ctx, from.Add(instant), until.Add(instant), 1000, after)
		if err != nil {
			return nil, err
		}
		for _, d := range page {
			all = append(all, mail.Duty{Member: d.Member, Kind: string(d.Kind) + "/" + d.Subject, Due: d.Due, Lapse: d.Lapse, What: d.What})
		}
		if after = next; after == "" {
			return all, nil
		}
	}
}

// invites returns the letter to whoever was invited, and to the address of whoever has another. Who was forgotten loses
// those that lie in the folder.
func (b *Body) invites(ctx context.Context, e act.Recorded) ([]mail.Letter, error) {
	about := "event/" + strconv.FormatInt(e.Position, 10)
	switch v := e.Event.(type) {
	case people.PersonInvited:
		return []mail.Letter{{Letter: letters.Invitation, To: personStream + v.Person, About: about}}, nil
	case people.PersonReinvited:
		return []mail.Letter{{Letter: letters.Invitation, To: personStream + v.Person, About: about}}, nil
	case people.PersonCorrected:
		return b.moves(ctx, e, v)
	case people.PersonForgotten:
		return nil, b.forgetPerson(ctx, v.Person)
	}
	return nil, nil
}

// forgetPerson removes what was written to a person who is forgotten: under their own number, at former addresses, and as the one whom a
// company named that nobody had come from yet.
func (b *Body) forgetPerson(ctx context.Context, person string) error {
	to := []string{personStream + person}
	if i := strings.LastIndexByte(person, '-'); i > 0 {
		to = append(to, contactOf+person[:i])
	}
	roles, err := b.Register.Roles(ctx, person)
	if err != nil {
		return err
	}
	for _, held := range roles {
		if held.Member != "" {
			to = append(to, contactOf+held.Member)
		}
	}
	formers, err := b.formers(ctx, person)
	if err != nil {
		return err
	}
	for _, whom := range append(to, formers...) {
		if err := b.forgetLetters(ctx, whom); err != nil {
			return err
		}
	}
	return nil
}

// forgetLetters removes what was written to somebody and lies in the folder of a body that has one.
func (b *Body) forgetLetters(ctx context.Context, to string) error {
	if b.backups.at.Data == "" {
		return nil // then no letter ever lay anywhere
	}
	return mail.New(mail.Config{Record: b.Record, Folder: b.backups.folder.mail()}).Forget(ctx, to)
}

// accountLetters says by which letter the door's are sent, and what is told of an account in one sentence.
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

// post asks for a letter to somebody about their account.
func (b *Body) post(ctx context.Context, l door.Letter) error {
	is, known := accountLetters[l.Kind]
	if !known {
		return door.ErrNoMail
	}
	err := b.sendLetter(ctx, mail.Letter{Letter: is.letter, To: l.Person, About: fmt.Sprintf("account/%s/%d", l.Kind, l.At.UnixMicro())})
	if errors.Is(err, errNotWorking) {
		return door.ErrNoMail
	}
	return err
}

// fillLetter adds what only the door and the alerts know. The link that a letter brings is made when it is
// written, and works from then on.
func (b *Body) fillLetter(ctx context.Context, l mail.Letter, f *letters.Facts) (err error) {
	if l.Letter == letters.Confirm {
		return b.fillConfirm(ctx, strings.TrimPrefix(l.To, alerts.Prefix), f)
	}
	if signUp, ok := strings.CutPrefix(l.About, strangers); ok {
		return b.letterToStranger(ctx, signUp, f)
	}
	if l.Letter == letters.Moved {
		f.Link = b.door.Origin + "/account"
		return nil
	}
	if _, err := b.person(ctx, l.To); errors.Is(err, account.ErrNoPerson) {
		return mail.ErrNobody // forgotten meanwhile
	} else if err != nil {
		return err
	}
	switch l.Letter {
	case letters.Invitation:
		// Whoever has come meanwhile needs none; whoever is invited anew after that cannot get in any more.
		var known view.Person
		if known, err = b.Register.Person(ctx, strings.TrimPrefix(l.To, personStream)); err != nil {
			return err
		}
		if !known.Joined.IsZero() && !known.Joined.Before(f.At) {
			return mail.ErrNobody
		}
		if f.Role, f.Member, err = b.invitedAs(ctx, l.To); err != nil {
			return err
		}
		f.Link, f.Until, err = b.door.Invite(ctx, l.To)
	case letters.Enrolment:
		f.Link, f.Until, err = b.door.EnrolLink(ctx, l.To)
	case letters.RecoveryUsed, letters.Account:
		parts := strings.Split(l.About, "/")
		at, bad := strconv.ParseInt(parts[len(parts)-1], 10, 64)
		if len(parts) != 3 || bad != nil {
			return mail.ErrNobody
		}
		f.At, f.What, f.Link = time.UnixMicro(at).UTC(), accountLetters[door.Kind(parts[1])].what, b.door.Origin+"/account"
	default:
		return mail.ErrNobody
	}
	return err
}

// invitedAs returns in which role somebody is invited, and the name of the member that it is at.
func (b *Body) invitedAs(ctx context.Context, person string) (role, member string, err error) {
	held, err := b.Register.Roles(ctx, strings.TrimPrefix(person, personStream))
	if err != nil {
		return "", "", err
	}
	for _, h := range held {
		if h.Until.IsZero() || b.now().Before(h.Until) {
			if h.Member != "" {
				w := b.Record.Look(ctx)
				member, err = act.StateOf[membership.Member](w, "member/"+h.Member).Name, w.Err()
			}
			return strings.TrimPrefix(ui.RoleTitle(h.Role), "a member's "), member, err
		}
	}
	return "", "", mail.ErrNobody
}
