package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"shingle/internal/act"
)

// Examination is how the objects are looked at.
type Examination struct {
	// Hashes compares the blobs with their hashes and leaves the keys alone.
	Hashes bool
	// Before is the time before which a blob must have been made to be found without a row: Settled ago.
	Before time.Time
	// Progress is told how many bytes of how many have been read.
	Progress func(done, of int64)
}

// Examine opens every object to its end, shows it to nobody, and returns a sentence for each that is
// missing, cut off or altered, and for each blob without a row. What keeps it from looking (a bucket that
// does not answer) is an error and no fault of the objects.
func (o *Objects) Examine(ctx context.Context, how Examination) (faults []string, err error) {
	var of, done int64
	err = o.Keys.db.QueryRowContext(ctx, "SELECT CAST(coalesce(sum(stored), 0) AS bigint) FROM object").Scan(&of)
	if err != nil {
		return nil, explain(err)
	}
	if err := o.ours(ctx, false); err != nil {
		return nil, err
	}
	if !o.marked.Load() {
		return nil, nil
	}
	err = o.rows(ctx, living, func(s stored) error {
		err := o.examine(ctx, s, how.Hashes, func(n int64) {
			if done += n; how.Progress != nil {
				how.Progress(done, of)
			}
		})
		if !isFault(err) {
			return err
		}
		faults = append(faults, fmt.Sprintf("%s: %v", s, err))
		return nil
	})
	if err != nil {
		return faults, err
	}
	orphans, err := o.orphans(ctx, how.Before)
	for _, name := range orphans {
		faults = append(faults, fmt.Sprintf("blob %s has no row among the keys: nobody can read it, and \"shingle serve\" removes it when it starts", name))
	}
	return faults, err
}

// isFault reports whether an error is the object's own.
func isFault(err error) bool {
	for _, fault := range []error{ErrMissing, ErrTruncated, ErrAltered, ErrUnbound, act.ErrForgotten} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return false
}

func (o *Objects) examine(ctx context.Context, s stored, hashes bool, read func(int64)) error {
	if hashes {
		f, err := o.file(ctx, s.Object)
		if err != nil {
			return err
		}
		if _, err = f.WriteTo(counting(read)); err == nil {
			err = f.same(s.Object)
		}
		return errors.Join(err, f.close())
	}
	r, err := o.open(ctx, s)
	if err != nil {
		return err
	}
	_, err = io.Copy(counting(read), struct{ io.Reader }{r})
	return errors.Join(err, r.Close())
}

// counting drops what is written and tells how much it was.
type counting func(int64)

func (c counting) Write(b []byte) (int, error) {
	c(int64(len(b)))
	return len(b), nil
}
