package app_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"shingle/internal/pgtest"
)

// bytesIn returns what is in a folder: the names of its files, and a hash of each.
func bytesIn(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %x\n", d.Name(), sha256.Sum256(text))
		return err
	}))
	return b.String()
}

func TestWhatIsWrongWithAFolderIsNamedAndTheFolderLeftAsItIs(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, dir string)
		says  string
	}{
		"a file": {func(t *testing.T, dir string) {
			must(t, os.RemoveAll(dir))
			must(t, os.WriteFile(dir, []byte("x"), 0o600))
		}, "body is a file, not a folder; give the folder that holds the data"},
		"no record": {func(t *testing.T, dir string) { must(t, os.Remove(dir+"/shingle.db")) }, "the record is missing: there are keys in"},
		"no record but a key": {func(t *testing.T, dir string) {
			must(t, os.Remove(dir+"/shingle.db"))
			must(t, os.Remove(dir+"/keys.db"))
		}, "no shingle.db; restore a backup"},
		"no keys":           {func(t *testing.T, dir string) { must(t, os.Remove(dir+"/keys.db")) }, "the keys are missing: there is no keys.db in"},
		"an emptied record": {func(t *testing.T, dir string) { must(t, os.Truncate(dir+"/shingle.db", 0)) }, "shingle.db is empty: the record that was in it is gone; restore a backup"},
		"a foreign record": {func(t *testing.T, dir string) {
			must(t, os.Remove(dir+"/shingle.db"))
			alter(t, dir+"/shingle.db", "CREATE TABLE member (name TEXT)")
		}, "shingle.db holds something else (the tables member), and no body; choose another --data"},
		"somebody else's folder": {func(t *testing.T, dir string) {
			must(t, os.RemoveAll(dir))
			must(t, os.Mkdir(dir, 0o700))
			must(t, os.WriteFile(dir+"/letter.txt", []byte("x"), 0o600))
		}, "there is nothing in"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newBody(t)
			test.spoil(t, dir)
			before := bytesIn(t, dir)
			for _, command := range [][]string{{"standing", "0001"}, {"serve", "body", "--listen", "127.0.0.1:0"}, {"verify"}} {
				status, _, errs := try(dir, command...)
				if status != 2 || !strings.Contains(errs, test.says) || strings.Count(errs, "\n") != 1 {
					t.Errorf("%s: exit %d: %s", command[0], status, errs)
				}
			}
			after := bytesIn(t, dir)
			if after = strings.ReplaceAll(after, fmt.Sprintf("lock %x\n", sha256.Sum256(nil)), ""); after != strings.ReplaceAll(before, fmt.Sprintf("lock %x\n", sha256.Sum256(nil)), "") {
				t.Errorf("before:\n%safter:\n%s", before, after)
			}
			if name == "somebody else's folder" && after != before {
				t.Errorf("a file was left: %s", after)
			}
		})
	}
}

// TestAFolderOfAnotherUserIsToldFromOneThatIsNotFinished looks as a user who may not: root may everything.
func TestAFolderOfAnotherUserIsToldFromOneThatIsNotFinished(t *testing.T) {
	dir := newBody(t)
	must(t, os.Chmod(filepath.Dir(dir), 0o755))
	if os.Getuid() == 0 {
		runtime.LockOSThread() // the thread ends with the test
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0); errno != 0 {
			t.Fatal(errno)
		}
		defer func() { _, _, _ = syscall.RawSyscall(syscall.SYS_SETFSUID, 0, 0, 0) }()
	} else {
		must(t, os.Chmod(dir, 0))
		defer func() { must(t, os.Chmod(dir, 0o700)) }()
	}
	status, _, errs := try(dir, "standing", "0001")
	if status != 2 || !strings.Contains(errs, "permission denied") || strings.Contains(errs, "cut off") || strings.Count(errs, "\n") != 1 {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestADatabaseBesideAFoldersOwnRecordIsRefused(t *testing.T) {
	dir, other := newBody(t), pgtest.URL(t)
	for _, command := range [][]string{{"act", "member.rename", "--member", "0001", "--name", "X"}, {"serve", "body", "--listen", "127.0.0.1:0"}, {"rebuild"}, {"verify"}} {
		status, _, errs := try(dir, append(command, "--database", other)...)
		if status != 2 || !strings.Contains(errs, "holds a record of its own (shingle.db), and --database names another") {
			t.Errorf("%s: exit %d: %s", command[0], status, errs)
		}
	}
	if left := tables(t, other); left != "" {
		t.Error(left)
	}
}

// TestAnInterruptEndsWhatReads leaves each command waiting for what never comes.
func TestAnInterruptEndsWhatReads(t *testing.T) {
	shingle, err := exec.LookPath("shingle")
	must(t, err)
	dir := newBody(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	for name, args := range map[string][]string{
		"a receipt on standard input": {"verify", "-", "--key", "x"},
		"a receipt in a pipe":         {"verify", pipe, "--key", "x"},
		"a code on standard input":    {"code", "check", "-"},
		"a field":                     {"act", "code.adopt", "--data", dir, "--text", "@" + pipe},
		"a token":                     {"standing", "0001", "--data", dir, "--token-file", pipe},
		"a database's address":        {"standing", "0001", "--data", dir, "--database-file", pipe},
		"a roster on standard input":  {"import", "roster", "-", "--data", dir},
		"a roster in a pipe":          {"import", "roster", pipe, "--data", dir},
		"a passphrase":                {"vault", "backup", filepath.Join(t.TempDir(), "keys.age"), "--data", dir, "--passphrase-file", pipe},
	} {
		t.Run(name, func(t *testing.T) {
			c := exec.Command(shingle, args...)
			c.Env = append(os.Environ(), "SHINGLE_DATA=")
			var errs bytes.Buffer
			c.Stderr = &errs
			in, err := c.StdinPipe() // and nothing is ever written into it
			must(t, err)
			defer func() { _ = in.Close() }()
			must(t, c.Start())
			ended := make(chan error, 1)
			go func() { ended <- c.Wait() }()
			time.Sleep(300 * time.Millisecond) // until it reads; sooner it is ended by the same
			must(t, c.Process.Signal(os.Interrupt))
			select {
			case <-ended:
			case <-time.After(20 * time.Second):
				_ = c.Process.Kill()
				t.Fatal("it goes on waiting")
			}
			if c.ProcessState.ExitCode() != 2 || !strings.Contains(errs.String(), "interrupted") || strings.Contains(errs.String(), "level=") {
				t.Errorf("exit %d: %s", c.ProcessState.ExitCode(), errs.String())
			}
		})
	}
}
