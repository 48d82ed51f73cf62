package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"shingle/internal/pgtest"
	"shingle/internal/witnesstest"
)

// within waits until something is so, and returns how long that took.
func within(t *testing.T, most time.Duration, what string, so func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	for !so() {
		if time.Since(began) > most {
			t.Errorf("%s: not within %s", what, most)
			return most
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(began)
}

// shortly is how long the other nodes may take. What is promised is a second; a machine that does other things
// gets more, and the figures say what it took.
const shortly = 3 * time.Second

func TestWhatOneNodeDoesTheOthersShow(t *testing.T) {
	f := newFleet(t, pgtest.URL(t), pgtest.URL(t), 3)
	f.start(f.nodes...)
	one, others := f.nodes[0], f.nodes[1:]
	get := func(n *node, path, token string) (int, string) {
		status, _, body := ask(t.Context(), http.MethodGet, n.web+path, token, "", nil)
		return status, string(body)
	}
	does := func(n *node, act string, form url.Values) {
		t.Helper()
		if status, _, body := ask(t.Context(), http.MethodPost, n.web+"/api/v1/acts/"+act, f.registrar, "", form); status != http.StatusCreated {
			t.Fatalf("%s: %d %s", act, status, body)
		}
	}
	does(one, "member.enrol", url.Values{"number": {"0001"}, "name": {"One"}, "domains": {"one.example"}, "admitted": {"2026-01-01"}, "subscribed": {"2026-06-01"}, "contact_name": {"A. Contact"}})

	// All that is kept in memory about a member: each is asked for, changed on one node, and asked for again.
	shown := map[string]string{
		"/api/v1/members/0001/standing":       `"withdrawn"`,
		"/api/v1/standing?domain=one.example": `"withdrawn"`,
		"/api/v1/members/0001/receipt":        "\nstatus withdrawn\n",
		"/register/0001":                      "Withdrawn",
		"/seal/0001.svg":                      "Withdrawn",
		"/log/checkpoint":                     "\n3\n",
	}
	for path, says := range shown {
		for _, n := range f.nodes {
			within(t, shortly, "the new member, "+path, func() bool { status, _ := get(n, path, ""); return status == http.StatusOK })
			if _, body := get(n, path, ""); strings.Contains(body, says) {
				t.Fatalf("%s says %s already", path, says)
			}
		}
	}
	does(one, "member.withdraw", url.Values{"member": {"0001"}})
	done := time.Now()
	for path, says := range shown {
		if _, body := get(one, path, ""); !strings.Contains(body, says) {
			t.Errorf("the node that acknowledged does not show it at %s: %s", path, body)
		}
	}
	for path, says := range shown {
		for _, n := range others {
			within(t, shortly, path, func() bool { _, body := get(n, path, ""); return strings.Contains(body, says) })
		}
	}
	t.Logf("the others showed all of it within %s", time.Since(done).Round(time.Millisecond))

	// A domain that goes to another member, by another node.
	does(others[0], "member.enrol", url.Values{"number": {"0002"}, "name": {"Two"}, "domains": {"two.example"}, "admitted": {"2026-01-01"}})
	for _, n := range f.nodes {
		within(t, shortly, "a new domain", func() bool {
			_, body := get(n, "/api/v1/standing?domain=two.example", "")
			return strings.Contains(body, `"0002"`)
		})
	}

	// A token that is revoked beside all of them.
	listed := f.run("token", "list")
	var id string
	for line := range strings.Lines(listed) {
		if strings.Contains(line, "Auditor") {
			id = strings.Fields(line)[0]
		}
	}
	for _, n := range f.nodes {
		if status, body := get(n, "/api/v1/record", f.auditor); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	f.run("token", "revoke", id)
	for _, n := range f.nodes {
		within(t, shortly, "a revoked token", func() bool {
			status, _ := get(n, "/api/v1/record", f.auditor)
			return status == http.StatusUnauthorized
		})
	}
}

// TestNodesOnOneDatabaseStateWhatFallsDueOnce starts nodes on a body of which every member's standing is due,
// so that all of them see it at once.
func TestNodesOnOneDatabaseStateWhatFallsDueOnce(t *testing.T) {
	const members = 60
	f := newFleet(t, pgtest.URL(t), pgtest.URL(t), 3)
	f.start(f.nodes[0])
	today := time.Now().UTC().Format(time.DateOnly)
	for i := range members {
		form := url.Values{"number": {fmt.Sprintf("%04d", i)}, "name": {fmt.Sprint("Member ", i)}, "admitted": {"2026-01-01"}, "subscribed": {today}, "contact_name": {"A. Contact"}}
		if status, _, body := ask(t.Context(), http.MethodPost, f.nodes[0].web+"/api/v1/acts/member.enrol", f.registrar, "", form); status != http.StatusCreated {
			t.Fatalf("%d %s", status, body)
		}
	}
	f.nodes[0].kill()
	execute(t, f.place.Database, "UPDATE stamp SET shift = $1", (400 * 24 * time.Hour).Microseconds())
	f.start(f.nodes...)
	stated := func() (n int) {
		query(t, f.place.Database, "SELECT count(*) FROM event WHERE kind = 'standing.stated' AND role = 'clock'", &n)
		return n
	}
	within(t, 20*time.Second, "what fell due is stated", func() bool { return stated() >= members })
	time.Sleep(2500 * time.Millisecond) // two more rounds of every node
	if n := stated(); n != members {
		t.Errorf("%d members fell due, and %d statements were made", members, n)
	}
	f.run("verify")
}

// TestANodeThatIsNotTold follows also when nothing tells it: its ear is cut off, or the note got lost.
func TestANodeThatIsNotTold(t *testing.T) {
	database := pgtest.URL(t)
	f := newFleet(t, database, pgtest.URL(t), 2)
	f.start(f.nodes...)
	for i := range 4 {
		if i%2 == 0 {
			execute(t, database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN \"shingle_' || current_schema() || '\"%' OR (query LIKE 'SELECT position FROM head%' AND state = 'idle')")
		}
		number := fmt.Sprintf("%04d", i)
		form := url.Values{"number": {number}, "name": {"One"}, "admitted": {"2026-01-01"}}
		if status, _, body := ask(t.Context(), http.MethodPost, f.nodes[i%2].web+"/api/v1/acts/member.enrol", f.registrar, number, form); status != http.StatusCreated {
			t.Fatalf("%d %s", status, body)
		}
		size := "\n" + fmt.Sprint(i+2) + "\n"
		within(t, shortly, "the log of the other node", func() bool {
			_, _, body := ask(t.Context(), http.MethodGet, f.nodes[(i+1)%2].web+"/log/checkpoint", "", "", nil)
			return strings.Contains(string(body), size)
		})
	}
}

// TestWhileTheDatabaseIsAway looks at a node whose PostgreSQL crashes and comes back.
func TestWhileTheDatabaseIsAway(t *testing.T) {
	c := pgtest.NewCluster(t)
	c.Do(t, "CREATE DATABASE keys")
	f := newFleet(t, c.URL(), strings.Replace(c.URL(), "/postgres?", "/keys?", 1), 1)
	f.start(f.nodes...)
	n := f.nodes[0]
	f.enrol(t.Context())
	memory := "/api/v1/members/F000001/standing"
	fetch(t, n.web+memory)
	c.Kill()
	for path, want := range map[string]int{
		memory:            http.StatusOK,
		"/log/checkpoint": http.StatusOK,
		"/register":       http.StatusServiceUnavailable, "/api/v1/members": http.StatusServiceUnavailable,
		"/register/F000001": http.StatusServiceUnavailable, "/log/tile/0/000.p/2": http.StatusServiceUnavailable,
	} {
		status, header, body := ask(t.Context(), http.MethodGet, n.web+path, "", "", nil)
		if status != want || want != http.StatusOK && (header.Get("Retry-After") == "" || strings.Contains(string(body), "pgx") || strings.Contains(string(body), "connect")) {
			t.Errorf("%s: %d, Retry-After %q: %.300s", path, status, header.Get("Retry-After"), body)
		}
	}
	form := url.Values{"number": {"0009"}, "name": {"Nine"}, "admitted": {"2026-01-01"}}
	status, header, body := ask(t.Context(), http.MethodPost, n.web+"/api/v1/acts/member.enrol", f.registrar, "nine", form)
	if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(string(body), "database is away") {
		t.Errorf("an act: %d %s", status, body)
	}
	if tortured() { // after a minute, what is in memory is not trusted any more
		time.Sleep(65 * time.Second)
		if status, _, _ := ask(t.Context(), http.MethodGet, n.web+memory, "", "", nil); status != http.StatusServiceUnavailable {
			t.Errorf("after a minute without the database it answers %d", status)
		}
	}
	c.Restart(t)
	took := within(t, 20*time.Second, "acts are taken again", func() bool {
		status, _, _ := ask(t.Context(), http.MethodPost, n.web+"/api/v1/acts/member.enrol", f.registrar, "nine", form)
		return status == http.StatusCreated
	})
	t.Logf("acts were taken %s after PostgreSQL was back", took.Round(time.Millisecond))
	fetch(t, n.web+"/register/0009")
}

// TestNodesAreKilledUnderLoad kills one of three every other second while clients ask all of them.
func TestNodesAreKilledUnderLoad(t *testing.T) {
	lasts, clients := 12*time.Second, 6
	if tortured() {
		lasts = 5 * time.Minute
	}
	f := newFleet(t, pgtest.URL(t), pgtest.URL(t), 3)
	f.start(f.nodes...)
	ctx, stop := context.WithCancel(t.Context())
	wait := f.load(ctx, clients)
	kills, began := 0, time.Now()
	for time.Since(began) < lasts {
		n := f.nodes[kills%len(f.nodes)]
		time.Sleep(time.Duration(1200+137*(kills%7)) * time.Millisecond)
		n.kill()
		kills++
		time.Sleep(300 * time.Millisecond)
		f.start(n)
	}
	took := time.Since(began)
	stop()
	wait()
	lost, twice := f.account(f.nodes[0].web)
	t.Logf("torture: kills-of-three-nodes=%d acknowledged=%d seconds=%.0f replayed=%d checkpoints=%d lost=%d twice=%d",
		kills, len(f.acknowledged), took.Seconds(), f.replays, len(f.checkpoints), lost, twice)
	if len(f.acknowledged) < kills || len(f.checkpoints) < kills {
		t.Errorf("too little happened: %d acts, %d checkpoints in %d kills", len(f.acknowledged), len(f.checkpoints), kills)
	}
}

// TestNodesShareAWitness lets three nodes show their checkpoints to one witness while they append and are
// restarted. It sees them in any order, and none of them is halted by that.
func TestNodesShareAWitness(t *testing.T) {
	f := newFleet(t, pgtest.URL(t), pgtest.URL(t), 3)
	f.start(f.nodes[0])
	f.nodes[0].kill()
	address, vkey := witnesstest.Start(t, "witness.example", f.keys.Log)
	for _, n := range f.nodes {
		n.args = append(n.args, "--witness", address+" "+vkey)
	}
	f.start(f.nodes...)
	ctx, stop := context.WithCancel(t.Context())
	wait := f.load(ctx, 4)
	for i := range 4 {
		time.Sleep(300 * time.Millisecond)
		f.nodes[i%3].kill()
		f.start(f.nodes[i%3])
	}
	stop()
	wait()
	for _, n := range f.nodes {
		within(t, 15*time.Second, "the witness signs the last checkpoint of "+n.web, func() bool {
			_, _, body := ask(t.Context(), http.MethodGet, n.web+"/log/checkpoint", "", "", nil)
			return strings.Contains(string(body), "witness.example")
		})
		said, err := os.ReadFile(n.says)
		must(t, err)
		if strings.Contains(string(said), "halted") {
			t.Errorf("%s says %s", n.web, said)
		}
	}
	f.account(f.nodes[0].web)
}
