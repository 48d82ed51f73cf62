package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"

	"shingle/internal/backup"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/vault"
)

// backedUp are the tables of a body that a backup holds. All others follow from them, or are over soon: whoever
// was signed in signs in again.
var backedUp = append([]backup.Table{
	{Name: "stamp", Key: []string{"id"}},
	{Name: "account_token", Key: []string{"id"}},
	{Name: "account_handle", Key: []string{"person"}},
	{Name: "account_passkey", Key: []string{"id"}},
	{Name: "account_recovery", Key: []string{"hash"}},
	{Name: "account_invitation", Key: []string{"hash"}},
	{Name: "account_identity", Key: []string{"issuer", "subject"}},
	{Name: "account_feed", Key: []string{"hash"}},
	{Name: "application_draft", Key: []string{"person"}},
	{Name: "complaint_draft", Key: []string{"hash"}},
	// That nobody is written to twice, or about what is long past, and who is told what.
	{Name: "work_since", Key: []string{"name"}},
	{Name: "alert", Key: []string{"id"}},
	{Name: "work_mail", Key: []string{"id"}},
	{Name: "work_mail_opened", Key: []string{"letter", "at", "actor"}},
	{Name: "work_endpoint", Key: []string{"id"}},
}, backup.Core...)

// toBackUp describes a body for a backup. Its tables may be older than this program's.
func toBackUp(ctx context.Context, db *sql.DB, at cli.Place, keys *vault.Keyring, now func() time.Time) (b backup.Body, done func() error, err error) {
	b = backup.Body{DB: db, Tables: backedUp, Now: now}
	b.Is = backup.About{Program: cli.ProgramVersion(), Schemas: schemas(ctx, db)}
	err = db.QueryRowContext(ctx, "SELECT role, web, log_key, receipt_key FROM stamp WHERE id = 1").
		Scan(&b.Is.Role, &b.Is.Web, &b.Is.LogKey, &b.Is.ReceiptKey)
	if err != nil {
		return b, nil, fmt.Errorf("what is to be backed up cannot be read: %w", err)
	}
	if keys != nil {
		if b.Forgotten, err = keys.Forgotten(ctx); err != nil {
			return b, nil, err
		}
	}
	blobs, err := blobsAt(ctx, at)
	if err == nil {
		b.Blobs, err = blobs.Bucket(false)
	}
	if err != nil {
		return b, nil, fmt.Errorf("the stored objects cannot be read: %w", err)
	}
	return b, blobs.Close, nil
}

// backups backs a body up: when it is asked to, and by schedule.
type backups struct {
	db     *sql.DB
	keys   *vault.Keyring
	folder folder
	at     cli.Place
	logKey string // by which its own backups are known
	now    func() time.Time
	logger *slog.Logger

	under  sync.Mutex // held during a backup to a folder or bucket: one at a time
	mu     sync.Mutex // guards status
	status backupStatus
}

// backupStatus says how the backups by schedule are doing.
type backupStatus struct {
	To       string        `json:"to,omitempty"` // "" if there is no schedule
	Every    time.Duration `json:"every,omitempty"`
	Last     time.Time     `json:"last,omitzero"` // of the newest backup
	Position int64         `json:"position,omitempty"`
	Failed   time.Time     `json:"failed,omitzero"` // when the newest try failed; zero if it did not
	Error    string        `json:"error,omitempty"`
}

// Stream implements [local.Backups].
func (s *backups) Stream(ctx context.Context, w io.Writer) error {
	b, done, err := toBackUp(ctx, s.db, s.at, s.keys, s.now)
	if err != nil {
		return err
	}
	_, err = b.WriteTo(ctx, w, nil)
	return errors.Join(err, done())
}

// Into implements [local.Backups].
func (s *backups) Into(ctx context.Context, to string, keep time.Duration, progress backup.Progress) (backup.Done, error) {
	s.under.Lock()
	defer s.under.Unlock()
	b, done, err := toBackUp(ctx, s.db, s.at, s.keys, s.now)
	if err != nil {
		return backup.Done{}, err
	}
	result, err := b.Into(ctx, to, backup.Keep{For: keep}, progress)
	return result, errors.Join(err, done())
}

// Status implements [local.Backups].
func (s *backups) Status(ctx context.Context) (any, error) {
	saved, err := s.keys.Saved(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	return struct {
		Schedule backupStatus `json:"schedule"`
		Keys     vault.Saved  `json:"keys"`
	}{s.status, saved}, err
}

// age returns how old the newest backup by schedule is, in seconds; infinitely where there is none yet. It is not
// known where no schedule is.
func (s *backups) age() (seconds float64, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.status.To == "":
		return 0, false
	case s.status.Last.IsZero():
		return math.Inf(1), true
	}
	return s.now().Sub(s.status.Last).Seconds(), true
}

// run backs up by schedule until ctx ends. What fails is tried again, sooner than it would be due; serving
// goes on.
func (s *backups) run(ctx context.Context, how cli.Serving) {
	s.begin(how)
	const soonest = 5 * time.Second
	pause := soonest
	for {
		wait := s.due(ctx, how)
		if wait <= 0 {
			if err := s.once(ctx, how); err != nil && ctx.Err() == nil {
				s.logger.Error("the backup failed, and will be tried again", "to", backup.Redact(how.Backup), "error", err)
				wait, pause = min(pause, how.BackupEvery), min(2*pause, 10*time.Minute)
			} else {
				wait, pause = how.BackupEvery, soonest
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// due returns how long it is until the next backup. Whoever made the newest one: of several nodes, the first
// to look makes it.
func (s *backups) due(ctx context.Context, how cli.Serving) time.Duration {
	m, err := backup.Newest(ctx, how.Backup)
	if err != nil || m == nil || m.LogKey != s.logKey {
		return 0 // the backup says what is wrong
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Last, s.status.Position = m.Time(), m.Position // another node's, perhaps
	return m.Time().Add(how.BackupEvery).Sub(s.now())
}

func (s *backups) once(ctx context.Context, how cli.Serving) error {
	done, err := s.Into(ctx, how.Backup, how.BackupKeep, nil)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.status.Failed, s.status.Error = s.now(), err.Error()
	} else {
		s.status.Last, s.status.Position = done.Time(), done.Position
		s.status.Failed, s.status.Error = time.Time{}, ""
	}
	return errors.Join(err, s.folder.note(s.status))
}

// begin takes up what the last process noted.
func (s *backups) begin(how cli.Serving) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, _ := s.folder.noted() // what cannot be read is noted anew
	if to := backup.Redact(how.Backup); before.To == to {
		s.status = before
	} else {
		s.status.To = to
	}
	s.status.Every = how.BackupEvery
}

// statusFile is where a folder notes how its backups by schedule are doing, for whoever looks while nobody
// serves it.
func (f folder) statusFile() string { return filepath.Join(string(f), "backup.json") }

func (f folder) note(s backupStatus) error {
	if f == "" {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return replace(f.statusFile(), append(text, '\n'))
}

func (f folder) noted() (s backupStatus, err error) {
	if f == "" {
		return s, nil
	}
	text, err := os.ReadFile(f.statusFile())
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

// backupBeforeUpgrade makes a backup of what an older version of the program wrote, before its tables are
// brought up to date: in the folder, whichever database the record is in.
func backupBeforeUpgrade(ctx context.Context, engine record.Engine, at cli.Place) error {
	db := engine.Reader()
	older, err := behind(ctx, db)
	if err != nil || !older || at.NoBackup {
		return err
	}
	if at.Data == "" {
		return errors.New("the data are of an older version of shingle, and without a folder there is no place for the backup that is made before they are brought up to date; give --data DIR once, or make one by \"shingle backup FILE\" of the older version and go on by --no-backup")
	}
	err = func() error {
		b, done, err := toBackUp(ctx, db, at, nil, time.Now)
		if err != nil {
			return err
		}
		b.Blobs = nil // an upgrade of tables does not touch them
		if err := os.MkdirAll(folder(at.Data).saves(), 0o700); err != nil {
			return err
		}
		name := fmt.Sprintf("before-upgrade-%s.shingle", time.Now().UTC().Format("20060102-150405.000"))
		_, err = backup.File(ctx, b, filepath.Join(folder(at.Data).saves(), name))
		return errors.Join(err, done())
	}()
	if err != nil {
		return fmt.Errorf("the data are of an older version of shingle, and the backup that is made before they are brought up to date failed; mend that, or go on without it by --no-backup: %w", err)
	}
	return nil
}
