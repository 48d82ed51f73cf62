package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Bench says what is measured, and how large.
type Bench struct {
	Names    []string `arg:"" optional:"" name:"name" help:"Which to measure; all if none is given. \"list\" lists them."`
	Cache    string   `help:"Folder in which registers are kept from one run to the next; one in the user's cache folder if not given. It must lie on a real disk." type:"path" env:"SHINGLE_BENCH_CACHE" placeholder:"DIR"`
	Database string   `help:"PostgreSQL database from which others can be made, for the rows that want one; they are left out if not given." env:"SHINGLE_BENCH_DATABASE" placeholder:"URL"`
	Members  int      `help:"Members of the large register." default:"1000000" env:"SHINGLE_BENCH_MEMBERS"`
	Some     int      `help:"Members of the middling register." default:"100000" env:"SHINGLE_BENCH_SOME"`
	Rows     int      `help:"Rows of the roster whose import is measured." default:"100000" env:"SHINGLE_BENCH_ROWS"`
	Acts     int      `help:"Acts in a run by one caller; there are eight times as many by 64." default:"1000" env:"SHINGLE_BENCH_ACTS"`
	Runs     int      `help:"How often each pair is run; the median counts." default:"5" env:"SHINGLE_BENCH_RUNS"`
	Seconds  float64  `help:"How long a run over HTTP takes." default:"2" env:"SHINGLE_BENCH_SECONDS"`
	Minutes  float64  `help:"How long the mixed load takes." default:"10" env:"SHINGLE_BENCH_MINUTES"`
	Profile  string   `help:"Folder for CPU profiles of our side of what runs in this process." type:"path" env:"SHINGLE_BENCH_PROFILE" placeholder:"DIR"`
}

// bench measures.
type bench struct {
	Bench
	Write string `help:"Write the table to this file, too." type:"path" placeholder:"FILE"`
}

func (c *bench) Run(r *run) error {
	switch {
	case c.Write != "" && len(c.Names) > 0:
		return errors.New("--write writes the whole table; leave the names out")
	case c.Members < 330 || c.Some < 330 || c.Rows < 1 || c.Acts < 1 || c.Runs < 1 || c.Seconds <= 0 || c.Minutes <= 0:
		return errors.New("the sizes are too small to measure anything: registers have at least 330 members, everything else is more than none")
	}
	if c.Cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("say where registers can be kept: --cache DIR: %w", err)
		}
		c.Cache = filepath.Join(dir, "shingle-bench")
	}
	if c.Write == "" {
		return r.house.Bench(r.ctx, c.Bench, r.Out)
	}
	// What was measured before stays until there is something new to say.
	part := c.Write + ".part"
	file, err := os.Create(part)
	if err != nil {
		return err
	}
	err = r.house.Bench(r.ctx, c.Bench, io.MultiWriter(r.Out, file))
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, c.Write)
}
