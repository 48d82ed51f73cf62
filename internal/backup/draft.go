package backup

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// ErrBusy says that another command is writing the same file.
var ErrBusy = errors.New("another command is writing this file")

// Write writes a file that only its owner may read. It gets its name once it is whole and on the disk; until then it
// is a draft beside it, which one command at a time may have, and which the next one takes over if it was cut off.
// Without force it takes no other file's place ([ErrExists]).
func Write(path string, force bool, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil && !force {
		return fmt.Errorf("%w: %s; it is left as it is", ErrExists, path)
	}
	draft := path + ".part"
	f, err := openDraft(draft)
	if err != nil {
		return err
	}
	// It is closed last: with it goes the lock, and what has the draft's name then is somebody else's.
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := errors.Join(write(f), f.Sync()); err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	if err := publish(draft, path, force); err != nil {
		return errors.Join(err, os.Remove(draft))
	}
	return syncFolder(filepath.Dir(path))
}

// openDraft opens an empty draft that no other process has.
func openDraft(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
		if err != nil {
			return nil, fmt.Errorf("it cannot be written: %w", err)
		}
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("%w (%s); wait for it, or give another name", ErrBusy, path)
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		ours, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if there, err := os.Lstat(path); err != nil || !os.SameFile(ours, there) {
			_ = f.Close() // who had it has finished since: it is no draft any more
			continue
		}
		if !ours.Mode().IsRegular() {
			return nil, errors.Join(fmt.Errorf("it cannot be written: %s is not a file", path), f.Close())
		}
		if err := errors.Join(f.Chmod(0o600), f.Truncate(0)); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return f, nil
	}
}

// publish gives a draft its name.
func publish(draft, path string, force bool) error {
	if force {
		return os.Rename(draft, path)
	}
	err := os.Link(draft, path) // unlike a rename, it refuses to take another file's place
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w: %s; it is left as it is", ErrExists, path)
	}
	if err == nil {
		return os.Remove(draft)
	}
	// Some media, such as FAT, have no links: there the name is taken first, and then the place.
	taken, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w: %s; it is left as it is", ErrExists, path)
	}
	if err != nil {
		return err
	}
	return errors.Join(taken.Close(), os.Rename(draft, path))
}
