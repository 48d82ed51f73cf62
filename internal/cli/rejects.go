package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

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

// newRejects opens a file for rejects, "" for none. It is refused if it cannot be written, or is the file
// that the rows come from.
func newRejects(path string, from io.Reader) (_ *rejectsFile, err error) {
	if path == "" {
		return &rejectsFile{}, nil
	}
	if path, err = replaceable(path, from); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".rejects-*.csv")
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return &rejectsFile{path: path, file: f, csv: csv.NewWriter(f)}, nil
}

// replaceable returns where the file really lies that a path names, if it may be replaced.
func replaceable(path string, from io.Reader) (string, error) {
	there, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	if in, ok := from.(*os.File); ok {
		if info, err := in.Stat(); err == nil && os.SameFile(there, info) {
			return "", fmt.Errorf("%s is the file that is imported, which would be overwritten; choose another", path)
		}
	}
	if !there.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file; choose another", path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
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
	err := errors.Join(f.csv.Error(), f.file.Sync(), f.file.Close())
	if err == nil && f.rows > 0 {
		err = os.Rename(f.file.Name(), f.path)
	}
	if err != nil || f.rows == 0 {
		return errors.Join(err, os.Remove(f.file.Name()))
	}
	return nil
}
