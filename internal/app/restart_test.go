package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// restarts is how often the test restarts.
func restarts() int {
	if os.Getenv("SHINGLE_TORTURE") != "" {
		return 200
	}
	return 6
}

// TestNobodyNoticesARestart has strangers ask, each over a connection of its own, and a registrar act, while
// the server starts anew again and again: nobody is refused or cut off, and what was acknowledged is there.
func TestNobodyNoticesARestart(t *testing.T) {
	dir := newBody(t)
	run(t, dir, "act", "register.open")
	secret := strings.TrimSpace(run(t, dir, "token", "create", "--role", "registrar", "--name", "Ada"))
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0", "--log-level", "warn")

	var wrong sync.Map
	var reads, acts atomic.Int64
	done := make(chan struct{})
	var work sync.WaitGroup
	alone := func() *http.Client { return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} }
	for range 4 {
		work.Go(func() {
			client := alone()
			for {
				select {
				case <-done:
					return
				default:
				}
				resp, err := client.Get(p.web + "/api/v1/members/0001/standing")
				if err != nil {
					wrong.Store(err.Error(), true)
					continue
				}
				if _, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
					wrong.Store(fmt.Sprint(resp.Status, err), true)
				}
				_ = resp.Body.Close()
				reads.Add(1)
			}
		})
	}
	acknowledged := map[string]bool{}
	work.Go(func() {
		client := alone()
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			default:
			}
			number := fmt.Sprintf("R%05d", n)
			form := url.Values{"number": {number}, "name": {"Firm " + number}, "admitted": {"2020-01-01"}}
			req, err := http.NewRequest(http.MethodPost, p.web+"/api/v1/acts/member.enrol", strings.NewReader(form.Encode()))
			must(t, err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Authorization", "Bearer "+secret)
			resp, err := client.Do(req)
			if err != nil {
				wrong.Store("act: "+err.Error(), true)
				continue
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusCreated {
				wrong.Store("act: "+resp.Status, true)
				continue
			}
			acknowledged[number] = true
			acts.Add(1)
		}
	})
	pid := p.cmd.Process.Pid
	for range restarts() {
		r, a := reads.Load(), acts.Load()
		p.await("load", func() bool { return reads.Load() > r+20 && acts.Load() > a+2 })
		p.restart()
	}
	close(done)
	work.Wait()
	wrong.Range(func(what, _ any) bool { t.Error(what); return true })
	if p.cmd.Process.Pid != pid || syscall.Kill(pid, 0) != nil {
		t.Error("it is another process: its supervisor would be confused")
	}
	for number := range acknowledged {
		fetch(t, p.web+"/api/v1/members/"+number)
	}
	t.Logf("%d restarts, %d reads, %d acts", restarts(), reads.Load(), acts.Load())
	p.end()
	if _, err := os.Stat(filepath.Join(dir, "shingle.sock")); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
	if out := run(t, "", "verify", dir); !strings.Contains(out, "fits") {
		t.Error(out)
	}
}

// TestAProgramThatCouldNotServeIsNotBecome puts broken programs into the place of the one that runs.
func TestAProgramThatCouldNotServeIsNotBecome(t *testing.T) {
	dir, bin := newBody(t), t.TempDir()
	program := shingleAt(t, bin)
	p := begin(t, program, "serve", "body", "--data", dir, "--listen", "127.0.0.1:0")
	replace := func(text string) {
		must(t, os.RemoveAll(program))
		must(t, os.WriteFile(program, []byte(text), 0o755))
	}
	refused := func(says string) {
		t.Helper()
		must(t, p.cmd.Process.Signal(syscall.SIGHUP))
		p.await("a word about "+says, func() bool { return strings.Contains(p.said.String(), says) })
		if fetch(t, p.web+"/readyz"); strings.Contains(p.said.String(), "starting anew") {
			t.Errorf("it was become")
		}
	}
	replace("#!/bin/sh\necho 'shingle: the data were written by a newer version of shingle' >&2\nexit 2\n")
	refused("written by a newer version")
	replace("no program at all")
	refused("exec format error")
	must(t, os.Remove(program))
	refused("no such file")

	// One that passes its check and then cannot be run: the old one goes on, with the sockets it had.
	replace("#!/bin/sh\nmv \"$0\" \"$0.gone\"\nexit 0\n")
	must(t, p.cmd.Process.Signal(syscall.SIGHUP))
	p.await("a failed start", func() bool { return strings.Contains(p.said.String(), "goes on as it was") })
	if got := fetch(t, p.web+"/healthz"); got != "ok\n" {
		t.Error(got)
	}
	run(t, dir, "standing", "0001")
	must(t, os.Remove(program+".gone"))
	shingleAt(t, bin)
	p.restart()
	fetch(t, p.web+"/healthz")
	p.end()
}

func TestACheckSaysWhetherAPlaceCouldBeServed(t *testing.T) {
	dir := newBody(t)
	check := func() (int, string) {
		t.Helper()
		status, out, errs := try(dir, "serve", "body", "--check")
		return status, out + errs
	}
	if status, says := check(); status != 0 || !strings.Contains(says, "can be served") {
		t.Fatal(status, says)
	}
	_, stop := serve(t, dir)
	if status, says := check(); status != 0 {
		t.Errorf("while it is served: %d %s", status, says)
	}
	must(t, stop())
	for _, test := range []struct{ spoil, says string }{
		{"INSERT INTO kind VALUES ('member.teleported')", "member.teleported"},
		{"INSERT INTO schema_register (version_id, is_applied) VALUES (99, 1)", "newer version"},
	} {
		alter(t, dir+"/shingle.db", test.spoil)
		if status, says := check(); status != 2 || !strings.Contains(says, test.says) {
			t.Errorf("%s: exit %d: %s", test.spoil, status, says)
		}
	}
}

// TestWhoeverStopsItIsToldFirst has a load balancer look while the server waits before it stops.
func TestWhoeverStopsItIsToldFirst(t *testing.T) {
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", newBody(t), "--listen", "127.0.0.1:0", "--drain-wait", "1s")
	fetch(t, p.web+"/readyz")
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	p.await("503 at /readyz", func() bool {
		resp, err := http.Get(p.web + "/readyz")
		must(t, err)
		defer resp.Body.Close()
		var told struct{ Ready bool }
		return json.NewDecoder(resp.Body).Decode(&told) == nil && !told.Ready && resp.StatusCode == http.StatusServiceUnavailable
	})
	if fetch(t, p.web+"/code"); p.cmd.Wait() != nil {
		t.Error("it did not stop well")
	}
	if _, err := http.Get(p.web + "/readyz"); err == nil {
		t.Error("it still answers")
	}
}

// TestWhatRunsIsFinishedBeforeItStops sends half a request, stops the server, and sends the rest.
func TestWhatRunsIsFinishedBeforeItStops(t *testing.T) {
	dir := newBody(t)
	secret := strings.TrimSpace(run(t, dir, "token", "create", "--role", "registrar", "--name", "Ada"))
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0")
	body, rest := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, p.web+"/api/v1/acts/member.enrol", body)
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Content-Type", "application/json")
	answered := make(chan int, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			answered <- 0
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	_, err = io.WriteString(rest, `{"number":"0009","name":"Nine",`)
	must(t, err)
	time.Sleep(200 * time.Millisecond) // it is being read
	must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	p.await("its stop", func() bool { return strings.Contains(p.said.String(), "stopping") })
	_, err = io.WriteString(rest, `"admitted":"2026-01-01"}`)
	must(t, err)
	must(t, rest.Close())
	if status := <-answered; status != http.StatusCreated {
		t.Errorf("answered %d", status)
	}
	must(t, p.cmd.Wait())
	run(t, dir, "standing", "0009")
}
