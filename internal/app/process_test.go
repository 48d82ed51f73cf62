package app_test

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is the program, running as operators run it: on its own, without a terminal.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	web  string
	said *said // stderr, its log
	out  *said // stdout
}

// said is what a process has said so far.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// shingleAt puts the program into a folder and returns its path: the test binary, which plays the program when
// it is called by its name.
func shingleAt(t *testing.T, dir string) string {
	t.Helper()
	binary, err := os.Executable()
	must(t, err)
	program := filepath.Join(dir, "shingle")
	must(t, os.Symlink(binary, program))
	return program
}

// begin runs the program, and waits until it says that it serves.
func begin(t *testing.T, program string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(program, args...), said: &said{}, out: &said{}}
	p.cmd.Stderr = p.said
	p.cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH")) // it looks for itself there
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	out, err := p.cmd.StdoutPipe()
	must(t, err)
	must(t, p.cmd.Start())
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		if t.Failed() {
			t.Logf("it said:\n%.6000s", p.said)
		}
	})
	for lines := bufio.NewScanner(io.TeeReader(out, p.out)); lines.Scan(); {
		if _, web, ok := strings.Cut(lines.Text(), "serving on "); ok {
			p.web = web
			go func() { _, _ = io.Copy(p.out, out) }()
			return p
		}
	}
	_ = p.cmd.Wait()
	t.Fatalf("it does not serve: %s", p.said)
	return nil
}

// restart asks for a start anew and waits until it has happened.
func (p *process) restart() {
	p.t.Helper()
	before := strings.Count(p.out.String(), "serving on ")
	must(p.t, p.cmd.Process.Signal(syscall.SIGHUP))
	p.await("a start anew", func() bool { return strings.Count(p.out.String(), "serving on ") > before })
}

func (p *process) await(what string, is func() bool) {
	p.t.Helper()
	for range 500 {
		if is() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Fatalf("%s does not come", what)
}

// end stops the process gently.
func (p *process) end() {
	p.t.Helper()
	must(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("it did not stop well: %v", err)
	}
}
