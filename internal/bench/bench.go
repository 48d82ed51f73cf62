// Package bench measures how fast the house is, beside a yardstick: the least that the same work can cost
// on the same machine in the same minute.
//
// Absolute numbers age and depend on the machine; a ratio to a yardstick says how much of the machine the
// house leaves to whoever uses it. Each pair is run several times, one after the other in turns, and the
// medians count. Yardsticks are made of what really happened: the bytes that were served are served
// again from memory; the statements that were executed are executed again, raw (see [tape]).
//
// What misses its target is shown as missed. Nothing here fails a build.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shingle/internal/cli"
)

// row is one row of the table.
type row struct {
	what     string
	measured string
	beside   string // the yardstick's own figure
	value    string // what is compared with the target
	target   string
	met      bool
	failed   error // it could not be measured
}

// benchmark measures one or several rows.
type benchmark struct {
	name string
	does string
	run  func(ctx context.Context, b *session) ([]row, error)
}

var benchmarks = []benchmark{
	{"standing", "standing by number over HTTP, beside the same bytes from memory", serveStanding},
	{"hot", "a seal and a receipt over HTTP, beside the same bytes from memory", serveHot},
	{"zipf", "standing over HTTP in a large register, beside a small one", serveZipf},
	{"acts", "acts with a public statement, beside the same rows raw, in SQLite", actsSQLite},
	{"acts-postgres", "the same in PostgreSQL", actsPostgres},
	{"as-of", "standing as of a date, from the record", standingAsOf},
	{"recompute", "the standing of all, from the facts", recompute},
	{"cases", "pages of the list of cases", caseList},
	{"import", "a roster, beside reading it and inserting the same rows raw", importRoster},
	{"seal", "an object of 1 GiB sealed and opened in the vault, beside the age library", sealing},
	{"bundle", "the bundle for a hearing, of 500 pages", binding},
	{"start", "from exec to the first answer", start},
	{"rebuild", "all views anew from the record", rebuild},
	{"load", "minutes of reads and acts at once: latencies, memory, files", mixedLoad},
}

// session is what the benchmarks of one run share.
type session struct {
	cli.Bench
	ctx     context.Context
	scratch string // removed at the end; on the same disk as the registers
	say     func(format string, args ...any)
}

// Run measures what is asked for and writes the table as Markdown. Its first name may also be "list", or
// one of this package's own errands as a child process (see yardstick.go).
func Run(ctx context.Context, how cli.Bench, out io.Writer) error {
	if len(how.Names) > 0 {
		switch how.Names[0] {
		case "list":
			for _, b := range benchmarks {
				fmt.Fprintf(out, "%-14s %s\n", b.name, b.does)
			}
			return nil
		case fromMemory:
			return serveFromMemory(ctx, os.Stdin, out)
		case sealOurs, sealTheirs:
			if len(how.Names) != 2 {
				return fmt.Errorf("%s wants a folder", how.Names[0])
			}
			return sealAndOpen(ctx, how.Names[0], how.Names[1], out)
		}
	}
	chosen, err := choose(how.Names)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(how.Cache, 0o700); err != nil {
		return fmt.Errorf("registers cannot be kept: %w", err)
	}
	scratch, err := os.MkdirTemp(how.Cache, "run-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	s := &session{Bench: how, ctx: ctx, scratch: scratch, say: func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
	}}
	machine := describeMachine(scratch)
	var rows []row
	for _, b := range chosen {
		s.say("%s: %s", b.name, b.does)
		found, err := s.measure(b)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			s.say("%s could not be measured: %v", b.name, err)
			found = append(found, row{what: b.does, failed: err})
		}
		rows = append(rows, found...)
	}
	return writeTable(out, s, machine, rows)
}

func choose(names []string) (chosen []benchmark, err error) {
	if len(names) == 0 {
		return benchmarks, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(benchmarks, func(b benchmark) bool { return b.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no benchmark %q; \"shingle bench list\" lists them", name)
		}
		chosen = append(chosen, benchmarks[i])
	}
	return chosen, nil
}

// measure runs one benchmark in a folder of its own.
func (s *session) measure(b benchmark) ([]row, error) {
	own := *s
	own.scratch = filepath.Join(s.scratch, b.name)
	if err := os.Mkdir(own.scratch, 0o700); err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(own.scratch) }()
	return b.run(s.ctx, &own)
}

// ratio makes a row of two lists of figures of the same kind, of which more is better.
func ratio(what, unit string, ours, theirs []float64, target float64) row {
	o, t := median(ours), median(theirs)
	r := row{what: what, measured: figure(o) + " " + unit, beside: figure(t) + " " + unit, target: fmt.Sprintf("≥ %.2f", target)}
	r.value, r.met = fmt.Sprintf("%.2f", o/t), o/t >= target
	return r
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// figure writes a number as a reader wants it: three digits, thousands apart.
func figure(n float64) string {
	switch {
	case n < 10:
		return fmt.Sprintf("%.2f", n)
	case n < 100:
		return fmt.Sprintf("%.1f", n)
	}
	digits := fmt.Sprintf("%.0f", n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
