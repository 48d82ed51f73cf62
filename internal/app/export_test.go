package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// hosted serves a folder as any web server would.
func hosted(t *testing.T, folder string) string {
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)
	return server.URL
}

// becomes waits until a file says something.
func becomes(t *testing.T, path, says string) {
	t.Helper()
	var text []byte
	for range 200 {
		if text, _ = os.ReadFile(path); strings.Contains(string(text), says) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not come to say %q:\n%.500s", path, says, text)
}

func TestAnExportIsVerifiedLikeTheBodyItself(t *testing.T) {
	dir, out := newBody(t), t.TempDir()
	run(t, dir, "act", "register.open")
	if said := run(t, dir, "export", out, "--base", "https://static.example"); !strings.Contains(said, "files written") {
		t.Errorf("it said %q", said)
	}
	web := hosted(t, out)
	if said := run(t, "", "verify", web); !strings.Contains(said, "leaves") && !strings.Contains(said, "leaf") {
		t.Errorf("it said %q", said)
	}
	about := filepath.Join(out, ".well-known/shingle.json")
	if status, said, errs := try("", "verify", filepath.Join(out, "api/v1/members/0001/receipt"), "--body", about); status > 1 {
		t.Errorf("exit %d: %s %s", status, said, errs)
	}
	if text, err := os.ReadFile(about); err != nil || !strings.Contains(string(text), `"https://static.example/api/v1"`) {
		t.Errorf("%s %v", text, err)
	}
	// A second time, there is nothing to do; with --all, everything.
	if said := run(t, dir, "export", out, "--base", "https://static.example"); !strings.Contains(said, ": 0 files written") {
		t.Errorf("it said %q", said)
	}
	if said := run(t, dir, "export", out, "--base", "https://static.example", "--all"); strings.Contains(said, ": 0 files written") {
		t.Errorf("it said %q", said)
	}
	for _, wrong := range [][]string{{"export", out, "--base", "static.example"}, {"export", out, "--base", "https://static.example/below"}, {"export", dir}} {
		status, _, errs := try(dir, wrong...)
		if status != 2 || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: exit %d: %s", wrong, status, errs)
		}
	}
}

func TestAServerKeepsItsExportUpToDate(t *testing.T) {
	dir, out := newBody(t), filepath.Join(t.TempDir(), "site")
	run(t, dir, "act", "register.open")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- app.House{}.Serve(ctx, cli.Place{Data: dir}, cli.Serving{Listen: "127.0.0.1:0", Export: out}, t.Output())
	}()
	page := filepath.Join(out, "register/0001/index.html")
	becomes(t, page, "One is a member")
	run(t, dir, "act", "member.withdraw", "--member", "0001")
	becomes(t, page, "One has withdrawn")
	becomes(t, filepath.Join(out, "index.html"), "Withdrawn")
	run(t, "", "verify", hosted(t, out))
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	// Into a folder that holds something else it does not even start.
	err := app.House{}.Serve(t.Context(), cli.Place{Data: dir}, cli.Serving{Listen: "127.0.0.1:0", Export: dir}, t.Output())
	if err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("it says %v", err)
	}
}

// TestAKilledExportGoesOn kills a real process while it exports, and compares what the next one makes of it
// with an export that nobody disturbed.
func TestAKilledExportGoesOn(t *testing.T) {
	if os.Getenv("SHINGLE_EXPORT_TO") != "" {
		os.Exit(cli.Run([]string{"export", os.Getenv("SHINGLE_EXPORT_TO"), "--data", os.Getenv("SHINGLE_EXPORT_FROM")}, cli.Terminal{Out: os.Stdout, Err: os.Stderr}, app.House{}))
	}
	dir := newBody(t)
	run(t, dir, "import", "roster", "../../examples/msp/roster.csv")
	run(t, dir, "act", "register.open")
	kills := 2
	if os.Getenv("SHINGLE_TORTURE") != "" {
		kills = 12
	}
	for i := range kills {
		out := filepath.Join(t.TempDir(), "site")
		process := exec.Command(os.Args[0], "-test.run=^TestAKilledExportGoesOn$")
		process.Env = append(os.Environ(), "SHINGLE_EXPORT_TO="+out, "SHINGLE_EXPORT_FROM="+dir)
		process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		must(t, process.Start())
		for range 400 {
			if _, err := os.Stat(out); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Duration(1+i*600) * time.Millisecond)
		must(t, process.Process.Kill())
		_ = process.Wait()
		run(t, dir, "export", out)
		run(t, "", "verify", hosted(t, out))
		err := filepath.WalkDir(out, func(path string, e os.DirEntry, err error) error {
			if strings.HasSuffix(path, ".tmp") || strings.HasSuffix(path, "/writing") {
				t.Errorf("%s was left", path)
			}
			return err
		})
		must(t, err)
		if pages, err := filepath.Glob(filepath.Join(out, "register/*/index.html")); err != nil || len(pages) < 330 {
			t.Errorf("%d pages, %v", len(pages), err)
		}
	}
}
