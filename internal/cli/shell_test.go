package cli

import (
	"os/exec"
	"testing"
)

func TestShellReadsWhatWasMeant(t *testing.T) {
	if got := Shell("/var/lib/shingle-1"); got != "/var/lib/shingle-1" {
		t.Errorf("%s is quoted without need", got)
	}
	for _, word := range []string{"", "a b", "it's", `say "no"`, "$HOME", "`date`", `a\b`, "1;2", "über", "a\nb", "*", "~/x", "#x"} {
		out, err := exec.Command("sh", "-c", "printf %s "+Shell(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%s is read as %q, not %q (%v)", Shell(word), out, word, err)
		}
	}
}
