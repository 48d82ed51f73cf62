package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/cli"
)

// The smallest run there is: nobody should learn from a table of misses that the roster no longer fits.
func TestTheSmallestRunMeasuresSomething(t *testing.T) {
	var out bytes.Buffer
	how := cli.Bench{Names: []string{"import"}, Cache: filepath.Join(t.TempDir(), "cache"), Members: 330, Some: 330, Rows: 400, Acts: 1, Runs: 1, Seconds: 0.1, Minutes: 0.01}
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
