package mail

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/work/letters"
)

// deliver writes a letter and hands it on, unless that was done. An error means that it is to be tried again;
// it holds no address and no name. last says that there will be no other try.
func (m *Mailer) deliver(ctx context.Context, l Letter, last bool) error {
	before, err := m.find(ctx, l.ID())
	if err != nil {
		return err
	}
	if before.Done() && !(l.Again != "" && before.Undelivered()) {
		return nil
	}
	// Noted first: what cannot be noted is not sent, or it would be sent at each try.
	if err := m.note(ctx, l, Sending, ""); err != nil {
		return err
	}
	state, says := m.try(ctx, l)
	tooLate := l.Letter == letters.Enrolment && !before.First.IsZero() && m.Now().Sub(before.First) > pressing
	if state == Retrying && (last || tooLate) {
		state = Failed
	}
	if err := m.note(ctx, l, state, says); err != nil {
		return err
	}
	if state == Retrying {
		return errors.New(says)
	}
	if state == Failed || state == Bounced {
		m.Log.Warn("a letter was not delivered", "letter", l.Letter, "id", l.ID(), "says", says)
	}
	return nil
}

// try writes a letter and hands it on. It says what came of it, in words that hold no address.
func (m *Mailer) try(ctx context.Context, l Letter) (state, says string) {
	to, letter, err := m.write(ctx, l)
	switch {
	case errors.Is(err, ErrNobody):
		return Dropped, "there is nobody to write to any more, or nothing to write"
	case err != nil:
		m.Log.Error("a letter cannot be written now", "letter", l.Letter, "id", l.ID(), "error", err)
		return Retrying, "it cannot be written now; the server's log says why"
	}
	e, err := m.envelope(l, to, letter)
	if err != nil {
		return Bounced, err.Error()
	}
	if m.Server == nil {
		if m.Folder == "" {
			return Retrying, "no mail server is configured, and there is no folder for letters"
		}
		if err := m.lay(l, e); err != nil {
			m.Log.Error("a letter cannot be laid into the folder", "id", l.ID(), "error", err)
			return Retrying, "it cannot be laid into the folder; the server's log says why"
		}
		if _, err := m.Person(ctx, l.To); errors.Is(err, ErrNobody) { // forgotten while it was written
			if err := m.discard(ctx, "id = $1", l.ID()); err != nil {
				m.Log.Error("a letter to somebody who was forgotten lies in the folder", "id", l.ID(), "error", err)
				return Retrying, "it cannot be removed from the folder; the server's log says why"
			}
			return Dropped, "there is nobody to write to any more"
		}
		return Folder, ""
	}
	// A link that was made while the address was corrected does not go to the one before.
	switch now, err := m.Person(ctx, l.To); {
	case errors.Is(err, ErrNobody):
		return Dropped, "there is nobody to write to any more"
	case err != nil || now.Email != to.Email:
		return Retrying, "the person's address was changed while it was written, or cannot be looked up"
	}
	return m.Server.send(ctx, e)
}

// write looks up whom a letter is to, and what it says.
func (m *Mailer) write(ctx context.Context, l Letter) (to Person, letter letters.Letter, err error) {
	if to, err = m.Person(ctx, l.To); err != nil {
		return to, letter, err
	}
	if to.Email == "" {
		return to, letter, ErrNobody
	}
	body, err := m.Body(ctx)
	if err != nil {
		return to, letter, err
	}
	f := letters.Facts{Body: body.Name, Site: body.Site, Zone: body.Zone, Name: to.Name, Number: l.Member, Unsubscribe: to.Unsubscribe}
	if l.Member != "" {
		if f.Member, err = m.Member(ctx, l.Member); err != nil {
			return to, letter, err
		}
	}
	if err := m.fill(ctx, l, &f); err != nil {
		return to, letter, err
	}
	letter, err = letters.Write(l.Letter, f)
	return to, letter, err
}

// fill adds what the letter is about.
func (m *Mailer) fill(ctx context.Context, l Letter, f *letters.Facts) error {
	if about, ok := strings.CutPrefix(l.About, "duty/"); ok {
		return m.fillDuty(ctx, l, about, f)
	}
	if l.Letter == letters.Signature {
		f.Link = f.Site + "/portal"
		return nil
	}
	if about, ok := strings.CutPrefix(l.About, "event/"); ok {
		position, err := strconv.ParseInt(about, 10, 64)
		if err != nil {
			return ErrNobody
		}
		found, err := m.Record.Events(ctx, position-1, 1)
		if err != nil || len(found) == 0 || found[0].Position != position {
			return errors.Join(err, fmt.Errorf("there is no event at position %d", position))
		}
		f.At = found[0].At
		if v, ok := found[0].Event.(standing.Stated); ok {
			before, err := m.before(ctx, position, v.Member)
			if err != nil {
				return err
			}
			f.Was = stands(before.Status, before.Kind)
		}
		if known := fillEvent(found[0].Event, f); known {
			return nil
		}
	}
	if m.Fill == nil {
		return ErrNobody
	}
	return m.Fill(ctx, l, f)
}

func fillEvent(e act.Event, f *letters.Facts) (known bool) {
	switch e := e.(type) {
	case membership.Applied:
		f.Link = f.Site + "/apply/progress/" + e.Member
	case membership.Admitted:
		f.At, f.Link = e.Joined, f.Site+"/apply/progress/"+e.Member
	case membership.Declined:
		f.Reason = e.Reason
	case membership.Withdrawn:
		f.At, f.Link = e.Left, f.Site+"/register/"+e.Member
	case standing.Stated:
		f.At, f.Link = e.Since, f.Site+"/register/"+e.Member
		f.Status = stands(e.Status, e.Kind)
	default:
		return false
	}
	return true
}

// stands says a standing in words.
func stands(status standing.Status, kind standing.Kind) string {
	words := strings.ReplaceAll(string(status), "-", " ")
	switch status {
	case standing.Good:
		words = "in good standing"
	case standing.NotSubscribed:
		words = "has not signed the code"
	}
	if kind != "" {
		words += " (" + string(kind) + ")"
	}
	return words
}

func (m *Mailer) fillDuty(ctx context.Context, l Letter, about string, f *letters.Facts) error {
	kind, due, ok := readDuty(about)
	if !ok || m.Due == nil {
		return ErrNobody
	}
	owed, err := m.Due(ctx, due.Add(-time.Microsecond), due)
	if err != nil {
		return err
	}
	now := m.Now()
	for _, d := range owed {
		if d.Member == l.Member && d.Kind == kind && d.Due.Equal(due) && (d.Lapse.IsZero() || now.Before(d.Lapse)) {
			f.Owed, f.Due, f.Lapse, f.Link = d.What, d.Due, d.Lapse, f.Site+"/portal"
			if left := d.Due.Sub(now); left > 0 {
				const day = 24 * time.Hour
				f.Days = int((left + day - 1) / day)
			}
			return nil
		}
	}
	return ErrNobody // it was given meanwhile
}
