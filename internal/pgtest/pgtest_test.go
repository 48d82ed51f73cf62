package pgtest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { Main(m) }

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func TestEveryTestHasItsOwnSchema(t *testing.T) {
	a, b := connect(t, URL(t)), connect(t, URL(t))
	for _, conn := range []*pgx.Conn{a, b} {
		if _, err := conn.Exec(t.Context(), `create table member (number text primary key)`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Exec(t.Context(), `insert into member values ('0042')`); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := b.QueryRow(t.Context(), `select count(*) from member`).Scan(&n); err != nil || n != 0 {
		t.Errorf("the second schema sees %d rows of the first (%v)", n, err)
	}
}

func TestWhatWasCommittedSurvivesAKill(t *testing.T) {
	c := NewCluster(t)
	conn := connect(t, c.URL())
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := conn.QueryRow(t.Context(), `show `+setting).Scan(&value); err != nil || value != "on" {
			t.Errorf("%s is %q (%v)", setting, value, err)
		}
	}
	if _, err := conn.Exec(t.Context(), `create table member as select '0042' as number`); err != nil {
		t.Fatal(err)
	}
	c.Kill()
	if _, err := pgx.Connect(t.Context(), c.URL()); err == nil {
		t.Error("the killed server still answers")
	}
	c.Restart(t)
	var number string
	if err := connect(t, c.URL()).QueryRow(t.Context(), `select number from member`).Scan(&number); err != nil || number != "0042" {
		t.Errorf("after the restart the table holds %q (%v)", number, err)
	}
}

// The test runs itself as a second process, kills that and waits for its cluster to go.
func TestTheClusterGoesWithItsProcess(t *testing.T) {
	if os.Getenv("PGTEST_WAIT_TO_BE_KILLED") != "" {
		println("folder " + NewCluster(t).dir)
		select {}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "PGTEST_WAIT_TO_BE_KILLED=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 256)
	n, _ := stderr.Read(line)
	dir, ok := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "folder ")
	cmd.Process.Kill()
	cmd.Wait()
	if !ok {
		t.Fatalf("the second process says %q", line[:n])
	}
	for range 100 {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("10 seconds after the kill, %s is still there", dir)
}

func TestAPromotedStandbyHasAllThatWasCommitted(t *testing.T) {
	p := NewPair(t)
	p.Primary.Do(t, `create table member (number int)`)
	for round := range 2 {
		conn := connect(t, p.Primary.URL())
		for n := range 20 {
			if _, err := conn.Exec(t.Context(), `insert into member values ($1)`, n); err != nil {
				t.Fatal(err)
			}
		}
		p.Failover(t)
		if n := p.Primary.Ask(t, `select count(*) from member`); n != []string{"20", "40"}[round] {
			t.Errorf("after failover %d there are %s rows", round, n)
		}
		p.Pair(t)
	}
}
