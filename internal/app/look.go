package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"shingle/internal/cli"
)

// oneRecord fails if a place names two records: a folder's own is not passed over for another, nor the other
// for it. One that was moved away stays in its folder, and counts no more.
func (f folder) oneRecord(at cli.Place) error {
	if at.Data != "" && at.Database != "" && holds(f.record()) && !f.left() {
		return fmt.Errorf("%s holds a record of its own (shingle.db), and --database names another; give the folder that holds that one's keys, or leave --database (or SHINGLE_DATABASE) out", string(f))
	}
	return nil
}

// left reports whether the folder's record was moved away.
func (f folder) left() bool {
	ctx := context.Background()
	db, err := openStored(ctx, cli.Place{Data: string(f)})
	if err != nil {
		return false
	}
	s, err := readStamp(ctx, db.Reader())
	return errors.Join(err, db.Close()) == nil && s.moved != ""
}

// look says what keeps a folder from being opened: that it is none, that this user may not look into it, or
// that something of a body is in it and something else is not.
func (f folder) look(at cli.Place) error {
	if f == "" {
		return nil
	}
	info, err := os.Stat(string(f))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.nothing()
	case err != nil:
		return fmt.Errorf("the folder cannot be looked into: %w", err)
	case !info.IsDir():
		return fmt.Errorf("%s is a file, not a folder; give the folder that holds the data", string(f))
	}
	for _, path := range []string{f.unfinished(), f.restoring(), f.record(), f.keys()} {
		if err := readable(path); err != nil {
			return fmt.Errorf("%s cannot be read: %w; do this as the user whom the folder belongs to", path, err)
		}
	}
	if holds(f.unfinished()) || holds(f.restoring()) {
		return nil // which says more than what is missing
	}
	record, keys := holds(f.record()), holds(f.keys())
	switch {
	case at.Database == "" && !record && (keys || holds(rootAt(at))):
		return fmt.Errorf("the record is missing: there are keys in %s and no shingle.db; restore a backup", string(f))
	case !keys && at.Keys == "" && (record || at.Database != ""):
		return fmt.Errorf("the keys are missing: there is no keys.db in %s; restore the keys from a backup", string(f))
	}
	return f.oneRecord(at)
}

// readable returns why a file cannot be read, nil if it can or is not there.
func readable(path string) error {
	file, err := os.Open(path)
	if err == nil {
		return file.Close()
	}
	var why *fs.PathError
	if errors.Is(err, fs.ErrNotExist) || !errors.As(err, &why) {
		return nil
	}
	return why.Err
}
