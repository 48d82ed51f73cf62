package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"shingle/internal/backup"
)

// Keeper is what the commands need of the wiring to back up, restore and move.
type Keeper interface {
	// Restore brings a backup back into an empty place.
	Restore(ctx context.Context, at Place, how Restoring, tell Telling) (Restored, error)
	// Move carries a body to another place.
	Move(ctx context.Context, from, to Place, tell Telling) (Restored, error)
	// TakeBack lets a body that was moved away go on where it was.
	TakeBack(ctx context.Context, at Place) error
	// PackKeys hands write a way to write all keys, in the clear, to what it encrypts them into; once write
	// returns without an error, the keys count as backed up. After keep, the backup counts as destroyed; 0: never.
	PackKeys(ctx context.Context, at Place, keep time.Duration, write func(pack func(io.Writer) error) error) error
}

// Telling is told what long work is at, and how far: rows, or bytes where there are only those.
type Telling func(what string, done, of int64)

// backupCmd backs a body up.
type backupCmd struct {
	Place
	To    string `arg:"" help:"File to write; or a folder, or a bucket such as s3://bucket/guild?region=eu-central-1, that is added to." placeholder:"FILE|DIR|URL"`
	Force bool   `help:"Write over the file."`
	Keep  string `help:"In a folder or bucket, remove backups older than this, e.g. 30d." placeholder:"TIME"`
}

func (c *backupCmd) Run(r *run) error {
	keep, err := parseKeep(c.Keep)
	if err != nil {
		return err
	}
	to, many, err := placeOfMany(c.To)
	switch {
	case err != nil:
		return err
	case !many && keep > 0:
		return errors.New("--keep is for a folder or bucket; a file is one backup")
	}
	if !many && !c.Force {
		if _, err := os.Lstat(c.To); err == nil {
			return fmt.Errorf("%s is there already; choose another name, or write over it with --force", c.To)
		}
	}
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	if many {
		err = c.into(r, a, to, keep)
	} else {
		err = c.file(r, a)
	}
	if err != nil {
		return err
	}
	return remindOfKeys(r, a)
}

// placeOfMany tells a folder or bucket from a file. The path of a folder is made absolute: the server that
// writes to it may stand elsewhere.
func placeOfMany(to string) (_ string, many bool, err error) {
	if strings.Contains(to, "://") {
		return to, true, nil
	}
	path, err := filepath.Abs(to)
	info, statErr := os.Stat(to)
	return path, strings.HasSuffix(to, "/") || statErr == nil && info.IsDir(), err
}

func (c *backupCmd) file(r *run, a *api) error {
	resp, err := a.do(http.MethodGet, "/local/backup", nil, nil, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	began := time.Now()
	p := newProgress(r.Err, "backing up")
	m, err := backup.Receive(r.ctx, resp.Body, c.To, c.Force, func(rows, bytes int64) { p.show(rows, 0) })
	p.end()
	if err != nil {
		return fmt.Errorf("nothing was backed up: %w", err)
	}
	size := int64(0)
	if info, err := os.Stat(c.To); err == nil {
		size = info.Size()
	}
	_, err = fmt.Fprintf(r.Out, "%s holds %s, in %s; every part of it was read back and fits\n", c.To, whatIsIn(m), spent(size, began))
	return err
}

// whatIsIn says how far a backup comes.
func whatIsIn(m *backup.Manifest) string {
	text := fmt.Sprintf("%s up to position %d, with %d leaves of the public log", m.Web, m.Position, m.Leaves)
	if m.Blobs.Count > 0 {
		text += fmt.Sprintf(" and %d stored objects", m.Blobs.Count)
	}
	return text
}

func spent(bytes int64, began time.Time) string {
	took := time.Since(began)
	return fmt.Sprintf("%s after %.1f s", sizeOf(bytes), took.Seconds())
}

func sizeOf(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
}

func (c *backupCmd) into(r *run, a *api, to string, keep time.Duration) error {
	query := url.Values{"to": {to}}
	if keep > 0 {
		query.Set("keep", keep.String())
	}
	began := time.Now()
	var done backup.Done
	if err := a.work("backing up", "/local/backup", query, nil, &done); err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "%s holds the record up to position %d, with %d leaves of the public log; %d new objects, %s\n",
		backup.Redact(to), done.Position, done.Leaves, done.Objects, spent(done.Bytes, began))
	if done.Pruned > 0 {
		fmt.Fprintf(r.Out, "%d old objects were removed\n", done.Pruned)
	}
	return nil
}

// remindOfKeys says if there are keys that no backup holds: without them a backup cannot be read.
func remindOfKeys(r *run, a *api) error {
	var status struct {
		Keys struct {
			At      time.Time
			Unsaved int64
		}
	}
	if err := a.get("/local/backup/status", nil, &status); err != nil || status.Keys.Unsaved == 0 {
		return err
	}
	if status.Keys.At.IsZero() {
		fmt.Fprintln(r.Err, "the keys are not in it, and were never backed up: without them nobody can restore it. \"shingle vault backup FILE\" does that")
		return nil
	}
	fmt.Fprintf(r.Err, "the keys are not in it; %d were added since their backup of %s: \"shingle vault backup FILE\" makes a new one\n",
		status.Keys.Unsaved, status.Keys.At.Format(time.DateOnly))
	return nil
}

// parseKeep reads a time such as 30d or 12h.
func parseKeep(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	var keep time.Duration
	var err error
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		keep = time.Duration(n) * 24 * time.Hour
	} else {
		keep, err = time.ParseDuration(text)
	}
	if err != nil || keep <= 0 {
		return 0, fmt.Errorf("%q is no time to keep backups for; write for example 30d or 12h", text)
	}
	return keep, nil
}

// schedule reads when a served body is backed up.
func (c *serveBody) schedule(how *Serving) (err error) {
	if c.Backup == "" {
		return nil
	}
	if c.BackupEvery < time.Second {
		return fmt.Errorf("--backup-every %s is too often; write for example 1h", c.BackupEvery)
	}
	how.BackupEvery = c.BackupEvery
	if how.BackupKeep, err = parseKeep(c.BackupKeep); err != nil {
		return err
	}
	var many bool
	if how.Backup, many, err = placeOfMany(c.Backup); err == nil && !many {
		if _, err := os.Stat(c.Backup); err == nil {
			return fmt.Errorf("--backup %s is a file; by schedule, backups go to a folder or bucket", c.Backup)
		}
	}
	return err
}
