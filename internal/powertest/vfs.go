package powertest

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite "modernc.org/sqlite/lib"
)

// watched are the folders that are watched: path → *Disk.
var watched sync.Map

// diskOf returns the disk that a file lies on, if it is watched, and the file's name there.
func diskOf(path string) (*Disk, string) {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if d, ok := watched.Load(dir); ok {
			return d.(*Disk), strings.TrimPrefix(path, dir+"/")
		}
		if dir == filepath.Dir(dir) {
			return nil, ""
		}
	}
}

// The layer is a copy of SQLite's default VFS, in C's memory, in which a few functions are ours. It becomes
// the default itself, so that the program under test opens its files as it always does.
var (
	installing sync.Once
	real       sqlite.Tsqlite3_vfs // the one below
	opened     sync.Map            // uintptr of an open sqlite3_file → *file
	tables     sync.Map            // uintptr of the real methods → uintptr of those with ours among them
	openFolder uintptr             // the system call by which the real VFS opens a folder: to sync it
)

// file is an open file on a watched disk.
type file struct {
	disk *Disk
	name string
	*inode
	real *sqlite.Tsqlite3_io_methods
}

func install(t testing.TB) {
	installing.Do(func() {
		tls := libc.NewTLS() // never closed: the layer stays for good
		below := sqlite.Xsqlite3_vfs_find(tls, 0)
		if below == 0 {
			t.Fatal("SQLite has no VFS")
		}
		real = *at[sqlite.Tsqlite3_vfs](below)
		ours := allocate[sqlite.Tsqlite3_vfs](t, tls)
		name, err := libc.CString("powertest")
		if err != nil {
			t.Fatal(err)
		}
		v := at[sqlite.Tsqlite3_vfs](ours)
		*v = real
		v.FzName, v.FpNext = name, 0
		v.FxOpen, v.FxDelete = pointer(open), pointer(unlink)
		call, err := libc.CString("openDirectory")
		if err != nil {
			t.Fatal(err)
		}
		// Whoever opens a folder means to sync it; there is no other way to see that.
		openFolder = function[func(*libc.TLS, uintptr, uintptr) uintptr](real.FxGetSystemCall)(tls, below, call)
		rc := function[func(*libc.TLS, uintptr, uintptr, uintptr) int32](real.FxSetSystemCall)(tls, below, call, pointer(openDirectory))
		if openFolder == 0 || rc != sqlite.SQLITE_OK {
			t.Fatalf("SQLite's system calls cannot be watched: %d", rc)
		}
		if rc := sqlite.Xsqlite3_vfs_register(tls, ours, 1); rc != sqlite.SQLITE_OK {
			t.Fatalf("the VFS cannot be registered: %d", rc)
		}
	})
}

// at looks at C's memory as a T.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// pointer returns a function as C holds it. It must be one that is declared, not a closure.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// function is pointer's inverse.
func function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&p)) }

func allocate[T any](t testing.TB, tls *libc.TLS) uintptr {
	var v T
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(v)))
	if p == 0 {
		t.Fatal("out of memory")
	}
	return p
}

type fileHeader struct{ methods uintptr }

func open(tls *libc.TLS, vfs, name, f uintptr, flags int32, out uintptr) int32 {
	below := func() int32 {
		return function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](real.FxOpen)(tls, vfs, name, f, flags, out)
	}
	if name == 0 { // a file that has none is gone with the power
		return below()
	}
	path := libc.GoString(name)
	d, short := diskOf(path)
	if d == nil {
		return below()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	rc := below()
	if rc != sqlite.SQLITE_OK {
		return rc
	}
	n, ok := d.names[short]
	if !ok {
		n = &inode{}
		d.names[short] = n
		d.note(&op{kind: create, name: short, file: n})
	}
	h := at[fileHeader](f)
	opened.Store(f, &file{d, short, n, at[sqlite.Tsqlite3_io_methods](h.methods)})
	h.methods = withOurs(tls, h.methods)
	return rc
}

// withOurs returns a table of methods that goes through us where something changes.
func withOurs(tls *libc.TLS, methods uintptr) uintptr {
	if known, ok := tables.Load(methods); ok {
		return known.(uintptr)
	}
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite.Tsqlite3_io_methods{})))
	m := at[sqlite.Tsqlite3_io_methods](p)
	*m = *at[sqlite.Tsqlite3_io_methods](methods)
	m.FxWrite, m.FxTruncate, m.FxSync, m.FxClose = pointer(writeAt), pointer(truncateTo), pointer(syncFile), pointer(closeFile)
	known, _ := tables.LoadOrStore(methods, p)
	return known.(uintptr)
}

func fileOf(f uintptr) *file {
	known, _ := opened.Load(f)
	return known.(*file)
}

func writeAt(tls *libc.TLS, f, data uintptr, n int32, offset int64) int32 {
	o := fileOf(f)
	if o.disk.grows(tls, o, f, offset+int64(n)) {
		return sqlite.SQLITE_FULL
	}
	bytes := append([]byte{}, unsafe.Slice(at[byte](data), n)...)
	return o.disk.do(&op{kind: write, name: o.name, file: o.inode, at: offset, data: bytes}, sqlite.SQLITE_IOERR_WRITE, func() int32 {
		return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](o.real.FxWrite)(tls, f, data, n, offset)
	})
}

// grows reports whether a write up to end needs room that a full disk does not have.
func (d *Disk) grows(tls *libc.TLS, o *file, f uintptr, end int64) bool {
	d.mu.Lock()
	full := d.full
	d.mu.Unlock()
	if !full {
		return false
	}
	size := tls.Alloc(8)
	defer tls.Free(8)
	rc := function[func(*libc.TLS, uintptr, uintptr) int32](o.real.FxFileSize)(tls, f, size)
	return rc != sqlite.SQLITE_OK || *at[int64](size) < end
}

func truncateTo(tls *libc.TLS, f uintptr, size int64) int32 {
	o := fileOf(f)
	return o.disk.do(&op{kind: truncate, name: o.name, file: o.inode, at: size}, sqlite.SQLITE_IOERR_TRUNCATE, func() int32 {
		return function[func(*libc.TLS, uintptr, int64) int32](o.real.FxTruncate)(tls, f, size)
	})
}

func syncFile(tls *libc.TLS, f uintptr, flags int32) int32 {
	o := fileOf(f)
	return o.disk.do(&op{kind: flush, name: o.name, file: o.inode}, sqlite.SQLITE_IOERR_FSYNC, func() int32 {
		return function[func(*libc.TLS, uintptr, int32) int32](o.real.FxSync)(tls, f, flags)
	})
}

func closeFile(tls *libc.TLS, f uintptr) int32 {
	o := fileOf(f)
	opened.Delete(f)
	return function[func(*libc.TLS, uintptr) int32](o.real.FxClose)(tls, f)
}

func unlink(tls *libc.TLS, vfs, name uintptr, syncFolder int32) int32 {
	below := func() int32 {
		return function[func(*libc.TLS, uintptr, uintptr, int32) int32](real.FxDelete)(tls, vfs, name, syncFolder)
	}
	path := libc.GoString(name)
	d, short := diskOf(path)
	if d == nil {
		return below()
	}
	return d.do(&op{kind: remove, name: short}, sqlite.SQLITE_IOERR_DELETE, func() int32 {
		rc := below()
		if rc == sqlite.SQLITE_OK {
			delete(d.names, short)
		}
		return rc
	})
}

// openDirectory is called by the real VFS, from within xSync and xDelete, with a path in the folder.
func openDirectory(tls *libc.TLS, path, fd uintptr) int32 {
	if d, _ := diskOf(libc.GoString(path)); d != nil {
		d.seen = true // do holds the lock
	}
	return function[func(*libc.TLS, uintptr, uintptr) int32](openFolder)(tls, path, fd)
}
