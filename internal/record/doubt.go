package record

import (
	"bytes"
	"context"
	"errors"
	"time"
)

// doubt is how long the store is asked, after a commit that reported an error, whether it happened all the
// same: a standby may be taking over.
const doubt = 10 * time.Second

// persisted asks the store, after a commit that reported a failure, whether it happened all the same. If it
// says no, it stays so.
func (r *Record) persisted(want head, failure error) (stored bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), doubt)
	defer cancel()
	for {
		stored, err = r.look(ctx, want, failure)
		if !errors.Is(err, ErrUnreachable) {
			return stored, err
		}
		select {
		case <-ctx.Done():
			return false, err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// look reports whether our own last row is stored: another process may have appended since. The lock says
// that the failed commit is over, one way or the other; and a commit of its own says that what it found is
// where commits must be, on a standby too.
func (r *Record) look(ctx context.Context, want head, failure error) (stored bool, err error) {
	tx, err := r.Engine.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	chain, err := chainAt(ctx, tx, want.position)
	if err != nil {
		return false, err
	}
	stored = bytes.Equal(chain, want.chain[:])
	if !stored && errors.Is(failure, ErrDiskFull) {
		return false, nil // a full disk never took the last page, and has no room for another
	}
	// What is not there may still lie in SQLite's write-ahead log, for which the sync failed, and after a
	// power cut it would count. What is written now takes its place, and only then is it certain that
	// nothing happened (docs/decisions/22). SQLite does not write what is the same: hence twice.
	tx.Exec("UPDATE head SET position = position + 1 WHERE id = 1")
	tx.Exec("UPDATE head SET position = position - 1 WHERE id = 1")
	return stored, tx.Commit(ctx)
}
