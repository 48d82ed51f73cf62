package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
)

// TestWhatClientsSeeHasAnOrder lets clients rename members, each expecting a version, and read their names, while
// the server is killed and started again. Whoever is told nothing asks again by the same key until there is an
// answer. There must be one order of all of it, in keeping with when each was asked and answered, in which
// every answer is right: as though one clerk had done one thing after another, and had never been ill.
func TestWhatClientsSeeHasAnOrder(t *testing.T) {
	for store, database := range map[string]func(*testing.T) string{
		"SQLite": func(*testing.T) string { return "" }, "PostgreSQL": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(store, func(t *testing.T) {
			w := newWitnessed(t, database(t))
			rounds := 3
			if tortured() {
				rounds = 50
			}
			history := w.history(rounds)
			if got := porcupine.CheckOperationsTimeout(clerk, history, time.Minute); got != porcupine.Ok {
				t.Fatalf("%d answers have no order: %s", len(history), got)
			}
			kinds := map[string]int{}
			for _, o := range history {
				kinds[o.Output.(answer).kind]++
			}
			if kinds["renamed"] < 10 || kinds["conflict"] == 0 || kinds["read"] < 10 {
				t.Errorf("the history says little: %v", kinds)
			}
			aLieIsFound(t, history)
			t.Logf("torture: histories-on-%s=1 kills=%d answers=%d renamed=%d conflicts=%d read=%d lost=0 twice=0", store, rounds, len(history), kinds["renamed"], kinds["conflict"], kinds["read"])
		})
	}
}

// question is what a client asks about a member: its name, or to be renamed.
type question struct {
	member string
	name   string // "" to read
	expect int64  // the version it must be at; -1 for any
}

// answer is what it is told.
type answer struct {
	kind    string // "renamed", "conflict", "read"
	version int64
	name    string
}

// clerk is how it should be: each member has a version and a name, and one thing happens at a time.
var clerk = porcupine.Model{
	Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
		by := map[string][]porcupine.Operation{}
		for _, o := range history {
			m := o.Input.(question).member
			by[m] = append(by[m], o)
		}
		for _, part := range by {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return answer{version: 1, name: "mark at first"} },
	Step: func(state, input, output any) (bool, any) {
		is, q, a := state.(answer), input.(question), output.(answer)
		fits := q.expect < 0 || q.expect == is.version
		switch a.kind {
		case "renamed":
			return fits && a.version == is.version+1, answer{version: is.version + 1, name: q.name}
		case "conflict":
			return !fits, state
		}
		return a.name == is.name, state
	},
}

// aLieIsFound changes single answers of a history that has an order: none of what comes out has one.
func aLieIsFound(t *testing.T, history []porcupine.Operation) {
	t.Helper()
	last := slices.MaxFunc(history, func(a, b porcupine.Operation) int { return int(a.Return - b.Return) }).Return
	change := func(what, kind string, lie func(*porcupine.Operation)) {
		lied := slices.Clone(history)
		i := slices.IndexFunc(lied, func(o porcupine.Operation) bool { return o.Output.(answer).kind == kind })
		lie(&lied[i])
		if got := porcupine.CheckOperationsTimeout(clerk, lied, time.Minute); got != porcupine.Illegal {
			t.Errorf("%s: %s", what, got)
		}
	}
	change("an act that was acknowledged and lost", "renamed", func(o *porcupine.Operation) {
		o.Input, o.Output = question{o.Input.(question).member, "", -1}, answer{kind: "read"}
	})
	change("an act that was done twice", "renamed", func(o *porcupine.Operation) {
		a := o.Output.(answer)
		a.version++
		o.Output = a
	})
	change("a name that is read long after it was changed", "read", func(o *porcupine.Operation) {
		o.Call, o.Return, o.Output = last+1, last+2, answer{kind: "read", name: "mark at first"}
	})
}

// witnessed is a body whose every answer is noted.
type witnessed struct {
	t        *testing.T
	data     string
	database string
	program  string
	begin    time.Time

	mu     sync.Mutex
	web    string
	client *http.Client
	noted  []porcupine.Operation
}

// members are few, so that clients get in each other's way.
var members = []string{"L1", "L2", "L3"}

func newWitnessed(t *testing.T, database string) *witnessed {
	dir := t.TempDir()
	w := &witnessed{t: t, data: filepath.Join(dir, "body"), database: database, program: ourselves(t, dir), begin: time.Now()}
	at := cli.Place{Data: w.data, Database: database}
	must(t, app.House{}.Init(t.Context(), at, cli.InitBody{Name: "Witnessed", Zone: "UTC", Web: "witnessed.example"}))
	server := w.start()
	l := &ledger{}
	for _, m := range members {
		a := l.add(m, "member.enrol", url.Values{"number": {m}, "name": {"mark at first"}, "admitted": {"2020-01-01"}})
		if status, problem, err := l.ask(t.Context(), w.client, "http://shingle", a, nil); err != nil || status != http.StatusCreated {
			t.Fatal(status, problem, err)
		}
	}
	a := l.add("open", "register.open", url.Values{})
	if status, problem, err := l.ask(t.Context(), w.client, "http://shingle", a, nil); err != nil || status != http.StatusCreated {
		t.Fatal(status, problem, err)
	}
	_ = server.Process.Kill()
	_ = server.Wait()
	return w
}

func (w *witnessed) start() *exec.Cmd {
	w.t.Helper()
	var more []string
	if w.database != "" {
		more = []string{"--database", w.database}
	}
	server, web := startServer(w.t, w.program, w.data, more...)
	client, _, err := app.House{}.Connect(w.t.Context(), cli.Place{Data: w.data, Database: w.database})
	must(w.t, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.web, w.client = web, client
	return server
}

// history lets clients ask while the server is killed a number of times, and returns all that was answered.
func (w *witnessed) history(kills int) []porcupine.Operation {
	ctx, enough := context.WithCancel(w.t.Context())
	server := w.start()
	var clients sync.WaitGroup
	for c := range 5 {
		clients.Go(func() { w.askAs(ctx, c) })
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range kills {
		time.Sleep(time.Duration(100+random.IntN(300)) * time.Millisecond)
		_ = server.Process.Kill()
		_ = server.Wait()
		server = w.start()
	}
	time.Sleep(200 * time.Millisecond)
	enough() // each gets the answer to what it has asked
	clients.Wait()
	_ = server.Process.Kill()
	_ = server.Wait()
	return w.noted
}

// askAs is one client: it asks, waits for the answer, and asks again.
func (w *witnessed) askAs(enough context.Context, c int) {
	random := rand.New(rand.NewPCG(7, uint64(c)))
	known := map[string]int64{} // versions, as far as this client knows
	for n := 0; enough.Err() == nil; n++ {
		q := question{member: members[random.IntN(len(members))], expect: -1}
		if random.IntN(2) == 0 {
			q.name = fmt.Sprintf("mark %d-%d", c, n)
			if v, ok := known[q.member]; ok && random.IntN(3) > 0 {
				q.expect = v
			}
		}
		call := time.Since(w.begin)
		a := w.until(q, fmt.Sprintf("%d-%d", c, n))
		back := time.Since(w.begin)
		if a.kind == "renamed" {
			known[q.member] = a.version
			if random.IntN(5) == 0 { // asked once more, it is told the same
				if again := w.until(q, fmt.Sprintf("%d-%d", c, n)); again != a {
					w.t.Errorf("%+v was answered %+v, and then %+v", q, a, again)
				}
			}
		} else if a.kind == "conflict" {
			delete(known, q.member)
		}
		w.mu.Lock()
		w.noted = append(w.noted, porcupine.Operation{ClientId: c, Input: q, Call: int64(call), Output: a, Return: int64(back)})
		w.mu.Unlock()
	}
}

// until asks until there is an answer.
func (w *witnessed) until(q question, key string) answer {
	for {
		w.mu.Lock()
		web, client := w.web, w.client
		w.mu.Unlock()
		if a, ok := w.ask(web, client, q, key); ok {
			return a
		}
		time.Sleep(5 * time.Millisecond) // until the server is back
	}
}

func (w *witnessed) ask(web string, client *http.Client, q question, key string) (a answer, ok bool) {
	address, body := "http://shingle/api/v1/acts/member.rename", url.Values{"member": {q.member}, "name": {q.name}}.Encode()
	method := http.MethodPost
	if q.name == "" {
		method, address, body, client = http.MethodGet, web+"/api/v1/members/"+q.member, "", http.DefaultClient
	}
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		w.t.Error(err)
		return a, true
	}
	if q.name != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Idempotency-Key", key)
		if q.expect >= 0 {
			req.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(q.expect)))
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return a, false
	}
	defer func() { _ = resp.Body.Close() }()
	var says struct {
		Name   string
		Events []happened
	}
	if json.NewDecoder(resp.Body).Decode(&says) != nil {
		return a, false
	}
	switch {
	case resp.StatusCode == http.StatusConflict:
		return answer{kind: "conflict"}, true
	case q.name == "" && resp.StatusCode == http.StatusOK:
		return answer{kind: "read", name: says.Name}, true
	case q.name != "" && resp.StatusCode < 300 && len(says.Events) > 0:
		return answer{kind: "renamed", version: says.Events[0].Version}, true
	case resp.StatusCode == http.StatusServiceUnavailable:
		return a, false
	}
	w.t.Errorf("%+v: %s", q, resp.Status)
	return a, true
}
