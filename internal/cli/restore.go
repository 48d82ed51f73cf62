package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"shingle/internal/backup"
)

// Restoring says what is brought back, and how much of it.
type Restoring struct {
	From string
	Keys io.Reader // a key backup, decrypted; nil if the keys are in the place already
	Upto backup.Upto
	// ForgetMissing gives up what only keys open that the key backup does not have.
	ForgetMissing bool
}

// Restored says what came of a restore, or a move.
type Restored struct {
	backup.Mark
	Web        string
	LeftRows   int64 // events after the wanted point in time
	LeftLeaves int64 // leaves of the public log after it
	Objects    int64
	Opened     bool  // a personal value opened with the keys
	GivenUp    int   // owners whose keys were missing
	Rows       int64 // that a reader of the backup went through
}

// keyOpening says how a key backup is opened.
type keyOpening struct {
	KeyBackup      string   `help:"Backup of the keys that \"shingle vault backup\" made; without it the keys must be in the folder already." type:"existingfile" placeholder:"FILE"`
	IdentityFile   []string `help:"File with the age identity that opens the key backup." type:"existingfile" placeholder:"FILE"`
	PassphraseFile string   `help:"File with the passphrase that opens the key backup." type:"existingfile" placeholder:"FILE"`
}

// open decrypts the key backup; nil if none was given.
func (k keyOpening) open(r *run) (_ io.Reader, close func() error, err error) {
	if k.KeyBackup == "" {
		if len(k.IdentityFile) > 0 || k.PassphraseFile != "" {
			return nil, nil, errors.New("say which backup of keys that opens: --key-backup FILE")
		}
		return nil, func() error { return nil }, nil
	}
	var identities []age.Identity
	for _, path := range k.IdentityFile {
		text, err := r.read(path, maxSecret)
		if err != nil {
			return nil, nil, err
		}
		list, err := age.ParseIdentities(strings.NewReader(string(text)))
		if err != nil {
			return nil, nil, fmt.Errorf("%s holds no age identity, a line that begins with AGE-SECRET-KEY-", path)
		}
		identities = append(identities, list...)
	}
	if k.PassphraseFile != "" {
		passphrase, err := readPassphrase(r, k.PassphraseFile)
		if err != nil {
			return nil, nil, err
		}
		identity, err := age.NewScryptIdentity(passphrase)
		if err != nil {
			return nil, nil, err
		}
		identities = append(identities, identity)
	}
	if len(identities) == 0 {
		return nil, nil, errors.New("say what opens the backup of keys: --identity-file FILE or --passphrase-file FILE")
	}
	f, err := r.open(k.KeyBackup)
	if err != nil {
		return nil, nil, err
	}
	clear, err := age.Decrypt(bufio.NewReader(f), identities...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		err = fmt.Errorf("%s was made for another identity or passphrase; give the one that was printed, or set, when it was made", k.KeyBackup)
	case err != nil:
		err = fmt.Errorf("%s is no backup of keys, or was altered: %w", k.KeyBackup, err)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return clear, f.Close, nil
}

func readPassphrase(r *run, path string) (string, error) {
	text, err := r.read(path, maxSecret)
	if err != nil {
		return "", err
	}
	passphrase := strings.TrimRight(string(text), "\r\n")
	if passphrase == "" {
		return "", fmt.Errorf("%s is empty; it should hold the passphrase", path)
	}
	return passphrase, nil
}

// restoreCmd brings a body back.
type restoreCmd struct {
	Place
	From string `arg:"" help:"Backup to restore: a file, or the folder or bucket that backups were added to." placeholder:"FILE|DIR|URL"`
	keyOpening
	ToPosition    int64  `help:"Bring back the record up to this position, and leave out what came after." placeholder:"N"`
	ToTime        string `help:"Bring back what was recorded up to this time." placeholder:"TIME"`
	ForgetMissing bool   `help:"Give up what only keys open that the key backup lacks, as if their owners had been forgotten."`
	Check         bool   `help:"Read and check the whole backup, and restore nothing."`
}

func (c *restoreCmd) Run(r *run) error {
	if c.Check {
		return checkBackup(r, c.From)
	}
	if c.Data == "" {
		return errors.New("say where to restore to: --data DIR, an empty folder")
	}
	how := Restoring{From: c.From, ForgetMissing: c.ForgetMissing}
	if err := c.upto(&how.Upto, r.given["to-position"]); err != nil {
		return err
	}
	keys, closeKeys, err := c.open(r)
	if err != nil {
		return err
	}
	defer func() { _ = closeKeys() }()
	how.Keys = keys
	began := time.Now()
	p := newProgress(r.Err, "restoring")
	done, err := r.house.Restore(r.ctx, c.Place, how, p.tell)
	p.end()
	if err != nil {
		return advised(err)
	}
	fmt.Fprintf(r.Out, "%s is restored in %s, to position %d of its record and %d leaves of its public log, after %.1f s\n", done.Web, c.Data, done.Position, done.Leaves, time.Since(began).Seconds())
	said(r.Out, done)
	if done.LeftRows > 0 {
		fmt.Fprintf(r.Out, "left out: %d events that were recorded later, and %d leaves of the public log, which strangers may have kept: whoever did can prove that they are gone\n", done.LeftRows, done.LeftLeaves)
	}
	if done.GivenUp > 0 {
		fmt.Fprintf(r.Out, "given up: what belongs to %d owners whose keys are in no backup\n", done.GivenUp)
	}
	fmt.Fprintf(r.Out, "\nNext:\n  shingle serve body --data %s    it signs nothing while a witness has seen more\n  shingle vault backup FILE --data %s\n", Shell(c.Data), Shell(c.Data))
	return nil
}

// advised says what to do about a backup that cannot be restored.
func advised(err error) error {
	switch {
	case errors.Is(err, backup.ErrCutOff), errors.Is(err, backup.ErrAltered):
		return fmt.Errorf("%w; nothing was restored: take another backup, of which \"shingle verify\" says that it is whole", err)
	case errors.Is(err, backup.ErrNotBackup):
		return fmt.Errorf("%w; nothing was restored: give the file, folder or bucket that \"shingle backup\" wrote to", err)
	}
	return err
}

// said tells what was compared.
func said(out io.Writer, done Restored) {
	fmt.Fprintf(out, "its chain is %s\nits root is  %s\n", done.Chain, done.Root)
	opened := "there is no personal value to try the keys on"
	if done.Opened {
		opened = "a personal value opens with the keys"
	}
	fmt.Fprintf(out, "counts, chain, root and every hash fit the backup; the signing keys are its own; %s\n", opened)
}

// upto says what is wanted; zero, where it was given, would be nothing at all.
func (c *restoreCmd) upto(u *backup.Upto, given bool) (err error) {
	if c.ToPosition < 0 || given && c.ToPosition == 0 || c.ToPosition > 0 && c.ToTime != "" {
		return errors.New("give either --to-position N, from 1 on, or --to-time TIME")
	}
	u.Position = c.ToPosition
	if c.ToTime != "" {
		if u.Time, err = time.Parse(time.RFC3339, c.ToTime); err != nil {
			return fmt.Errorf("--to-time %q is not a time such as 2026-03-01T12:00:00Z", c.ToTime)
		}
	}
	return nil
}

// checkBackup reads a whole backup and says what is in it.
func checkBackup(r *run, from string) error {
	b, err := backup.Open(r.ctx, from, backup.Upto{})
	if err != nil {
		return exit{2, err}
	}
	defer func() { _ = b.Close() }()
	began := time.Now()
	p := newProgress(r.Err, "checking")
	m, err := backup.Check(r.ctx, b, func(rows, _ int64) { p.show(rows, 0) })
	p.end()
	if err != nil {
		return exit{2, fmt.Errorf("%s is not to be relied on: %w", backup.Redact(from), err)}
	}
	_, err = fmt.Fprintf(r.Out, "%s holds %s, made %s: every part fits its hash, the record its chain, and the public log its root (%.1f s)\n",
		backup.Redact(from), whatIsIn(m), m.Time().Format(time.RFC3339), time.Since(began).Seconds())
	return err
}

// tell implements [Telling].
func (p *progress) tell(what string, done, of int64) {
	p.what = what
	p.show(done, of)
}

// isBackup reports whether a file begins as a backup does; no receipt can.
func isBackup(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	start := make([]byte, len(backup.FileBegins))
	_, err = io.ReadFull(f, start)
	return err == nil && string(start) == backup.FileBegins
}

// holdsBackups reports whether backups were added to a folder.
func holdsBackups(path string) bool {
	info, err := os.Stat(filepath.Join(path, backup.Manifests))
	return err == nil && info.IsDir()
}
