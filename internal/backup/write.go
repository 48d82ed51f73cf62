package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"shingle/internal/record"
)

// writing is one backup being written.
type writing struct {
	*Body
	to       sink
	before   *Manifest // the backup that this one adds to; nil if there is none
	manifest Manifest
	chain    record.Chain
	done     Done
	rows     int64
	progress Progress
}

// sink takes the objects of a backup. What put returned from is there to stay.
type sink interface {
	put(ctx context.Context, name string, size int64, r io.Reader) error
}

// write writes everything but the manifest.
func (b *Body) write(ctx context.Context, to sink, before *Manifest, progress Progress) (*writing, error) {
	w := &writing{Body: b, to: to, before: before, progress: progress}
	w.manifest.About = b.Is
	w.manifest.Format = Format
	mark, err := b.mark(ctx)
	if err != nil {
		return nil, err
	}
	w.manifest.Mark, w.done.Mark = mark, mark
	if s, ok := to.(interface {
		begin(ctx context.Context, about About) error
	}); ok {
		if err := s.begin(ctx, w.manifest.About); err != nil {
			return nil, err
		}
	}
	for _, t := range b.Tables {
		if err := w.table(ctx, t); err != nil {
			return nil, fmt.Errorf("the table %s: %w", t.Name, err)
		}
	}
	if err := w.owners(ctx); err != nil {
		return nil, err
	}
	if b.Blobs != nil {
		if err := w.blobs(ctx); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// mark reads how far the body has come. All of it is of one moment, and what came before it never changes:
// the rows can then be read without holding anybody up.
func (b *Body) mark(ctx context.Context) (m Mark, err error) {
	m.Read = b.Now().UnixMicro()
	var chain []byte
	var root []byte
	err = b.DB.QueryRowContext(ctx, `SELECT h.position, h.recorded, h.chain, coalesce(l.size, 0), l.root FROM head h LEFT JOIN log_head l ON l.id = 1 WHERE h.id = 1`).
		Scan(&m.Position, &m.Recorded, &chain, &m.Leaves, &root)
	if err != nil {
		return m, fmt.Errorf("the record's head cannot be read: %w", err)
	}
	if root == nil {
		nothing := sha256.Sum256(nil)
		root = nothing[:]
	}
	copy(m.Chain[:], chain)
	copy(m.Root[:], root)
	return m, nil
}

// table writes the rows of a table that are not in the backup before, and takes over the parts that are.
func (w *writing) table(ctx context.Context, t Table) error {
	h, err := w.columns(ctx, t.Name)
	if err != nil || h == nil {
		return err
	}
	kept, after, err := w.keep(ctx, t)
	if err != nil {
		return err
	}
	w.manifest.Parts = append(w.manifest.Parts, kept...)
	p, err := w.packer(ctx, *h, after)
	if err != nil {
		return err
	}
	check := func([]any) error { return nil }
	if t.Name == events {
		if check, err = w.follow(ctx, h.Columns, after); err != nil {
			return err
		}
	}
	read := query{db: w.DB, table: t, columns: h.Columns}
	if after != nil {
		read.where("%s > %d", t.After.Column, t.After.Of(*after))
	}
	if t.UpTo != nil {
		read.where("%s <= %d", t.UpTo.Column, t.UpTo.Of(w.manifest.Mark))
	}
	err = read.each(ctx, func(values []any) error {
		w.rows++
		if w.rows%1000 == 0 {
			w.progress.tell(w.rows, w.done.Bytes)
		}
		if err := check(values); err != nil {
			return err
		}
		return p.add(values)
	})
	if err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	if t.Name == events && (w.chain.Position != w.manifest.Position || Hash(w.chain.Sum) != w.manifest.Chain) {
		return &record.Tampered{Position: w.manifest.Position, What: "the head's chain is not that of the last row"}
	}
	return nil
}

// packer returns a packer whose parts go where the backup goes.
func (w *writing) packer(ctx context.Context, h header, after *Mark) (*packer, error) {
	known := map[Hash]bool{}
	if w.before != nil {
		for _, p := range w.before.Parts {
			known[p.SHA256] = p.Table == h.Table || known[p.SHA256]
		}
	}
	return newPacker(h, func(p Part, data []byte) error {
		p.After = after
		w.manifest.Parts = append(w.manifest.Parts, p)
		if known[p.SHA256] {
			return nil
		}
		return w.put(ctx, p.Name(), p.Size, bytes.NewReader(data))
	})
}

func (w *writing) put(ctx context.Context, name string, size int64, r io.Reader) error {
	if err := w.to.put(ctx, name, size, r); err != nil {
		return err
	}
	w.done.Objects++
	w.done.Bytes += size
	w.progress.tell(w.rows, w.done.Bytes)
	return nil
}

// columns returns the columns that a table has, nil if there is no such table: one that an older version
// of the program made may lack some.
func (w *writing) columns(ctx context.Context, table string) (*header, error) {
	rows, err := w.DB.QueryContext(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		if w.lacks(ctx, table) {
			return nil, nil
		}
		return nil, err
	}
	types, err := rows.ColumnTypes()
	if err := errors.Join(err, rows.Close()); err != nil {
		return nil, err
	}
	h := &header{Table: table}
	for _, t := range types {
		kind, err := kindOf(t.DatabaseTypeName())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name(), err)
		}
		h.Columns, h.Kinds = append(h.Columns, t.Name()), append(h.Kinds, kind)
	}
	return h, nil
}

// lacks reports whether the schema is older than a table.
func (w *writing) lacks(ctx context.Context, table string) bool {
	for _, list := range []string{
		"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
		"SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1",
	} {
		var n int
		if w.DB.QueryRowContext(ctx, list, table).Scan(&n) == nil {
			return n == 0
		}
	}
	return false
}

// keep returns the parts of the backup before that stay as they are, and the mark after which rows are
// written anew. Small parts are written together with what is new, whenever there is at least half as much of
// that: there are never many parts, and few rows are written often.
func (w *writing) keep(ctx context.Context, t Table) (kept []Part, after *Mark, err error) {
	if w.before == nil || t.After == nil {
		return nil, nil, nil
	}
	for _, p := range w.before.Parts {
		if p.Table == t.Name {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return nil, nil, nil
	}
	after = &w.before.Mark
	var fresh int64
	count := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s > %d AND %s <= %d", t.Name, t.After.Column, t.After.Of(*after), t.UpTo.Column, t.UpTo.Of(w.manifest.Mark))
	if err := w.DB.QueryRowContext(ctx, count).Scan(&fresh); err != nil || fresh == 0 {
		return kept, after, err
	}
	for len(kept) > 0 {
		last, group, rows := kept[len(kept)-1], 0, int64(0)
		for i := len(kept) - 1; i >= 0 && sameMark(kept[i].After, last.After); i-- { // written in one go
			group++
			rows += kept[i].Rows
		}
		if rows > 2*fresh || rows >= fullRows {
			break
		}
		fresh += rows
		kept, after = kept[:len(kept)-group], last.After
	}
	return kept, after, nil
}

func sameMark(a, b *Mark) bool { return a == b || a != nil && b != nil && *a == *b }

// follow returns a check of the chain for rows after a mark: a damaged record is not backed up as if it
// were sound.
func (w *writing) follow(ctx context.Context, columns []string, after *Mark) (func([]any) error, error) {
	w.chain = record.Chain{}
	if err := w.chain.Columns(columns); err != nil {
		return nil, err
	}
	if after != nil && after.Position > 0 {
		w.chain.Position, w.chain.Sum = after.Position, after.Chain
		var stored []byte
		if err := w.DB.QueryRowContext(ctx, "SELECT chain FROM event WHERE position = $1", after.Position).Scan(&stored); err != nil {
			return nil, err
		}
		if !bytes.Equal(stored, after.Chain[:]) {
			return nil, &record.Tampered{Position: after.Position, What: "the row is not the one that was backed up before"}
		}
	}
	return w.chain.Add, nil
}

// owners writes who was forgotten, so that an older copy of the keys does not bring them back.
func (w *writing) owners(ctx context.Context) error {
	p, err := w.packer(ctx, header{Table: forgotten, Columns: []string{"owner"}, Kinds: []string{"text"}}, nil)
	if err != nil {
		return err
	}
	for _, owner := range w.Forgotten {
		if err := p.add([]any{owner}); err != nil {
			return err
		}
	}
	return p.flush()
}

// seal makes the manifest, as it is written last.
func (w *writing) seal(number int) (name string, text []byte, err error) {
	text, err = json.Marshal(w.manifest)
	return manifestName(number, w.manifest.Position, text), text, err
}

// query reads a table in the order of its key, a page at a time: no transaction is open for long, which
// would keep SQLite's write-ahead log from being emptied.
type query struct {
	db         *sql.DB
	table      Table
	columns    []string
	conditions []string
}

const page = 5000

func (q *query) where(condition string, args ...any) {
	q.conditions = append(q.conditions, fmt.Sprintf(condition, args...))
}

func (q *query) each(ctx context.Context, do func(values []any) error) error {
	values := make([]any, len(q.columns))
	to := make([]any, len(values))
	for i := range values {
		to[i] = &values[i]
	}
	var last []any
	for {
		n := 0
		text, args := q.page(last)
		rows, err := q.db.QueryContext(ctx, text, args...)
		if err != nil {
			return err
		}
		for rows.Next() && err == nil {
			if err = rows.Scan(to...); err == nil {
				n++
				err = do(values)
			}
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return err
		}
		if n < page {
			return nil
		}
		last = last[:0]
		for _, name := range q.table.Key {
			last = append(last, values[header{Columns: q.columns}.column(name)])
		}
	}
}

// page returns the question for the rows behind a key.
func (q *query) page(last []any) (text string, args []any) {
	conditions := q.conditions
	key := joined(q.table.Key)
	if last != nil {
		holders := make([]string, len(last))
		for i := range last {
			holders[i] = fmt.Sprintf("$%d", i+1)
		}
		conditions = append(conditions[:len(conditions):len(conditions)], fmt.Sprintf("(%s) > (%s)", key, joined(holders)))
	}
	text = "SELECT " + joined(q.columns) + " FROM " + q.table.Name
	for i, c := range conditions {
		text += []string{" WHERE ", " AND "}[min(i, 1)] + c
	}
	return fmt.Sprintf("%s ORDER BY %s LIMIT %d", text, key, page), last
}

func joined(list []string) string { return strings.Join(list, ", ") }
