package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pair is a primary and a synchronous standby, made with PostgreSQL's own tools: a commit on the one returns
// when it is on the other too. Its two addresses stay the same whoever is the primary.
type Pair struct {
	Primary, Standby *Cluster
	address          string
}

// NewPair starts a primary and its standby for this test alone.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	p := &Pair{Primary: NewCluster(t)}
	standby, err := prepare(p.Primary.bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(standby.stop)
	p.Standby = standby
	p.address = "postgres://postgres@/postgres?host=" + url.QueryEscape(p.Primary.dir+","+p.Standby.dir)
	p.Pair(t)
	return p
}

// URL returns the address of the database on either server, the first one first.
func (p *Pair) URL() string { return p.address }

// Failover kills the primary without warning and makes the standby take its place. Until [Pair.Pair] the new
// primary is alone.
func (p *Pair) Failover(t testing.TB) {
	t.Helper()
	p.Primary.Kill()
	p.Promote(t)
}

// Promote makes the standby a primary, whatever the other one does. The two change places.
func (p *Pair) Promote(t testing.TB) {
	t.Helper()
	c := p.Standby
	if out, err := c.command(filepath.Join(c.bin, "pg_ctl"), "promote", "-D", c.data(), "-w", "-t", "30").CombinedOutput(); err != nil {
		t.Fatalf("the standby cannot be promoted: %v\n%s", err, out)
	}
	p.Primary, p.Standby = p.Standby, p.Primary
}

// Pair makes the server that is not the primary its standby, from a copy of it, and returns when commits
// wait for it.
func (p *Pair) Pair(t testing.TB) {
	t.Helper()
	c := p.Standby
	c.halt()
	if err := os.RemoveAll(c.data()); err != nil {
		t.Fatal(err)
	}
	out, err := c.command(filepath.Join(c.bin, "pg_basebackup"), "-D", c.data(), "-h", p.Primary.dir, "-U", "postgres",
		"--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync").CombinedOutput()
	if err != nil {
		t.Fatalf("the primary cannot be copied: %v\n%s", err, out)
	}
	// Whoever is promoted begins alone.
	p.forgetStandby(t)
	if err := c.serve(); err != nil {
		t.Fatal(err)
	}
	p.Primary.Do(t, "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	for until := time.Now().Add(30 * time.Second); p.Primary.Ask(t, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1"; {
		if time.Now().After(until) {
			t.Fatalf("the standby does not follow:\n%s", c.log())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// forgetStandby takes out of the copy that its commits wait for a standby.
func (p *Pair) forgetStandby(t testing.TB) {
	path := filepath.Join(p.Standby.data(), "postgresql.auto.conf")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "synchronous_standby_names") {
			kept = append(kept, line)
		}
	}
	if err := os.WriteFile(path, []byte(strings.Join(kept, "")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Stop makes the server stand still, as a machine that hangs; it still holds all that it held.
func (c *Cluster) Stop() { c.signal(syscall.SIGSTOP) }

// Continue lets it run again.
func (c *Cluster) Continue() { c.signal(syscall.SIGCONT) }

func (c *Cluster) signal(s syscall.Signal) {
	_ = syscall.Kill(c.server.Process.Pid, s) // first, so that it starts no more of them
	for _, pid := range children(c.server.Process.Pid) {
		_ = syscall.Kill(pid, s)
	}
}

// halt kills the server if it runs.
func (c *Cluster) halt() {
	if c.server == nil {
		return
	}
	select {
	case <-c.gone:
	default:
		c.Kill()
	}
}

// Do runs statements on the server, one after another.
func (c *Cluster) Do(t testing.TB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if err := run(c.URL(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// Ask returns the one value that a query answers with.
func (c *Cluster) Ask(t testing.TB, query string) (answer string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var v any
	if err := conn.QueryRow(ctx, query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return fmt.Sprint(v)
}
