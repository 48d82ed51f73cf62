package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shingle/internal/record"
)

// room is what SQLite wants beside a file to open it, in bytes: the index of its write-ahead log, and a page.
const room = 64 << 10

// Disk names what is wrong with the disk under a database file where SQLite says only that it could not read,
// write or open something: [record.ErrDiskFull] or [record.ErrDiskReadOnly]. Any other error is returned as it
// is.
func Disk(err error, path string) error {
	var lite *msqlite.Error
	if !errors.As(err, &lite) || errors.Is(err, record.ErrDiskFull) || errors.Is(err, record.ErrDiskReadOnly) {
		return err
	}
	var disk syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(path), &disk) != nil {
		return err
	}
	return named(err, lite.Code(), uint64(disk.Bavail)*uint64(disk.Bsize), disk.Files > 0 && disk.Ffree == 0, disk.Flags&readOnly != 0)
}

// readOnly is the flag of a file system that is mounted for reading (statvfs(3): ST_RDONLY).
const readOnly = 1

// named names an error by its code and by the disk: how many bytes are free, whether it can hold no more
// files, whether it can only be read.
func named(err error, code int, free uint64, noFiles, readOnly bool) error {
	switch primary := code & 0xff; {
	case primary != lib.SQLITE_IOERR && primary != lib.SQLITE_CANTOPEN && primary != lib.SQLITE_READONLY:
		return err
	case readOnly:
		return fmt.Errorf("%w (%w)", record.ErrDiskReadOnly, err)
	case primary == lib.SQLITE_READONLY: // the file's own mode, or another program's doing
		return err
	case free < room || noFiles:
		return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
	}
	return err
}
