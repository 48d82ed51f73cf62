package postgres_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
)

// answering listens, says something to whoever comes, and no more.
func answering(t *testing.T, says string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, says)
			go func() { _, _ = io.Copy(io.Discard, c) }()
		}
	}()
	return l.Addr().String()
}

// begun opens the database and makes the table that Begin locks.
func begun(t *testing.T, address string) *postgres.Engine {
	t.Helper()
	e, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

const table = `CREATE TABLE head (id int PRIMARY KEY, position bigint NOT NULL, recorded bigint NOT NULL DEFAULT 0, chain bytea NOT NULL DEFAULT ''); INSERT INTO head VALUES (1, 0)`

// advance moves the head, and says how that ended.
func advance(e *postgres.Engine, to int) error {
	tx, err := e.Begin(context.Background())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	tx.Exec("UPDATE head SET position = $1", to)
	return tx.Commit(context.Background())
}

func position(t *testing.T, e *postgres.Engine) (at int) {
	t.Helper()
	for try := 0; ; try++ {
		err := e.Reader().QueryRowContext(t.Context(), "SELECT position FROM head").Scan(&at)
		if err == nil {
			return at
		}
		if !postgres.Lost(err) || try > 8 { // a pool of eight that were lost
			t.Fatal(err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNoPrimaryIsToldInOneSentence(t *testing.T) {
	shared := pgtest.URL(t)
	u, err := url.Parse(shared)
	must(t, err)
	change := func(how func(u *url.URL, q url.Values)) string {
		c, q := *u, u.Query()
		how(&c, q)
		c.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
		return c.String()
	}
	another, silent := answering(t, "SSH-2.0-another thing\r\n"), answering(t, "")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, closed.Close())
	for name, test := range map[string]struct{ address, says string }{
		"no server":     {"postgres://x@" + closed.Addr().String() + "/x", "cannot be reached at " + closed.Addr().String()},
		"another thing": {"postgres://x@" + another + "/x?sslmode=disable", "is not PostgreSQL"},
		"silence":       {"postgres://x@" + silent + "/x?connect_timeout=1", "does not answer in time"},
		"no database":   {change(func(u *url.URL, _ url.Values) { u.Path = "/nowhere" }), `there is no database "nowhere"`},
		"no such user":  {change(func(u *url.URL, _ url.Values) { u.User = url.User("nobody") }), `does not let the user "nobody" in`},
		"no such schema": {change(func(_ *url.URL, q url.Values) { q.Set("options", "-c search_path=nowhere") }),
			"the schema in the database address's search_path does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := postgres.Open(t.Context(), test.address)
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("it says %v", err)
			}
		})
	}
}

func TestAPasswordIsNeverTold(t *testing.T) {
	_, err := postgres.Open(t.Context(), "postgres://x:secret@127.0.0.1:1/x")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
	if _, err := postgres.Open(t.Context(), "postgres://x:secret@[/x"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// A failover with everything that can go wrong about it, on one pair of servers: each takes seconds to start.
func TestFailover(t *testing.T) {
	postgres.Hurry(t) // before anything is open
	pair := pgtest.NewPair(t)
	one, two := pair.Primary, pair.Standby
	if _, err := postgres.Open(t.Context(), two.URL()); !errors.Is(err, record.ErrUnreachable) || !strings.Contains(err.Error(), "is a standby") {
		t.Fatalf("a standby was opened: %v", err)
	}
	one.Do(t, table)
	e := begun(t, pair.URL())
	must(t, advance(e, 1))

	// Somebody cancels the wait for a standby that hangs: what is then committed is on the primary alone.
	two.Stop()
	ended := make(chan error, 1)
	go func() { ended <- advance(e, 2) }()
	waiting := "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'"
	for one.Ask(t, waiting) == "0" {
		time.Sleep(20 * time.Millisecond)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "no standby confirms what is stored") {
		t.Errorf("a commit that no standby has was acknowledged: %v", err)
	}
	if _, err := postgres.Open(t.Context(), pair.URL()); err == nil || !strings.Contains(err.Error(), "waits for a standby that does not answer; start that one") {
		t.Errorf("a node that starts alone says %v", err)
	}
	// The next connection waits until all that can be seen is on the standby.
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	if tx, err := e.Begin(ctx); err == nil {
		tx.Rollback()
		t.Error("what no standby has was built upon")
	}
	cancel()
	two.Continue()
	must(t, retry(func() error { return advance(e, 3) }))

	// A commit that waits for long is given up by the node. It goes on waiting where it is: the driver does
	// not cancel it, and until the standby has it nobody sees it or builds upon it.
	two.Stop()
	go func() { ended <- advance(e, 4) }()
	if err := <-ended; !errors.Is(err, record.ErrUnreachable) {
		t.Errorf("the commit ended with %v", err)
	}
	time.Sleep(300 * time.Millisecond)
	if n := one.Ask(t, "SELECT position FROM head"); n != "3" {
		t.Errorf("a commit that no standby has can be seen: %s", n)
	}
	if n := one.Ask(t, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'"); n != "1" {
		t.Errorf("%s commits wait for the standby", n)
	}
	two.Continue()
	must(t, retry(func() error { return advance(e, 5) }))

	// The primary dies; the standby takes over with all that was acknowledged.
	pair.Failover(t)
	began := time.Now()
	for advance(e, 6) != nil {
		time.Sleep(20 * time.Millisecond)
		if time.Since(began) > 30*time.Second {
			t.Fatal("nothing can be written after 30 seconds")
		}
	}
	t.Logf("written again %s after the promotion", time.Since(began).Round(time.Millisecond))
	if at := position(t, e); at != 6 {
		t.Errorf("read %d", at)
	}

	// The old primary comes back and knows nothing of it. Its address stands first.
	one.Restart(t)
	one.Do(t, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()", "UPDATE head SET position = 100")
	postgres.Cut(e)
	must(t, retry(func() error { return advance(e, 7) }))
	if at := position(t, e); at != 7 {
		t.Errorf("read %d", at)
	}
	fresh := begun(t, pair.URL()) // a node that knows nothing either
	must(t, advance(fresh, 8))
	if n := one.Ask(t, "SELECT position FROM head"); n != "100" {
		t.Errorf("the old primary was written to: %s", n)
	}

	// The new one hangs. Whoever waits for it is told within a while.
	two.Stop()
	began = time.Now()
	err := advance(e, 9)
	if !errors.Is(err, record.ErrUnreachable) {
		t.Errorf("it says %v", err)
	}
	t.Logf("a server that hangs is given up after %s", time.Since(began).Round(time.Second))
	two.Continue()
	must(t, retry(func() error { return advance(e, 10) }))
}

// retry asks again for a while.
func retry(do func() error) (err error) {
	for range 50 {
		if err = do(); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

// A node that stops while it holds the write lock loses it.
func TestTheLockOfANodeThatStandsStillIsTakenFromIt(t *testing.T) {
	address := pgtest.URL(t)
	e := begun(t, address+"&idle_in_transaction_session_timeout=1s")
	must(t, e.Migrate(t.Context(), "record", record.Migrations()))
	tx, err := e.Begin(t.Context())
	must(t, err)
	other := begun(t, address)
	began := time.Now()
	must(t, advance(other, 1))
	t.Logf("taken after %s", time.Since(began).Round(10*time.Millisecond))
	tx.Exec("UPDATE head SET position = 2")
	if err := tx.Commit(t.Context()); !errors.Is(err, record.ErrUnreachable) {
		t.Errorf("it went on: %v", err)
	}
	tx.Rollback()
	if at := position(t, other); at != 1 {
		t.Errorf("read %d", at)
	}
}

// Whoever writes without a word is noticed.
func TestALostNotificationIsMissedForAMomentOnly(t *testing.T) {
	e := begun(t, pgtest.URL(t))
	must(t, e.Migrate(t.Context(), "record", record.Migrations()))
	for to := range 3 {
		quiet := time.After(700 * time.Millisecond)
		for settled := false; !settled; {
			select {
			case <-e.Changed():
			case <-quiet:
				settled = true
			}
		}
		must(t, advance(e, to+1)) // without Announce
		select {
		case <-e.Changed():
		case <-time.After(2 * time.Second):
			t.Fatal("nobody noticed")
		}
	}
}

// A role that may do less, or whose settings promise less, is no danger.
func TestTheSessionsSettingsAreOurs(t *testing.T) {
	e := begun(t, pgtest.URL(t)+"&synchronous_commit=off&statement_timeout=7s")
	must(t, e.Migrate(t.Context(), "record", record.Migrations()))
	tx, err := e.Begin(t.Context())
	must(t, err)
	defer tx.Rollback()
	rows, err := tx.Query(t.Context(), "SELECT current_setting('synchronous_commit') || current_setting('lock_timeout') || current_setting('idle_in_transaction_session_timeout')")
	must(t, err)
	defer rows.Close()
	var got string
	if !rows.Next() || rows.Scan(&got) != nil || got != "on20s30s" {
		t.Errorf("%s", got)
	}
}
