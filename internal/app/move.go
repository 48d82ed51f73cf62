package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"shingle/internal/backup"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/vault"
)

// Move implements [cli.House]. It is a backup of the one place that is restored into the other as it streams.
// Nothing is written where the body was but that it was moved, just before the other becomes real: there are
// never two that could be served.
func (House) Move(ctx context.Context, from, to cli.Place, tell cli.Telling) (_ cli.Restored, err error) {
	s, err := leaving(ctx, from)
	if err != nil {
		return cli.Restored{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	where := to.Data
	if to.Database != "" {
		where = postgres.Redact(to.Database)
	}
	if s.stamp.moved != "" && s.stamp.moved != where { // else one that was cut off is done again
		return cli.Restored{}, s.stamp.expect("body", from)
	}
	b, done, err := toBackUp(ctx, s.engine.Reader(), from, s.keys, time.Now)
	if err != nil {
		return cli.Restored{}, err
	}
	if to.Data == from.Data && to.Blobs == from.Blobs {
		b.Blobs = nil // they stay where they are
	}
	out := streamed(func(in io.Writer) error {
		_, err := b.WriteTo(ctx, in, nil)
		return errors.Join(err, done())
	})
	defer func() { _ = out.Close() }()
	stream, err := backup.Read(out)
	if err != nil {
		return cli.Restored{}, err
	}
	r := restoring{at: to, folder: folder(to.Data), from: stream, tell: tell, existed: holds(to.Data), locked: holds(folder(to.Data).lockFile()), seal: func() error { return s.mark(ctx, where) }}
	if to.Data != from.Data || to.Keys != from.Keys {
		keys := packed(ctx, s.keys, from)
		defer func() { _ = keys.Close() }()
		r.how.Keys = keys
	}
	if to.Data != from.Data {
		r.marked = true
		if err := folder(to.Data).reachable(); err != nil {
			return cli.Restored{}, err
		}
		if err := os.MkdirAll(to.Data, 0o700); err != nil {
			return cli.Restored{}, fmt.Errorf("the folder cannot be made: %w", err)
		}
		unlock, err := folder(to.Data).lock(ctx, 0)
		if err != nil {
			return cli.Restored{}, err
		}
		defer unlock()
		if err := r.claim(); err != nil {
			return cli.Restored{}, errors.Join(err, r.giveBack())
		}
	} else if to.Database == "" {
		return cli.Restored{}, fmt.Errorf("it cannot be moved to where it is, or to the folder that holds its keys; give another folder or database with --to")
	}
	result, err := r.restore(ctx)
	if err != nil {
		err = errors.Join(err, r.abandon())
	}
	return result, err
}

// left is a body that is moved away. Nobody records anything in it meanwhile.
type left struct {
	at     cli.Place
	engine record.Engine
	keys   *vault.Keyring
	stamp  stamp
	tx     record.Tx // holds the write lock
	unlock func()
}

// leaving opens a body to move it away. It refuses while somebody has it open.
func leaving(ctx context.Context, at cli.Place) (_ *left, err error) {
	f := folder(at.Data)
	s := &left{at: at}
	if s.unlock = func() {}; at.Data != "" {
		if s.unlock, err = f.lock(ctx, 0); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := ready(at); err != nil {
		return nil, err
	}
	if at.Database != "" {
		if err := nobodyListens(ctx, at.Database); err != nil {
			return nil, err
		}
	}
	if s.engine, err = engineAt(ctx, at, false); err != nil {
		return nil, err
	}
	if s.stamp, err = readStamp(ctx, s.engine.Reader()); err != nil {
		return nil, err
	}
	if s.keys, err = keysAt(ctx, at); err != nil {
		return nil, err
	}
	if _, err := s.stamp.signers(ctx, s.keys, at); err != nil {
		return nil, err
	}
	s.tx, err = s.engine.Begin(ctx)
	return s, explain(err, at)
}

// nobodyListens fails while a node has a PostgreSQL database open: each listens to the others.
func nobodyListens(ctx context.Context, database string) error {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return unreachable(database, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var n int
	err = conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
		AND application_name = left('shingle_' || current_schema(), 63)`).Scan(&n)
	if err == nil && n > 0 {
		err = fmt.Errorf("%w: %d of them; end them first", errServed, n)
	}
	return err
}

// mark says in the place itself that its body has gone.
func (s *left) mark(ctx context.Context, where string) error {
	s.tx.Exec("UPDATE stamp SET moved = $1 WHERE id = 1", where)
	return s.tx.Commit(ctx)
}

// packed streams all keys of a place, in the clear.
func packed(ctx context.Context, keys *vault.Keyring, at cli.Place) *io.PipeReader {
	return streamed(func(in io.Writer) error {
		_, err := keys.Pack(ctx, rootAt(at), vault.KeyBackup{}, in, guardOf(at))
		return err
	})
}

// streamed lets one write while another reads. Who closes it before its end stops the one who writes.
func streamed(write func(io.Writer) error) *io.PipeReader {
	out, in := io.Pipe()
	go func() { _ = in.CloseWithError(write(in)) }()
	return out
}

func (s *left) close() (err error) {
	if s.tx != nil {
		s.tx.Rollback()
	}
	if s.keys != nil {
		err = errors.Join(err, s.keys.Close())
	}
	if s.engine != nil {
		err = errors.Join(err, s.engine.Close())
	}
	s.unlock()
	return err
}

// TakeBack implements [cli.House].
func (House) TakeBack(ctx context.Context, at cli.Place) (err error) {
	s, err := leaving(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if s.stamp.moved == "" {
		return errors.New("it was not moved away: it is served as it is")
	}
	return s.mark(ctx, "")
}
