package app_test

import (
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// answered sends a GET and returns the status and the body.
func answered(t *testing.T, address string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	must(t, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(b)
}

// soon waits until an address answers with a status and a word.
func soon(t *testing.T, address string, status int, word string) {
	t.Helper()
	var got int
	var body string
	for range 100 {
		if got, body = answered(t, address); got == status && strings.Contains(body, word) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s: %d %s, want %d and %q", address, got, body, status, word)
}

func TestHealthSaysWhatIsWrongAndWhenItIsOver(t *testing.T) {
	dir := newBody(t)
	web, stop := serve(t, dir)
	soon(t, web+"/healthz", 200, "ok")
	status, body := answered(t, web+"/healthz", "Accept", "application/json")
	for _, want := range []string{`"healthy":true`, `"record":{"ok":true}`, `"log":{"ok":true}`, `"clock":{"ok":true}`, `"due":{"ok":true}`} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d %s; want %s", status, body, want)
		}
	}
	// Another program holds the database's lock for longer than anybody waits.
	release := lockDatabase(t, filepath.Join(dir, "shingle.db"))
	began := time.Now()
	soon(t, web+"/healthz", 503, "record: ")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	if status, body := answered(t, web+"/readyz"); status != 200 {
		t.Errorf("readers are sent away: %d %s", status, body)
	}
	if status, _ := answered(t, web+"/code"); status != 200 {
		t.Errorf("reading: %d", status)
	}
	release()
	soon(t, web+"/healthz", 200, "ok")
	must(t, stop())
}

func TestHealthSaysThatTheLogIsNotWhatWasPublished(t *testing.T) {
	dir := newBody(t)
	web, stop := serve(t, dir)
	soon(t, web+"/healthz", 200, "ok")
	// An older database is put in the place of the one that is served.
	alter(t, filepath.Join(dir, "shingle.db"), "UPDATE log_head SET size = 1, root = (SELECT hash FROM log_node WHERE idx = 0)")
	soon(t, web+"/healthz", 503, "log: the published checkpoint has 3 leaves, the record holds 1")
	must(t, stop())
}

func TestTheHealthCommandExitsAsItIs(t *testing.T) {
	dir := newBody(t)
	if status, out, errs := try(dir, "health"); status != 0 || !strings.Contains(out, "record       ok") {
		t.Errorf("nobody serves it: exit %d: %s%s", status, out, errs)
	}
	web, stop := serve(t, dir)
	for _, args := range [][]string{{"health", web}, {"health", "--data", dir}} {
		if status, out, errs := try("", args...); status != 0 || !strings.Contains(out, "record       ok") {
			t.Errorf("%v: exit %d: %s%s", args, status, out, errs)
		}
	}
	release := lockDatabase(t, filepath.Join(dir, "shingle.db"))
	time.Sleep(1100 * time.Millisecond) // the last answer was good for a second
	if status, out, errs := try("", "health", web); status != 1 || strings.Contains(out, "record       ok") {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
	release()
	must(t, stop())
	if status, _, errs := try("", "health", web); status != 2 || !strings.Contains(errs, "does not answer") {
		t.Errorf("nobody there: exit %d: %s", status, errs)
	}
	if status, _, errs := try("", "health", "localhost"); status != 2 || !strings.Contains(errs, "begins with http://") {
		t.Errorf("no address: exit %d: %s", status, errs)
	}
}

func TestMetricsAreForThoseWhoMaySeeThem(t *testing.T) {
	dir := newBody(t)
	run(t, dir, "act", "register.open")
	secrets := map[string]string{}
	for _, role := range []string{"monitor", "auditor", "administrator", "registrar"} {
		secrets[role] = strings.TrimSpace(run(t, dir, "token", "create", "--role", role, "--name", "A watchman"))
	}
	web, stop := serve(t, dir)
	fetch(t, web+"/register/0001")
	run(t, dir, "act", "member.enrol", "--number", "0003", "--name", "Three", "--admitted", "2026-01-01")
	if status, _, _ := try(dir, "act", "member.enrol", "--number", "0003", "--name", "Four", "--admitted", "2026-01-01"); status != 1 {
		t.Fatalf("exit %d", status)
	}
	for _, header := range [][]string{nil, {"X-Forwarded-For", "127.0.0.1"}, {"Host", "localhost"}} {
		if status, body := answered(t, web+"/metrics", header...); status != http.StatusUnauthorized || strings.Contains(body, "shingle_") {
			t.Errorf("anyone, with %v: %d", header, status)
		}
	}
	if status, _ := answered(t, web+"/metrics", "Authorization", "Bearer "+secrets["registrar"]); status != http.StatusForbidden {
		t.Errorf("a registrar: %d", status)
	}
	if status, _ := answered(t, web+"/api/v1/record", "Authorization", "Bearer "+secrets["monitor"]); status != http.StatusForbidden {
		t.Errorf("a monitor reads the record: %d", status)
	}
	client, done, err := (app.House{}).Connect(t.Context(), cli.Place{Data: dir})
	must(t, err)
	resp, err := client.Get("http://shingle/metrics")
	must(t, err)
	overSocket, err := io.ReadAll(resp.Body)
	must(t, err)
	_ = resp.Body.Close()
	must(t, done())
	pages := map[string]string{"operator": string(overSocket)}
	for _, role := range []string{"monitor", "auditor", "administrator"} {
		status, body := answered(t, web+"/metrics", "Authorization", "Bearer "+secrets[role])
		if status != 200 {
			t.Errorf("%s: %d", role, status)
		}
		pages[role] = body
	}
	for role, page := range pages {
		for _, want := range []string{
			`shingle_acts_total{kind="member.enrol",outcome="done"} 1`, `shingle_acts_total{kind="member.enrol",outcome="refused"} 1`, `shingle_refusals_total{rule="MEM-`,
			`shingle_request_seconds_count{route="GET /register/{number}",status="200"} 1`, "shingle_act_seconds_count 2", "shingle_batch_acts_count", "shingle_record_position ",
			"shingle_log_leaves 4", "shingle_checkpoint_age_seconds", "shingle_checkpoint_behind_leaves 0", "shingle_witnesses_lacking 0", "shingle_queue_acts 0",
			`shingle_clocks_due{when="overdue"} 0`, `shingle_healthy{check="record"} 1`, "go_goroutines ", "process_open_fds ", "process_resident_memory_bytes ",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s misses %s", role, want)
			}
		}
		if strings.Contains(page, `"0001`) || strings.Contains(page, "small.example") || strings.Contains(page, "Three") {
			t.Errorf("%s sees whom it is about", role)
		}
	}
	// What the operators' page tells them to watch is there. What needs a certificate or a schedule is not, here.
	guide, err := os.ReadFile("../../docs/OPERATIONS.md")
	must(t, err)
	for _, name := range regexp.MustCompile(`shingle_[a-z_]+`).FindAllString(string(guide), -1) {
		if name != "shingle_certificate_expires_timestamp_seconds" && name != "shingle_backup_age_seconds" && !strings.Contains(pages["monitor"], "\n"+name) {
			t.Errorf("docs/OPERATIONS.md tells of %s", name)
		}
	}
	if t.Failed() {
		t.Logf("%.20000s", pages["monitor"])
	}
	must(t, stop())
}

// lockDatabase holds the write lock of a database until release.
func lockDatabase(t *testing.T, path string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)") // the server may be writing
	must(t, err)
	conn, err := db.Conn(t.Context())
	must(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)
	return func() {
		_, err := conn.ExecContext(t.Context(), "ROLLBACK")
		must(t, errors.Join(err, conn.Close(), db.Close()))
	}
}
