package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/cli"
	"shingle/internal/code"
	"shingle/internal/record"
	"shingle/internal/vault"
)

// Init implements [cli.House]. What it began is removed again if it fails; if it is killed, it takes up
// the place again when it is asked the next time.
func (House) Init(ctx context.Context, at cli.Place, what cli.InitBody) error {
	// Before there is a body its signing keys bear this name.
	if what.Web = strings.ToLower(what.Web); !act.IsHost(what.Web) {
		return fmt.Errorf("--web %q is no host name; give one such as register.yourbody.org, without https://", what.Web)
	}
	if what.Code != nil {
		if _, problems := code.Parse(what.Code); len(problems) > 0 {
			return fmt.Errorf("the code is not sound: %s; \"shingle code check\" explains it", summed(problems))
		}
	}
	return makePlace(ctx, at, stamp{role: "body", web: what.Web}, func(b *Body) error {
		if err := b.do(ctx, governance.Found{Name: what.Name, Zone: what.Zone, Web: what.Web}); err != nil {
			return err
		}
		if what.Code == nil {
			return nil
		}
		return b.do(ctx, governance.Adopt{Text: string(what.Code)})
	})
}

// summed says what is wrong with a code in one line.
func summed(problems code.Problems) string {
	if len(problems) == 1 {
		return fmt.Sprintf("it has 1 problem, at %s", problems[0])
	}
	return fmt.Sprintf("it has %d problems, the first at %s", len(problems), problems[0])
}

// do asks for an act as the operator.
func (b *Body) do(ctx context.Context, cmd any) error {
	_, err := b.Record.Do(ctx, record.Request{Command: cmd, Actor: "operator", Role: "operator", Expect: -1})
	return err
}

// makePlace makes the folder, the keys, the tables and the stamp of a new place, and lets fill put in what
// it begins with. Until all of it is done the folder is marked, and nobody opens it.
func makePlace(ctx context.Context, at cli.Place, s stamp, fill func(*Body) error) (err error) {
	f := folder(at.Data)
	if err := f.reachable(); err != nil {
		return err
	}
	m := making{at: at, folder: f, fresh: !holds(f.unfinished()), existed: holds(string(f))}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return fmt.Errorf("the folder cannot be made: %w", err)
	}
	unlock, err := f.lock(ctx, 0)
	if err != nil {
		return err
	}
	defer unlock()
	if err := m.claim(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = m.abandon(ctx, err)
		}
	}()
	if err := m.prepare(ctx, s); err != nil {
		return err
	}
	b, err := openBody(ctx, opening{at: at, making: true, logger: stderrLogger()})
	if err != nil {
		return err
	}
	if err := errors.Join(fill(b), b.Close()); err != nil {
		return err
	}
	// A power cut does not bring the mark back, nor take the folder away.
	return errors.Join(os.Remove(f.unfinished()), syncPath(string(f)), syncPath(filepath.Dir(string(f))))
}

// making is a place that is being made.
type making struct {
	at      cli.Place
	folder  folder
	existed bool // the folder did
	fresh   bool // nothing was there; else a making that was cut off is taken up
	stamped bool // the stamp is written
}

// claim marks the folder, unless it holds something that is not to be touched.
func (m *making) claim() error {
	f := m.folder
	if m.at.Data != "" && holds(f.restoring()) {
		return fmt.Errorf("the restore into %s was cut off; \"shingle restore\" does it again, or choose another --data", m.at.Data)
	}
	for _, path := range []string{f.record(), f.keys(), rootAt(m.at)} {
		// The keys may be those of a stamp without a body in the database: prepare looks.
		if m.fresh && holds(path) && (m.at.Database == "" || path == f.record()) {
			return fmt.Errorf("%s holds a body or desk already (%s); choose another --data", m.at.Data, filepath.Base(path))
		}
	}
	if m.at.Database == "" {
		// Of a making that was cut off, nothing was ever promised. The keys are taken up as they are.
		if err := remove(databaseFiles(f.record())...); err != nil {
			return err
		}
	} else if m.fresh && (holds(f.keys()) || holds(rootAt(m.at))) {
		m.fresh = false
		return nil // only a stamp that fits them lets it go on
	}
	return m.mark()
}

func (m *making) mark() error {
	err := os.WriteFile(m.folder.unfinished(), []byte("This folder is being made, or its making was cut off.\n"), 0o600)
	return errors.Join(err, syncPath(string(m.folder))) // before what it warns of
}

// prepare makes the tables, the keys and the stamp.
func (m *making) prepare(ctx context.Context, s stamp) (err error) {
	f := m.folder
	if m.at.Database == "" {
		// Nobody else may read it from the first moment on; SQLite gives the files beside it the same mode.
		file, err := os.OpenFile(f.record(), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return fmt.Errorf("the record cannot be made: %w", err)
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	engine, err := engineAt(ctx, m.at, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	// The record's own tables come first: taking the write lock needs them.
	if err := record.Prepare(ctx, engine); err != nil {
		return err
	}
	before, err := readStamp(ctx, engine.Reader())
	stamped := err == nil
	if err != nil && !errors.Is(err, errNoStamp) {
		return err
	}
	if err := m.mayTake(ctx, engine, stamped); err != nil {
		return err
	}
	if err := m.mark(); err != nil {
		return err
	}
	if m.at.Keys != "" {
		err = vault.InitDatabase(ctx, m.at.Keys, rootAt(m.at), guardOf(m.at))
	} else {
		err = vault.InitFile(ctx, f.keys(), rootAt(m.at), guardOf(m.at))
	}
	if err != nil {
		return err
	}
	keys, err := keysAt(ctx, m.at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	if stamped {
		if _, err := before.signers(ctx, keys, m.at); errors.Is(err, errOtherKeys) {
			return errStampedElsewhere
		} else if err != nil {
			return err
		}
	}
	sign, err := signersOf(ctx, keys, s.web)
	if err != nil {
		return err
	}
	s.logKey, s.receiptKey = sign.logKey, sign.receiptKey
	tx, err := engine.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// Another node may have come first.
	if others, err := takenSince(ctx, tx, before.logKey); err != nil || others {
		return errors.Join(err, errTaken)
	}
	s.write(tx)
	err = tx.Commit(ctx)
	m.stamped = err == nil
	return err
}

// takenSince reports whether the database was taken or founded since its stamp, or none, was read.
func takenSince(ctx context.Context, tx record.Tx, logKey string) (taken bool, err error) {
	rows, err := tx.Query(ctx, "SELECT position, coalesce((SELECT log_key FROM stamp WHERE id = 1), '') FROM head WHERE id = 1")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var position int64
		var now string
		if err := rows.Scan(&position, &now); err != nil {
			return false, err
		}
		taken = position > 0 || now != logKey
	}
	return taken, rows.Err()
}

var (
	errTaken            = errors.New("the database holds a body or desk already; choose another --database")
	errStampedElsewhere = errors.New("the database was taken by an init that was cut off, with other keys; give the folder that holds them as --data, or choose another --database")
)

// mayTake fails unless the database is empty, or was taken by a making that was cut off before there was a
// body, and whose keys lie in the folder.
func (m *making) mayTake(ctx context.Context, engine record.Engine, stamped bool) error {
	position, err := founded(ctx, engine)
	f := m.folder
	switch {
	case err != nil:
		return err
	case !stamped && position == 0 && !m.fresh && !holds(f.unfinished()):
		return fmt.Errorf("%s holds the keys of a body or desk already; choose another --data", m.at.Data)
	case position > 0 && !m.fresh && holds(f.unfinished()) && holds(rootAt(m.at)):
		// It was cut off between the body and the mark.
		if err := os.Remove(f.unfinished()); err != nil {
			return err
		}
		return errors.New("the init that was cut off had founded the body already: it is ready; \"shingle act code.adopt\" adopts its code, should that be missing")
	case position > 0:
		return errTaken
	case stamped && !holds(rootAt(m.at)):
		return errStampedElsewhere
	}
	return nil
}

// founded returns the record's position: from the first event on there is a body.
func founded(ctx context.Context, engine record.Engine) (position int64, err error) {
	err = engine.Reader().QueryRowContext(ctx, "SELECT position FROM head WHERE id = 1").Scan(&position)
	return position, err
}

// abandon removes what a making that failed has left, and returns why it failed. What was there before it,
// and a body that was founded in PostgreSQL, stay.
func (m *making) abandon(ctx context.Context, why error) error {
	f := m.folder
	if !m.fresh {
		return why
	}
	if m.at.Database != "" && m.stamped {
		kept, err := m.unstamp(context.WithoutCancel(ctx))
		if err != nil {
			return errors.Join(why, err) // the mark stays, so that the next one takes it up
		}
		if kept {
			return errors.Join(fmt.Errorf("the body is founded, but what should follow was not done: %w", why), remove(f.unfinished()))
		}
	}
	if m.at.Keys != "" && holds(rootAt(m.at)) {
		return why // the keys in that database need it; the mark lets the next one take it up
	}
	paths := append(databaseFiles(f.keys()), rootAt(m.at))
	if m.at.Database == "" {
		paths = append(paths, databaseFiles(f.record())...)
	}
	paths = append(paths, f.lockFile(), f.unfinished())
	if !m.existed {
		paths = append(paths, string(f))
	}
	return errors.Join(why, remove(paths...))
}

// unstamp gives the database back, unless there is a body in it by now.
func (m *making) unstamp(ctx context.Context) (kept bool, err error) {
	engine, err := engineAt(ctx, m.at, true)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	position, err := founded(ctx, engine)
	if err != nil || position > 0 {
		return err == nil, err
	}
	tx, err := engine.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	tx.Exec("DELETE FROM stamp WHERE id = 1")
	return false, tx.Commit(ctx)
}

// databaseFiles are the files of an SQLite database.
func databaseFiles(path string) []string {
	return []string{path, path + "-wal", path + "-shm", path + "-journal"}
}

// remove removes files, and folders that are empty, if they are there.
func remove(paths ...string) error {
	var errs []error
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
