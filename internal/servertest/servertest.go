// Package servertest starts other people's servers for tests: real ones, built from source, on loopback.
//
//	bucket := servertest.S3(t) // a URL for gocloud.dev/blob
//
// A server is built once on a machine, with "go install", and kept in the user's cache; its modules are not
// ours and are not in go.mod.
package servertest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// building is held while something is built in this process; other processes are kept out by a lock file.
var building sync.Mutex

// binary returns the path of a program, e.g. of "example.org/cmd/thing@v1.2.3".
func binary(program string) (string, error) {
	building.Lock()
	defer building.Unlock()
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	at, version, _ := strings.Cut(program, "@")
	folder := filepath.Join(cache, "shingle-tests", path.Base(at)+"-"+version)
	built := filepath.Join(folder, path.Base(at))
	if _, err := os.Stat(built); err == nil {
		return built, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	lock, err := os.Create(filepath.Join(folder, "lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(built); err == nil { // another process was faster
		return built, nil
	}
	draft := filepath.Join(folder, "draft")
	install := exec.Command("go", "install", program)
	install.Dir = folder // outside of our module
	install.Env = append(os.Environ(), "GOBIN="+draft, "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("could not build %s: %w\n%s", program, err, out)
	}
	return built, os.Rename(filepath.Join(draft, path.Base(at)), built)
}

// start runs a program until the test ends and returns when it answers on address. What it said is shown if
// the test fails.
func start(t testing.TB, address string, command *exec.Cmd) {
	t.Helper()
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%.4000s", filepath.Base(command.Path), &said)
		}
	})
	for range 200 {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-ended:
			t.Fatalf("%s ended at once:\n%s", filepath.Base(command.Path), &said)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("%s does not answer on %s", filepath.Base(command.Path), address)
}

// freeAddress returns a loopback address that nobody listened on a moment ago.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
