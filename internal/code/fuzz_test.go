package code

import (
	"bytes"
	"os"
	"testing"

	"shingle/internal/act"
)

// Parse takes whatever is handed to it. A file it finds nothing wrong with has a canonical text that is
// its own canonical text, and can be shown, compared and redated.
func FuzzParse(f *testing.F) {
	wrong, err := os.ReadFile("testdata/wrong.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(wrong)
	f.Add([]byte(small))
	f.Add(Template(act.On(2026, 1, 1)))
	f.Add([]byte("---\r\n{title: a, version: \"1\", effective: 2026-03-01, transition: 0d}\r\n---\r\n# {#a}\r\n\\<b>"))
	f.Fuzz(func(t *testing.T, file []byte) {
		v, problems := Parse(file)
		if (v == nil) != (len(problems) > 0) {
			t.Fatalf("version %v with problems %v", v, problems)
		}
		for i, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Wrong == "" || p.Rule == "" || p.Cure == "" {
				t.Errorf("a problem without place or reason: %q", p)
			}
			if i > 0 && p.Line < problems[i-1].Line {
				t.Errorf("%v stands before %v", problems[i-1], p)
			}
		}
		if v == nil {
			return
		}
		again, problems := Parse(v.Text)
		if again == nil || again.SHA256 != v.SHA256 || !bytes.Equal(again.Text, v.Text) {
			t.Fatalf("the canonical text reads otherwise: %v", problems)
		}
		for _, c := range Diff(v, again).Provisions {
			if c.Kind != Unchanged || c.Moved {
				t.Errorf("compared with itself, %q is %s", c.ID, c.Kind)
			}
		}
		for p := range v.All() {
			if out := string(p.HTML(2)); unsafe(out) {
				t.Errorf("unsafe: %s", out)
			}
		}
	})
}
