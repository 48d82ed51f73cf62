// Package demo plays two years in the life of a professional body, up to the present moment, so that
// whoever starts the demo meets a register with a past.
//
// The body, its members and their misdeeds are fictional; nothing else is. Every line of the history is
// an act like any other, asked for by an officer or by a member's representative who may ask for it,
// decided by the same rules, and recorded at the time at which it happens, because the clock of the
// demo stands there. [Build] begins about two years before now: a body is founded, adopts a first text
// of its code, takes over three hundred companies from paper and goes live. From then on companies
// apply, sign, pay their dues or forget to, attest every quarter, move and merge; a second text comes into
// force; and a few of them are found to have violated it.
//
// All days are counted back from now, and chance comes from a fixed seed: the same now gives the same
// history. Who comes to what end stands in fates.go; what officers decided on paper about
// some of them, in cases.go; the complaints since, from one that came the other day to those that are over, in
// complaints.go.
package demo

import (
	"context"
	"time"

	"shingle/internal/body/discipline"
	"shingle/internal/gate"
	"shingle/internal/record"
)

// Stage is where the history is played: an empty record and its clock.
type Stage struct {
	Record *record.Record
	// Set moves the record's clock to t, which is never before the t of the call before.
	Set func(t time.Time)
	// FallDue states the standings that time alone has changed by now.
	FallDue func(ctx context.Context) error
}

// Build plays the history up to now and leaves the clock there. progress, if not nil, is told now and
// then how many acts are done. An error means that the record is not fit for a demo.
func Build(ctx context.Context, s Stage, now time.Time, progress func(done, of int)) error {
	h, err := write(now)
	if err != nil {
		return err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	return h.play(ctx, s, progress)
}

// Token is a role for which the demo gives its visitors a token.
type Token struct {
	Role   string
	Name   string // who holds it
	Member string // whom a representative acts for, else ""
}

// Tokens are the roles for which the demo gives its visitors tokens. An order takes two of them: the case
// manager records what was decided, and the chair confirms it.
var Tokens = []Token{
	{Role: gate.Registrar, Name: "Registrar of the demo"},
	{Role: gate.CaseManager, Name: "Case manager of the demo"},
	{Role: gate.Chair, Name: "Chair of the demo"},
	{Role: gate.Auditor, Name: "Auditor of the demo"},
	{Role: gate.Representative, Name: "Ruben Brightwater, Cobalt Ridge IT", Member: model},
}

// model is the member whose papers are always in order, and of whom the documentation tells.
const model = "0042"

// Expellable are members in good standing against whom nothing was ever recorded, for visitors who want
// to see an expulsion.
var Expellable = []string{"0117", "0200"}

// Decision returns an expulsion, decided on paper before the demo's register went live, that the case
// manager may record now: what a visitor would have to type in.
func Decision(member string, now time.Time) (discipline.Record, error) {
	c, err := newCalendar(now)
	if err != nil {
		return discipline.Record{}, err
	}
	d := c.decided(4)
	d.Member, d.Sanction = member, discipline.Expulsion
	d.Findings = []string{
		"1.1=The company sold what it had seen in two customers' systems to their competitors.",
		"1.2=It had searched those systems for what the competitors asked, which no work required.",
	}
	d.Text = "The panel found that nothing less than expulsion protects the company's customers."
	return d, nil
}
