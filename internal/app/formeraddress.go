package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// formerly is where mail reached a person before an event of the record, e.g. "former/0007@1234": neither a job nor what
// came of its letter holds an address.
const formerly = "former/"

// mostTold is how many changes of one person's address are told in a day: whoever changed it back and forth would send
// letters to others without end.
const mostTold = 5

// moves returns a letter to the address that a person had before it was corrected, unless it is still theirs.
func (b *Body) moves(ctx context.Context, e act.Recorded, v people.PersonCorrected) ([]mail.Letter, error) {
	before, told, err := b.formerAddress(ctx, v.Person, e)
	now, readErr := b.Record.Readable(e)
	if err != nil || readErr != nil || before.Email == "" || told >= mostTold {
		return nil, err // what cannot be read is forgotten
	}
	if strings.EqualFold(before.Email, now.Event.(people.PersonCorrected).Email.Text()) {
		return nil, nil
	}
	to := formerly + v.Person + "@" + strconv.FormatInt(e.Position, 10)
	return []mail.Letter{{Letter: letters.Moved, To: to, About: "event/" + strconv.FormatInt(e.Position, 10)}}, nil
}

// formerAddress returns what a person was called and where mail reached them before an event, "" where that is
// forgotten, and how often their address was corrected in the day before it.
func (b *Body) formerAddress(ctx context.Context, person string, until act.Recorded) (was mail.Person, corrected int, err error) {
	events, err := b.Record.Concerning(ctx, personStream+person, until.Position-1)
	if err != nil {
		return was, 0, err
	}
	for _, e := range events {
		open, err := b.Record.Readable(e)
		if err != nil {
			return was, 0, err
		}
		switch v := open.Event.(type) {
		case people.PersonInvited:
			was = mail.Person{Name: v.Name.Text(), Email: v.Email.Text()}
		case people.PersonRegistered:
			was = mail.Person{Name: v.Name.Text(), Email: v.Email.Text()}
		case people.PersonCorrected:
			was = mail.Person{Name: v.Name.Text(), Email: v.Email.Text()}
			if until.At.Sub(e.At) < 24*time.Hour {
				corrected++
			}
		case people.PersonForgotten:
			was = mail.Person{}
		}
	}
	if !strings.Contains(was.Email, "@") {
		was = mail.Person{}
	}
	return was, corrected, nil
}

// toFormer returns whom a letter to a former address goes to, by what follows "former/".
func (b *Body) toFormer(ctx context.Context, id string) (mail.Person, error) {
	person, at, _ := strings.Cut(id, "@")
	position, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return mail.Person{}, mail.ErrNobody
	}
	known, err := b.Register.Person(ctx, person)
	if err == nil && !known.Forgotten.IsZero() {
		return mail.Person{}, mail.ErrNobody
	} else if err != nil {
		return mail.Person{}, fmt.Errorf("person %s cannot be looked up: %w", person, err)
	}
	was, _, err := b.formerAddress(ctx, person, act.Recorded{Position: position})
	if err == nil && was.Email == "" {
		err = mail.ErrNobody
	}
	if known.Joined.IsZero() {
		was.Name = "" // it may have been a stranger's address, who was never to know of whom
	}
	return was, err
}

// formers returns under which names letters went to the addresses that a person had.
func (b *Body) formers(ctx context.Context, person string) (ids []string, err error) {
	events, err := b.Record.Concerning(ctx, personStream+person, b.Record.Position())
	for _, e := range events {
		if _, ok := e.Event.(people.PersonCorrected); ok {
			ids = append(ids, formerly+person+"@"+strconv.FormatInt(e.Position, 10))
		}
	}
	return ids, err
}
