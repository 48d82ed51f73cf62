package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a PostgreSQL server with its own folder, for tests that crash it.
type Cluster struct {
	bin, dir string
	set      []string            // beside the settings of all
	as       *syscall.Credential // PostgreSQL refuses to run as root
	server   *exec.Cmd
	gone     chan struct{} // closed when the server process has ended

	// The guard stops the server and removes the folder when its standard input ends: when we close
	// it, or when this process is no more.
	guard *exec.Cmd
	life  io.Closer
}

// settings keep a test's server honest (durable as in production) and small.
var settings = []string{
	"fsync=on", "synchronous_commit=on", "full_page_writes=on",
	"listen_addresses=", "max_connections=200", "shared_buffers=32MB", "max_wal_senders=4",
	"timezone=UTC", "log_min_messages=warning", "autovacuum_naptime=5s",
}

// guardScript is handed the folder. SIGQUIT is PostgreSQL's "stop at once".
const guardScript = `
cat >/dev/null
if pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
	kill -QUIT "$pid" 2>/dev/null
	n=0
	while kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
fi
rm -rf -- "$1"`

// NewCluster starts a cluster for this test alone. It is stopped and removed when the test ends.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c, err := start(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.stop)
	return c
}

// URL returns the address of the cluster's database, connecting as its superuser.
func (c *Cluster) URL() string {
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(c.dir)
}

// Kill ends all processes of the server with SIGKILL, as a crash would.
func (c *Cluster) Kill() {
	for _, pid := range append([]int{c.server.Process.Pid}, children(c.server.Process.Pid)...) {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	<-c.gone
}

// Restart starts the server again after [Cluster.Kill] and returns when it has recovered.
func (c *Cluster) Restart(t testing.TB) {
	t.Helper()
	// Processes that outlive the killed one for a moment hold its shared memory: try for a while.
	deadline := time.Now().Add(10 * time.Second)
	for {
		err := c.serve()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// start makes a cluster and starts it; set comes beside the settings of all.
func start(set []string) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	c, err := prepare(bin)
	if err != nil {
		return nil, err
	}
	c.set = set
	// No sync: what initdb wrote need not survive a power cut; what the tests write is synced.
	out, err := c.command(filepath.Join(bin, "initdb"), "-D", c.data(), "-U", "postgres",
		"--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync").CombinedOutput()
	if err != nil {
		c.stop()
		return nil, fmt.Errorf("PostgreSQL's initdb failed: %w\n%s", err, out)
	}
	if err := c.serve(); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// prepare makes the folder of a cluster, and nothing in it.
func prepare(bin string) (*Cluster, error) {
	c := &Cluster{bin: bin}
	var err error
	if os.Geteuid() == 0 {
		if c.as, err = unprivileged(); err != nil {
			return nil, err
		}
	}
	if c.dir, err = os.MkdirTemp(shortTemp(), "pgtest-"); err != nil {
		return nil, err
	}
	if c.as != nil {
		if err := os.Chown(c.dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return nil, err
		}
	}
	return c, c.watch()
}

// serve starts the server and returns when it answers.
func (c *Cluster) serve() error {
	args := []string{"-D", c.data(), "-k", c.dir}
	for _, s := range slices.Concat(settings, c.set) {
		args = append(args, "-c", s)
	}
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.server = c.command(filepath.Join(c.bin, "postgres"), args...)
	c.server.Stdout, c.server.Stderr = log, log
	if err := c.server.Start(); err != nil {
		return err
	}
	c.gone = make(chan struct{})
	go func(server *exec.Cmd, gone chan struct{}) {
		server.Wait()
		close(gone)
	}(c.server, c.gone)

	deadline := time.After(30 * time.Second)
	for {
		if err := c.ping(); err == nil {
			return nil
		}
		select {
		case <-c.gone:
			return fmt.Errorf("PostgreSQL did not start:\n%s", c.log())
		case <-deadline:
			return fmt.Errorf("PostgreSQL does not answer within 30 seconds:\n%s", c.log())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (c *Cluster) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL())
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (c *Cluster) watch() (err error) {
	c.guard = c.command("/bin/sh", "-c", guardScript, "pgtest", c.dir)
	if c.life, err = c.guard.StdinPipe(); err != nil {
		return err
	}
	return c.guard.Start()
}

func (c *Cluster) stop() {
	c.life.Close()
	c.guard.Wait()
}

// command runs in a process group of its own: an interrupt at the terminal is for the test, and the
// guard does the rest.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.as}
	return cmd
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) log() []byte {
	log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	return bytes.TrimSpace(log)
}

// binaries returns the folder with the newest installed PostgreSQL.
func binaries() (string, error) {
	best, dir := 0, ""
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	for _, path := range installed {
		bin := filepath.Dir(path)
		if v, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin))); v > best {
			best, dir = v, bin
		}
	}
	if dir != "" {
		return dir, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL is not installed: run `make tools`, or set SHINGLE_TEST_DATABASE to the URL of a server")
}

func unprivileged() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("PostgreSQL does not run as root and there is no user postgres: run `make tools`")
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// shortTemp is the temporary folder, or /tmp where that one's name leaves no room for a socket's
// (107 bytes in all).
func shortTemp() string {
	if dir := os.TempDir(); len(dir) <= 70 {
		return dir
	}
	return "/tmp"
}

func children(pid int) []int {
	list, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	var pids []int
	for field := range strings.FieldsSeq(string(list)) {
		if child, err := strconv.Atoi(field); err == nil {
			pids = append(pids, child)
		}
	}
	return pids
}
