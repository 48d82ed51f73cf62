package code

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// MaxSize is the largest code file that is read, in bytes: some 20,000 words.
const MaxSize = 128 << 10

// No code comes near these bounds. They are there because the time that YAML and Markdown take grows
// with the square of some inputs: within them any file is read in seconds.
const (
	maxLine        = 8 << 10 // bytes
	maxFrontMatter = 16 << 10
	maxLists       = 100  // "[" and "{" in the front matter
	maxLinks       = 2000 // "[" in the text
)

// Parse reads a code file. It returns the version, or else everything that is wrong with the file; a
// version is only returned without problems.
func Parse(file []byte) (*Version, Problems) {
	if len(file) > MaxSize {
		return nil, Problems{{1, 1, fmt.Sprintf("the file has %d bytes", len(file)),
			"A code file has at most 128 KiB.", "Is this the right file?"}}
	}
	var r reader
	r.characters(file)
	r.text = canonical(file)
	for i, c := range r.text {
		if c == '\n' {
			r.lineEnds = append(r.lineEnds, i)
		}
	}

	v := &Version{Text: r.text, SHA256: sha256.Sum256(r.text)}
	if body, ok := r.frontMatter(v); ok && r.bounded(body) {
		r.provisions(v, body)
	}
	if len(r.problems) > 0 {
		return nil, r.problems.sorted()
	}
	return v, nil
}

// canonical returns the text that is hashed. Lines and columns are those of the file.
func canonical(file []byte) []byte {
	text := bytes.ToValidUTF8(bytes.TrimPrefix(file, []byte("\ufeff")), []byte("\ufffd"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimRight(line, " \t")
	}
	return append(bytes.TrimRight(bytes.Join(lines, []byte("\n")), "\n"), '\n')
}

// reader reads one file and gathers what is wrong with it.
type reader struct {
	text     []byte // canonical
	lineEnds []int  // where its lines end
	problems Problems

	places map[string]ast.Node // where the requirements of an education stand
}

func (r *reader) wrong(line, column int, rule, cure, format string, args ...any) {
	r.problems = append(r.problems, Problem{line, column, fmt.Sprintf(format, args...), rule, cure})
}

// at returns line and column of an offset into the canonical text.
func (r *reader) at(offset int) (line, column int) {
	i, _ := slices.BinarySearch(r.lineEnds, offset)
	start := 0
	if i > 0 {
		start = r.lineEnds[i-1] + 1
	}
	return i + 1, utf8.RuneCount(r.text[start:max(start, offset)]) + 1
}

// lineStart returns the offset at which line (from 1) starts.
func (r *reader) lineStart(line int) int {
	switch {
	case line <= 1:
		return 0
	case line-2 < len(r.lineEnds):
		return r.lineEnds[line-2] + 1
	}
	return len(r.text)
}

// characters looks for what is no text, or would not be seen by those who read it.
func (r *reader) characters(file []byte) {
	line, column := 1, 0
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	for i := 0; i < len(file); {
		c, size := utf8.DecodeRune(file[i:])
		column++
		switch {
		case c == utf8.RuneError && size == 1:
			r.wrong(line, column, "A code file is text in UTF-8.", "Save it as UTF-8.", "the byte %#02x is not UTF-8", file[i])
			for i+size < len(file) && !utf8.FullRune(file[i+size:]) {
				size++
			}
		case c == '\n' || c == '\r':
			if c == '\r' && i+1 < len(file) && file[i+1] == '\n' {
				size = 2
			}
			line, column = line+1, 0
		case c == '\t':
		case unicode.IsControl(c):
			r.wrong(line, column, "A code file is plain text.", "Take the character out.", "there is a control character, %U", c)
		case c == '\ufeff' || c == '\u2028' || c == '\u2029' || '\u202a' <= c && c <= '\u202e' || '\u2066' <= c && c <= '\u2069':
			r.wrong(line, column, "What members sign reads as it is written.", "Take the character out.", "there is an invisible character, %U", c)
		}
		i += size
	}
}

// frontMatter reads the lines between the two "---" and returns the offset at which the body starts.
// ok is false if there is no front matter, so that nothing can be said about the body.
func (r *reader) frontMatter(v *Version) (body int, ok bool) {
	const rule = `A code file starts with front matter: a line "---", then YAML, then a line "---".`
	if !bytes.HasPrefix(r.text, []byte("---\n")) {
		r.wrong(1, 1, rule, `Start the file with a line "---", or begin anew with "shingle code init".`, "there is no front matter")
		return 0, false
	}
	end := bytes.Index(r.text[3:], []byte("\n---\n"))
	if end < 0 {
		r.wrong(1, 1, rule, `Put a line "---" between the front matter and the text.`, "the front matter does not end")
		return 0, false
	}
	// The end of the first "---" comes along as an empty line: YAML then counts lines as the file does.
	if yaml := string(r.text[3 : 3+end+1]); len(yaml) > maxFrontMatter || strings.Count(yaml, "[")+strings.Count(yaml, "{") > maxLists {
		r.wrong(1, 1, "Front matter has at most 16 KiB and a hundred brackets.", "Does the text begin where it should?", "the front matter is too much")
	} else {
		r.settings(v, yaml)
	}
	return 3 + end + len("\n---\n"), true
}

// deep matches a line that opens more than 32 lists and quotations within one another.
var deep = regexp.MustCompile(`^(?:\s*(?:>|[*+-]\s|[0-9]+[.)]\s)){33}`)

// bounded reports whether the text from base on is fit to be read as Markdown.
func (r *reader) bounded(base int) bool {
	body, good := r.text[base:], true
	line, _ := r.at(base)
	if bytes.Count(body, []byte("[")) > maxLinks {
		good = false
		r.wrong(line, 1, "A code has at most 2,000 links.", "Take some out.", "there are too many links")
	}
	for text := range bytes.Lines(body) {
		switch {
		case len(text) > maxLine:
			good = false
			r.wrong(line, 1, "A line has at most 8 KiB.", "Break it into several.", "the line has %d bytes", len(text))
		case deep.Match(text):
			good = false
			r.wrong(line, 1, "Lists and quotations are not nested this deep.", "Write it more plainly.", "the line opens too many lists or quotations")
		}
		line++
	}
	return good
}

// oneLine shortens text taken from the file for use in a sentence.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > 40 {
		s = string([]rune(s)[:39]) + "…"
	}
	return s
}
