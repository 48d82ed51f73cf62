package body

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// drawn are the tables of the register, all of which follow from the record, and the column that says whom or what
// a row is about.
var drawn = []struct{ table, about string }{
	{"body", "id"}, {"code_version", "version"}, {"member", "number"}, {"member_contact", "number"}, {"member_domain", "member"},
	{"member_name", "member"}, {"member_word", "member"}, {"member_facet", "member"}, {"facet", "value"}, {"standing_span", "member"},
	{"standing_due", "member"}, {"notice", "id"}, {"person", "id"}, {"person_role", "person"}, {"duty", "member"}, {"waiting", "subject"},
	{"application", "number"}, {"member_order", "id"}, {"docket", "id"}, {"docket_member", "id"}, {"docket_part", "id"}, {"docket_term", "id"},
	{"false_claim", "id"}, {"course", "number"}, {"course_provider", "number"}, {"credit_claim", "person"}, {"audit", "number"}, {"audit_person", "person"},
}

// Rows answers queries: a database, or a transaction that reads it as of one moment.
type Rows interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Pending returns the members that the record's clock is about to draw anew at a time.
func Pending(ctx context.Context, in Rows, now time.Time) (pending map[string]bool, err error) {
	rows, err := in.QueryContext(ctx, "SELECT member FROM standing_due WHERE at <= $1 OR duties_at <= $1 OR epoch < (SELECT epoch FROM body WHERE id = 1)", now.UnixMicro())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	pending = map[string]bool{}
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			return nil, err
		}
		pending[number] = true
	}
	return pending, rows.Err()
}

// Compare names what two registers of one record say differently, as "the table standing_span says something
// else of 0117 than the record". Members to leave out are those that are to be drawn anew anyhow. It keeps a hash for each
// member in memory.
func Compare(ctx context.Context, is, should Rows, leftOut map[string]bool) (differences []string, err error) {
	for _, c := range drawn {
		query := "SELECT * FROM " + c.table
		if c.table == "facet" {
			query += " WHERE n > 0" // one that nobody has any more may stay
		}
		found, err := hashes(ctx, is, query, c.about)
		if err != nil {
			return nil, err
		}
		wanted, err := hashes(ctx, should, query, c.about)
		if err != nil {
			return nil, err
		}
		for _, about := range slices.Sorted(maps.Keys(wanted)) {
			if found[about] != wanted[about] && !leftOut[about] {
				differences = append(differences, fmt.Sprintf("the table %s says something else of %s than the record", c.table, about))
			}
			delete(found, about)
		}
		for _, about := range slices.Sorted(maps.Keys(found)) {
			if !leftOut[about] {
				differences = append(differences, fmt.Sprintf("the table %s speaks of %s, of which the record knows nothing", c.table, about))
			}
		}
	}
	return differences, nil
}

// sum stands for a set of rows in any order: the sum of their hashes.
type sum [4]uint64

func hashes(ctx context.Context, db Rows, query, about string) (map[string]sum, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	key := slices.Index(columns, about)
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	all := map[string]sum{}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		var text strings.Builder
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = string(b)
			}
			fmt.Fprintf(&text, "%s\x00%v\x00", columns[i], values[i])
		}
		h, of := sha256.Sum256([]byte(text.String())), fmt.Sprint(values[key])
		s := all[of]
		for i := range s {
			s[i] += binary.BigEndian.Uint64(h[8*i:])
		}
		all[of] = s
	}
	return all, rows.Err()
}
