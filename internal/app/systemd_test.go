package app_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSystemdOpensTheSockets hands the program sockets as systemd does: in descriptors from 3 on, with its own
// process id. Who connected before it was started is answered by it.
func TestSystemdOpensTheSockets(t *testing.T) {
	dir := newBody(t)
	program := shingleAt(t, t.TempDir())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	file, err := l.(*net.TCPListener).File()
	must(t, err)
	early, err := net.Dial("tcp", l.Addr().String())
	must(t, err)
	defer early.Close()
	_, err = fmt.Fprint(early, "GET /readyz HTTP/1.0\r\n\r\n")
	must(t, err)

	notify := dir + "/notify"
	systemd, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: notify, Net: "unixgram"})
	must(t, err)
	defer systemd.Close()
	cmd := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=shingle.socket exec "$0" "$@"`, program, "serve", "body", "--data", dir, "--listen", "192.0.2.1:1")
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+notify)
	errs := &said{}
	cmd.ExtraFiles, cmd.Stderr = []*os.File{file}, errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	must(t, cmd.Start())
	must(t, file.Close())
	must(t, l.Close())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		if t.Failed() {
			t.Log(errs)
		}
	})
	hears := func(want string) {
		t.Helper()
		must(t, systemd.SetReadDeadline(time.Now().Add(10*time.Second)))
		b := make([]byte, 100)
		n, err := systemd.Read(b)
		if err != nil || string(b[:n]) != want {
			t.Fatalf("systemd hears %q, %v; want %q", b[:n], err, want)
		}
	}
	hears("READY=1")
	must(t, early.SetReadDeadline(time.Now().Add(5*time.Second)))
	b := make([]byte, 4000)
	n, err := early.Read(b)
	if err != nil || !strings.Contains(string(b[:n]), "200 OK") {
		t.Errorf("who came early: %q %v", b[:n], err)
	}
	must(t, cmd.Process.Signal(syscall.SIGHUP))
	hears("RELOADING=1")
	hears("READY=1")
	soon(t, "http://"+l.Addr().String()+"/readyz", 200, "ready")
	must(t, cmd.Process.Signal(syscall.SIGTERM))
	hears("STOPPING=1")
	must(t, cmd.Wait())
}
