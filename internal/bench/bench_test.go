package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// The smallest run there is: nobody should learn from a table of misses that the roster no longer fits.
func TestTheSmallestRunMeasuresSomething(t *testing.T) {
	var out bytes.Buffer
	how := cli.Bench{Names: []string{"import", "cases"}, Cache: filepath.Join(t.TempDir(), "cache"), Members: 330, Some: 330, Rows: 400, Acts: 1, Runs: 1, Seconds: 0.1, Minutes: 0.01}
	if err := Run(t.Context(), how, &out); err != nil {
		t.Fatal(err)
	}
	if table := out.String(); !strings.Contains(table, "import of a roster of 400 rows") || strings.Contains(table, "could not be measured") {
		t.Error(table)
	}
	if left, err := filepath.Glob(filepath.Join(how.Cache, "run-*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if _, err := os.Stat(how.Cache); err != nil {
		t.Error(err)
	}
}

// The yardstick replays statements on a copy that nobody migrates: a register of older tables is of no use.
func TestARegisterOfOtherTablesIsMadeAnew(t *testing.T) {
	s := &session{Bench: cli.Bench{Cache: t.TempDir()}, ctx: t.Context(), scratch: t.TempDir(), say: t.Logf}
	at, err := s.register(3)
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(at.Data, "kept")
	if err := os.WriteFile(kept, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.register(3); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("a register of these tables was made anew: %v", err)
	}
	mark := filepath.Join(at.Data, "complete")
	if err := os.WriteFile(mark, []byte("record 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.register(3); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept); err == nil {
		t.Error("a register of older tables was kept")
	}
	if tables, err := os.ReadFile(mark); err != nil || string(tables) != app.Tables() {
		t.Errorf("it is marked %q: %v", tables, err)
	}
}
