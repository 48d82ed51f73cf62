package mail

import (
	"context"
	"errors"
	"strconv"

	"shingle/internal/work"
	"shingle/internal/work/letters"
)

// ErrNotAgain says that a letter is not sent again.
var ErrNotAgain = errors.New("this letter is not sent again: it was delivered, is still being tried, or nobody waits for it any more")

// Undelivered reports whether a letter was refused or given up.
func (o Outcome) Undelivered() bool { return o.State == Failed || o.State == Bounced }

// Again reports whether a letter may be asked for again. A link that works for minutes is not sent to somebody
// who waits at no page any more: they ask for another.
func (o Outcome) Again() bool {
	return o.Undelivered() && o.About != "" && o.Letter != letters.Enrolment
}

// Again sends a letter again that was not delivered, to the address that its person has now. It fails with
// [ErrNotAgain] for any other. Who asks twice, before something new came of it, asks once.
func (m *Mailer) Again(ctx context.Context, w *work.Work, id string) error {
	o, err := m.find(ctx, id)
	if err != nil {
		return err
	}
	if !o.Again() {
		return ErrNotAgain
	}
	return w.Add(ctx, Letter{Letter: o.Letter, To: o.Person, About: o.About, Member: o.Member, Again: strconv.FormatInt(o.At.UnixMicro(), 10)})
}
