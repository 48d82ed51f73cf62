package body

import (
	"context"
	"time"
)

// Due returns up to limit members, the longest due first, whose public standing time alone has changed
// since it was last stated. The record's clock asks standing.state for each of them.
func (r Register) Due(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return r.numbers(ctx, `SELECT member FROM standing_due WHERE at <= $1 ORDER BY at, member LIMIT $2`, now.UnixMicro(), limit)
}

// Stale returns up to limit members whose spans to come were drawn before the newest change that
// concerns everyone. The record's clock has them redrawn by [Projection.Redraw].
func (r Register) Stale(ctx context.Context, limit int) ([]string, error) {
	return r.numbers(ctx, `SELECT member FROM standing_due WHERE epoch < (SELECT epoch FROM body WHERE id = 1) ORDER BY epoch, member LIMIT $1`, limit)
}

func (r Register) numbers(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var numbers []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, rows.Err()
}

// CountDue returns how many members' public standing time alone changes by then, at most limit.
func (r Register) CountDue(ctx context.Context, by time.Time, limit int) (n int64, err error) {
	err = r.DB.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM standing_due WHERE at <= $1 LIMIT $2) AS due`, by.UnixMicro(), limit).Scan(&n)
	return n, err
}
