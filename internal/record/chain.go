package record

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Chain goes along the rows of a record that lie somewhere else, such as in a backup, and checks that each
// fits the one before it. The zero Chain stands before the first row.
type Chain struct {
	Position int64
	Recorded int64 // µs since 1970, UTC
	Sum      [32]byte

	columns []int // where each of rowColumns is among the values
}

// Columns says in which order the values of the following rows stand. Columns that the chain does not
// cover may be among them.
func (c *Chain) Columns(names []string) error {
	c.columns = c.columns[:0]
	for name := range strings.SplitSeq(strings.ReplaceAll(rowColumns, "e.", ""), ", ") {
		i := slices.Index(names, name)
		if i < 0 {
			return fmt.Errorf("the rows of the record have no column %q", name)
		}
		c.columns = append(c.columns, i)
	}
	return nil
}

// Add takes in the next row. What does not fit is a [*Tampered].
func (c *Chain) Add(values []any) error {
	var w row
	for i, to := range w.columns() {
		fits := false
		switch to := to.(type) {
		case *int64:
			*to, fits = values[c.columns[i]].(int64)
		case *string:
			*to, fits = values[c.columns[i]].(string)
		case *[]byte:
			*to, fits = values[c.columns[i]].([]byte)
		}
		if !fits {
			return &Tampered{Position: c.Position + 1, What: "the row cannot be read"}
		}
	}
	if w.position != c.Position+1 {
		return &Tampered{Position: c.Position + 1, What: "the row is missing"}
	}
	sum := w.link(c.Sum)
	if !bytes.Equal(sum[:], w.chain) {
		return &Tampered{Position: w.position, Stream: w.stream, What: "the row or its chain was changed"}
	}
	c.Position, c.Recorded, c.Sum = w.position, w.recorded, sum
	return nil
}
