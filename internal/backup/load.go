package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"

	"shingle/internal/publog"
	"shingle/internal/record"
)

// Loading says where a backup is brought back to.
type Loading struct {
	Engine record.Engine // its tables are there, as old as those of the backup, and empty
	Tables []Table
	Hold   []string // tables whose rows are handed back instead of being written
	Upto   Upto
	Blobs  *blob.Bucket // takes the stored objects; nil if there is no place for any
}

// Loaded is what came of it.
type Loaded struct {
	Manifest   *Manifest
	Mark                                   // how far the rows that were loaded come; Root is that of their leaves
	LeftRows   int64                       // events after the point in time
	LeftLeaves int64                       // leaves of the public log after it
	Held       map[string][]map[string]any // by table, each row by its columns
	Forgotten  []string                    // owners whose keys were destroyed
	// Counts holds how many rows were put into each table of which a backup holds no row twice.
	Counts map[string]int64
}

// Load checks a whole backup and puts its rows into empty tables as they were, each part in a transaction.
// What follows from the rows is the caller's to derive. If it fails, the tables hold a piece of it.
func Load(ctx context.Context, b Backup, to Loading, progress Progress) (Loaded, error) {
	l := &loader{Loading: to, ctx: ctx}
	l.loaded.Held, l.loaded.Counts = map[string][]map[string]any{}, map[string]int64{}
	l.limit.Position = math.MaxInt64
	if to.Upto.Position > 0 {
		l.limit.Position = to.Upto.Position
	}
	w := walk{progress: progress, visitor: visitor{begin: l.begin, row: l.row, end: l.commit, blob: l.blob}}
	m, err := w.all(ctx, b)
	if l.tx != nil {
		l.tx.Rollback()
	}
	if err != nil {
		return Loaded{}, err
	}
	if to.Upto.Position > m.Position {
		return Loaded{}, fmt.Errorf("the backup ends at position %d, before position %d", m.Position, to.Upto.Position)
	}
	if !to.Upto.Time.IsZero() && l.loaded.Position == 0 {
		return Loaded{}, fmt.Errorf("nothing had been recorded by %s, and nothing was restored; give a later time", to.Upto.Time.UTC().Format(time.RFC3339))
	}
	l.loaded.Manifest, l.loaded.Read = m, m.Read
	head := l.tree.Head()
	l.loaded.Leaves, l.loaded.Root = head.Size, Hash(head.Root)
	return l.loaded, nil
}

// loader puts rows into tables.
type loader struct {
	Loading
	ctx    context.Context
	limit  Mark // the point in time, as far as it is known
	loaded Loaded
	tree   publog.Tree // of the leaves that are loaded

	table  Table
	header header
	upto   int  // column, -1 for none
	once   bool // no row of the table comes twice
	tx     record.Tx
	rows   *record.Rows
}

// begin opens the transaction of a part.
func (l *loader) begin(h header) error {
	l.header, l.upto = h, -1
	if h.Table == forgotten || h.Table == objects || slices.Contains(l.Hold, h.Table) {
		l.table = Table{Name: h.Table}
		return nil
	}
	i := slices.IndexFunc(l.Tables, func(t Table) bool { return t.Name == h.Table })
	if i < 0 {
		return fmt.Errorf("%w: it holds the table %q", ErrNewerFormat, h.Table)
	}
	l.table = l.Tables[i]
	if l.table.UpTo != nil {
		if l.upto = h.column(l.table.UpTo.Column); l.upto < 0 {
			return fmt.Errorf("its rows have no column %q", l.table.UpTo.Column)
		}
	}
	for _, name := range h.Columns {
		if strings.ContainsFunc(name, func(c rune) bool { return c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') }) {
			return fmt.Errorf("no column is named %q", name)
		}
	}
	var err error
	if l.tx, err = l.Engine.Begin(l.ctx); err != nil {
		return err
	}
	again := l.again()
	l.once = again == ""
	l.rows = record.Into(l.tx, l.table.Name, joined(h.Columns), again)
	return nil
}

// again returns what happens to a row that an earlier part had: of some tables a backup holds rows twice, the
// newer ones later.
func (l *loader) again() string {
	if l.table.After == nil || l.table.Name == events || l.table.Name == leaves {
		return ""
	}
	var set []string
	for _, c := range l.header.Columns {
		if !slices.Contains(l.table.Key, c) {
			set = append(set, c+" = excluded."+c)
		}
	}
	return fmt.Sprintf(" ON CONFLICT (%s) DO UPDATE SET %s", joined(l.table.Key), joined(set))
}

func (l *loader) row(table string, values []any) error {
	switch {
	case table == objects:
		return nil
	case table == forgotten:
		owner, _ := values[0].(string)
		l.loaded.Forgotten = append(l.loaded.Forgotten, owner)
		return nil
	case l.rows == nil:
		held := map[string]any{}
		for i, name := range l.header.Columns {
			held[name] = values[i]
		}
		l.loaded.Held[table] = append(l.loaded.Held[table], held)
		return nil
	}
	if table == events {
		l.reach(values)
	}
	if l.upto >= 0 {
		if n, ok := values[l.upto].(int64); !ok || n > l.table.UpTo.Of(l.limit) {
			l.leave(table)
			return nil
		}
	}
	switch table {
	case events:
		l.loaded.Position, _ = l.value(values, "position").(int64)
		l.loaded.Recorded, _ = l.value(values, "recorded").(int64)
		chain, _ := l.value(values, "chain").([]byte)
		copy(l.loaded.Chain[:], chain)
	case leaves:
		body, _ := l.value(values, "body").([]byte)
		l.tree.Add(body)
		l.limit.Leaves = l.tree.Size()
	}
	l.rows.Add(values...)
	if l.once {
		l.loaded.Counts[table]++
	}
	return nil
}

func (l *loader) value(values []any, column string) any { return values[l.header.column(column)] }

// reach ends the record at the first event that was recorded after the wanted time.
func (l *loader) reach(values []any) {
	if l.Upto.Time.IsZero() {
		return
	}
	position, _ := l.value(values, "position").(int64)
	if recorded, _ := l.value(values, "recorded").(int64); recorded > l.Upto.Time.UnixMicro() {
		l.limit.Position = min(l.limit.Position, position-1)
	}
}

func (l *loader) leave(table string) {
	switch table {
	case events:
		l.loaded.LeftRows++
	case leaves:
		l.loaded.LeftLeaves++
	}
}

// commit ends the transaction of a part.
func (l *loader) commit(string) error {
	if l.tx == nil {
		return nil
	}
	tx := l.tx
	l.tx = nil
	defer tx.Rollback()
	l.rows.Flush()
	l.rows = nil
	return tx.Commit(l.ctx)
}

// blob puts a stored object where the others are.
func (l *loader) blob(name string, r io.Reader) (err error) {
	if l.Blobs == nil {
		return errors.New("the backup holds stored objects, and there is no place for them here")
	}
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	w, err := l.Blobs.NewWriter(ctx, name, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		cancel() // before Close, which would complete it
		return errors.Join(err, w.Close())
	}
	return w.Close()
}
