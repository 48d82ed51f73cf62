package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"shingle/internal/publog"
	"shingle/internal/record"
)

// Backup is one to read from.
type Backup interface {
	// About says of whom it is.
	About() About
	Close() error
	// each hands out every object in order, and returns the manifest that vouches for them.
	each(ctx context.Context, do func(name string, r io.Reader) error) (*Manifest, error)
}

// Upto is a point in time up to which a backup is wanted; zero is all of it.
type Upto struct {
	Position int64
	Time     time.Time
}

// Open opens a backup in a file, or the newest that there is in a folder or bucket.
func Open(ctx context.Context, at string, upto Upto) (Backup, error) {
	if !isURL(at) {
		info, err := os.Stat(at)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no %s", at)
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return openFile(ctx, at)
		}
	}
	from, err := openShelf(ctx, at)
	if err != nil {
		return nil, err
	}
	m, err := choose(ctx, from, at, upto)
	if err != nil {
		return nil, errors.Join(err, from.close())
	}
	return &shelved{from, m}, nil
}

// choose returns the newest manifest. What was revoked since a point in time stays so: the newest one that
// reaches it is wanted, and not the one that was written then.
func choose(ctx context.Context, from shelf, at string, upto Upto) (*Manifest, error) {
	names, err := manifestNames(ctx, from)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: there is none in %s", ErrNotBackup, Redact(at))
	}
	for _, name := range names {
		m, err := readManifest(ctx, from, name)
		if errors.Is(err, ErrAltered) || errors.Is(err, ErrCutOff) {
			return nil, fmt.Errorf("%w; once it is removed, the backup before it is taken", err)
		}
		if err != nil {
			return nil, err
		}
		if upto.Position <= m.Position {
			return m, nil
		}
	}
	return nil, fmt.Errorf("no backup in %s reaches the position %d", Redact(at), upto.Position)
}

// shelved is a backup on a shelf.
type shelved struct {
	shelf
	manifest *Manifest
}

// About implements [Backup].
func (s *shelved) About() About { return s.manifest.About }

// Close implements [Backup].
func (s *shelved) Close() error { return s.close() }

func (s *shelved) each(ctx context.Context, do func(name string, r io.Reader) error) (*Manifest, error) {
	one := func(name string) error {
		r, err := s.get(ctx, name)
		if errors.Is(err, errNone) {
			return fmt.Errorf("%w: %s is missing", ErrCutOff, name)
		}
		if err != nil {
			return err
		}
		return errors.Join(do(name, r), r.Close())
	}
	for _, p := range s.manifest.Parts {
		if p.Table == objects {
			list, err := readList(ctx, s, p)
			if errors.Is(err, errNone) {
				return nil, fmt.Errorf("%w: %s is missing", ErrCutOff, p.Name())
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.Name(), err)
			}
			for _, o := range list {
				if err := one(blobsDir + o.name); err != nil {
					return nil, err
				}
			}
		}
		if err := one(p.Name()); err != nil {
			return nil, err
		}
	}
	return s.manifest, nil
}

// visitor is handed what a backup holds, once it fits what came before it.
type visitor struct {
	begin func(header) error
	row   func(table string, values []any) error
	end   func(table string) error // of a part
	blob  func(name string, r io.Reader) error
}

// walk reads a whole backup, checks everything in it, and hands it to v.
type walk struct {
	visitor
	seen     map[string]Part
	chain    record.Chain
	tree     publog.Tree
	pending  map[string]object // stored objects that no list has named yet
	blobs    int64
	rows     int64
	bytes    int64
	progress Progress
}

// Check reads a whole backup and changes nothing. It returns the backup's manifest, or an error that names
// the first thing that is wrong with it.
func Check(ctx context.Context, b Backup, progress Progress) (*Manifest, error) {
	w := walk{progress: progress, visitor: visitor{
		begin: func(header) error { return nil },
		row:   func(string, []any) error { return nil },
		end:   func(string) error { return nil },
		blob:  func(_ string, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err },
	}}
	return w.all(ctx, b)
}

func (w *walk) all(ctx context.Context, b Backup) (*Manifest, error) {
	w.seen, w.pending = map[string]Part{}, map[string]object{}
	m, err := b.each(ctx, w.object)
	if err != nil {
		return nil, err
	}
	for _, p := range m.Parts {
		name := p.Name()
		found, ok := w.seen[name]
		p.After = nil
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: %s is missing", ErrCutOff, name)
		case found != p:
			return nil, fmt.Errorf("%w: %s is not what its manifest names", ErrAltered, name)
		}
		delete(w.seen, name)
	}
	for _, name := range slices.Sorted(maps.Keys(w.seen)) {
		return nil, fmt.Errorf("%w: its manifest does not name %s", ErrAltered, name)
	}
	for name := range w.pending {
		return nil, fmt.Errorf("%w: its manifest does not name %s%s", ErrAltered, blobsDir, name)
	}
	head := w.tree.Head()
	switch {
	case w.chain.Position != m.Position || Hash(w.chain.Sum) != m.Chain:
		return nil, fmt.Errorf("%w: its record ends at position %d with the chain %s, and its manifest says %d and %s", ErrAltered, w.chain.Position, Hash(w.chain.Sum), m.Position, m.Chain)
	case head.Size != m.Leaves || Hash(head.Root) != m.Root:
		return nil, fmt.Errorf("%w: its public log has %d leaves with the root %s, and its manifest says %d and %s", ErrAltered, head.Size, Hash(head.Root), m.Leaves, m.Root)
	case w.blobs != m.Blobs.Count:
		return nil, fmt.Errorf("%w: it has %d stored objects, and its manifest says %d", ErrAltered, w.blobs, m.Blobs.Count)
	}
	return m, nil
}

// object takes in one object of a backup. What does not come out as its name says is told by its name.
func (w *walk) object(name string, r io.Reader) error {
	h := sha256.New()
	read := &counted{r: io.TeeReader(r, h), w: w}
	var err error
	switch {
	case strings.HasPrefix(name, rowsDir):
		err = w.part(name, read, h)
	case strings.HasPrefix(name, blobsDir):
		o := object{name: strings.TrimPrefix(name, blobsDir)}
		if err = w.blob(o.name, read); err == nil {
			o.size = read.n
			h.Sum(o.sha256[:0])
			w.pending[o.name] = o
		}
	default:
		err = fmt.Errorf("%w: nothing in a backup is named %q", ErrAltered, name)
	}
	return err
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
	w *walk
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	c.w.bytes += int64(n)
	c.w.progress.tell(c.w.rows, c.w.bytes)
	return n, err
}

func (w *walk) part(name string, read *counted, h interface{ Sum([]byte) []byte }) error {
	p := Part{Table: tableOf(name)}
	check := func([]any) error { return nil }
	rows, err := unpack(read, func(head header) (err error) {
		if head.Table != p.Table {
			return fmt.Errorf("its rows are those of %q", head.Table)
		}
		if check, err = w.checks(head); err != nil {
			return err
		}
		return w.begin(head)
	}, func(values []any) error {
		w.rows++
		if err := check(values); err != nil {
			return err
		}
		return w.row(p.Table, values)
	})
	if _, drainErr := io.Copy(io.Discard, read); drainErr != nil {
		return drainErr
	}
	p.Rows, p.Size = rows, read.n
	h.Sum(p.SHA256[:0])
	switch {
	case p.Name() != name:
		return fmt.Errorf("%w: %s does not have the hash that it is named by", ErrAltered, name)
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	w.seen[name] = p
	return w.end(p.Table)
}

// checks returns what the rows of a table are checked by.
func (w *walk) checks(head header) (func(values []any) error, error) {
	switch head.Table {
	case events:
		return w.chain.Add, w.chain.Columns(head.Columns)
	case leaves:
		idx, body := head.column("idx"), head.column("body")
		if idx < 0 || body < 0 {
			return nil, errors.New("it has no leaves")
		}
		return func(values []any) error {
			leaf, ok := values[body].([]byte)
			if values[idx] != w.tree.Size() || !ok {
				return fmt.Errorf("%w: leaf %d of the public log is missing", ErrAltered, w.tree.Size())
			}
			w.tree.Add(leaf)
			return nil
		}, nil
	case objects:
		return func(values []any) error {
			o, err := objectOf(values)
			if err != nil {
				return err
			}
			if found, ok := w.pending[o.name]; !ok {
				return fmt.Errorf("%w: %s%s is missing", ErrCutOff, blobsDir, o.name)
			} else if found != o {
				return fmt.Errorf("%w: %s%s does not have the hash that its list names", ErrAltered, blobsDir, o.name)
			}
			delete(w.pending, o.name)
			w.blobs++
			return nil
		}, nil
	}
	return func([]any) error { return nil }, nil
}
