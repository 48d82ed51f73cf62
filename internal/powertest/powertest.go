// Package powertest is a disk whose power can be cut, for tests of what is kept in SQLite.
//
// A process that is killed leaves the page cache behind: what it wrote is there for the next one, synced
// or not. A power cut leaves what was synced; the rest is there wholly, in part, or not at all, in any
// order. So a layer below SQLite notes every operation that changes a file:
//
//	disk := powertest.Watch(t, folder)
//	… the program under test works in the folder; after each acknowledgement the test notes disk.Now()
//	disk.Cut(after, powertest.Nothing, folder2) // the folder as the power cut leaves it
//	… the program starts in folder2, on the ordinary disk
//
// The same layer lets the n-th operation fail ([Disk.FailAt]), as though nothing of it had happened or all
// of it, and takes the disk's room away ([Disk.Fill]).
//
// It stands where SQLite calls the operating system (its VFS), and hands everything on to the real one.
// Files that the program writes by itself, such as the root key, are taken as they lie when watching
// begins. Memory-mapped writing is not seen; nothing here uses it.
package powertest

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Disk is a folder that is watched. Its methods may be called from many goroutines.
type Disk struct {
	mu      sync.Mutex
	first   map[string]*inode // the files when watching began
	names   map[string]*inode // the files now
	ops     []*op
	entries []*op // creations and deletions that no sync of the folder covers yet
	full    bool
	failAt  int // the number of operations at which one fails; -1: never
	how     Failure
	failed  bool
	seen    bool // the folder was opened, to sync it
}

// inode is a file, whatever it is called.
type inode struct {
	base     []byte
	unsynced []*op // writes and truncations
}

// op is one operation. Those of the first three kinds change something.
type op struct {
	kind    kind
	name    string // below the folder
	file    *inode
	at      int64 // offset of a write, new size of a truncation
	data    []byte
	durable int // the number of operations from which on no power cut undoes it; -1: never
}

type kind string

const (
	create   kind = "create"
	remove   kind = "delete"
	write    kind = "write"
	truncate kind = "truncate"
	flush    kind = "sync"
	folder   kind = "sync of the folder"
)

// Failure is how an operation fails.
type Failure int

const (
	// Undone fails without having done anything. What a sync should have made durable never becomes so:
	// after a failed fsync, Linux takes the pages for written.
	Undone Failure = iota
	// Done fails although all of it was done.
	Done
)

// Watch begins to watch a folder whose databases nobody has open. It ends with the test.
func Watch(t testing.TB, dir string) *Disk {
	t.Helper()
	install(t)
	real, err := filepath.EvalSymlinks(dir) // as SQLite sees it
	if err != nil {
		t.Fatal(err)
	}
	d := &Disk{first: map[string]*inode{}, failAt: -1}
	err = filepath.WalkDir(real, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || strings.HasSuffix(path, "-shm") {
			return err
		}
		b, err := os.ReadFile(path)
		d.first[strings.TrimPrefix(path, real+"/")] = &inode{base: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.names = maps.Clone(d.first)
	watched.Store(real, d)
	t.Cleanup(func() { watched.Delete(real) })
	return d
}

// Now returns how many operations there were so far.
func (d *Disk) Now() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ops)
}

// FailAt lets the operation fail that comes when there were n, once. Opening does not fail.
func (d *Disk) FailAt(n int, how Failure) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failAt, d.how, d.failed = n, how, false
}

// Failed reports whether the operation that FailAt named has come.
func (d *Disk) Failed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}

// Fill takes the disk's room away, or gives it back: on a full disk, files do not grow.
func (d *Disk) Fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

// Kind names the n-th operation, for messages.
func (d *Disk) Kind(n int) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n < 0 || n >= len(d.ops) {
		return "nothing"
	}
	return string(d.ops[n].kind) + " " + d.ops[n].name
}

// note adds an operation. The caller holds the lock.
func (d *Disk) note(o *op) {
	o.durable = -1
	d.ops = append(d.ops, o)
	switch o.kind {
	case write, truncate:
		o.file.unsynced = append(o.file.unsynced, o)
	case create, remove:
		d.entries = append(d.entries, o)
	case flush:
		o.file.unsynced = d.settle(o.file.unsynced)
	case folder:
		d.entries = d.settle(d.entries)
	}
}

// settle makes operations durable from now on.
func (d *Disk) settle(ops []*op) []*op {
	for _, o := range ops {
		o.durable = len(d.ops)
	}
	return nil
}

// do does an operation and notes it, or lets it fail. real does it on the real disk.
func (d *Disk) do(o *op, failure int32, real func() int32) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	fails := d.failAt >= 0 && len(d.ops) >= d.failAt
	if fails {
		d.failAt, d.failed = -1, true
	}
	if fails && d.how == Undone {
		if o.kind == flush {
			o.file.unsynced = nil
		}
		d.ops = append(d.ops, &op{kind: "failed " + o.kind, name: o.name, durable: -1})
		return failure
	}
	d.seen = false
	rc := real()
	if rc == 0 {
		d.note(o)
	}
	if d.seen {
		d.note(&op{kind: folder})
	}
	if fails {
		return failure
	}
	return rc
}
