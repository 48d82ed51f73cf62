package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"shingle/internal/roster"
)

// rejectsFile is written beside its place and put there at the end, and only if there are rejects.
type rejectsFile struct {
	path   string
	header roster.Cells
	file   *os.File // nil if none is asked for
	csv    *csv.Writer
	rows   int
}

// newRejects opens a file for rejects, "" for none. It is refused if it cannot be written, or if something
// would be lost by it: see replaceable.
func newRejects(path string, from os.FileInfo) (_ *rejectsFile, err error) {
	if path == "" {
		return &rejectsFile{}, nil
	}
	if path, err = replaceable(path, from); err != nil {
		return nil, err
	}
	f, err := openDraft(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".shingle-draft"))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return &rejectsFile{path: path, file: f, csv: csv.NewWriter(f)}, nil
}

// openDraft opens a draft, which has a name of its own, so that one that a killed import left is taken up and
// not left for ever. Only one import writes it.
func openDraft(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errors.New("another import is writing it")
		}
		mine, statErr := f.Stat()
		there, thereErr := os.Stat(path)
		if err = errors.Join(err, statErr); err == nil && thereErr == nil && os.SameFile(mine, there) {
			if err = f.Truncate(0); err == nil {
				return f, nil
			}
		}
		if _ = f.Close(); err != nil {
			return nil, err
		}
		// The other import has just put it in its place.
	}
}

// replaceable returns where the file really lies that a path names, if it may be made or replaced: it is a
// file of rejects, or there is none yet, and its folder is not one where a body or desk keeps its data.
func replaceable(path string, from os.FileInfo) (string, error) {
	there, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case missing:
		if _, err := os.Lstat(path); err == nil {
			return "", fmt.Errorf("%s leads nowhere; choose another", path)
		}
	case err != nil:
		return "", err
	case from != nil && os.SameFile(there, from):
		return "", fmt.Errorf("%s is the file that is imported, which would be overwritten; choose another", path)
	case !there.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a file; choose another", path)
	default:
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return "", err
		}
	}
	if own := dataIn(filepath.Dir(path)); own != "" {
		return "", fmt.Errorf("%s would lie beside %s, in a folder that is shingle's own; choose a place outside of it", path, own)
	}
	if missing {
		return path, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	if !roster.IsRejects(f) {
		return "", fmt.Errorf("%s is there already and is no file of rejects, so it is not overwritten; choose another", path)
	}
	return path, nil
}

// dataIn returns the name of a file of a body or desk in a folder, "" if none is there.
func dataIn(folder string) string {
	for _, name := range []string{"shingle.db", "keys.db", "root.key"} {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			return name
		}
	}
	return ""
}

func (f *rejectsFile) write(reject roster.Reject) error {
	if f.file == nil {
		return nil
	}
	if f.rows++; f.rows == 1 {
		if err := f.csv.Write(append(roster.Escape(f.header), roster.RejectColumns...)); err != nil {
			return err
		}
	}
	why := []string{strconv.Itoa(reject.Line), reject.Column(), reject.Reason()}
	return f.csv.Write(roster.Escape(append(slices.Clone(reject.Cells), why...)))
}

// close puts the file in its place.
func (f *rejectsFile) close() error {
	if f.file == nil {
		return nil
	}
	f.csv.Flush()
	err := errors.Join(f.csv.Error(), f.file.Sync())
	if err == nil && f.rows > 0 {
		err = os.Rename(f.file.Name(), f.path)
	}
	if err != nil || f.rows == 0 {
		err = errors.Join(err, os.Remove(f.file.Name()))
	}
	return errors.Join(err, f.file.Close()) // which lets go of its lock, and so comes last
}
