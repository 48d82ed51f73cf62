package body

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/body/standing"
)

// Owed is a duty of a member.
type Owed struct {
	Member string // number
	standing.Duty
}

// Duties returns what a member owes: the earliest due first, what has no day last.
func (r Register) Duties(ctx context.Context, member string) ([]standing.Duty, error) {
	owed, err := r.owed(ctx, `WHERE member = $1 ORDER BY due_at, kind, subject`, member)
	duties := make([]standing.Duty, len(owed))
	for i := range owed {
		duties[i] = owed[i].Duty
	}
	return duties, err
}

// mostDuties bounds a page of duties.
const mostDuties = 1000

// DutiesBetween returns up to limit duties of all members that are due from a time on and before another, the
// earliest first, and the cursor of those after them; "" at the end. It begins after a cursor that it returned
// before, or at the beginning for "". What has no day is due at no time. A cursor that is none is [ErrQuery].
func (r Register) DutiesBetween(ctx context.Context, from, until time.Time, limit int, after string) (page []Owed, next string, err error) {
	limit = min(max(limit, 1), mostDuties)
	where, args := `WHERE due_at >= $1 AND due_at < $2`, []any{micros(from), untilMicros(until)}
	if after != "" {
		due, key, err := dutyPlace(after)
		if err != nil {
			return nil, "", err
		}
		where += ` AND (due_at, member, kind, subject) > ($3, $4, $5, $6)`
		args = append(args, due, key[0], key[1], key[2])
	}
	page, err = r.owed(ctx, where+fmt.Sprintf(` ORDER BY due_at, member, kind, subject LIMIT %d`, limit+1), args...)
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	page = page[:limit]
	d := page[limit-1]
	place := strings.Join([]string{strconv.FormatInt(micros(d.Due), 10), d.Member, string(d.Kind), d.Subject}, "\n")
	return page, base64.RawURLEncoding.EncodeToString([]byte(place)), nil
}

// DutiesOf returns up to limit duties of these kinds of all members, due from a time on and before another, the
// earliest first.
func (r Register) DutiesOf(ctx context.Context, kinds []standing.DutyKind, from, until time.Time, limit int) ([]Owed, error) {
	limit = min(max(limit, 1), mostDuties)
	var all []Owed
	for _, kind := range kinds { // each walks along the index, and stops
		some, err := r.owed(ctx, fmt.Sprintf(`WHERE kind = $1 AND due_at >= $2 AND due_at < $3 ORDER BY due_at, member, subject LIMIT %d`, limit),
			string(kind), micros(from), untilMicros(until))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Owed) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Member, b.Member), a.Compare(b.Duty))
	})
	return all[:min(len(all), limit)], nil
}

// CountDuties returns how many duties, of these kinds or of all if none is named, are due from a time on and before
// another, at most limit.
func (r Register) CountDuties(ctx context.Context, from, until time.Time, limit int, kinds ...standing.DutyKind) (n int64, err error) {
	const between = `due_at >= $1 AND due_at < $2`
	if len(kinds) == 0 {
		err = r.DB.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM duty WHERE `+between+` LIMIT $3) AS due`, micros(from), untilMicros(until), limit).Scan(&n)
		return n, err
	}
	for _, kind := range kinds {
		var of int64
		if err := r.DB.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM duty WHERE `+between+` AND kind = $3 LIMIT $4) AS due`,
			micros(from), untilMicros(until), string(kind), limit).Scan(&of); err != nil {
			return 0, err
		}
		n += of
	}
	return min(n, int64(limit)), nil
}

func dutyPlace(cursor string) (due int64, key [3]string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(text), "\n")
	if err != nil || len(parts) != 4 || !utf8.Valid(text) || strings.ContainsRune(string(text), 0) {
		return 0, key, ErrQuery
	}
	if due, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return 0, key, ErrQuery
	}
	return due, [3]string(parts[1:]), nil
}

func (r Register) owed(ctx context.Context, where string, args ...any) ([]Owed, error) {
	b, err := r.Body(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.DB.QueryContext(ctx, `SELECT member, kind, subject, rule, from_at, due_at, lapse_at FROM duty `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Owed
	for rows.Next() {
		var o Owed
		if err := rows.Scan(&o.Member, &o.Kind, &o.Subject, &o.Rule, instant{&o.From}, instant{&o.Due}, instant{&o.Lapse}); err != nil {
			return nil, err
		}
		o.Duty = o.Worded(b.Zone)
		all = append(all, o)
	}
	return all, rows.Err()
}

// duty is a stored duty.
type duty struct {
	kind, subject, rule string
	from, due, lapse    int64
}

func dutiesOf(duties []standing.Duty) []duty {
	all := make([]duty, len(duties))
	for i, d := range duties {
		all[i] = duty{string(d.Kind), d.Subject, d.Rule, micros(d.From), untilMicros(d.Due), untilMicros(d.Lapse)}
	}
	return all
}

// redue queues what turns the old duties of a member into the new ones; equal ones stay untouched.
func (w *writer) redue(member string, old, is []duty) {
	for _, d := range without(old, is) {
		w.tx.Exec(`DELETE FROM duty WHERE member = $1 AND kind = $2 AND subject = $3`, member, d.kind, d.subject)
	}
	for _, d := range without(is, old) {
		w.duties.Add(member, d.kind, d.subject, d.rule, d.from, d.due, d.lapse)
	}
}
