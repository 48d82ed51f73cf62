package app

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"shingle/internal/act"
	"shingle/internal/certs"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/serving"
	"shingle/internal/web/ui"
)

const (
	// patience is how long a server waits for the folder: a command may have it open for a moment.
	patience = 5 * time.Second
	// stopping is how long what runs has when the server stops for good, restarting when it starts anew: then
	// those who come meanwhile wait.
	stopping, restarting = 10 * time.Second, 5 * time.Second
)

// Names of a server's sockets: as units of systemd name them, and as they are handed on.
const (
	plainDoor  = "listen" // all there is without --domain
	secureDoor = "https"
	otherDoor  = "http"   // beside it: leads to the secure one
	localDoor  = "socket" // of the folder
)

// Serve implements [cli.House].
func (House) Serve(ctx context.Context, at cli.Place, how cli.Serving, out io.Writer) error {
	logger := newLogger(how.Operating)
	witnesses, err := askedWitnesses(how.Witnesses)
	if err != nil {
		return err
	}
	if how.Check {
		return couldServe(ctx, at, how, out)
	}
	sockets, err := serving.Inherit()
	if err != nil {
		return err
	}
	defer sockets.Close()
	network, err := openDoors(sockets, how)
	if err != nil {
		return err
	}
	hangup, ignore := hangups()
	defer ignore()
	program := programPath()
	for {
		b, err := openBody(ctx, opening{at: at, listen: network.String(), witnesses: witnesses, patience: patience, logger: logger})
		if err != nil {
			return err
		}
		b.warnOfOtherNames(how.Domain)
		if err := b.admit(how.Operating); err != nil {
			return errors.Join(err, b.Close())
		}
		if how.Export != "" {
			b.exporting, err = b.exportTo(how.Export, how.Base)
			if err == nil && !strings.Contains(how.Export, "://") { // a bucket may answer later
				err = b.exporting.Ready(ctx)
			}
			if err != nil {
				return errors.Join(err, b.Close())
			}
			b.alongside = append(b.alongside, func(ctx context.Context) { b.keepExported(ctx, b.exporting) })
		}
		if how.Backup != "" {
			b.alongside = append(b.alongside, func(ctx context.Context) { b.backups.run(ctx, how) })
		}
		again, err := b.serve(ctx, service{
			at: at, how: how.Operating, sockets: sockets, hangup: hangup, program: program,
			ready: func() { fmt.Fprintf(out, "%s\nserving on %s\n", recordPlace(at), addressOf(network, how.Domain)) },
		})
		if err = errors.Join(err, b.Close()); err != nil || !again {
			return err
		}
		// Nobody has the folder open now, and whoever asks waits in the kernel's queue.
		logger.Error("the server could not start anew and goes on as it was", "error", sockets.HandOn(program, os.Args))
	}
}

// openDoors opens the sockets on which strangers are answered, before anything else: what is in use is told at
// once. It returns where the main one listens.
func openDoors(sockets *serving.Sockets, how cli.Serving) (net.Addr, error) {
	main := plainDoor
	if len(how.Domain) > 0 {
		main = secureDoor
	}
	for _, name := range sockets.Given() {
		if slices.Contains([]string{plainDoor, secureDoor, otherDoor}, name) {
			continue
		}
		l, err := sockets.Listener(name)
		if err != nil {
			return nil, err
		}
		to := main
		if _, port, _ := net.SplitHostPort(l.Addr().String()); port == "80" && main == secureDoor {
			to = otherDoor
		}
		_ = l.Close()
		if !sockets.Rename(name, to) {
			return nil, fmt.Errorf("systemd opened more sockets than are served: keep one ListenStream in the socket unit, or, with --domain, one with port 80 and one other")
		}
	}
	if main == secureDoor {
		if _, err := sockets.Open(otherDoor, cmp.Or(how.ListenHTTP, ":80")); err != nil {
			return nil, err
		}
	}
	return sockets.Open(main, how.Listen)
}

func addressOf(network net.Addr, domains []string) string {
	if len(domains) > 0 {
		return "https://" + domains[0]
	}
	return "http://" + network.String()
}

// newLogger returns the log of a server.
func newLogger(how cli.Operating) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cmp.Or(how.LogLevel, "info"))) // one of four words
	options := &slog.HandlerOptions{Level: level}
	if how.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// warnOfOtherNames tells the operator if the body's own pages and receipts lead to where nobody answers.
func (b *Body) warnOfOtherNames(domains []string) {
	if len(domains) > 0 && !slices.Contains(domains, b.stamp.web) && !b.stamp.demo {
		b.logger.Warn("the body's own name is none of the domains that are served: what it signs leads elsewhere", "name", b.stamp.web, "domains", strings.Join(domains, " "))
	}
}

// service is how a body is served.
type service struct {
	at      cli.Place
	how     cli.Operating
	sockets *serving.Sockets
	ready   func()           // told that it is served
	hangup  <-chan os.Signal // asks for a start anew; nil never does
	program string           // that is started anew
}

// serve answers on the sockets until ctx ends, or until a start anew is asked for and could succeed: then
// again is true, and the sockets are still open.
func (b *Body) serve(ctx context.Context, s service) (again bool, err error) {
	working, stop := context.WithCancel(ctx)
	defer stop()
	doors, err := b.doors(working, s)
	if err != nil {
		return false, err
	}
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	work.Go(func() { b.stateWhatFallsDue(working) })
	work.Go(func() { b.cosign(working) })
	work.Go(func() { b.sweepBlobs(working) })
	work.Go(b.worker(working, s))
	for _, beside := range b.alongside {
		work.Go(func() { beside(working) })
	}
	work.Go(func() { serving.Watchdog(working) })
	group := &serving.Group{Log: b.logger}
	group.Start(doors...)
	s.ready()
	serving.Notify("READY=1")
	for !again && err == nil && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case err = <-group.Ended():
		case <-s.hangup:
			again = b.mayStartAnew(ctx, s)
		}
	}
	if again {
		serving.Notify("RELOADING=1")
		b.logger.Info("starting anew; who comes meanwhile waits")
		group.Stop(restarting)
	} else {
		b.stop(s, group)
	}
	if b.certs != nil {
		b.certs.Close()
	}
	return again, err
}

// stop ends serving for good: /readyz says so, and after a while nobody is let in any more.
func (b *Body) stop(s service, group *serving.Group) {
	b.draining.Store(true)
	serving.Notify("STOPPING=1")
	b.logger.Info("stopping", "after", s.how.DrainWait)
	time.Sleep(s.how.DrainWait)
	s.sockets.Close()
	group.Stop(stopping)
	if s.at.Data != "" {
		_ = os.Remove(folder(s.at.Data).socket()) // ours: the folder is locked
	}
}

// stays fails once the server is about to stop.
func (b *Body) stays(context.Context) error {
	if b.draining.Load() {
		return errors.New("the server is stopping")
	}
	return nil
}

// cosign has the witnesses cosign the log until ctx ends. A log that is halted leaves reading possible.
func (b *Body) cosign(ctx context.Context) {
	err := b.Log.Run(ctx, func(err error) { b.logger.Warn("a witness did not cosign", "error", err) })
	if ctx.Err() == nil {
		b.logger.Error("the public log is halted: nothing more is stated in public", "error", err)
	}
}

// spared are answered also when nothing else is: they say how it goes.
var spared = []string{"/healthz", "/readyz", "/metrics"}

// doors returns what is served, and where.
func (b *Body) doors(ctx context.Context, s service) (doors []serving.Door, err error) {
	limits := serving.Limits{
		Connections: cmp.Or(s.how.MaxConnections, 4096), Requests: cmp.Or(s.how.MaxRequests, 512), Share: 8, Spared: spared,
	}
	gate := serving.NewGate(limits, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.counts.Busy()
		ui.ServeBusy(w, r)
	}))
	b.counts.Gauge("shingle_requests_running", "Requests that run now.", func() (float64, bool) { return float64(gate.Running()), true })
	open := func(name string, d serving.Door) {
		if err != nil {
			return
		}
		if d.On, err = s.sockets.Listener(name); err == nil && !d.Open {
			d.On = limits.Bounded(d.On)
		}
		doors = append(doors, d)
	}
	public := gate.Before(b.public)
	if len(s.how.Domain) == 0 {
		open(plainDoor, serving.Door{Handler: serving.Noted(public, b.logger, slog.LevelDebug, b.noted)})
	} else {
		if err := b.secure(ctx, s); err != nil {
			return nil, err
		}
		redirect := b.certs.Challenge(certs.Redirect(s.how.Domain))
		open(secureDoor, serving.Door{Handler: serving.Noted(certs.Strict(public), b.logger, slog.LevelDebug, b.noted), TLS: b.certs.TLS()})
		open(otherDoor, serving.Door{Handler: serving.Noted(gate.Before(redirect), b.logger, slog.LevelDebug, nil)})
	}
	if s.at.Data != "" {
		if err := s.sockets.OpenWith(localDoor, folder(s.at.Data).listen); err != nil {
			return nil, err
		}
		open(localDoor, serving.Door{Handler: b.local, Open: true})
	}
	return doors, err
}

// secure gets the certificates. Nodes that share a database share them too.
func (b *Body) secure(ctx context.Context, s service) (err error) {
	c := certs.Config{Domains: s.how.Domain, Directory: s.how.AcmeDirectory, Email: s.how.AcmeEmail, Log: b.logger}
	if c.Roots, err = acmeRoots(s.how); err != nil {
		return err
	}
	if s.at.Database != "" {
		c.Storage = &certs.Shared{
			DB: b.Record.Engine.Reader(), Keys: b.keys, Now: time.Now,
			Write: func(ctx context.Context, do func(record.Tx) error) error {
				return b.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { return do(tx) })
			},
		}
	} else if c.Storage, err = certs.Folder(folder(s.at.Data).tls()); err != nil {
		return err
	}
	for name, at := range map[string]*net.Addr{secureDoor: &c.HTTPS, otherDoor: &c.HTTP} {
		l, err := s.sockets.Listener(name)
		if err != nil {
			return err
		}
		*at = l.Addr()
		_ = l.Close()
	}
	if b.certs, err = certs.New(c); err != nil {
		return err
	}
	return b.certs.Start(ctx)
}

func acmeRoots(how cli.Operating) (*x509.CertPool, error) {
	if how.AcmeCA == "" {
		return nil, nil
	}
	return certs.Roots(how.AcmeCA)
}
