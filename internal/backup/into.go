package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Keep says how long manifests stay. The newest always does.
type Keep struct{ For time.Duration } // zero keeps all

// Into backs a body up to a folder or bucket, and adds only what is not there yet. It takes back nothing:
// whatever was backed up before stays, until Keep says otherwise. What was cut off is done again by the
// next one.
func (b *Body) Into(ctx context.Context, at string, keep Keep, progress Progress) (Done, error) {
	to, err := openShelf(ctx, at)
	if err != nil {
		return Done{}, err
	}
	defer func() { _ = to.close() }()
	names, err := manifestNames(ctx, to)
	if err != nil {
		return Done{}, err
	}
	before, err := b.newest(ctx, to, names)
	if err != nil {
		return Done{}, err
	}
	w, err := b.write(ctx, to, before, progress)
	if err != nil {
		return Done{}, err
	}
	if err := w.arrived(ctx, to); err != nil {
		return Done{}, err
	}
	next := 1
	if len(names) > 0 {
		n, _, _ := numberOf(names[0])
		next = n + 1
	}
	name, text, err := w.seal(next)
	if err != nil {
		return Done{}, err
	}
	if err := w.put(ctx, name, int64(len(text)), bytes.NewReader(text)); err != nil {
		return Done{}, err
	}
	if again, err := readAll(ctx, to, name); err != nil || !bytes.Equal(again, text) {
		return Done{}, errors.Join(fmt.Errorf("%w: what was written to %s does not come back as it was", ErrUnreachable, Redact(at)), err)
	}
	if keep.For > 0 {
		w.done.Pruned, err = prune(ctx, to, b.Now().Add(-keep.For))
	}
	return w.done, err
}

// Newest tells of the newest backup at a folder or bucket; nil if there is none.
func Newest(ctx context.Context, at string) (*Manifest, error) {
	from, err := openShelf(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.close() }()
	names, err := manifestNames(ctx, from)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	return readManifest(ctx, from, names[0])
}

// manifestNames returns the names of the manifests on a shelf, the newest first.
func manifestNames(ctx context.Context, s shelf) (names []string, err error) {
	all, err := s.list(ctx, manifests)
	for _, o := range all {
		if _, _, ok := numberOf(o.name); ok {
			names = append(names, o.name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, err
}

const maxManifest = 256 << 20

func readAll(ctx context.Context, s shelf, name string) (text []byte, err error) {
	r, err := s.get(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(io.LimitReader(r, maxManifest))
}

func readManifest(ctx context.Context, s shelf, name string) (*Manifest, error) {
	text, err := readAll(ctx, s, name)
	if errors.Is(err, errNone) {
		return nil, fmt.Errorf("%w: %s is listed and not there", ErrCutOff, name)
	}
	if err != nil {
		return nil, err
	}
	return parseManifest(name, text)
}

// newest returns the newest backup of this very body that it has only grown since; nil if there is none,
// as before the first one, or after an old backup was restored.
func (b *Body) newest(ctx context.Context, from shelf, names []string) (*Manifest, error) {
	for _, name := range names {
		m, err := readManifest(ctx, from, name)
		switch {
		case errors.Is(err, ErrAltered), errors.Is(err, ErrCutOff):
			continue // nothing is built on it; a check will name it
		case err != nil:
			return nil, err
		case m.LogKey != b.Is.LogKey:
			return nil, fmt.Errorf("%w: those of %s, whose log has the key %s; choose another folder or bucket", ErrForeign, m.Web, m.LogKey)
		case m.Position == 0:
			return nil, nil
		}
		var same bool
		err = b.DB.QueryRowContext(ctx, "SELECT count(*) > 0 FROM event WHERE position = $1 AND chain = $2", m.Position, m.Chain[:]).Scan(&same)
		if err != nil || same {
			return m, err
		}
	}
	return nil, nil
}

// arrived fails unless every part is where it was put: one that has gone would be missed only at a restore.
func (w *writing) arrived(ctx context.Context, at shelf) error {
	all, err := at.list(ctx, rowsDir)
	if err != nil {
		return err
	}
	sizes := map[string]int64{}
	for _, o := range all {
		sizes[o.name] = o.size
	}
	for _, p := range w.manifest.Parts {
		if size, ok := sizes[p.Name()]; !ok || size != p.Size {
			return fmt.Errorf("%w: %s was written there and is missing or has another size; if it was removed, begin anew in an empty folder or bucket", ErrUnreachable, p.Name())
		}
	}
	return nil
}

// grace is for how long an object that no manifest names is left alone: a backup that is being written, by
// another node perhaps, has no manifest yet.
const grace = 24 * time.Hour

// prune removes manifests of backups that were read before a time, except the newest, and then what no
// manifest names any more.
func prune(ctx context.Context, s shelf, until time.Time) (removed int, err error) {
	names, err := manifestNames(ctx, s)
	if err != nil {
		return 0, err
	}
	needed := map[string]bool{}
	for i, name := range names {
		m, err := readManifest(ctx, s, name)
		if err != nil {
			return removed, fmt.Errorf("nothing more is pruned: %w", err)
		}
		if i > 0 && m.Time().Before(until) {
			if err := s.remove(ctx, name); err != nil {
				return removed, err
			}
			removed++
			continue
		}
		for _, p := range m.Parts {
			if needed[p.Name()] {
				continue
			}
			needed[p.Name()] = true
			if p.Table != objects {
				continue
			}
			list, err := readList(ctx, s, p)
			if err != nil {
				return removed, fmt.Errorf("nothing more is pruned: %w", err)
			}
			for _, o := range list {
				needed[blobsDir+o.name] = true
			}
		}
	}
	if removed == 0 {
		return 0, nil
	}
	for _, dir := range []string{rowsDir, blobsDir} {
		all, err := s.list(ctx, dir)
		if err != nil {
			return removed, err
		}
		for _, o := range all {
			if needed[o.name] || time.Since(o.at) < grace {
				continue
			}
			if err := s.remove(ctx, o.name); err != nil {
				return removed, err
			}
			removed++
		}
	}
	return removed, nil
}
