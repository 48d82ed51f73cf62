package body

import (
	"math/bits"

	"shingle/internal/body/standing"
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

// chunkSize is how many members one statement asks for.
const chunkSize = 64

// eachChunk hands out the members in groups that fit into one statement. The last of a group is repeated up to a
// power of two, so that there are few statements to prepare.
func eachChunk(members []string, do func([]any) error) error {
	for len(members) > 0 {
		n := min(chunkSize, len(members))
		chunk := make([]any, 1<<bits.Len(uint(n-1)))
		for i := range chunk {
			chunk[i] = members[min(i, n-1)]
		}
		if err := do(chunk); err != nil {
			return err
		}
		members = members[n:]
	}
	return nil
}
