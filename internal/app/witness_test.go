package app_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/witnesstest"
	"shingle/verify"
)

// serve serves a body in this process and returns its address. stop ends it.
func serve(t *testing.T, dir string, witnesses ...string) (web string, stop func() error) {
	t.Helper()
	return serveAt(t, cli.Place{Data: dir}, witnesses...)
}

// serveAt is serve, for data that do not all lie in one folder.
func serveAt(t *testing.T, at cli.Place, witnesses ...string) (web string, stop func() error) {
	t.Helper()
	return serveHow(t, at, cli.Serving{Witnesses: witnesses})
}

// serveHow is serve, with whatever else a server is told.
func serveHow(t *testing.T, at cli.Place, how cli.Serving) (web string, stop func() error) {
	t.Helper()
	how.Listen, how.LogLevel = "127.0.0.1:0", "warn"
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- app.House{}.Serve(ctx, at, how, in)
		_ = in.Close()
	}()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "serving on "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return address, func() error { cancel(); return <-ended }
		}
	}
	t.Fatalf("it does not serve: %v", <-ended)
	return "", nil
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, resp.Status)
	}
	return string(b)
}

// TestAWitnessCosignsAndRemembers serves a body whose log a real witness cosigns, and then an old copy of
// the body: the witness has seen more, so nothing is signed any more, and the register can still be read.
func TestAWitnessCosignsAndRemembers(t *testing.T) {
	dir := newBody(t)
	run(t, dir, "act", "register.open")
	web, stop := serve(t, dir)
	about, err := verify.ParseBody([]byte(fetch(t, web+"/.well-known/shingle.json")))
	must(t, err)
	must(t, stop())

	url, vkey := witnesstest.Start(t, "witness.example", about.Log.VKey)
	_, stop = serve(t, dir, url+" "+vkey)
	must(t, stop())
	old := filepath.Join(t.TempDir(), "old")
	must(t, os.CopyFS(old, os.DirFS(dir)))
	must(t, os.Chmod(filepath.Join(old, "root.key"), 0o600))

	web, stop = serve(t, dir) // the witness is remembered
	run(t, dir, "act", "member.enrol", "--number", "0003", "--name", "Three", "--admitted", "2026-01-01")
	cosigned := func() string {
		for range 100 {
			if c := fetch(t, web+"/log/checkpoint"); strings.Contains(c, "witness.example") {
				return c
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatal("the witness did not cosign")
		return ""
	}()
	if size := strings.Split(cosigned, "\n")[1]; size != "4" {
		t.Fatalf("cosigned at size %s", size)
	}
	if out := run(t, "", "verify", web, "--body", web); !strings.Contains(out, "Proven") {
		t.Fatal(out)
	}
	must(t, stop())

	for _, act := range [][]string{ // opened by the command itself, without a server
		{"act", "member.enrol", "--number", "0005", "--name", "Five", "--admitted", "2026-01-01"},
		{"act", "member.apply", "--name", "Six", "--contact-name", "S. Ix", "--contact-email", "six@six.example"}, // needs no leaf
		{"receipt", "0001"},
	} {
		if status, out, errs := try(old, act...); status == 0 || !strings.Contains(errs, "the public log is halted") {
			t.Errorf("%s on an old copy: exit %d: %s%s", act[0], status, out, errs)
		}
	}

	web, stop = serve(t, old) // the witness is remembered
	status, _, errs := try(old, "act", "member.enrol", "--number", "0004", "--name", "Four", "--admitted", "2026-01-01")
	if status == 0 || !strings.Contains(errs, "the public log is halted") {
		t.Errorf("an old copy went on: exit %d: %s", status, errs)
	}
	if status, _, _ := try(old, "receipt", "0001"); status == 0 {
		t.Error("an old copy signed a receipt")
	}
	if page := fetch(t, web+"/register/0001"); !strings.Contains(page, "One") {
		t.Error("an old copy cannot be read")
	}
	must(t, stop())
}

func TestNothingIsKnownBeforeTheRegisterOpens(t *testing.T) {
	dir := newBody(t)
	web, stop := serve(t, dir)
	for _, path := range []string{"/register", "/register/0001", "/register.csv", "/log", "/log/checkpoint", "/log/tile/0/000.p/2", "/log/tile/entries/000.p/2",
		"/notices", "/notices.atom", "/seal/0001.svg", "/api/v1/members", "/api/v1/members/0001", "/api/v1/members/0001/standing", "/api/v1/members/0001/receipt", "/api/v1/standing?domain=one.example", "/api/v1/log"} {
		resp, err := http.Get(web + path)
		must(t, err)
		b, err := io.ReadAll(resp.Body)
		must(t, err)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound || strings.Contains(string(b), "One") || strings.Contains(string(b), "one.example") {
			t.Errorf("%s: %s\n%.300s", path, resp.Status, b)
		}
	}
	must(t, stop())
}
