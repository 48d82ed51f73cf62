package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Receive takes a backup from a stream into a file, and checks it as it comes. The file has its name once it is
// whole and on the disk; without force it takes no other file's place.
func Receive(ctx context.Context, from io.Reader, path string, force bool, progress Progress) (_ *Manifest, err error) {
	if _, err := os.Lstat(path); err == nil && !force {
		return nil, fmt.Errorf("%w: %s; it is left as it is", ErrExists, path)
	}
	draft := path + ".part"
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the backup cannot be written: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft))
		}
	}()
	m, err := receive(ctx, io.TeeReader(from, f), progress)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if force {
		err = os.Rename(draft, path)
	} else if err = os.Link(draft, path); err == nil { // unlike a rename, it refuses to take another file's place
		err = os.Remove(draft)
	}
	if err != nil {
		return nil, fmt.Errorf("the backup cannot be written: %w", err)
	}
	return m, syncFolder(filepath.Dir(path))
}

func receive(ctx context.Context, from io.Reader, progress Progress) (*Manifest, error) {
	b, err := Read(from)
	if err != nil {
		return nil, err
	}
	return Check(ctx, b, progress)
}

// File backs a body up to a new file.
func File(ctx context.Context, b Body, path string) (*Manifest, error) {
	out, in := io.Pipe()
	go func() {
		_, err := b.WriteTo(ctx, in, nil)
		_ = in.CloseWithError(err)
	}()
	m, err := Receive(ctx, out, path, false, nil)
	return m, errors.Join(err, out.Close())
}
