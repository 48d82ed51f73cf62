package body

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/record"
)

// Projection writes the register. It implements [record.View]. Project takes in texts, notices and
// statements and notes whom an event concerns; Settle then writes the rows of those members once, from
// the state that the transaction left.
type Projection struct {
	// Facts are the facts that a member's standing follows from.
	Facts func(w act.World, number string) standing.Facts
	// ProofUntil returns when the proof of a domain runs out: then time alone changes what is stated. Nil
	// for proofs that never do.
	ProofUntil func(w act.World, proven, at time.Time) time.Time

	touched  []string // numbers, in the order of their first event
	seen     map[string]bool
	stated   map[string]Statement
	contacts map[string]contact
	waits    map[string]bool // streams of which something may wait, or no longer does
	terms    map[string]bool // streams of courses and providers to which something happened
	reaches  [][2]string     // queries for cases that something reaches from elsewhere, each with what it is asked about
	epoch    int64           // position of the newest event that concerns every member; 0 if none of these does
	now      time.Time       // of the newest event
}

// sweep bounds how many members one transaction of the clock redraws.
const sweep = 1000

// Name implements [record.View].
func (p *Projection) Name() string { return "register" }

// Reset implements [record.View].
func (p *Projection) Reset(tx record.Tx) bool {
	for _, d := range drawn {
		tx.Exec(`DELETE FROM ` + d.table)
	}
	return true
}

// Done implements [record.View].
func (p *Projection) Done(bool) { p.forget() }

// Reload implements [record.View]: nothing is kept in memory between transactions.
func (p *Projection) Reload(context.Context, *sql.DB) error { return nil }

func (p *Projection) forget() {
	p.touched, p.reaches, p.epoch = nil, nil, 0
	p.seen, p.stated, p.contacts = map[string]bool{}, map[string]Statement{}, map[string]contact{}
	p.waits, p.terms = map[string]bool{}, map[string]bool{}
}

// Settle implements [record.View].
func (p *Projection) Settle(tx record.Tx, w act.World) error {
	if err := p.reached(tx); err != nil {
		return err
	}
	p.writeWaiting(tx, w)
	p.writeTerms(tx, w)
	p.writeDocket(tx, w)
	return p.write(tx, w, p.touched, p.now)
}

// Redraw redraws the spans and duties of up to a thousand members to whom nothing happened: those drawn before a
// change that concerns everyone, and those whose time has come. It returns how many it looked at. The
// record's clock calls it at the beginning of every round, in a transaction of its own, and then asks
// for the statements that are [Register.Due]; a member of whom the log already says what is so is off
// that list after the next round.
func (p *Projection) Redraw(tx record.Tx, w act.World, now time.Time) (int, error) {
	members, err := overdue(tx, micros(now))
	if err != nil {
		return 0, err
	}
	return len(members), p.write(tx, w, members, now)
}

// write queues the rows of members as they are at a time. What it reads was queued by no one in this transaction.
func (p *Projection) write(tx record.Tx, w act.World, touched []string, at time.Time) error {
	if len(touched) == 0 {
		return nil
	}
	now := micros(at)
	ctx := context.Background() // an append is never given up halfway
	epoch, old, err := storedMembers(ctx, tx, touched)
	if err != nil {
		return err
	}
	if p.epoch > 0 {
		epoch = p.epoch
	}
	out := newWriter(tx)
	added := 0
	for _, number := range touched {
		if c, ok := p.contacts[number]; ok {
			out.contacts.Add(number, c.person, c.name, c.email)
		}
		was := old[number]
		is, ok := p.member(w, number, was, at)
		if !ok {
			continue
		}
		if !was.known {
			added++
		}
		out.index(number, was.profile, is.profile)
		if values := is.values(number); !was.known || !slices.Equal(values, was.values(number)) {
			out.members.Add(values...)
		}
		outlook := flowbody.Outlook(w, number, p.Facts(w, number), time.UnixMicro(now).UTC())
		spans := spansOf(outlook.Spans)
		out.respan(number, was.spans, spans)
		out.redue(number, was.duties, dutiesOf(outlook.Duties))
		out.dues.Add(number, p.due(w, number, is, spans, now), epoch, untilMicros(outlook.Next))
	}
	if added > 0 {
		tx.Exec(`UPDATE body SET members = members + $1 WHERE id = 1`, added)
	}
	out.flush()
	return nil
}

// due returns when something must be stated about a member by time alone: at once, if the log does not
// say what is so; else when its standing changes or the proof of one of its domains runs out.
func (p *Projection) due(w act.World, number string, is row, spans []span, now int64) int64 {
	if !is.stands(spans, now) {
		return now
	}
	due := nextChange(spans, now)
	// Also a domain whose proof is over: what was stated while it ran may still name it.
	for _, d := range act.StateOf[membership.Member](w, "member/"+number).Domains {
		if d.ProvenAt.IsZero() || p.ProofUntil == nil {
			continue
		}
		if end := micros(p.ProofUntil(w, d.ProvenAt, time.UnixMicro(now).UTC())); end > micros(is.statement.At) {
			due = min(due, end)
		}
	}
	return due
}

// overdue returns members that need to be looked at although nothing happened to them.
func overdue(tx record.Tx, now int64) ([]string, error) {
	rows, err := tx.Query(context.Background(), `SELECT member FROM standing_due WHERE at <= $1
		UNION SELECT member FROM standing_due WHERE duties_at <= $1
		UNION SELECT member FROM standing_due WHERE epoch < (SELECT epoch FROM body WHERE id = 1) LIMIT $2`, now, sweep)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var members []string
	for rows.Next() {
		var m string
		if err := rows.Scan(&m); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, rows.Err()
}
