package body

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/code"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/record"
)

// reach notes what an event does to cases in which nothing happened: a member that merges brings them along, and a
// file that is destroyed lets those go that went on in it.
func (p *Projection) reach(kind, about string) {
	p.reaches = append(p.reaches, [2]string{kind, about})
}

// What docket rows are looked up by when something reaches them from elsewhere.
const (
	byMember = `SELECT id FROM docket_member WHERE member = $1`
	byInto   = `SELECT id FROM docket WHERE into_case = $1`
)

// reached adds the cases that something reached from elsewhere to those that are written anew.
func (p *Projection) reached(tx record.Tx) error {
	for _, q := range p.reaches {
		rows, err := tx.Query(context.Background(), q[0], q[1])
		if err != nil {
			return err
		}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				rows.Close()
				return err
			}
			p.waits["case/"+id] = true
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

// docketWriter collects the rows of the cases that a transaction changed.
type docketWriter struct {
	tx                            record.Tx
	cases, members, parts, spells *record.Rows
	zone                          *time.Location
	holidays                      code.Holidays
}

// writeDocket writes the cases and false claims anew to which something happened.
func (p *Projection) writeDocket(tx record.Tx, w act.World) {
	out := docketWriter{
		tx: tx,
		cases: record.Into(tx, "docket", "id, stage, open, member, told, manager, anonymous, held, lodged_at, over_at, published_at, kept_until, outcome, "+
			"sanction, into_case, paused_at, runs_at, due_at, due_term, act, what, since_at, act_due", ""),
		members: record.Into(tx, "docket_member", "member, id, told", ""),
		parts:   record.Into(tx, "docket_part", "person, id, part, now", ""),
		spells:  record.Into(tx, "docket_term", "id, n, term, bodys, from_at, due_at, done_at, paused, alarm_at", ""),
	}
	for _, stream := range slices.Sorted(maps.Keys(p.waits)) {
		switch kind, _, _ := strings.Cut(stream, "/"); kind {
		case "case":
			if out.zone == nil {
				b := act.StateOf[governance.Body](w, "body")
				out.zone, out.holidays = b.Location, b.Holidays
			}
			out.write(w, act.StateOf[cases.Case](w, stream), p.now)
		case "claim":
			writeClaim(tx, w, stream)
		}
	}
	for _, rows := range []*record.Rows{out.cases, out.members, out.parts, out.spells} {
		rows.Flush()
	}
}

func (o *docketWriter) write(w act.World, c cases.Case, now time.Time) {
	for _, table := range []string{"docket", "docket_member", "docket_part", "docket_term"} {
		o.tx.Exec(`DELETE FROM `+table+` WHERE id = $1`, c.ID)
	}
	awaits, _ := c.Awaits()
	due, term := firstDue(c)
	sanction := c.Decision.Sanction.Measure
	switch {
	case sanction == "" && c.Stage == cases.Offered:
		sanction = c.Offer.Measure
	case sanction == "":
		sanction = c.Consent.Sanction.Measure
	}
	o.cases.Add(c.ID, string(c.Stage), bit(c.IsOpen()), c.Member, bit(c.Told), strings.TrimPrefix(c.Manager, personActor), bit(c.Complainant.Anonymous), bit(c.Hold),
		micros(c.Began()), micros(c.Over), micros(c.Published), untilMicros(flowbody.Kept(w, c.ID, now)), c.Outcome, sanction, c.Into, micros(c.Paused),
		untilMicros(c.Runs()), untilMicros(due), term, awaits.Act, awaits.What, micros(awaits.Since), untilMicros(awaits.Due))
	for _, member := range flowbody.Respondents(w, c) {
		o.members.Add(member, c.ID, bit(c.Told))
	}
	for _, p := range placesOf(c) {
		o.parts.Add(p.person, c.ID, p.part, bit(p.now))
	}
	o.terms(c)
}

// terms writes what time a case gives and gave, and the day of its hearing.
func (o *docketWriter) terms(c cases.Case) {
	alarms := map[cases.Term]time.Time{}
	for _, d := range c.Due(time.Time{}, o.zone, o.holidays) { // at the beginning of time every term still runs
		alarms[d.Term] = d.Alarm
	}
	for n, t := range c.Terms {
		o.spells.Add(c.ID, n, t.Name, bit(t.BindsBody()), micros(t.From), micros(t.Due), micros(t.Done), bit(t.Done.IsZero() && !c.Paused.IsZero()), micros(alarms[t]))
	}
	if on := hearing(c); !on.IsZero() {
		o.spells.Add(c.ID, len(c.Terms), TermHearing, bit(false), micros(c.Charges.Served), micros(on), 0, bit(!c.Paused.IsZero()), 0)
	}
}

// hearing returns when a case is to be heard; zero where it is not.
func hearing(c cases.Case) time.Time {
	if c.Stage != cases.Charged {
		return time.Time{}
	}
	return c.Hearing.On
}

// firstDue returns the first day that somebody must keep, or with which something ends by itself, and the term that
// it is the end of. It lies in the past for what is overdue.
func firstDue(c cases.Case) (due time.Time, term string) {
	if !c.Paused.IsZero() {
		return time.Time{}, ""
	}
	sooner := func(at time.Time, name string) {
		if !at.IsZero() && (due.IsZero() || at.Before(due)) {
			due, term = at, name
		}
	}
	for _, t := range c.Terms {
		if t.Done.IsZero() && c.Stage != cases.Destroyed && (t.BindsBody() || t.Due.Equal(c.Runs())) {
			sooner(t.Due, t.Name)
		}
	}
	sooner(hearing(c), TermHearing)
	return due, term
}
