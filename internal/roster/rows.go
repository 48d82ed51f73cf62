package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxCell bounds one cell, in bytes.
	maxCell = 64 << 10
	// maxRow bounds one row, in bytes: a quotation mark that is never closed must not take in the whole file.
	maxRow = 1 << 20
)

// input reads rows of a file by our columns.
type input struct {
	kind     *Kind
	csv      *csv.Reader
	tape     *tape
	header   []string
	returned bool           // the file is one of rejects, written by us
	columns  map[string]int // our column → index in the file
	mapped   []string
	unknown  []string
}

// theirs returns what the file calls one of our columns, "" if it has none for it.
func (in *input) theirs(column string) string {
	if i, ok := in.columns[column]; ok {
		return in.header[i]
	}
	return ""
}

// blame notes what is wrong with the value of a column, or with the row as a whole where column is "".
func (in *input) blame(r *row, column, reason string) {
	theirs := in.theirs(column)
	if column != "" && theirs == "" {
		reason = column + " " + reason + " (the file has no column for it)"
	}
	r.blame(column, Fault{Column: theirs, Reason: reason})
}

// next reads one row; empty lines are passed over. The error is io.EOF at the end, a [*BrokenFile] where
// rows can no longer be told apart.
func (in *input) next() (*row, error) {
	before := in.tape.lines
	cells, err := in.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, err
	}
	if errors.Is(err, errLongRow) {
		first := before + 1 + in.tape.emptyLines()
		return nil, &BrokenFile{first, fmt.Sprintf("the row that begins here is longer than 1 MiB; is a quotation mark left open in it? Nothing from line %d on was read. Mend it and import the file again", first)}
	}
	raw := in.tape.cut(in.csv.InputOffset())
	r := &row{cells: in.own(cells)}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		if opened := parse.StartLine + strings.Count(strings.Join(cells, ""), "\n"); leftOpen(parse, opened, raw) {
			return nil, openQuote(parse, opened)
		}
		r.line, r.cells = parse.StartLine, in.own(in.lenient(raw))
		in.blame(r, "", fmt.Sprintf("the row cannot be read (line %d, column %d): %v", parse.Line, parse.Column, parse.Err))
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	r.line, _ = in.csv.FieldPos(0)
	if len(r.cells) != len(in.header) {
		reason := fmt.Sprintf("the row has %d cells, the header has %d", len(r.cells), len(in.header))
		if in.tape.lines > r.line {
			reason += fmt.Sprintf("; it takes up the lines %d to %d: is a quotation mark left open in it?", r.line, in.tape.lines)
		}
		in.blame(r, "", reason)
		return r, nil
	}
	r.values = make(map[string][]string, len(in.columns))
	for _, column := range in.kind.columns {
		i, ok := in.columns[column]
		if !ok {
			continue
		}
		value := strings.TrimSpace(r.cells[i])
		if why := unreadable(value); why != "" {
			in.blame(r, column, why)
			continue
		}
		if value = in.kind.normal(column, value); value != "" {
			r.values[column] = []string{value}
		}
	}
	return r, nil
}

// own returns a row's own cells: without what a file of rejects adds.
func (in *input) own(cells []string) []string {
	if !in.returned {
		return cells
	}
	return unescape(cells[:max(0, len(cells)-len(RejectColumns))])
}

// leftOpen reports whether the quotation mark that was opened in a line of a row is not closed in it:
// then nobody can tell what is in quotation marks and what is not from there on.
func leftOpen(parse *csv.ParseError, opened int, raw []byte) bool {
	if !errors.Is(parse.Err, csv.ErrQuote) {
		return false
	}
	if parse.Line > opened {
		return true
	}
	lines := bytes.Split(bytes.TrimLeft(raw, "\r\n"), []byte("\n"))
	line := bytes.TrimRight(lines[min(opened-parse.StartLine, len(lines)-1)], "\r")
	return parse.Column > len(line) // the file ended; else another sign follows the closing mark
}

func openQuote(parse *csv.ParseError, opened int) *BrokenFile {
	return &BrokenFile{parse.StartLine, fmt.Sprintf("the quotation mark that is opened in line %d is not closed properly by line %d, so where rows end cannot be told; nothing from line %d on was read. Mend it and import the file again",
		opened, parse.Line, parse.StartLine)}
}

// lenient returns the cells of a row that breaks the rules of CSV, as well as they can be told apart.
func (in *input) lenient(raw []byte) []string {
	lazy := reader(bytes.NewReader(raw), in.csv.Comma)
	lazy.LazyQuotes = true
	whole := len(in.header)
	if in.returned {
		whole += len(RejectColumns)
	}
	if cells, err := lazy.Read(); err == nil && len(cells) == whole {
		return cells
	}
	return strings.Split(strings.Trim(string(raw), "\r\n"), string(in.csv.Comma))
}

func unreadable(value string) string {
	if len(value) > maxCell {
		return "is longer than 64 KiB; is a quotation mark left open?"
	}
	if !utf8.ValidString(value) {
		return "is not UTF-8; save the file as UTF-8 and try again"
	}
	if strings.ContainsFunc(value, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' && c != '\r' }) {
		return "holds control characters"
	}
	return ""
}

// normal brings a value into the form that the act expects.
func normal(column, value string) string {
	switch column {
	case "admitted", "subscribed", "paid_through":
		return day(value)
	case "domains":
		var list []string
		for d := range strings.SplitSeq(value, ";") {
			if d = domain(d); d != "" {
				list = append(list, d)
			}
		}
		return strings.Join(list, ";")
	}
	return value
}

// day takes off the time that exports of other systems write behind a date.
func day(value string) string {
	if len(value) > len("2026-03-01") && (value[10] == ' ' || value[10] == 'T') {
		return value[:10]
	}
	return value
}

// domain takes the host out of a web address.
func domain(d string) string {
	d = strings.ToLower(strings.TrimSpace(d))
	d = strings.TrimPrefix(strings.TrimPrefix(d, "https://"), "http://")
	d, _, _ = strings.Cut(d, "/")
	return strings.TrimSuffix(strings.TrimPrefix(d, "www."), ".")
}

// tape remembers the bytes of the row that is being read, for rejects, and how many lines came before.
type tape struct {
	file  io.Reader
	kept  []byte
	from  int64 // offset in the file of the first byte kept
	lines int   // of the file, before that byte
}

var errLongRow = errors.New("the row is too long")

// Read implements [io.Reader]; it fails with errLongRow.
func (t *tape) Read(p []byte) (int, error) {
	if len(t.kept) > maxRow {
		return 0, errLongRow
	}
	n, err := t.file.Read(p)
	t.kept = append(t.kept, p[:n]...)
	return n, err
}

// cut returns the bytes up to an offset and lets go of them.
func (t *tape) cut(to int64) []byte {
	row := t.kept[:to-t.from]
	t.kept, t.from = t.kept[to-t.from:], to
	t.lines += bytes.Count(row, []byte("\n"))
	return row
}

// emptyLines is how many empty lines stand before the row that is being read.
func (t *tape) emptyLines() int {
	return bytes.Count(t.kept[:len(t.kept)-len(bytes.TrimLeft(t.kept, "\r\n"))], []byte("\n"))
}
