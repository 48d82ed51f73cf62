package body

import (
	"cmp"
	"context"
	"time"
)

// Place is where a member stands in the list by name.
type Place struct{ Key, Number string }

// Cursor returns the cursor of the list by name that goes on after the place.
func (p Place) Cursor() string {
	if p == (Place{}) {
		return ""
	}
	return cursorOf(p.Key, p.Number)
}

// Compare orders places as the list does.
func (p Place) Compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Key, o.Key), cmp.Compare(p.Number, o.Number))
}

// PlaceOf returns where a member of that name stands in the list by name.
func PlaceOf(name, number string) Place { return Place{sortKey(name), number} }

// Numbers returns up to limit numbers of members after one, in order.
func (r Register) Numbers(ctx context.Context, after string, limit int) (numbers []string, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT number FROM member WHERE number > $1 ORDER BY number LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, rows.Err()
}

// NoticesExpired returns the notices whose time passed after one moment and up to another.
func (r Register) NoticesExpired(ctx context.Context, after, until time.Time) ([]Notice, error) {
	return r.notices(ctx, noticeColumns+`WHERE n.expires > $1 AND n.expires <= $2`, after.UnixMicro(), until.UnixMicro())
}
