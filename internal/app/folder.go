package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"shingle/internal/cli"
	"shingle/internal/record/postgres"
	"shingle/internal/vault"
)

// folder is where a body keeps its data, its keys and its socket.
type folder string

func (f folder) record() string   { return filepath.Join(string(f), "shingle.db") }
func (f folder) keys() string     { return filepath.Join(string(f), "keys.db") }
func (f folder) root() string     { return filepath.Join(string(f), "root.key") }
func (f folder) blobs() string    { return filepath.Join(string(f), "blobs") }
func (f folder) saves() string    { return filepath.Join(string(f), "backups") }
func (f folder) lockFile() string { return filepath.Join(string(f), "lock") }
func (f folder) clock() string    { return filepath.Join(string(f), "clock") }
func (f folder) jobs() string     { return filepath.Join(string(f), "work.db") }
func (f folder) mail() string     { return filepath.Join(string(f), "mail") }
func (f folder) tls() string      { return filepath.Join(string(f), "tls") }
func (f folder) socket() string   { return filepath.Join(string(f), "shingle.sock") }

// unfinished is the mark of a folder whose making was not finished. It is there before anything else is,
// and goes last.
func (f folder) unfinished() string { return filepath.Join(string(f), "making") }

// restoring is the mark of a folder that a restore is filling, or did not fill.
func (f folder) restoring() string { return filepath.Join(string(f), "restoring") }

// holds reports whether the folder has a file. A file that cannot be looked at counts as there.
func holds(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR)
}

// nothing says that there is no body in the folder.
func (f folder) nothing() error {
	return fmt.Errorf("there is nothing in %s; \"shingle init body\" makes a body there", string(f))
}

// ready fails unless a place is named whole and, where it has a folder, made to the end.
func ready(at cli.Place) error {
	f := folder(at.Data)
	if err := f.look(at); err != nil {
		return err
	}
	switch {
	case at.Data == "" && at.Database == "":
		return errors.New("say where the data are: --data DIR, or --database URL")
	case at.Data == "" && (at.Keys == "" || at.RootKeyFile == ""):
		return errors.New("say where the keys are: --keys URL and --root-key-file FILE, or --data DIR for the folder that holds them")
	case at.Data == "":
		return nil
	case holds(f.restoring()):
		return fmt.Errorf("the restore into %s was cut off; \"shingle restore\" does it again", string(f))
	case holds(f.unfinished()):
		return fmt.Errorf("the making of %s was cut off; \"shingle init body\" does it again", string(f))
	case at.Database == "" && !holds(f.record()):
		return f.nothing()
	}
	return nil
}

// guardOf is what the root key of a place is locked with, beside its mode.
func guardOf(at cli.Place) vault.Guard {
	return vault.Guard{Passphrase: at.RootPassphrase, KMS: at.RootKMS}
}

// rootAt is where the root key of a place lies.
func rootAt(at cli.Place) string {
	if at.RootKeyFile != "" {
		return at.RootKeyFile
	}
	return folder(at.Data).root()
}

// recordPlace and keyPlace say in words where a place keeps them.
func recordPlace(at cli.Place) string {
	if at.Data == "" {
		return postgres.Redact(at.Database)
	}
	return at.Data
}

func keyPlace(at cli.Place) string {
	if at.Keys != "" {
		return postgres.Redact(at.Keys)
	}
	return at.Data
}

// longest is how many bytes the path of a Unix socket may have, on Linux.
const longest = 107

// reachable fails if the folder's path is too long for its socket.
func (f folder) reachable() error {
	if len(f.socket()) > longest {
		return fmt.Errorf("the folder's path is too long: that of its socket, %s, has %d bytes, and %d are possible; choose a shorter one",
			f.socket(), len(f.socket()), longest)
	}
	return nil
}

// errServed says that another process has the folder open.
var errServed = errors.New("another shingle has the folder open")

// lock keeps other processes out of the folder until unlock. It waits for another one for as long as
// patience lasts.
func (f folder) lock(ctx context.Context, patience time.Duration) (unlock func(), err error) {
	file, err := os.OpenFile(f.lockFile(), os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, f.nothing()
	} else if err != nil {
		return nil, fmt.Errorf("the folder cannot be used: %w", err)
	}
	for until := time.Now().Add(patience); ; {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || !time.Now().Before(until) || ctx.Err() != nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: %s", errServed, string(f))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// share keeps other processes from opening the folder until unlock, without writing to it. It fails with
// errServed if one has it open.
func (f folder) share() (unlock func(), err error) {
	file, err := os.Open(f.lockFile())
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	} else if err != nil {
		return nil, fmt.Errorf("the folder cannot be read: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("%w: %s", errServed, string(f))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// served reports whether a server answers on the folder's socket.
func (f folder) served() bool {
	conn, err := net.DialTimeout("unix", f.socket(), time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// listen opens the folder's socket, for this user alone. The folder is locked, so a socket that is left
// belongs to nobody.
func (f folder) listen() (net.Listener, error) {
	if err := os.Remove(f.socket()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := f.reachable(); err != nil {
		return nil, err
	}
	old := syscall.Umask(0o177)
	defer syscall.Umask(old)
	return net.Listen("unix", f.socket())
}

// syncPath makes a file, or the names in a folder, survive a power cut.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// replace writes a file, for its owner alone: after a power cut it is the old one or the new one.
func replace(path string, text []byte) error {
	draft := path + ".new"
	err := os.WriteFile(draft, text, 0o600)
	if err == nil {
		err = syncPath(draft)
	}
	if err == nil {
		err = os.Rename(draft, path)
	}
	return errors.Join(err, syncPath(filepath.Dir(path)))
}

// syncAll does so with all that is in a folder.
func syncAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() && !e.Type().IsRegular() {
			return err
		}
		return syncPath(path)
	})
}
