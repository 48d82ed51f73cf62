package app_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/pgtest"
)

// execute and query go behind everybody's back.
func execute(t *testing.T, database, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), statement, args...)
	must(t, err)
}

func query(t *testing.T, database, text string, into any) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	must(t, err)
	defer db.Close()
	must(t, db.QueryRowContext(t.Context(), text).Scan(into))
}

// TestFailovers kills the primary under load, again and again, and makes its synchronous standby take its
// place. The nodes are not restarted.
func TestFailovers(t *testing.T) {
	failovers := 3
	if tortured() {
		failovers = 50
	}
	pair := pgtest.NewPair(t)
	pair.Primary.Do(t, "CREATE DATABASE keys")
	f := newFleet(t, pair.URL(), strings.Replace(pair.URL(), "/postgres?", "/keys?", 1), 2)
	f.start(f.nodes...)
	ctx, stop := context.WithCancel(t.Context())
	wait := f.load(ctx, 4)
	var back []time.Duration
	for i := range failovers {
		since := time.Now()
		within(t, 30*time.Second, "acts before the failover", func() bool { return f.acknowledgedSince(since.Add(200 * time.Millisecond)) })
		time.Sleep(time.Duration(i%10*17) * time.Millisecond)
		killed := time.Now()
		pair.Failover(t)
		within(t, time.Minute, "acts after the failover", func() bool { return f.acknowledgedSince(killed) })
		back = append(back, time.Since(killed))
		if t.Failed() {
			break
		}
		pair.Pair(t)
	}
	stop()
	wait()
	lost, twice := f.account(f.nodes[0].web)
	slices.Sort(back)
	t.Logf("torture: failovers=%d acknowledged=%d at-the-median=%.1fs replayed=%d checkpoints=%d lost=%d twice=%d longest=%.1fs",
		len(back), len(f.acknowledged), back[len(back)/2].Seconds(), f.replays, len(f.checkpoints), lost, twice, back[len(back)-1].Seconds())
}

// TestAnOldPrimaryIsNotWrittenTo puts a database that lags behind where the node's was: by its address alone
// it cannot be told from the right one.
func TestAnOldPrimaryIsNotWrittenTo(t *testing.T) {
	database := pgtest.URL(t)
	f := newFleet(t, database, pgtest.URL(t), 1)
	f.start(f.nodes...)
	f.enrol(t.Context())
	fetch(t, f.nodes[0].web+"/api/v1/members/F000001/receipt")
	execute(t, database, `CREATE TABLE kept AS SELECT * FROM head`)
	execute(t, database, `CREATE TABLE gone AS SELECT * FROM event WHERE position > 3`)
	back := `UPDATE head SET position = 3, chain = (SELECT chain FROM event WHERE position = 3)`
	execute(t, database, back)
	execute(t, database, `DELETE FROM event WHERE position > 3`)

	form := url.Values{"number": {"0009"}, "name": {"Nine"}, "admitted": {"2026-01-01"}}
	act := func() (int, string) {
		status, _, body := ask(t.Context(), http.MethodPost, f.nodes[0].web+"/api/v1/acts/member.enrol", f.registrar, "nine", form)
		return status, string(body)
	}
	if status, body := act(); status != http.StatusServiceUnavailable || !strings.Contains(body, "holds less than this server has seen") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := ask(t.Context(), http.MethodGet, f.nodes[0].web+"/api/v1/members/F000001/receipt", "", "", nil); status != http.StatusServiceUnavailable {
		t.Errorf("it still signs: %d %s", status, body)
	}
	execute(t, database, `INSERT INTO event SELECT * FROM gone`)
	execute(t, database, `UPDATE head SET position = (SELECT position FROM kept), chain = (SELECT chain FROM kept)`)
	if status, body := act(); status != http.StatusCreated {
		t.Errorf("the right database is back: %d %s", status, body)
	}
}
