package bench

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// importRoster imports a roster into an empty body.
func importRoster(ctx context.Context, s *session) ([]row, error) {
	base := cli.Place{Data: filepath.Join(s.scratch, "base")}
	if err := s.found(base); err != nil {
		return nil, err
	}
	file, err := s.roster(s.Rows)
	if err != nil {
		return nil, err
	}
	open := func(at cli.Place) (store, error) { return openSQLite(ctx, filepath.Join(at.Data, "shingle.db")) }
	var ours, theirs []float64
	for i := range s.Runs {
		did, tape, err := s.importInto(base, file, fmt.Sprintf("import-%d", i))
		if err != nil {
			return nil, err
		}
		read, err := readAll(file)
		if err != nil {
			return nil, err
		}
		raw, err := s.again(base, open, tape)
		if err != nil {
			return nil, err
		}
		ours = append(ours, float64(s.Rows)/did.Seconds())
		theirs = append(theirs, float64(s.Rows)/(read+raw).Seconds())
		statements, batch := tape.perTransaction(s.Rows)
		s.say("import: %.0f rows/s, raw %.0f; %.1f statements each, %.0f rows in a transaction", ours[i], theirs[i], statements, batch)
	}
	return []row{ratio(fmt.Sprintf("import of a roster of %s rows", figure(float64(s.Rows))), "rows/s", ours, theirs, 0.5)}, nil
}

func (s *session) importInto(base cli.Place, file, name string) (took time.Duration, r *run, err error) {
	at, drop, err := s.copied(base, name)
	defer drop()
	if err != nil {
		return 0, nil, err
	}
	r = &run{}
	b, err := app.Open(s.ctx, at, r.wrap)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	stop, err := s.profile("import")
	if err != nil {
		return 0, nil, err
	}
	defer stop()
	took, err = s.enrol(b, file)
	return took, r, err
}

// readAll reads a CSV file to its end.
func readAll(file string) (time.Duration, error) {
	began := time.Now()
	in, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()
	r := csv.NewReader(in)
	for {
		switch _, err := r.Read(); {
		case errors.Is(err, io.EOF):
			return time.Since(began), nil
		case err != nil:
			return 0, err
		}
	}
}
