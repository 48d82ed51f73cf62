package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	lib "modernc.org/sqlite/lib"

	"shingle/internal/record"
)

func TestWhatIsWrongWithTheDiskIsNamed(t *testing.T) {
	fault := errors.New("disk I/O error")
	for name, test := range map[string]struct {
		code              int
		free              uint64
		noFiles, readOnly bool
		want              error
	}{
		"no room for the index":    {lib.SQLITE_IOERR_SHMSIZE, 4096, false, false, record.ErrDiskFull},
		"no room to write":         {lib.SQLITE_IOERR_WRITE, 0, false, false, record.ErrDiskFull},
		"no more files":            {lib.SQLITE_CANTOPEN, 1 << 30, true, false, record.ErrDiskFull},
		"a disk for reading":       {lib.SQLITE_IOERR_WRITE, 1 << 30, false, true, record.ErrDiskReadOnly},
		"one that is full as well": {lib.SQLITE_READONLY, 0, false, true, record.ErrDiskReadOnly},
		"a file for reading":       {lib.SQLITE_READONLY, 0, false, false, nil},
		"a broken disk":            {lib.SQLITE_IOERR_READ, 1 << 30, false, false, nil},
		"a constraint":             {lib.SQLITE_CONSTRAINT, 0, false, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := named(fault, test.code, test.free, test.noFiles, test.readOnly)
			if !errors.Is(got, fault) || test.want != nil && !errors.Is(got, test.want) || test.want == nil && got != fault {
				t.Errorf("%v", got)
			}
		})
	}
}

// TestARealDiskThatIsFullOrForReadingIsNamed does the same on a small file system, where the machine lets
// root mount one; else the test above, which proves the same of codes, has to do.
func TestARealDiskThatIsFullOrForReadingIsNamed(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=256k"); errors.Is(err, syscall.EPERM) {
		return
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ctx := context.Background()
	path := filepath.Join(disk, "x.db")
	open := func() error {
		e, err := Open(ctx, path)
		if err != nil {
			return err
		}
		tx, err := e.Begin(ctx)
		if err == nil {
			tx.Exec("CREATE TABLE IF NOT EXISTS filler (text TEXT)")
			tx.Exec("INSERT INTO filler VALUES ('x')")
			err = tx.Commit(ctx)
			tx.Rollback()
		}
		return errors.Join(err, e.Close())
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(disk, "ballast"), []byte(strings.Repeat("x", 1<<20)), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := open(); !errors.Is(err, record.ErrDiskFull) {
		t.Errorf("full: %v", err)
	}
	if err := syscall.Mount("none", disk, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if err := open(); !errors.Is(err, record.ErrDiskReadOnly) {
		t.Errorf("for reading: %v", err)
	}
}
