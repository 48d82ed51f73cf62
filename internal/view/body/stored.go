package body

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"shingle/internal/body/standing"
	"shingle/internal/record"
)

// row is what is stored of a member, but for what can be made of it.
type row struct {
	profile
	address   string
	admitted  time.Time
	code      Subscription
	successor string
	statement Statement
	spans     []span
	duties    []duty
	known     bool // there is such a row
}

const memberColumns = "number, name, sort_key, trading_names, domains, services, address, place, country, admitted, " +
	"code_version, code_sha256, subscribed, successor, stated_status, stated_kind, stated_since, stated_at, stated_position"

const memberUpdate = ` ON CONFLICT (number) DO UPDATE SET name = excluded.name, sort_key = excluded.sort_key, trading_names = excluded.trading_names,
	domains = excluded.domains, services = excluded.services, address = excluded.address, place = excluded.place, country = excluded.country,
	admitted = excluded.admitted, code_version = excluded.code_version, code_sha256 = excluded.code_sha256, subscribed = excluded.subscribed,
	successor = excluded.successor, stated_status = excluded.stated_status, stated_kind = excluded.stated_kind,
	stated_since = excluded.stated_since, stated_at = excluded.stated_at, stated_position = excluded.stated_position`

// values returns the columns of the member's row.
func (r row) values(number string) []any {
	return []any{number, r.name, sortKey(r.name), toJSON(r.tradingNames), toJSON(r.domainNames()), toJSON(r.services), r.address, r.place, r.country,
		micros(r.admitted), r.code.Version, r.code.SHA256, micros(r.code.At), r.successor,
		string(r.statement.Status), string(r.statement.Kind), micros(r.statement.Since), micros(r.statement.At), r.statement.Position}
}

// stands reports whether the log says of the member what its spans say of now.
func (r row) stands(spans []span, now int64) bool {
	for _, s := range spans {
		if s.from <= now && now < s.until {
			return r.statement.Status == standing.Status(s.status) && r.statement.Kind == standing.Kind(s.kind)
		}
	}
	return r.statement.Status == ""
}

// The sorts of rows that storedMembers reads.
const (
	ofBody = iota
	ofMember
	ofDomain
	ofSpan
	ofDuty
)

// storedMembers reads what is stored of some members, and the epoch, in one question for many: each costs a
// round trip. All its rows have the same columns; what each sort of row has in them stands where it is scanned.
func storedMembers(ctx context.Context, tx record.Tx, members []string) (epoch int64, stored map[string]row, err error) {
	stored = make(map[string]row, len(members))
	err = eachChunk(members, func(chunk []any) error {
		rows, err := tx.Before(ctx, storedQuery(len(chunk)), slices.Concat(chunk, chunk, chunk, chunk)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var sort int
			var number string
			var t [11]string
			var n [5]int64
			if err := rows.Scan(&sort, &number, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7], &t[8], &t[9], &t[10], &n[0], &n[1], &n[2], &n[3], &n[4]); err != nil {
				return err
			}
			r := stored[number]
			switch sort {
			case ofBody:
				epoch = n[0]
				continue
			case ofMember:
				if err := errors.Join(scanJSON(t[1], &r.tradingNames), scanJSON(t[2], &r.services)); err != nil {
					return err
				}
				r.name, r.address, r.place, r.country = t[0], t[3], t[4], t[5]
				r.admitted, r.code, r.successor = fromMicros(n[0]), Subscription{t[6], t[7], fromMicros(n[1])}, t[8]
				r.statement = Statement{Standing{standing.Status(t[9]), standing.Kind(t[10]), fromMicros(n[2])}, fromMicros(n[3]), n[4]}
				r.stated, r.version, r.known = t[9], r.code.Version, true
			case ofDomain:
				r.domains = append(r.domains, ProvenDomain{t[0], fromMicros(n[0]), t[1]})
			case ofSpan:
				r.spans = append(r.spans, span{n[0], n[1], t[0], t[1]})
			case ofDuty:
				r.duties = append(r.duties, duty{t[0], t[1], t[2], n[0], n[1], n[2]})
			}
			stored[number] = r
		}
		return rows.Err()
	})
	return epoch, stored, err
}

// storedQueries are the texts of storedQuery, once they were made: int → string.
var storedQueries sync.Map

// storedQuery asks for what is stored of n members, whose numbers are its parameters four times over.
func storedQuery(n int) string {
	if known, ok := storedQueries.Load(n); ok {
		return known.(string)
	}
	query := fmt.Sprintf(`SELECT %d, '', '', '', '', '', '', '', '', '', '', '', '', epoch, 0, 0, 0, 0 FROM body WHERE id = 1
		UNION ALL SELECT %d, number, name, trading_names, services, address, place, country, code_version, code_sha256, successor, stated_status, stated_kind,
			admitted, subscribed, stated_since, stated_at, stated_position FROM member WHERE number IN (%s)
		UNION ALL SELECT %d, member, domain, how, '', '', '', '', '', '', '', '', '', proven_at, 0, 0, 0, 0 FROM member_domain WHERE member IN (%s)
		UNION ALL SELECT %d, member, status, kind, '', '', '', '', '', '', '', '', '', from_at, until_at, 0, 0, 0 FROM standing_span WHERE member IN (%s)
		UNION ALL SELECT %d, member, kind, subject, rule, '', '', '', '', '', '', '', '', from_at, due_at, lapse_at, 0, 0 FROM duty WHERE member IN (%s)`,
		ofBody, ofMember, placeholders(1, n), ofDomain, placeholders(1+n, n), ofSpan, placeholders(1+2*n, n), ofDuty, placeholders(1+3*n, n))
	storedQueries.Store(n, query)
	return query
}

// domainNames returns the domains in order.
func (p profile) domainNames() []string {
	names := make([]string, len(p.domains))
	for i, d := range p.domains {
		names[i] = d.Domain
	}
	slices.Sort(names)
	return names
}
