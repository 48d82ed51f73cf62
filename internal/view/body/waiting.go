package body

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/record"
)

// mostWaiting bounds how much of what waits is listed.
const mostWaiting = 1000

// Waiting returns what waits for the body's own people at a time: of the kinds named, or of all if none is. What
// has a day comes first, the earliest before the others; then what has waited longest. It lists up to a thousand.
func (r Register) Waiting(ctx context.Context, at time.Time, kinds ...string) ([]flowbody.Waiting, error) {
	if len(kinds) == 0 {
		kinds = flowbody.WaitingKinds
	}
	var all []flowbody.Waiting
	for _, kind := range kinds { // each walks along the index, and stops
		rows, err := r.DB.QueryContext(ctx, `SELECT subject, kind, member, what, act, since_at, due_at, until_at FROM waiting
			WHERE kind = $1 AND until_at > $2 ORDER BY due_at, since_at, subject LIMIT $3`, kind, at.UnixMicro(), mostWaiting)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var w flowbody.Waiting
			if err := rows.Scan(&w.Subject, &w.Kind, &w.Member, &w.What, &w.Act, instant{&w.Since}, instant{&w.Due}, instant{&w.Until}); err != nil {
				rows.Close()
				return nil, err
			}
			all = append(all, w)
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, flowbody.Waiting.Compare)
	return all[:min(len(all), mostWaiting)], nil
}

// Application is a company that asks to be let in. It is no member, and not in the register.
type Application struct {
	Number      string
	Name        string
	Place       string
	Country     string
	Domains     []string // as it says; nothing is proven
	Services    []string
	SuccessorOf string // number of a former member that the same people run, ""
	Applied     time.Time

	Passed, Failed, Missing []string // checks
}

// Applications returns up to limit companies that ask to be let in, the one that waits longest first, after one
// that was returned before; the zero Application begins.
func (r Register) Applications(ctx context.Context, after Application, limit int) ([]Application, error) {
	return r.applications(ctx, `WHERE (applied, number) > ($1, $2) ORDER BY applied, number LIMIT $3`, micros(after.Applied), after.Number, limit)
}

// Application returns one company that asks to be let in; ErrNotFound if it does not.
func (r Register) Application(ctx context.Context, number string) (Application, error) {
	all, err := r.applications(ctx, `WHERE number = $1`, number)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Application{}, err
	}
	return all[0], nil
}

func (r Register) applications(ctx context.Context, where string, args ...any) ([]Application, error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT number, name, place, country, domains, services, successor_of, applied, passed, failed, missing FROM application `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Application
	for rows.Next() {
		var a Application
		if err := rows.Scan(&a.Number, &a.Name, &a.Place, &a.Country, jsonList{&a.Domains}, jsonList{&a.Services}, &a.SuccessorOf, instant{&a.Applied},
			jsonList{&a.Passed}, jsonList{&a.Failed}, jsonList{&a.Missing}); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// wait notes a stream of which something may wait after an event. What happens to a member mostly makes nothing
// wait: only the way in does.
func (p *Projection) wait(e act.Recorded) {
	switch e.Event.(type) {
	case education.CreditClaimed, education.ClaimDecided:
		p.waits[e.Stream] = true
	case membership.Applied, membership.Checked, membership.Admitted, membership.Declined, membership.Enrolled:
		if _, ok := e.Event.(membership.Enrolled); ok && e.Version == 1 {
			return // it never applied
		}
		p.waits[e.Stream] = true
	default:
		switch kind, _, _ := strings.Cut(e.Stream, "/"); kind {
		case "order", "charge", "case", "claim", "provider", "course", "audit":
			p.waits[e.Stream] = true
		}
	}
}

// writeWaiting writes anew what waits of the streams to which something happened.
func (p *Projection) writeWaiting(tx record.Tx, w act.World) {
	waiting := record.Into(tx, "waiting", "subject, kind, member, what, act, since_at, due_at, until_at", "")
	applications := record.Into(tx, "application", "number, name, place, country, domains, services, successor_of, applied, passed, failed, missing", "")
	for _, stream := range slices.Sorted(maps.Keys(p.waits)) {
		if strings.HasPrefix(stream, "order/") {
			writeOrder(tx, w, stream)
		}
		tx.Exec(`DELETE FROM waiting WHERE subject = $1`, stream)
		number, company := strings.CutPrefix(stream, "member/")
		if company {
			tx.Exec(`DELETE FROM application WHERE number = $1`, number)
		}
		on, ok := flowbody.WaitingOn(w, stream)
		if !ok {
			continue
		}
		waiting.Add(on.Subject, on.Kind, on.Member, on.What, on.Act, micros(on.Since), untilMicros(on.Due), untilMicros(on.Until))
		if company {
			m := act.StateOf[membership.Member](w, stream)
			passed, failed, missing := m.Looked()
			domains := make([]string, len(m.Domains))
			for i, d := range m.Domains {
				domains[i] = d.Name
			}
			applications.Add(number, m.Name, m.Place, m.Country, toJSON(domains), toJSON(m.Services), m.SuccessorOf(), micros(m.Applied),
				toJSON(passed), toJSON(failed), toJSON(missing))
		}
	}
	waiting.Flush()
	applications.Flush()
}
