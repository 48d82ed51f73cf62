package body

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// compared are the tables that people are shown, and the column that says whom or what a row is about.
var compared = []struct{ table, about string }{
	{"body", "id"}, {"code_version", "version"}, {"member", "number"}, {"member_domain", "member"}, {"member_name", "member"},
	{"standing_span", "member"}, {"notice", "id"}, {"waiting", "subject"}, {"application", "number"}, {"member_order", "id"},
}

// Compare names what two registers of one record say differently, as "the table standing_span says something
// else of 0117". Members to leave out are those that are to be drawn anew anyhow. It keeps a hash for each
// member in memory.
func Compare(ctx context.Context, is, should *sql.DB, leftOut map[string]bool) (differences []string, err error) {
	for _, c := range compared {
		query := "SELECT * FROM " + c.table
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
				differences = append(differences, fmt.Sprintf("the table %s says something else of %s", c.table, about))
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

func hashes(ctx context.Context, db *sql.DB, query, about string) (map[string]sum, error) {
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
