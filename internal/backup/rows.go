package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A part is lines of JSON, compressed by zstd: first a header, then each row as a list of its values.
// Integers are numbers, texts strings, and bytes strings in base64.

// header is the first line of a part.
type header struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Kinds   []string `json:"kinds"` // "integer", "text" or "bytes", for each column
}

func (h header) column(name string) int {
	for i, c := range h.Columns {
		if c == name {
			return i
		}
	}
	return -1
}

// kindOf returns what a column of a database holds.
func kindOf(declared string) (string, error) {
	switch strings.ToUpper(declared) {
	case "INTEGER", "BIGINT", "INT", "INT4", "INT8":
		return "integer", nil
	case "TEXT":
		return "text", nil
	case "BLOB", "BYTEA":
		return "bytes", nil
	}
	return "", fmt.Errorf("columns of the type %s cannot be backed up", declared)
}

const (
	fullRows  = 50_000   // rows after which a part is full
	fullBytes = 16 << 20 // bytes after which it is, before they are compressed
	longest   = 64 << 20 // bytes that a row has at most
)

// packer makes parts out of rows, in memory: they are bounded.
type packer struct {
	header  header
	done    func(p Part, data []byte) error
	packed  bytes.Buffer
	zstd    *zstd.Encoder
	json    *json.Encoder
	rows    int64
	written int64
}

func newPacker(h header, done func(Part, []byte) error) (*packer, error) {
	p := &packer{header: h, done: done}
	var err error
	if p.zstd, err = zstd.NewWriter(&p.packed, zstd.WithEncoderConcurrency(1)); err != nil {
		return nil, err
	}
	p.json = json.NewEncoder(p)
	p.json.SetEscapeHTML(false)
	return p, nil
}

// Write implements [io.Writer] for the encoder of rows.
func (p *packer) Write(b []byte) (int, error) {
	p.written += int64(len(b))
	return p.zstd.Write(b)
}

func (p *packer) add(values []any) error {
	if p.rows == 0 {
		if err := p.json.Encode(p.header); err != nil {
			return err
		}
	}
	p.rows++
	if err := p.json.Encode(values); err != nil {
		return err
	}
	if p.rows < fullRows && p.written < fullBytes {
		return nil
	}
	return p.flush()
}

// flush ends the part under way, if there is one.
func (p *packer) flush() error {
	if p.rows == 0 {
		return nil
	}
	if err := p.zstd.Close(); err != nil {
		return err
	}
	part := Part{Table: p.header.Table, SHA256: sha256.Sum256(p.packed.Bytes()), Size: int64(p.packed.Len()), Rows: p.rows}
	err := p.done(part, p.packed.Bytes())
	p.packed.Reset()
	p.zstd.Reset(&p.packed)
	p.rows, p.written = 0, 0
	return err
}

// unpack reads the rows of a part. The values are only lent.
func unpack(r io.Reader, begin func(header) error, row func(values []any) error) (rows int64, err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(longest))
	if err != nil {
		return 0, err
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(make([]byte, 0, 64<<10), longest)
	var h header
	if !lines.Scan() {
		return 0, errors.Join(errors.New("it has no header"), lines.Err())
	}
	if err := json.Unmarshal(lines.Bytes(), &h); err != nil || len(h.Columns) != len(h.Kinds) || len(h.Columns) == 0 {
		return 0, errors.New("its header cannot be read")
	}
	if err := begin(h); err != nil {
		return 0, err
	}
	values := make([]any, len(h.Columns))
	raw := make([]json.RawMessage, 0, len(h.Columns))
	for lines.Scan() {
		raw = raw[:0]
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil || len(raw) != len(values) {
			return rows, fmt.Errorf("row %d cannot be read", rows+1)
		}
		for i, text := range raw {
			if values[i], err = valueOf(h.Kinds[i], text); err != nil {
				return rows, fmt.Errorf("row %d, %s: %w", rows+1, h.Columns[i], err)
			}
		}
		rows++
		if err := row(values); err != nil {
			return rows, err
		}
	}
	return rows, lines.Err()
}

func valueOf(kind string, text json.RawMessage) (any, error) {
	if string(text) == "null" {
		return nil, nil
	}
	switch kind {
	case "integer":
		var n int64
		err := json.Unmarshal(text, &n)
		return n, err
	case "text":
		var s string
		err := json.Unmarshal(text, &s)
		return s, err
	case "bytes":
		if len(text) < 2 || text[0] != '"' {
			return nil, errors.New("not base64")
		}
		b := make([]byte, base64.StdEncoding.DecodedLen(len(text)-2))
		n, err := base64.StdEncoding.Decode(b, text[1:len(text)-1])
		return b[:n], err
	}
	return nil, fmt.Errorf("a value of the kind %q", kind)
}
