package body

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"shingle/internal/publog"
	"shingle/verify"
)

// Check compares every leaf with the row of the record that it tells of: the leaf holds that row's chain,
// so a record that was rewritten, its chains and all, no longer fits what was published. The error wraps
// [publog.ErrForked] and names the first leaf that does not fit.
func Check(ctx context.Context, query publog.Query) error {
	const batch = 5000
	for next := int64(0); ; {
		n, err := checkFrom(ctx, query, next, batch)
		if err != nil || n == 0 {
			return err
		}
		next += n
	}
}

// checkFrom compares up to limit leaves from an index on, and returns how many there were.
func checkFrom(ctx context.Context, query publog.Query, from int64, limit int) (n int64, err error) {
	rows, err := query(ctx, "SELECT l.idx, l.position, l.body, e.chain, e.stream FROM leaf l LEFT JOIN event e ON e.position = l.position WHERE l.idx >= $1 ORDER BY l.idx LIMIT $2", from, limit)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for ; rows.Next(); n++ {
		var index, position int64
		var body, chain []byte
		var stream *string
		if err := rows.Scan(&index, &position, &body, &chain, &stream); err != nil {
			return n, err
		}
		statement, err := verify.ParseStatement(body)
		if err != nil {
			return n, fmt.Errorf("%w: leaf %d: %v", publog.ErrDamaged, index, err)
		}
		told := statement.From()
		switch {
		case stream == nil:
			return n, fmt.Errorf("%w: leaf %d tells of position %d, which the record does not have", publog.ErrForked, index, position)
		case told.Position != position || told.Chain != hex.EncodeToString(chain):
			return n, fmt.Errorf("%w: leaf %d was made of another row than the one at position %d of the record (%s)", publog.ErrForked, index, position, *stream)
		}
	}
	return n, rows.Err()
}
