package roster

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// A mapping names columns of ours, each once; a file that is read with it has rows with the values of their
// columns, or says on which line it is broken.
func FuzzMapping(f *testing.F) {
	f.Add("name=Security,place=Headquarters Location", "Security,Headquarters Location,number\nOne,Denver,1\n")
	f.Add("name=Company", "number;Company\n1;\"a\nb\"\n")
	f.Add("=", ",\n")
	f.Add("name=number", "number\n1\n")
	f.Fuzz(func(t *testing.T, mapping, file string) {
		m, err := ParseMapping(mapping)
		var h *HeaderError
		if err != nil {
			if !errors.As(err, &h) || strings.TrimSpace(err.Error()) == "" {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		for ours, theirs := range m {
			if !slices.Contains(Columns, ours) || strings.TrimSpace(theirs) == "" {
				t.Errorf("%q is mapped to %q", ours, theirs)
			}
		}
		rows, _, err := read(t, file, mapping)
		var b *BrokenFile
		if err != nil && !errors.As(err, &h) && (!errors.As(err, &b) || b.Line < 2) {
			t.Fatal(err)
		}
		last := 0
		for _, r := range rows {
			if len(r.faults) > 0 {
				if r.line <= last && last > 0 && r.line < 2 || r.faults[0].Reason == "" {
					t.Errorf("%+v", r)
				}
				last = r.line
			}
		}
	})
}

// What is written for a spreadsheet holds no formula, and is read back as it was.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r", "'", "plain", "", "＝1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		out := Escape([]string{cell, "x"})
		if len(out) != 2 || out[1] != "x" || !strings.HasSuffix(out[0], cell) {
			t.Fatalf("%q becomes %q", cell, out)
		}
		if out[0] != "" && strings.ContainsRune("=+-@\t\r", rune(out[0][0])) {
			t.Errorf("%q is a formula", out[0])
		}
	})
}
