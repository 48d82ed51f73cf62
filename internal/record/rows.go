package record

import (
	"fmt"
	"strings"
	"sync"
)

// Rows collects rows of one table and queues their insertion many at a time: the database is asked
// seldom, in statements of a few fixed sizes that are prepared once.
type Rows struct {
	tx      Queue
	insert  string // "INSERT INTO t (a, b) VALUES "
	suffix  string
	columns int
	args    []any
}

// Queue takes statements to be executed in order; a [Tx] does.
type Queue interface {
	Exec(query string, args ...any)
}

// fullRows is how many rows are inserted as soon as there are so many.
const fullRows = 32

// Into collects rows for a table; columns is a list such as "a, b". suffix is put behind the rows, e.g. an
// ON CONFLICT clause; then no two rows of a transaction may conflict with each other.
func Into(tx Queue, table, columns, suffix string) *Rows {
	return &Rows{
		tx: tx, insert: "INSERT INTO " + table + " (" + columns + ") VALUES ", suffix: suffix,
		columns: strings.Count(columns, ",") + 1,
	}
}

// Add adds a row. It may be queued now or at Flush.
func (r *Rows) Add(values ...any) {
	if len(values) != r.columns {
		panic(fmt.Sprintf("record: %d values for %s", len(values), r.insert))
	}
	if r.args == nil {
		r.args = make([]any, 0, 4*r.columns)
	}
	if r.args = append(r.args, values...); len(r.args) == fullRows*r.columns {
		r.tx.Exec(insertion(r.insert, r.suffix, fullRows, r.columns), r.args...)
		r.args = make([]any, 0, fullRows*r.columns)
	}
}

// Flush queues what is left.
func (r *Rows) Flush() {
	for len(r.args) > 0 {
		n := len(r.args) / r.columns
		if n > 8 {
			n = 8
		}
		tail := n * r.columns
		r.tx.Exec(insertion(r.insert, r.suffix, n, r.columns), r.args[:tail:tail]...)
		r.args = r.args[tail:]
	}
	r.args = nil
}

// insertions are the statements, once they were made.
var insertions sync.Map // insertionKey → string

type insertionKey struct {
	insert, suffix string
	rows           int
}

func insertion(insert, suffix string, rows, columns int) string {
	key := insertionKey{insert, suffix, rows}
	if s, ok := insertions.Load(key); ok {
		return s.(string)
	}
	var b strings.Builder
	b.WriteString(insert)
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteString(")" + suffix)
	insertions.Store(key, b.String())
	return b.String()
}
