package app_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/verify"
)

// kills is how often the test kills; make torture raises it.
func kills() int {
	if tortured() {
		return 1000
	}
	return 50
}

// TestKilledUnderLoad kills a server without warning, again and again, while it imports a roster, answers acts
// of several clients, states what falls due and is read by the public. Whatever it had acknowledged must be
// there when it comes back, once and not twice; every checkpoint it ever showed must lie on the log that it
// has then; who was told nothing asks again by the same key, and it is done once; and the import, repeated,
// ends as if nothing had happened.
func TestKilledUnderLoad(t *testing.T) {
	s := newSiege(t)
	for round := range kills() {
		s.round(round)
	}
	s.start()
	defer s.kill()
	report := s.importAll()
	if report.Rejected != 0 || report.Added+report.Unchanged != siegeMembers {
		t.Fatalf("%+v", report)
	}
	if again := s.importAll(); again.Added != 0 || again.Unchanged != siegeMembers {
		t.Fatalf("repeating the import changed something: %+v", again)
	}
	s.unchecked = 0
	s.check(kills())

	acknowledged := len(s.ledger.acknowledged(kills()))
	t.Logf("torture: kills=%d acknowledged=%d asked-again=%d imports-cut-off=%d stated-by-the-clock=%d public-reads=%d checkpoints=%d lost=%d twice=%d longest=%s",
		kills(), acknowledged, s.again, s.cutOff, s.stated, s.read, s.seen, s.lost, s.twice, s.longest.Round(time.Millisecond))
	if acknowledged < kills() || s.cutOff == 0 || s.again == 0 || s.stated == 0 || s.read < kills() {
		t.Fatal("the siege was too mild")
	}
}

// siegeMembers is how many rows the roster has: enough that no import ends before it is killed.
const siegeMembers = 12_000

// siegeClients is how many clients act at once.
const siegeClients = 8

type siege struct {
	t       *testing.T
	data    string
	roster  string
	program string
	random  *rand.Rand

	server  *exec.Cmd
	web     string
	keys    verify.Keys
	auditor string // a token that may read the record; of this start of the server
	longest time.Duration

	ledger    ledger
	open      [siegeClients]*asked // what each client was told nothing about
	next      [siegeClients]int
	unchecked int64 // the position after which nothing was checked
	lost      int
	twice     int

	checkpoints map[string]bool // shown since the last check
	seen        int
	again       int
	cutOff      int
	stated      int

	mu   sync.Mutex // guards what is counted while the server is under load
	read int
}

func newSiege(t *testing.T) *siege {
	dir := t.TempDir()
	s := &siege{
		t: t, data: filepath.Join(dir, "body"), roster: filepath.Join(dir, "roster.csv"), random: rand.New(rand.NewPCG(1, 2)),
		checkpoints: map[string]bool{}, program: ourselves(t, dir),
	}
	writeRoster(t, s.roster, siegeMembers)
	text, err := os.ReadFile("../../examples/msp/code.md")
	must(t, err)
	must(t, app.House{}.Init(t.Context(), cli.Place{Data: s.data}, cli.InitBody{Name: "Besieged", Zone: "UTC", Web: "siege.example", Code: text}))
	run(t, s.data, "act", "register.open")
	// A demo's clock can be moved, so that something falls due while the test runs.
	alter(t, filepath.Join(s.data, "shingle.db"), "UPDATE stamp SET demo = 1")
	return s
}

// ourselves returns the test binary by the name of the program that it then plays, as in the stories.
func ourselves(t *testing.T, dir string) string {
	t.Helper()
	program, err := os.Executable()
	must(t, err)
	link := filepath.Join(dir, "shingle")
	must(t, os.Symlink(program, link))
	return link
}

// start starts the server and waits until it says that it serves.
func (s *siege) start() {
	s.t.Helper()
	begin := time.Now()
	s.server, s.web = startServer(s.t, s.program, s.data)
	s.longest = max(s.longest, time.Since(begin))
	s.auditor = auditor(s.t, s.data)
	if s.keys.Log == "" {
		about, err := verify.ParseBody([]byte(fetch(s.t, s.web+"/.well-known/shingle.json")))
		must(s.t, err)
		s.keys = about.Keys()
	}
}

func startServer(t *testing.T, program, data string, more ...string) (server *exec.Cmd, web string) {
	t.Helper()
	server = exec.Command(program, append([]string{"serve", "body", "--data", data, "--listen", "127.0.0.1:0"}, more...)...)
	var errs bytes.Buffer
	server.Stderr = &errs
	out, err := server.StdoutPipe()
	must(t, err)
	must(t, server.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, web, ok := strings.Cut(lines.Text(), "serving on "); ok {
			return server, web
		}
	}
	_ = server.Wait()
	t.Fatalf("the server did not come back: %s", &errs)
	return nil, ""
}

func (s *siege) kill() {
	_ = s.server.Process.Kill()
	_ = s.server.Wait()
	s.web = ""
}

// round starts the server, checks what it was killed over, loads it, and kills it at a random moment.
func (s *siege) round(n int) {
	s.start()
	s.check(n)
	client, done := connect(s.t, s.data)
	defer done()
	ctx, cancel := context.WithCancel(s.t.Context())
	var work sync.WaitGroup
	if n%3 == 0 { // an import leaves others little room
		work.Go(func() {
			if _, err := importWith(ctx, client, s.roster); err != nil {
				s.cutOff++
			}
		})
	}
	for c := range siegeClients {
		work.Go(func() { s.actAs(ctx, client, c, n) })
	}
	work.Go(func() { s.letTimePass(ctx) })
	work.Go(func() { s.watchLog(ctx) })
	for range 2 {
		work.Go(func() { s.readAsThePublic(ctx) })
	}
	time.Sleep(time.Duration(s.random.IntN(300_000)+500) * time.Microsecond)
	_ = s.server.Process.Kill()
	cancel()
	work.Wait()
	s.kill()
}

// actAs acts as a client does: first it asks again for what it was told nothing about.
func (s *siege) actAs(ctx context.Context, client *http.Client, c, round int) {
	for ctx.Err() == nil {
		a := s.open[c]
		again := a != nil
		if !again {
			n := s.next[c]
			s.next[c]++
			number := fmt.Sprintf("S%d-%d", c, n/3) // each member is enrolled and renamed twice
			if n%3 == 0 {
				a = s.ledger.enrol(number)
				a.fields.Set("paid_through", time.Now().AddDate(0, 0, n%400).Format(time.DateOnly))
			} else {
				a = s.ledger.rename(number, n%3)
			}
			s.open[c] = a
		}
		status, problem, err := s.ledger.ask(ctx, client, "http://shingle", a, func() int { return round })
		if err != nil {
			var broken *url.Error
			if !errors.As(err, &broken) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) && ctx.Err() == nil {
				s.t.Error(err)
			}
			continue
		}
		if status != http.StatusCreated && status != http.StatusOK {
			if status != http.StatusServiceUnavailable { // it is being stopped
				s.t.Errorf("%s: %d %s", a.key, status, problem)
			}
			continue
		}
		s.open[c] = nil
		if again {
			s.mu.Lock()
			s.again++
			s.mu.Unlock()
		}
	}
}

// letTimePass moves the demo's clock: what falls due is stated.
func (s *siege) letTimePass(ctx context.Context) {
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.web+"/demo/clock", strings.NewReader("days=10"))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
			_ = resp.Body.Close()
		}
	}
}

func (s *siege) watchLog(ctx context.Context) {
	for ctx.Err() == nil {
		if resp, err := http.Get(s.web + "/log/checkpoint"); err == nil {
			b, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err == nil && resp.StatusCode == http.StatusOK {
				s.checkpoints[string(b)] = true
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// readAsThePublic reads pages, seals and receipts: all are served, or are of nobody.
func (s *siege) readAsThePublic(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		path := fmt.Sprintf([]string{"/register/R%05d", "/seal/R%05d.svg", "/api/v1/members/R%05d/standing", "/register?q=%d", "/api/v1/members/R%05d/receipt"}[n%5], n)
		resp, err := http.Get(s.web + path)
		if err != nil {
			continue
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		// A receipt waits for what falls due at that very moment.
		if resp.StatusCode >= 500 && resp.StatusCode != http.StatusServiceUnavailable {
			s.t.Errorf("%s: %s", path, resp.Status)
		}
		if err == nil {
			s.mu.Lock()
			s.read++
			s.mu.Unlock()
		}
	}
}

func (s *siege) importAll() importReport {
	s.t.Helper()
	client, done := connect(s.t, s.data)
	defer done()
	report, err := importWith(s.t.Context(), client, s.roster)
	must(s.t, err)
	return report
}

// check looks at what came back: every checkpoint, every act that was acknowledged, and whether anything is
// there twice.
func (s *siege) check(round int) {
	s.t.Helper()
	ctx := s.t.Context()
	source := verify.HTTP(s.web+"/log", nil)
	for c := range s.checkpoints {
		if err := verify.CheckConsistency(ctx, source, s.keys, []byte(c)); err != nil {
			s.t.Fatalf("a checkpoint that was shown does not fit: %v\n%s", err, c)
		}
	}
	// All of them lie on the log that is there now, whose checkpoint vouches for them from here on.
	s.seen += len(s.checkpoints)
	s.checkpoints = map[string]bool{fetch(s.t, s.web+"/log/checkpoint"): true}
	record, err := readRecord(ctx, http.DefaultClient, s.web, s.auditor, s.unchecked)
	must(s.t, err)
	var acts []*asked
	for _, a := range s.ledger.acknowledged(round) {
		if len(a.told) > 0 && a.told[0].Position > s.unchecked {
			acts = append(acts, a)
		}
	}
	lost, twice, err := s.ledger.compare(record, acts)
	s.lost, s.twice = s.lost+lost, s.twice+twice
	if err != nil {
		s.t.Fatal(err)
	}
	if n := len(record); n > 0 && s.unchecked < record[n-1].Position {
		for _, e := range record {
			if e.Actor == "clock" && e.Kind == "standing.stated" && s.unchecked > 0 {
				s.stated++
			}
		}
		s.unchecked = record[n-1].Position
	}
}
