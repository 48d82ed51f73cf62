package cli

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// Flags of an act are its fields, or its own; what is neither is told in one line.
func FuzzActFlags(f *testing.F) {
	f.Add("--member\n0042\n--name=Cobalt")
	f.Add("--json\n{}\n--key=k\n--expect\n3\n--data\n/tmp/x\n--help")
	f.Add("--\n--domains\na.example\n--domains\nb.example")
	f.Add("--a==b\n--\n---x\n1")
	f.Add("member\n--")
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "@") {
			return // it names a file
		}
		args := strings.Split(line, "\n")
		var c actCmd
		fields, own, err := c.split(&run{Terminal: Terminal{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, ctx: t.Context(), given: map[string]bool{}}, slices.Clone(args))
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", args, err)
			}
			return
		}
		n := 0
		for name, values := range fields {
			if name == "" || slices.Contains([]string{"json", "key", "expect", "data", "token"}, name) {
				t.Errorf("%q: the field %q", args, name)
			}
			n += len(values)
		}
		if n > len(args) || own.help != slices.Contains(args, "--help") && own.help {
			t.Errorf("%q: %v %+v", args, fields, own)
		}
		if got := ownArgs(append([]string{"act", "member.rename"}, args...)); !slices.Equal(got[len(got)-len(args):], args) {
			t.Errorf("%q becomes %q", args, got)
		}
	})
}

// What is printed to be pasted into a shell is one word of it.
func FuzzShell(f *testing.F) {
	for _, s := range []string{"plain", "with space", "it's", "$(x)", "`x`", "a\nb", "", "-x", "~", "*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		word := Shell(s)
		if got, rest := unquote(word); got != s || rest != "" {
			t.Errorf("%q is written %s, which a shell reads as %q, %q", s, word, got, rest)
		}
	})
}

// unquote reads a word as POSIX shells do (2.2): plain characters, and double quotes.
func unquote(word string) (text, rest string) {
	inside, ok := strings.CutPrefix(word, `"`)
	if !ok {
		if i := strings.IndexAny(word, " \t\n$`\"'\\*?[]#~<>|&;(){}!"); i >= 0 {
			return word[:i], word[i:]
		}
		return word, ""
	}
	var out strings.Builder
	for i := 0; i < len(inside); i++ {
		switch c := inside[i]; {
		case c == '"':
			return out.String(), inside[i+1:]
		case c == '$' || c == '`':
			return out.String(), inside[i:]
		case c == '\\' && i+1 < len(inside) && strings.IndexByte("$`\"\\\n", inside[i+1]) >= 0:
			i++
			if inside[i] != '\n' {
				out.WriteByte(inside[i])
			}
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), "no end"
}
