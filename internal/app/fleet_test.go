package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/verify"
)

// fleet is several nodes of one body on one PostgreSQL, each a process of its own without a folder, and
// clients that write down what they were told.
type fleet struct {
	t     *testing.T
	place cli.Place
	nodes []*node
	keys  verify.Keys

	auditor, registrar string // tokens

	mu           sync.Mutex
	next         int
	acknowledged map[string]int64 // member number → position of its enrolment
	replays      int              // acknowledged when it was asked for again
	checkpoints  map[string]bool  // every one that any node ever showed
	last         time.Time        // the newest time at which a request was sent that was acknowledged
}

// node is one of them. Its address stays the same when it is started again.
type node struct {
	web     string
	program string
	args    []string
	process *exec.Cmd
	says    string // a file, of all its lives
}

// newFleet makes a body in a database, and n nodes that are not started yet.
func newFleet(t *testing.T, database, keys string, n int) *fleet {
	t.Helper()
	f := &fleet{t: t, acknowledged: map[string]int64{}, checkpoints: map[string]bool{}}
	f.place = cli.Place{Database: database, Keys: keys, RootKeyFile: filepath.Join(t.TempDir(), "root.key")}
	made := f.place
	made.Data = filepath.Join(t.TempDir(), "made")
	text, err := os.ReadFile("../../examples/msp/code.md")
	must(t, err)
	must(t, app.House{}.Init(t.Context(), made, cli.InitBody{Name: "Fleet", Zone: "UTC", Web: "fleet.example", Code: text}))
	must(t, os.RemoveAll(made.Data)) // from now on there is no folder
	f.run("act", "register.open")
	f.auditor = strings.TrimSpace(f.run("token", "create", "--name", "Auditor", "--role", "auditor"))
	f.registrar = strings.TrimSpace(f.run("token", "create", "--name", "Registrar", "--role", "registrar"))
	shingle := program(t)
	for i := range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		address := l.Addr().String()
		must(t, l.Close())
		f.nodes = append(f.nodes, &node{web: "http://" + address, program: shingle, args: append([]string{"serve", "body", "--listen", address}, f.where()...),
			says: filepath.Join(filepath.Dir(f.place.RootKeyFile), fmt.Sprint("node", i))})
	}
	t.Cleanup(func() {
		for _, n := range f.nodes {
			n.kill()
			if t.Failed() {
				t.Logf("%s says\n%s", n.web, n.tail())
			}
		}
	})
	return f
}

// where names the place on the command line.
func (f *fleet) where() []string {
	return []string{"--database", f.place.Database, "--keys", f.place.Keys, "--root-key-file", f.place.RootKeyFile}
}

// run runs a command beside the nodes, as one more of them.
func (f *fleet) run(args ...string) string {
	f.t.Helper()
	return run(f.t, "", append(args, f.where()...)...)
}

// start starts nodes, all at once, and returns when all serve.
func (f *fleet) start(nodes ...*node) {
	f.t.Helper()
	var all sync.WaitGroup
	errs := make([]error, len(nodes))
	for i, n := range nodes {
		all.Go(func() { errs[i] = n.start() })
	}
	all.Wait()
	for _, err := range errs {
		must(f.t, err)
	}
	if f.keys.Log == "" {
		about, err := verify.ParseBody([]byte(fetch(f.t, nodes[0].web+"/.well-known/shingle.json")))
		must(f.t, err)
		f.keys = about.Keys()
	}
}

func (n *node) start() error {
	says, err := os.OpenFile(n.says, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer says.Close()
	n.process = exec.Command(n.program, n.args...)
	n.process.Stderr = says
	out, err := n.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := n.process.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "serving on") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return nil
		}
	}
	_ = n.process.Wait()
	return fmt.Errorf("a node does not start: %s", n.tail())
}

// tail returns what it said last.
func (n *node) tail() []byte {
	said, _ := os.ReadFile(n.says)
	return said[max(0, len(said)-3000):]
}

func (n *node) kill() {
	if n.process != nil && n.process.ProcessState == nil {
		_ = n.process.Process.Signal(syscall.SIGKILL)
		_ = n.process.Wait()
	}
}

// client asks nodes; one that does not answer is given up.
var client = &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}

// ask sends a request with a token and returns the status and the body; 0 if there was no answer.
func ask(ctx context.Context, method, address, token, key string, form url.Values) (status int, header http.Header, body []byte) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, nil
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, nil
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		return 0, nil, nil
	}
	return resp.StatusCode, resp.Header, body
}

// load lets clients enrol members until ctx ends. What a node does not answer, or cannot do right now, they
// ask another for, with the same key.
func (f *fleet) load(ctx context.Context, clients int) (wait func()) {
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				f.enrol(ctx)
			}
		})
	}
	for _, n := range f.nodes {
		all.Go(func() {
			for ctx.Err() == nil {
				if status, _, body := ask(ctx, http.MethodGet, n.web+"/log/checkpoint", "", "", nil); status == http.StatusOK {
					f.mu.Lock()
					f.checkpoints[string(body)] = true
					f.mu.Unlock()
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	return all.Wait
}

func (f *fleet) enrol(ctx context.Context) {
	f.mu.Lock()
	f.next++
	number := fmt.Sprintf("F%06d", f.next)
	f.mu.Unlock()
	form := url.Values{"number": {number}, "name": {"Company " + number}, "contact_name": {"Somebody at " + number}, "admitted": {"2020-01-01"}}
	for ctx.Err() == nil {
		n, sent := f.nodes[rand.IntN(len(f.nodes))], time.Now()
		status, header, body := ask(ctx, http.MethodPost, n.web+"/api/v1/acts/member.enrol", f.registrar, number, form)
		switch status {
		case http.StatusCreated, http.StatusOK:
			var done struct {
				Events   []struct{ Position int64 }
				Replayed bool
			}
			if err := json.Unmarshal(body, &done); err != nil || len(done.Events) == 0 {
				f.t.Errorf("%s was acknowledged without events: %s", number, body)
				return
			}
			f.mu.Lock()
			f.acknowledged[number] = done.Events[0].Position
			if done.Replayed {
				f.replays++
			}
			if sent.After(f.last) {
				f.last = sent
			}
			f.mu.Unlock()
			return
		case 0:
		case http.StatusServiceUnavailable:
			if header.Get("Retry-After") == "" {
				f.t.Errorf("503 without Retry-After: %s", body)
			}
		default:
			f.t.Errorf("%s: %d %s", number, status, body)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// acknowledgedSince reports whether a request that was sent after a time has been acknowledged.
func (f *fleet) acknowledgedSince(t time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last.After(t)
}

// account compares what clients were told with what is there, and every checkpoint with the log.
func (f *fleet) account(web string) (lost, twice int) {
	f.t.Helper()
	ctx := context.Background()
	found := map[string][]int64{}
	for after, more := int64(0), true; more; {
		status, _, body := ask(ctx, http.MethodGet, fmt.Sprintf("%s/api/v1/record?limit=1000&after=%d", web, after), f.auditor, "", nil)
		var page struct {
			Events []struct {
				Position     int64
				Kind, Stream string
			}
			Next *int64
		}
		if err := json.Unmarshal(body, &page); err != nil || status != http.StatusOK {
			f.t.Fatalf("the record cannot be read: %d %s", status, body)
		}
		for _, e := range page.Events {
			if e.Kind == "member.enrolled" {
				number := strings.TrimPrefix(e.Stream, "member/")
				found[number] = append(found[number], e.Position)
			}
		}
		if more = page.Next != nil; more {
			after = *page.Next
		}
	}
	for number, position := range f.acknowledged {
		if len(found[number]) == 0 || found[number][0] != position {
			lost++
			f.t.Errorf("%s was acknowledged at position %d; the record has it at %v", number, position, found[number])
		}
	}
	for number, positions := range found {
		if len(positions) > 1 {
			twice++
			f.t.Errorf("%s is in the record %d times", number, len(positions))
		}
	}
	f.consistent(web)
	if out := f.run("verify"); !strings.Contains(out, "every row of the record fits its chain") {
		f.t.Errorf("verify says %s", out)
	}
	return lost, twice
}

// consistent proves that every checkpoint that was ever shown lies on the log that is there now. Two that do
// are consistent with each other.
func (f *fleet) consistent(web string) {
	f.t.Helper()
	source := &readOnce{Source: verify.HTTP(web+"/log", client), files: map[string][]byte{}}
	for c := range f.checkpoints {
		if err := verify.CheckConsistency(context.Background(), source, f.keys, []byte(c)); err != nil {
			f.t.Errorf("a checkpoint that was shown does not fit: %v\n%s", err, c)
		}
	}
}

// readOnce reads each file of a log that has stopped growing once.
type readOnce struct {
	verify.Source
	files map[string][]byte
}

func (k *readOnce) ReadFile(ctx context.Context, path string) ([]byte, error) {
	if data, ok := k.files[path]; ok {
		return data, nil
	}
	data, err := k.Source.ReadFile(ctx, path)
	if err == nil {
		k.files[path] = data
	}
	return data, err
}

// tortured reports whether there is time for the long form of a test (make torture).
func tortured() bool { return os.Getenv("SHINGLE_TORTURE") != "" }
