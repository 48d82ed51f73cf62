// Package app wires the house together: it opens what a body is made of, serves it, and hands the
// command line what it needs.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"shingle/internal/cli"
	"shingle/internal/publog"
)

// House is what the command line drives.
type House struct {
	// Measure runs benchmarks; they stand above the wiring, so main brings them.
	Measure func(ctx context.Context, how cli.Bench, out io.Writer) error
}

var _ cli.House = House{}

// Connect implements [cli.House].
func (House) Connect(ctx context.Context, at cli.Place) (*http.Client, func() error, error) {
	f := folder(at.Data)
	if at.Data != "" && f.served() {
		return overSocket(f.socket()), func() error { return nil }, nil
	}
	if err := f.ready(at); err != nil {
		return nil, nil, err
	}
	b, err := openBody(ctx, opening{at: at, logger: stderrLogger()})
	if err != nil {
		return nil, nil, err
	}
	return &http.Client{Transport: inProcess{b.local}}, b.Close, nil
}

func stderrLogger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// patience is how long a server waits for the folder: a command may have it open for a moment.
const patience = 5 * time.Second

// Serve implements [cli.House].
func (House) Serve(ctx context.Context, at cli.Place, how cli.Serving, out io.Writer) error {
	witnesses, err := parseWitnesses(how.Witnesses)
	if err != nil {
		return err
	}
	network, err := listenOn(how.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = network.Close() }()
	b, err := openBody(ctx, opening{at: at, listen: network.Addr().String(), witnesses: witnesses, patience: patience, logger: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		return err
	}
	if how.Export != "" {
		b.exporting, err = b.exportTo(how.Export, how.Base)
		if err == nil && !strings.Contains(how.Export, "://") { // a bucket may answer later
			err = b.exporting.Ready(ctx)
		}
		if err != nil {
			return errors.Join(err, b.Close())
		}
	}
	err = b.serve(ctx, at, network, func(address string) {
		fmt.Fprintf(out, "%s\nserving on http://%s\n", at.Data, address)
	})
	return errors.Join(err, b.Close())
}

// listenOn opens an address before anything else: what is in use is told at once.
func listenOn(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another program listens on %s already; choose another --listen", address)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return l, nil
}

func parseWitnesses(texts []string) (all []publog.Witness, err error) {
	for _, t := range texts {
		url, vkey, ok := strings.Cut(strings.TrimSpace(t), " ")
		if !ok {
			return nil, fmt.Errorf("--witness %q is not of the form \"URL VKEY\"", t)
		}
		all = append(all, publog.Witness{URL: url, VKey: strings.TrimSpace(vkey)})
	}
	return all, nil
}

// serve answers on a listener and on the folder's socket until ctx ends; ready is told the address.
func (b *Body) serve(ctx context.Context, at cli.Place, network net.Listener, ready func(address string)) (err error) {
	public := newServer(b.public, b.logger)
	// Strangers get no longer: 30 s to say what they want, and 2 min to take in the largest answer (an
	// export of the register) on a slow phone. The socket is for long imports.
	public.ReadTimeout, public.WriteTimeout = 30*time.Second, 2*time.Minute
	servers := []*http.Server{public}
	listeners := []net.Listener{network}
	if at.Data != "" {
		socket, err := folder(at.Data).listen()
		if err != nil {
			return err
		}
		servers, listeners = append(servers, newServer(b.local, b.logger)), append(listeners, socket)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(servers)+2)
	running := 0
	start := func(work func() error) {
		running++
		go func() { ended <- work() }()
	}
	for i, s := range servers {
		start(func() error { return s.Serve(listeners[i]) })
	}
	start(func() error { b.stateWhatFallsDue(ctx); return nil })
	if b.exporting != nil {
		start(func() error { b.keepExported(ctx, b.exporting); return nil })
	}
	start(func() error {
		err := b.Log.Run(ctx, func(err error) { b.logger.Warn("a witness did not cosign", "error", err) })
		if ctx.Err() != nil {
			return nil
		}
		b.logger.Error("the public log is halted: nothing more is stated in public", "error", err)
		<-ctx.Done() // reading goes on
		return nil
	})
	ready(network.Addr().String())
	select {
	case <-ctx.Done():
		err = nil
	case err = <-ended:
		running--
	}
	stop()
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(patience) != nil {
			_ = s.Close()
		}
	}
	for range running {
		<-ended
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func newServer(h http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// Bench implements [cli.House].
func (h House) Bench(ctx context.Context, how cli.Bench, out io.Writer) error {
	return h.Measure(ctx, how, out)
}
