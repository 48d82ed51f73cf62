package roster

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Glimpse is what somebody must see of a file to say what its columns are.
type Glimpse struct {
	Header []string
	Rows   [][]string // the first few
	// Ours are the columns of ours that were found by their names: ours to theirs.
	Ours Mapping
}

// Glance reads the header and the first few rows of a file. A file that is none is a [*HeaderError].
func Glance(file io.Reader, rows int) (Glimpse, error) {
	in, err := begin(file)
	if err != nil {
		return Glimpse{}, err
	}
	g := Glimpse{Header: in.header, Ours: Mapping{}}
	_ = in.assign(nil) // what is missing is for a person to say
	for ours, i := range in.columns {
		g.Ours[ours] = in.header[i]
	}
	for len(g.Rows) < rows {
		r, err := in.next()
		var broken *BrokenFile
		if errors.Is(err, io.EOF) || errors.As(err, &broken) {
			return g, nil // the preview says where it breaks
		}
		if err != nil {
			return Glimpse{}, err
		}
		cells := make([]string, len(g.Header))
		for i := range min(len(cells), len(r.cells)) {
			cells[i] = shortened(r.cells[i])
		}
		g.Rows = append(g.Rows, cells)
	}
	return g, nil
}

// shortened is a cell as a glimpse shows it: text, and not more than a glimpse of it.
func shortened(cell string) string {
	cell = strings.ToValidUTF8(cell, "\ufffd")
	if utf8.RuneCountInString(cell) > 60 {
		cell = string([]rune(cell)[:60]) + "…"
	}
	return cell
}
