package app_test

import (
	"archive/tar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"shingle/internal/cli"
)

// TestTwoBackupsOntoOneNameLeaveOneThatIsWhole has two commands write the same file at once. Whoever says that it
// is done must be right: the file is theirs, whole, and opens.
func TestTwoBackupsOntoOneNameLeaveOneThatIsWhole(t *testing.T) {
	shingle := program(t)
	k := newKept(t, "")
	k.enrol(4, 12)
	k.saveKeys()
	good := k.file()
	begin(t, shingle, append([]string{"serve", "body", "--listen", "127.0.0.1:0"}, where(k.at)...)...)
	for name, c := range map[string]struct {
		args  []string
		opens func(path, out string) []string // what succeeds if the file is whole
	}{
		"the data": {[]string{"backup"}, func(path, _ string) []string { return []string{"restore", "--check", path} }},
		"the keys": {[]string{"vault", "backup"}, func(path, out string) []string {
			identity := path + ".identity"
			must(t, os.WriteFile(identity, []byte(out), 0o600))
			return append([]string{"restore", good, "--key-backup", path, "--identity-file", identity}, where(fresh(t))...)
		}},
	} {
		for _, force := range [][]string{nil, {"--force"}} {
			t.Run(name+strings.Join(force, ""), func(t *testing.T) {
				for range 4 {
					path := filepath.Join(t.TempDir(), "one")
					var done [3]struct {
						out string
						err error
					}
					var all sync.WaitGroup
					for i := range done {
						all.Go(func() {
							time.Sleep(time.Duration(i) * 7 * time.Millisecond)
							args := append(append(append([]string{}, c.args...), path), append(force, where(k.at)...)...)
							out, err := exec.Command(shingle, args...).Output()
							done[i].out, done[i].err = string(out), err
						})
					}
					all.Wait()
					var out []string
					for _, d := range done {
						if d.err == nil {
							out = append(out, d.out)
						}
					}
					if len(out) == 0 || len(out) > 1 && force == nil {
						t.Fatalf("%d of %d say that they wrote it", len(out), len(done))
					}
					status, errs := 2, ""
					for _, o := range out { // with force, whoever came last has it
						s, _, e := try("", c.opens(path, o)...)
						status, errs = min(status, s), errs+e
					}
					if status != 0 {
						t.Fatalf("it was said to be whole, and: %s", errs)
					}
					if left, _ := filepath.Glob(path + ".part*"); len(left) > 0 {
						t.Errorf("%s is left", left)
					}
				}
			})
		}
	}
}

// TestADraftIsNobodysElseFile plants what a draft must neither follow nor trust.
func TestADraftIsNobodysElseFile(t *testing.T) {
	k := newKept(t, "")
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	must(t, os.WriteFile(victim, []byte("mine"), 0o644))
	for _, command := range []string{"backup", "vault backup"} {
		path := filepath.Join(dir, strings.ReplaceAll(command, " ", "-"))
		must(t, os.Symlink(victim, path+".part"))
		status, _, errs := try("", append(append(strings.Fields(command), path), where(k.at)...)...)
		if text, err := os.ReadFile(victim); status != 2 || err != nil || string(text) != "mine" {
			t.Errorf("%s through a link: exit %d: %s; the file holds %.20q", command, status, errs, text)
		}
		must(t, os.Remove(path+".part"))

		must(t, os.WriteFile(path+".part", []byte("left by a command that was killed"), 0o644))
		k.run(append(strings.Fields(command), path)...)
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: what it wrote has the mode %s", command, info.Mode())
		}
	}
}

// TestAPipeThatNobodyWritesIntoIsInterrupted asks once for an end, as an operator does with Ctrl-C.
func TestAPipeThatNobodyWritesIntoIsInterrupted(t *testing.T) {
	shingle := program(t)
	k := newKept(t, "")
	pipe := filepath.Join(t.TempDir(), "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	at := fresh(t)
	for name, args := range map[string][]string{
		"a check":   {"restore", "--check", pipe},
		"a restore": append([]string{"restore", pipe, "--key-backup", k.keys, "--identity-file", k.identity}, where(at)...),
	} {
		for _, held := range []bool{false, true} { // by a writer that says nothing
			if held {
				w, err := os.OpenFile(pipe, os.O_RDWR, 0)
				must(t, err)
				defer w.Close()
			}
			c := exec.Command(shingle, args...)
			said := &said{}
			c.Stderr = said
			must(t, c.Start())
			ended := make(chan error, 1)
			go func() { ended <- c.Wait() }()
			time.Sleep(500 * time.Millisecond) // until it reads
			must(t, c.Process.Signal(os.Interrupt))
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				_ = c.Process.Kill()
				t.Errorf("%s goes on waiting", name)
			}
			if said.String() != "shingle: interrupted\n" {
				t.Errorf("%s says %q", name, said)
			}
		}
	}
	if _, err := os.Stat(at.Data); err == nil {
		t.Error("the folder was made")
	}
}

// TestAnotherProgramsArchiveIsNoBackup is not called an altered one: nobody altered it.
func TestAnotherProgramsArchiveIsNoBackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "holiday.tar")
	f, err := os.Create(path)
	must(t, err)
	w := tar.NewWriter(f)
	must(t, w.WriteHeader(&tar.Header{Name: "../../etc/passwd", Mode: 0o644, Size: 5, Uname: "me", ModTime: time.Now()}))
	_, err = w.Write([]byte("photo"))
	must(t, err)
	must(t, w.Close())
	must(t, f.Close())
	if status, _, errs := try("", "restore", "--check", path); status != 2 || errs != "shingle: "+path+": this is not a backup of shingle\n" {
		t.Errorf("exit %d: %s", status, errs)
	}
}

// TestARestoreToNoPositionIsNotARestoreOfAll takes the zero of a script at its word.
func TestARestoreToNoPositionIsNotARestoreOfAll(t *testing.T) {
	k := newKept(t, "")
	at := cli.Place{Data: fresh(t).Data}
	status, _, errs := try("", append([]string{"restore", k.file(), "--to-position", "0", "--key-backup", k.keys, "--identity-file", k.identity}, where(at)...)...)
	if status != 2 || !strings.Contains(errs, "--to-position N, from 1 on") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

// TestKeysAreNotBackedUpToAnIdentityThatNobodySaw prints it to a disk that is full, as "> /elsewhere/identity.txt"
// may be. The keys then count as not backed up, and no file looks as if they were.
func TestKeysAreNotBackedUpToAnIdentityThatNobodySaw(t *testing.T) {
	shingle := program(t)
	k := newKept(t, "")
	k.enrol(4, 5)
	path := filepath.Join(t.TempDir(), "keys.age")
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	defer full.Close()
	c := exec.Command(shingle, append([]string{"vault", "backup", path}, where(k.at)...)...)
	said := &said{}
	c.Stdout, c.Stderr = full, said
	if err := c.Run(); err == nil || !strings.Contains(said.String(), "the keys were not backed up: what opens them cannot be shown") {
		t.Errorf("%v: %s", err, said)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) > 0 {
		t.Errorf("%s is left", left)
	}
	if out := run(t, "", append([]string{"doctor", "--quick"}, where(k.at)...)...); !strings.Contains(out, "are in no backup") {
		t.Errorf("the doctor says:\n%s", out)
	}
}
