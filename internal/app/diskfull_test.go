package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"shingle/internal/powertest"
)

// TestAFullDiskStopsActsAndNothingElse fills the disk under a server: acts are answered 503, with the reason;
// everybody goes on reading; and once there is room, acts go on, without a restart.
func TestAFullDiskStopsActsAndNothingElse(t *testing.T) {
	data := newBody(t)
	run(t, data, "act", "register.open")
	disk := powertest.Watch(t, data)
	fillUp(t, "full-simulated-disks", data, func() { disk.Fill(true) }, func() { disk.Fill(false) })
}

// TestASmallDiskFills does the same on a real file system of a few megabytes. Where a machine does not let its
// root mount one, make test is content with the test above, which proves the same of a disk of its own; make
// torture is not.
func TestASmallDiskFills(t *testing.T) {
	small := t.TempDir()
	err := syscall.Mount("none", small, "tmpfs", 0, "size=6m")
	if errors.Is(err, syscall.EPERM) && !tortured() {
		return
	}
	if err != nil {
		t.Fatalf("a small disk cannot be mounted (%v): run as root, where mounting is allowed", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	from := newBody(t)
	run(t, from, "act", "register.open")
	data := filepath.Join(small, "body")
	must(t, os.Mkdir(data, 0o700))
	must(t, os.CopyFS(data, os.DirFS(from)))
	must(t, os.Chmod(filepath.Join(data, "root.key"), 0o600))
	ballast := filepath.Join(small, "ballast")
	fillUp(t, "full-small-disks", data, func() {
		f, err := os.Create(ballast)
		must(t, err)
		for block := make([]byte, 4096); err == nil; {
			_, err = f.Write(block)
		}
		_ = f.Close()
	}, func() { must(t, os.Remove(ballast)) })
}

func fillUp(t *testing.T, what, data string, fill, empty func()) {
	web, stop := serve(t, data)
	client, done := connect(t, data)
	defer done()
	var l ledger
	number := 0
	ask := func(a *asked) (status int, problem string) {
		t.Helper()
		status, problem, err := l.ask(t.Context(), client, "http://shingle", a, nil)
		must(t, err)
		return status, problem
	}
	next := func() *asked { number++; return l.enrol(fmt.Sprintf("D%04d", number)) }
	read := func() {
		t.Helper()
		for _, path := range []string{"/", "/register", "/register/0001", "/log/checkpoint", "/seal/0001.svg", "/api/v1/members/0001/standing", "/api/v1/members/0001/receipt"} {
			fetch(t, web+path)
		}
	}
	if status, problem := ask(next()); status != http.StatusCreated {
		t.Fatal(status, problem)
	}
	refused, begin := 0, time.Now()
	for round := range 3 {
		fill()
		// There is room in the files themselves for some more.
		var a *asked
		for try := 0; ; try++ {
			a = next()
			status, problem := ask(a)
			if status == http.StatusServiceUnavailable {
				if !strings.Contains(problem, "The disk is full") {
					t.Fatalf("round %d: %s", round, problem)
				}
				break
			}
			if status != http.StatusCreated || try > 2000 {
				t.Fatalf("round %d: %d %s after %d acts on a full disk", round, status, problem, try)
			}
		}
		for range 5 { // it stays so, for whatever needs new keys or new rows
			if status, problem := ask(a); status != http.StatusServiceUnavailable || !strings.Contains(problem, "The disk is full") {
				t.Fatalf("round %d: %d %s", round, status, problem)
			}
			read()
			refused++
		}
		empty()
		if status, problem := ask(a); status != http.StatusCreated {
			t.Fatalf("round %d: there is room again, and yet %d %s", round, status, problem)
		}
		read()
	}
	took := time.Since(begin)
	must(t, stop())
	// Without the 32 KiB that SQLite wants beside the file it does not start, and says why.
	fill()
	if status, _, errs := try(data, "standing", "0001"); status != 0 && !strings.Contains(errs, "the disk is full") {
		t.Fatal(status, errs)
	}
	empty()
	run(t, data, "standing", "0001")
	lost, twice := l.held(t, data)
	t.Logf("torture: %s=3 acknowledged=%d refused=%d lost=%d twice=%d longest=%s", what, len(l.acknowledged(0)), refused, lost, twice, took.Round(time.Millisecond))
}

// held holds a ledger against a folder that nobody serves, which must be sound.
func (l *ledger) held(t *testing.T, data string) (lost, twice int) {
	t.Helper()
	token := auditor(t, data)
	client, done := connect(t, data)
	record, err := readRecord(t.Context(), client, "http://shingle", token, 0)
	must(t, err)
	done()
	lost, twice, err = l.compare(record, l.acknowledged(1<<60))
	must(t, err)
	if status, out, errs := try("", "verify", data); status != 0 {
		t.Fatalf("%s%s", out, errs)
	}
	return lost, twice
}
