// Package app wires the house together: it opens what a body is made of, serves it, and hands the
// command line what it needs.
package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"

	"shingle/internal/cli"
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
	if err := f.oneRecord(at); err != nil {
		return nil, nil, err
	}
	if at.Data != "" && f.served() {
		return overSocket(f.socket()), func() error { return nil }, nil
	}
	if err := ready(at); err != nil {
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

// Bench implements [cli.House].
func (h House) Bench(ctx context.Context, how cli.Bench, out io.Writer) error {
	return h.Measure(ctx, how, out)
}
