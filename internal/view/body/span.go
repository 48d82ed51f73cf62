package body

import (
	"context"

	"shingle/internal/body/standing"
	"shingle/internal/record"
)

// span is a stored span.
type span struct {
	from, until  int64
	status, kind string
}

func spansOf(line []standing.Span) []span {
	spans := make([]span, len(line))
	for i, s := range line {
		spans[i] = span{micros(s.From), untilMicros(s.Until), string(s.Status), string(s.Kind)}
	}
	return spans
}

// nextChange returns when the span ends in which now lies: when time alone changes the answer.
func nextChange(spans []span, now int64) int64 {
	for _, s := range spans {
		if s.from > now {
			return s.from
		}
		if s.until > now {
			return s.until
		}
	}
	return forever
}

// storedSpans reads the spans of some members.
func storedSpans(ctx context.Context, tx record.Tx, members []string) (map[string][]span, error) {
	spans := map[string][]span{}
	err := eachChunk(members, func(chunk []any) error {
		rows, err := tx.Query(ctx, `SELECT member, from_at, until_at, status, kind FROM standing_span WHERE member IN (`+list(len(chunk))+`) ORDER BY member, from_at`, chunk...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var member string
			var s span
			if err := rows.Scan(&member, &s.from, &s.until, &s.status, &s.kind); err != nil {
				return err
			}
			spans[member] = append(spans[member], s)
		}
		return rows.Err()
	})
	return spans, err
}

// chunkSize is how many members one statement asks for.
const chunkSize = 64

// eachChunk hands out the members in groups that fit into one statement.
func eachChunk(members []string, do func([]any) error) error {
	for len(members) > 0 {
		n := min(chunkSize, len(members))
		chunk := make([]any, n)
		for i, m := range members[:n] {
			chunk[i] = m
		}
		if err := do(chunk); err != nil {
			return err
		}
		members = members[n:]
	}
	return nil
}
