package roster

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"time"

	"shingle/internal/record"
)

// silence is how long a runner may say nothing before another takes over: its process has ended.
const silence = 20 * time.Second

// errTaken says that another process works on the file.
var errTaken = errors.New("another process works on it")

// By is in whose name a file is previewed and taken in.
type By struct{ Actor, Holder, Role string }

// Preview begins to decide every row of a file and to record nothing; what was found out before is thrown away.
// [Uploads.Wait] waits for the end of it.
func (u *Uploads) Preview(ctx context.Context, by By, f Upload, m Mapping) error {
	f.About.Mapping = m
	return u.begin(ctx, by, f, Previewing)
}

// Import begins to take a file in. It is done again from its first row on wherever it was cut off, since a row that
// is in changes nothing.
func (u *Uploads) Import(ctx context.Context, by By, f Upload) error {
	return u.begin(ctx, by, f, Importing)
}

// GoOn takes over a file on which nobody works any more, though somebody should.
func (u *Uploads) GoOn(ctx context.Context, by By, f Upload) error {
	if !f.Stage.Running() || u.Now().Sub(f.beat) < silence {
		return nil
	}
	return u.begin(ctx, by, f, f.Stage)
}

func (u *Uploads) begin(ctx context.Context, by By, f Upload, stage Stage) error {
	about, err := u.seal(f.ID, f.About)
	if err != nil {
		return err
	}
	runner, now := rand.Text(), u.Now()
	err = u.write(ctx, func(tx record.Tx) error {
		if err := runBy(ctx, tx, f.ID, f.runner); err != nil {
			return err
		}
		tx.Exec("UPDATE roster_upload SET stage = $1, runner = $2, beat = $3, done = 0, about = $4, expires = $5 WHERE id = $6",
			string(stage), runner, now.UnixMicro(), about, now.Add(keptFor).UnixMicro(), f.ID)
		return nil
	})
	if errors.Is(err, errTaken) {
		return nil // it goes on all the same
	}
	if err != nil {
		return err
	}
	f.Stage, f.runner = stage, runner
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		return nil // the next one takes over
	}
	if u.base == nil {
		u.base, u.stop = context.WithCancel(context.Background())
		u.running = map[string]chan struct{}{}
	}
	done := make(chan struct{})
	u.running[f.ID] = done
	u.work.Go(func() {
		defer u.leave(f.ID, done)
		u.run(u.base, by, f)
	})
	return nil
}

func (u *Uploads) leave(id string, done chan struct{}) {
	close(done)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.running[id] == done {
		delete(u.running, id)
	}
}

// runBy fails unless a file is run by somebody.
func runBy(ctx context.Context, tx record.Tx, id, runner string) error {
	rows, err := tx.Query(ctx, "SELECT runner FROM roster_upload WHERE id = $1", id)
	if err != nil {
		return err
	}
	defer rows.Close()
	var is string
	switch {
	case !rows.Next():
		return errors.Join(ErrNoUpload, rows.Err())
	case rows.Scan(&is) != nil || is != runner:
		return errTaken
	}
	return nil
}

// run previews a file or takes it in.
func (u *Uploads) run(ctx context.Context, by By, f Upload) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, gone := Outcome{Rejects: []Reject{}}, u.over(ctx, by)
	content, err := u.content(ctx, f.ID)
	if err == nil && !gone {
		out.Report, err = Import{
			Record: u.Record, Actor: by.Actor, Holder: by.Holder, Role: by.Role, Mapping: f.About.Mapping, DryRun: f.Stage == Previewing, Names: u.Names,
			Begun: func(header Cells) { out.Header = header },
			Progress: func(rows int64) {
				if u.beats(ctx, f, rows) != nil {
					cancel() // it was discarded, or another process has it
				} else if gone = u.over(ctx, by); gone {
					cancel()
				}
			},
			Rejected: func(r Reject) { out.Rejects = append(out.Rejects, r) },
		}.Run(ctx, bytes.NewReader(content))
	}
	var header *HeaderError
	var broken *BrokenFile
	switch {
	case gone:
		ctx = context.WithoutCancel(ctx)
		out.Problem = "it stopped, because whoever began it does not hold the office any more; what was taken in before stays"
	case ctx.Err() != nil:
		return // whoever comes next goes on
	case errors.As(err, &header):
		out.Problem = header.Detail
	case errors.As(err, &broken):
		out.Problem = broken.Error()
	case err != nil:
		u.Logger.ErrorContext(ctx, "a roster could not be taken in", "dry_run", f.Stage == Previewing, "error", err)
		out.Problem = "it stopped, and the fault has been noted; what was taken in before stays, and doing it again goes on from there"
	}
	if err := u.end(ctx, f, out); err != nil && !errors.Is(err, errTaken) && !errors.Is(err, ErrNoUpload) {
		u.Logger.ErrorContext(ctx, "what came of a roster could not be kept", "error", err)
	}
}

// over reports whether somebody does not hold the office any more that they import in. What cannot be looked up now is
// looked up again at the next rows.
func (u *Uploads) over(ctx context.Context, by By) bool {
	if u.Holds == nil {
		return false
	}
	holds, err := u.Holds(ctx, by)
	return err == nil && !holds
}

// beats says that the runner goes on.
func (u *Uploads) beats(ctx context.Context, f Upload, rows int64) error {
	return u.write(ctx, func(tx record.Tx) error {
		if err := runBy(ctx, tx, f.ID, f.runner); err != nil {
			return err
		}
		now := u.Now()
		tx.Exec("UPDATE roster_upload SET beat = $1, done = $2, expires = $3 WHERE id = $4", now.UnixMicro(), rows, now.Add(keptFor).UnixMicro(), f.ID)
		return nil
	})
}

// end keeps what came of it. A file that was taken in to its end is kept no longer.
func (u *Uploads) end(ctx context.Context, f Upload, out Outcome) error {
	stage := Previewed
	if f.Stage == Importing && out.Problem == "" {
		stage = Imported
	}
	f.About.Rows = max(out.Report.Rows, f.About.Rows)
	about, err := u.seal(f.ID, f.About)
	if err != nil {
		return err
	}
	outcome, err := u.seal(f.ID, out)
	if err != nil {
		return err
	}
	return u.write(ctx, func(tx record.Tx) error {
		if err := runBy(ctx, tx, f.ID, f.runner); err != nil {
			return err
		}
		tx.Exec("UPDATE roster_upload SET stage = $1, runner = '', done = $2, about = $3, outcome = $4, expires = $5 WHERE id = $6",
			string(stage), out.Report.Rows, about, outcome, u.Now().Add(keptFor).UnixMicro(), f.ID)
		if stage == Imported {
			tx.Exec("UPDATE roster_upload SET content = $1 WHERE id = $2", []byte{}, f.ID)
		}
		return nil
	})
}

// Wait waits until nobody works on a file in this process any more, or ctx ends.
func (u *Uploads) Wait(ctx context.Context, id string) {
	u.mu.Lock()
	done := u.running[id]
	u.mu.Unlock()
	if done == nil {
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Close stops what is under way, at the next row; whoever looks at it next goes on with it.
func (u *Uploads) Close() {
	u.mu.Lock()
	u.ended = true
	if u.stop != nil {
		u.stop()
	}
	u.mu.Unlock()
	u.work.Wait()
}
