package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// shelf is a place that keeps the objects of many backups: a folder or a bucket.
type shelf interface {
	sink
	// get opens an object; errNone says that there is none of the name.
	get(ctx context.Context, name string) (io.ReadCloser, error)
	// list returns the objects below a prefix, by their names.
	list(ctx context.Context, prefix string) ([]stored, error)
	remove(ctx context.Context, name string) error
	close() error
}

// stored is an object on a shelf.
type stored struct {
	name string
	size int64
	at   time.Time // when it was put there
}

var errNone = errors.New("there is no such object")

// isURL reports whether a place for backups is an address.
func isURL(at string) bool { return strings.Contains(at, "://") }

// Redact returns an address without a password that may be in it, for messages.
func Redact(at string) string {
	u, err := url.Parse(at)
	if err != nil || !isURL(at) {
		return at
	}
	u.RawQuery = ""
	return u.Redacted()
}

// openShelf opens a folder, given by its path or as file:///…, or a bucket.
func openShelf(ctx context.Context, at string) (shelf, error) {
	if !isURL(at) {
		return openFolder(at)
	}
	u, err := url.Parse(at)
	if err != nil {
		return nil, fmt.Errorf("the place for backups %q cannot be read as an address", Redact(at))
	}
	switch {
	case u.Scheme == "file" && u.Host == "" && filepath.IsAbs(u.Path):
		return openFolder(u.Path)
	case u.Scheme == "file":
		return nil, fmt.Errorf("the place for backups %q names no folder; write file:///path/of/the/folder", at)
	case u.Scheme == "s3" && u.Host != "":
		return openBucket(ctx, u)
	}
	return nil, fmt.Errorf("backups cannot be kept at %q; give a folder, or an address such as s3://bucket/guild?region=eu-central-1", Redact(at))
}

// folder keeps objects as files. What is put there is on the disk when put returns.
type folder string

func openFolder(path string) (shelf, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%w: %s is a file, not a folder", ErrUnreachable, path)
	}
	return folder(path), nil
}

func (f folder) path(name string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", fmt.Errorf("an object cannot be named %q", name)
	}
	return filepath.Join(string(f), filepath.FromSlash(name)), nil
}

func (f folder) fault(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}

func (f folder) put(_ context.Context, name string, size int64, r io.Reader) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	if err := makeFolders(filepath.Dir(path)); err != nil {
		return f.fault(err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".draft-*") // for its owner alone
	if err != nil {
		return f.fault(err)
	}
	n, err := io.Copy(draft, r)
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes, and %d were announced", name, n, size)
	}
	err = errors.Join(err, draft.Sync(), draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		return f.fault(errors.Join(err, os.Remove(draft.Name())))
	}
	return f.fault(syncFolder(filepath.Dir(path)))
}

func (f folder) get(_ context.Context, name string) (io.ReadCloser, error) {
	path, err := f.path(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errNone
	}
	return file, f.fault(err)
}

func (f folder) list(_ context.Context, prefix string) (all []stored, err error) {
	root := filepath.Join(string(f), filepath.FromSlash(prefix))
	err = filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".draft-") {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(string(f), path)
		all = append(all, stored{filepath.ToSlash(name), info.Size(), info.ModTime()})
		return err
	})
	return all, f.fault(err)
}

func (f folder) remove(_ context.Context, name string) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	return f.fault(os.Remove(path))
}

func (f folder) close() error { return nil }

// makeFolders makes a folder and those above it, so that they survive a power cut.
func makeFolders(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if parent := filepath.Dir(path); parent != path {
		if err := makeFolders(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
