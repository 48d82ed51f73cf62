package body

import (
	"context"
	"slices"
	"time"

	"shingle/internal/body/standing"
	"shingle/internal/record"
)

// row is all that is stored of a member itself.
type row struct {
	profile
	address   string
	admitted  time.Time
	code      Subscription
	successor string
	statement Statement
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

// storedMembers reads the rows of some members.
func storedMembers(ctx context.Context, tx record.Tx, members []string) (map[string]row, error) {
	stored := map[string]row{}
	err := eachChunk(members, func(chunk []any) error {
		rows, err := tx.Query(ctx, `SELECT number, name, trading_names, services, address, place, country, admitted, code_version, code_sha256, subscribed,
			successor, stated_status, stated_kind, stated_since, stated_at, stated_position FROM member WHERE number IN (`+list(len(chunk))+`)`, chunk...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var number string
			var r row
			if err := rows.Scan(&number, &r.name, jsonList{&r.tradingNames}, jsonList{&r.services}, &r.address, &r.place, &r.country, instant{&r.admitted},
				&r.code.Version, &r.code.SHA256, instant{&r.code.At}, &r.successor,
				&r.statement.Status, &r.statement.Kind, instant{&r.statement.Since}, instant{&r.statement.At}, &r.statement.Position); err != nil {
				return err
			}
			r.stated, r.version = string(r.statement.Status), r.code.Version
			stored[number] = r
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	err = eachChunk(members, func(chunk []any) error {
		rows, err := tx.Query(ctx, `SELECT member, domain, proven_at, how FROM member_domain WHERE member IN (`+list(len(chunk))+`)`, chunk...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var number string
			var d ProvenDomain
			if err := rows.Scan(&number, &d.Domain, instant{&d.ProvenAt}, &d.How); err != nil {
				return err
			}
			r := stored[number]
			r.domains = append(r.domains, d)
			stored[number] = r
		}
		return rows.Err()
	})
	return stored, err
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
