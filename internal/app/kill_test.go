package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
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
	if os.Getenv("SHINGLE_TORTURE") != "" {
		return 1000
	}
	return 50
}

// TestKilledDuringAnImport kills a server without warning, again and again, while it imports a roster and
// answers acts. Whatever it had acknowledged must be there when it comes back, once and not twice;
// every checkpoint it ever showed must lie on the log that it has then; and the import, repeated, ends
// as if nothing had happened.
func TestKilledDuringAnImport(t *testing.T) {
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
	s.all()
	s.check()
	if again := s.importAll(); again.Added != 0 || again.Unchanged != siegeMembers {
		t.Fatalf("repeating the import changed something: %+v", again)
	}
	t.Logf("%d kills, %d acts acknowledged in between, %d checkpoints seen", kills(), len(s.acknowledged), s.seen)
	if len(s.acknowledged) < kills() || s.cutOff == 0 {
		t.Fatalf("the siege was too mild: %d acknowledged, %d imports cut off", len(s.acknowledged), s.cutOff)
	}
}

// siegeMembers is how many rows the roster has: enough that no import ends before it is killed.
const siegeMembers = 12_000

type siege struct {
	t       *testing.T
	data    string
	roster  string
	program string
	random  *rand.Rand

	server *exec.Cmd
	web    string
	keys   verify.Keys

	mu           sync.Mutex       // guards what is noted while the server is under load
	auditor      string           // a token that may read the record
	acknowledged map[string]int64 // member number → position of its enrolment
	unchecked    map[string]int64 // those since the last check
	checkpoints  map[string]bool  // shown since the last check
	seen         int
	cutOff       int
	next         int
}

func newSiege(t *testing.T) *siege {
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &siege{
		t: t, data: filepath.Join(dir, "body"), roster: filepath.Join(dir, "roster.csv"), random: rand.New(rand.NewPCG(1, 2)),
		acknowledged: map[string]int64{}, unchecked: map[string]int64{}, checkpoints: map[string]bool{},
	}
	// The test binary plays the program when it is called by its name, as in the stories.
	s.program = filepath.Join(dir, "shingle")
	if err := os.Symlink(program, s.program); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("number,name,domains,place,admitted\n")
	for i := range siegeMembers {
		fmt.Fprintf(&b, "R%05d,Company %d,company%d.example,Place %d,2020-01-01\n", i, i, i, i%50)
	}
	if err := os.WriteFile(s.roster, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	at := cli.Place{Data: s.data}
	if err := (app.House{}).Init(t.Context(), at, cli.InitBody{Name: "Besieged", Zone: "UTC", Web: "siege.example"}); err != nil {
		t.Fatal(err)
	}
	client, done, err := (app.House{}).Connect(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Post("http://shingle/local/tokens", "application/json", strings.NewReader(`{"name":"Auditor","role":"auditor","days":1}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var token struct{ Secret string }
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || token.Secret == "" {
		t.Fatal(err)
	}
	s.auditor = token.Secret
	must(t, done())
	run(t, s.data, "act", "register.open")
	return s
}

// start starts the server and waits until it says that it serves.
func (s *siege) start() {
	s.t.Helper()
	s.server = exec.Command(s.program, "serve", "body", "--data", s.data, "--listen", "127.0.0.1:0")
	var errs bytes.Buffer
	s.server.Stderr = &errs
	out, err := s.server.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.server.Start(); err != nil {
		s.t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, web, ok := strings.Cut(lines.Text(), "serving on "); ok {
			s.web = web
			break
		}
	}
	if s.web == "" {
		_ = s.server.Wait()
		s.t.Fatalf("the server did not come back: %s", &errs)
	}
	if s.keys.Log == "" {
		about, err := verify.ParseBody(s.get("/.well-known/shingle.json"))
		if err != nil {
			s.t.Fatal(err)
		}
		s.keys = about.Keys()
	}
}

func (s *siege) kill() {
	_ = s.server.Process.Kill()
	_ = s.server.Wait()
	s.web = ""
}

func (s *siege) get(path string) []byte {
	s.t.Helper()
	resp, err := http.Get(s.web + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s %v", path, resp.Status, err)
	}
	return b
}

// round starts the server, checks what it was killed over, loads it, and kills it at a random moment.
func (s *siege) round(n int) {
	s.start()
	s.check()
	client, done, err := (app.House{}).Connect(s.t.Context(), cli.Place{Data: s.data})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = done() }()
	ctx, cancel := context.WithCancel(s.t.Context())
	var work sync.WaitGroup
	work.Go(func() {
		if _, err := s.importWith(ctx, client); err != nil {
			s.cutOff++
		}
	})
	for range 8 {
		work.Go(func() { s.askWith(ctx, client) })
	}
	work.Go(func() {
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
	})
	time.Sleep(time.Duration(s.random.IntN(150_000)+500) * time.Microsecond)
	_ = s.server.Process.Kill()
	cancel()
	work.Wait()
	s.kill()
}

// askWith asks for acts one after another and notes which were acknowledged.
func (s *siege) askWith(ctx context.Context, client *http.Client) {
	for ctx.Err() == nil {
		s.mu.Lock()
		s.next++
		number := fmt.Sprintf("S%05d", s.next)
		s.mu.Unlock()
		body := url.Values{"number": {number}, "name": {"Single " + number}, "admitted": {"2020-01-01"}}.Encode()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://shingle/api/v1/acts/member.enrol", strings.NewReader(body))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Idempotency-Key", number)
		resp, err := client.Do(req)
		if err != nil {
			continue
		}
		var done struct {
			Events []struct{ Position int64 }
		}
		err = json.NewDecoder(resp.Body).Decode(&done)
		_ = resp.Body.Close()
		if err == nil && resp.StatusCode == http.StatusCreated && len(done.Events) > 0 {
			s.mu.Lock()
			s.acknowledged[number], s.unchecked[number] = done.Events[0].Position, done.Events[0].Position
			s.mu.Unlock()
		}
	}
}

type importReport struct{ Added, Unchanged, Rejected int64 }

func (s *siege) importAll() importReport {
	s.t.Helper()
	client, done, err := (app.House{}).Connect(s.t.Context(), cli.Place{Data: s.data})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = done() }()
	report, err := s.importWith(s.t.Context(), client)
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

func (s *siege) importWith(ctx context.Context, client *http.Client) (report importReport, err error) {
	f, err := os.Open(s.roster)
	if err != nil {
		return report, err
	}
	defer f.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://shingle/local/import/roster", f)
	if err != nil {
		return report, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return report, err
	}
	defer resp.Body.Close()
	for dec := json.NewDecoder(resp.Body); ; {
		var line cli.Line
		if err := dec.Decode(&line); err != nil {
			return report, err
		}
		if line.Error != "" {
			return report, fmt.Errorf("%s", line.Error)
		}
		if line.Result != nil {
			return report, json.Unmarshal(line.Result, &report)
		}
	}
}

// check looks at what came back: the chain, the log, every checkpoint, every acknowledged act.
func (s *siege) check() {
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
	s.checkpoints = map[string]bool{string(s.get("/log/checkpoint")): true}
	for number, position := range s.unchecked {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/api/v1/record?after=%d&limit=1", s.web, position-1), nil)
		if err != nil {
			s.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+s.auditor)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || !strings.Contains(string(b), `"member/`+number+`"`) {
			s.t.Fatalf("%s was acknowledged at position %d, where now stands %s %v", number, position, b, err)
		}
	}
	s.unchecked = map[string]int64{}
}

// all makes check look at every act that was ever acknowledged.
func (s *siege) all() { s.unchecked = maps.Clone(s.acknowledged) }
