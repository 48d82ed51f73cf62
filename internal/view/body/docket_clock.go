package body

import (
	"context"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/record"
)

// ClockAsks returns up to limit acts that the clock is to ask for at a time: that a term has run for which a case was
// waiting, that a false claim which is cured comes off the list, and that a file whose time is over is destroyed.
// Where one of them brings about nothing, [Projection.Refile] puts off when it is asked for next.
func (r Register) ClockAsks(ctx context.Context, now time.Time, limit int) (asks []any, err error) {
	for _, q := range []struct {
		query string
		ask   func(id string) any
	}{
		{`SELECT id FROM docket WHERE runs_at <= $1 ORDER BY runs_at, id LIMIT $2`, func(id string) any { return cases.RunOut{Case: id} }},
		{`SELECT id FROM docket WHERE kept_until <= $1 ORDER BY kept_until, id LIMIT $2`, func(id string) any { return cases.Destroy{Case: id} }},
		{`SELECT id FROM false_claim WHERE stage = 'cured' AND removal_at <= $1 ORDER BY id LIMIT $2`, func(id string) any { return cases.Unlist{Claim: id} }},
	} {
		ids, err := r.ids(ctx, q.query, micros(now), limit-len(asks))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			asks = append(asks, q.ask(id))
		}
	}
	return asks, nil
}

// DestroyedCases returns up to limit ids of cases whose file was destroyed, after one, in order.
func (r Register) DestroyedCases(ctx context.Context, after string, limit int) ([]string, error) {
	return r.ids(ctx, `SELECT id FROM docket WHERE stage = 'destroyed' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func (r Register) ids(ctx context.Context, query string, args ...any) (ids []string, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Refile writes cases anew to which nothing happened, by the code in force at a time: another text may keep files
// longer. It is for a transaction of the clock, after it asked in vain.
func (p *Projection) Refile(tx record.Tx, w act.World, ids []string, now time.Time) {
	at := Projection{waits: map[string]bool{}, now: now}
	for _, id := range ids {
		at.waits["case/"+id] = true
	}
	at.writeDocket(tx, w)
}
