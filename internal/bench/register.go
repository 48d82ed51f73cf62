package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"shingle/examples"
	"shingle/internal/act"
	"shingle/internal/app"
	"shingle/internal/body/governance"
	"shingle/internal/cli"
	"shingle/internal/code"
	"shingle/internal/record"
	"shingle/internal/roster"
)

// fresh is how long a register is kept: later, time alone would have changed many a standing, and the
// clock would be at work while something else is measured.
const fresh = 3 * 24 * time.Hour

// register returns the place of a body with n members, made by a real import. It is kept in the cache
// folder for later runs of programs with the same tables. Whoever changes it works on a copy.
func (s *session) register(n int) (cli.Place, error) {
	at := cli.Place{Data: filepath.Join(s.Cache, fmt.Sprintf("register-%d", n))}
	mark, tables := filepath.Join(at.Data, "complete"), app.Tables()
	info, err := os.Stat(mark)
	if err == nil && time.Since(info.ModTime()) < fresh {
		// The raw yardstick writes into a copy as it lies there: nobody brings its tables up to date.
		if made, err := os.ReadFile(mark); err == nil && string(made) == tables {
			return at, nil
		}
	}
	if err := os.RemoveAll(at.Data); err != nil {
		return at, err
	}
	s.say("making a register of %d members in %s", n, at.Data)
	began := time.Now()
	if err := s.found(at); err != nil {
		return at, err
	}
	file, err := s.roster(n)
	if err != nil {
		return at, err
	}
	b, err := app.Open(s.ctx, at, nil)
	if err != nil {
		return at, err
	}
	_, err = s.enrol(b, file)
	if err := errors.Join(err, b.Close()); err != nil {
		return at, err
	}
	s.say("made in %s", time.Since(began).Round(time.Second))
	return at, os.WriteFile(mark, []byte(tables), 0o600)
}

// adopted is the day from which the code of the registers is in force.
func adopted() act.Date { return today().AddMonths(-8) }

func today() act.Date { return act.DateIn(time.Now(), time.UTC) }

// found makes a body without members whose register is public.
func (s *session) found(at cli.Place) error {
	text, err := examples.FS.ReadFile("msp/code.md")
	if err != nil {
		return err
	}
	if text, err = code.Redate(text, "1", adopted()); err != nil {
		return err
	}
	err = app.House{}.Init(s.ctx, at, cli.InitBody{Name: "The Bench", Code: text, Zone: "UTC", Web: "localhost"})
	if err != nil {
		return err
	}
	b, err := app.Open(s.ctx, at, nil)
	if err != nil {
		return err
	}
	_, err = b.Record.Do(s.ctx, asOperator(governance.Open{}))
	return errors.Join(err, b.Close())
}

func asOperator(cmd any) record.Request {
	return record.Request{Command: cmd, Actor: "operator", Role: "operator", Expect: -1}
}

// roster writes a roster of n members and returns its path.
func (s *session) roster(n int) (path string, err error) {
	path = filepath.Join(s.scratch, fmt.Sprintf("roster-%d.csv", n))
	return path, writeRoster(path, n, adopted(), today())
}

// enrol imports a roster and returns how long that took. Every row must be taken in.
func (s *session) enrol(b *app.Body, file string) (time.Duration, error) {
	in, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()
	var reject *roster.Reject
	began := time.Now()
	rep, err := roster.Import{
		Record: b.Record, Actor: "operator", Role: "operator",
		Rejected: func(r roster.Reject) { reject = &r },
	}.Run(s.ctx, in)
	if err == nil && reject != nil {
		err = fmt.Errorf("%d rows were rejected, the last one (line %d, %s) because: %s", rep.Rejected, reject.Line, reject.Column(), reject.Reason())
	}
	return time.Since(began), err
}

// copied returns a copy of a closed place in a folder of that name, with a database of its own.
func (s *session) copied(of cli.Place, name string) (cli.Place, func(), error) {
	at := cli.Place{Data: filepath.Join(s.scratch, name)}
	drop := func() { _ = os.RemoveAll(at.Data) }
	if err := os.Mkdir(at.Data, 0o700); err != nil {
		return at, drop, err
	}
	for _, file := range []string{"shingle.db", "keys.db", "root.key"} {
		err := copyFile(filepath.Join(of.Data, file), filepath.Join(at.Data, file))
		if err != nil && !(of.Database != "" && errors.Is(err, os.ErrNotExist)) {
			return at, drop, err
		}
	}
	if of.Database == "" {
		return at, drop, nil
	}
	database, dropDatabase, err := s.database(of.Database)
	at.Database = database
	return at, func() { drop(); dropDatabase() }, err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	// Written back now, it does not burden what is measured next.
	return errors.Join(err, out.Sync(), out.Close())
}

// database makes a database beside the one that was given, as a copy of another one if that is not "".
func (s *session) database(template string) (address string, drop func(), err error) {
	name := "shingle_bench_" + strings.ToLower(rand.Text())
	make := "CREATE DATABASE " + name
	if template != "" {
		u, err := url.Parse(template)
		if err != nil {
			return "", func() {}, err
		}
		make += " TEMPLATE " + strings.TrimPrefix(u.Path, "/")
	}
	if err := s.administer(s.ctx, make); err != nil {
		return "", func() {}, err
	}
	drop = func() {
		if err := s.administer(context.WithoutCancel(s.ctx), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			s.say("a database is left over: %v", err)
		}
	}
	u, err := url.Parse(s.Database)
	if err != nil {
		return "", drop, err
	}
	u.Path = "/" + name
	return u.String(), drop, nil
}

func (s *session) administer(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.Database)
	if err != nil {
		return fmt.Errorf("PostgreSQL cannot be reached: %w", err)
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
