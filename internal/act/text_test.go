package act_test

import (
	"strings"
	"testing"

	"shingle/internal/act"
)

func TestFormsOfNames(t *testing.T) {
	for what, form := range map[string]struct {
		is      func(string) bool
		yes, no []string
	}{
		"a member's number": {act.IsMemberNumber,
			[]string{"1", "0042", "A-7", "ABCDEFGHIJKL"}, []string{"", "abc", "ABCDEFGHIJKLM", "00 42", "0042\n", "０042"}},
		"a domain": {act.IsDomain,
			[]string{"a.example", "xn--bcher-kva.example", "1.a.example"},
			[]string{"", ".", "example", "A.example", "a..example", ".example", "a.example.", "-a.example", "a-.example", "10.0.0.1", "a.example:80",
				"bücher.example", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127) + "example"}},
		"a host": {act.IsHost,
			[]string{"localhost", "demo.example", "demo.example:8080"}, []string{"", ":80", "demo.example:x", "https://demo.example", "demo.example/x", strings.Repeat("a.", 127) + "a"}},
		"a line of 1 to 3": {func(s string) bool { return act.OneLine(s, 1, 3) }, []string{"a", "äöü"}, []string{"", "abcd", "a\nb", "a\x00", "\xff", "a\u2028", "a\uffff", "a\ufffd"}},
	} {
		for _, s := range form.yes {
			if !form.is(s) {
				t.Errorf("%q is not taken for %s", s, what)
			}
		}
		for _, s := range form.no {
			if form.is(s) {
				t.Errorf("%q is taken for %s", s, what)
			}
		}
	}
}

func TestDomainsAboveEndWhereAnybodyHasAName(t *testing.T) {
	for domain, want := range map[string]string{
		"a.example": "", "b.a.example": "a.example", "c.b.a.example": "b.a.example a.example",
		"acme.co.uk": "", "it.acme.co.uk": "acme.co.uk", "acme.github.io": "", "co.uk": "", "it.acme.github.io": "acme.github.io",
	} {
		if got := strings.Join(act.DomainsAbove(domain), " "); got != want {
			t.Errorf("above %s: %q, want %q", domain, got, want)
		}
	}
}
