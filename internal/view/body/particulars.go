package body

import (
	"context"
	"slices"
	"time"
)

// Particulars are what the office's lists say of a member beyond what everybody reads.
type Particulars struct {
	Name         string
	Address      string
	Admitted     time.Time
	Code         Subscription
	NextDue      time.Time // of the earliest duty that has a day; zero for none
	ContactName  string    // "" once forgotten
	ContactEmail string
}

// Particulars returns what the office's lists say of some members. Those of companies that wait to be let in are
// their names and contacts; a number that is nobody's is left out.
func (r Register) Particulars(ctx context.Context, numbers []string) (map[string]Particulars, error) {
	all := map[string]Particulars{}
	numbers = slices.Compact(slices.Sorted(slices.Values(numbers)))
	err := eachChunk(numbers, func(chunk []any) error {
		rows, err := r.DB.QueryContext(ctx, `SELECT m.number, m.name, m.address, m.admitted, m.code_version, m.code_sha256, m.subscribed,
			coalesce((SELECT min(d.due_at) FROM duty d WHERE d.member = m.number), 0), coalesce(c.name, ''), coalesce(c.email, '')
			FROM member m LEFT JOIN member_contact c ON c.number = m.number WHERE m.number IN (`+placeholders(1, len(chunk))+`)
			UNION ALL SELECT a.number, a.name, '', 0, '', '', 0, 0, coalesce(c.name, ''), coalesce(c.email, '')
			FROM application a LEFT JOIN member_contact c ON c.number = a.number
			WHERE a.number IN (`+placeholders(1, len(chunk))+`) AND NOT EXISTS (SELECT 1 FROM member m WHERE m.number = a.number)`, chunk...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var number string
			var p Particulars
			if err := rows.Scan(&number, &p.Name, &p.Address, instant{&p.Admitted}, &p.Code.Version, &p.Code.SHA256, instant{&p.Code.At},
				instant{&p.NextDue}, &p.ContactName, &p.ContactEmail); err != nil {
				return err
			}
			all[number] = p
		}
		return rows.Err()
	})
	return all, err
}
