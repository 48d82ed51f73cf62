package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"shingle/internal/cli"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/record"
)

// A server starts anew on SIGHUP, to become another version or to read another configuration. In this order:
// the program is asked whether it could serve this place ("--check"); what runs is finished while newcomers
// wait in the kernel's queue; the place is closed; the process becomes the program, which finds the sockets
// open. One that could not serve is never become.

// hangups returns the requests for a start anew. Where there is a terminal, hanging it up ends a server, as it
// ends any program.
func hangups() (asked <-chan os.Signal, ignore func()) {
	if terminal, err := os.Open("/dev/tty"); err == nil {
		_ = terminal.Close()
		return nil, func() {}
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}

// programPath is where the program lies by which this process was started: what has been put there since is
// what the process becomes.
func programPath() string {
	if path, err := exec.LookPath(os.Args[0]); err == nil {
		if path, err = filepath.Abs(path); err == nil {
			return path
		}
	}
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return path
}

// checking is how long a program has to say whether it could serve.
const checking = 30 * time.Second

// mayStartAnew asks the program whether it could serve this place as this process does.
func (b *Body) mayStartAnew(ctx context.Context, s service) bool {
	ctx, cancel := context.WithTimeout(ctx, checking)
	defer cancel()
	check := exec.CommandContext(ctx, s.program)
	check.Args = append(slices.Clone(os.Args), "--check")
	check.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "NOTIFY_SOCKET=") })
	said, err := check.CombinedOutput()
	if err != nil {
		b.logger.Error("the server does not start anew: the program could not serve", "program", s.program, "error", err, "says", strings.TrimSpace(string(said)))
		return false
	}
	return true
}

// couldServe says whether this program could serve a place. It only reads, also while another serves it.
func couldServe(ctx context.Context, at cli.Place, how cli.Serving, out io.Writer) (err error) {
	if _, err := acmeRoots(how.Operating); err != nil {
		return err
	}
	if err := ready(at); err != nil {
		return err
	}
	engine, err := openStored(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	older := false
	for _, err := range []error{migrate(ctx, engine), record.Prepare(ctx, engine)} {
		if older = older || errors.Is(err, errOlderSchema); err != nil && !errors.Is(err, errOlderSchema) {
			return err
		}
	}
	if err := record.Known(ctx, engine, flowbody.Catalogue()); err != nil {
		return err
	}
	if older { // its stamp is read once its tables are brought up to date
		_, err = fmt.Fprintf(out, "%s can be served, once its tables are brought up to date\n", recordPlace(at))
		return err
	}
	s, err := readStamp(ctx, engine.Reader())
	if err != nil {
		return err
	}
	if err := s.expect("body", at); err != nil {
		return err
	}
	keys, err := readKeys(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	if _, err := s.signers(ctx, keys, at); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s can be served\n", recordPlace(at))
	return err
}
