package app_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
)

// program returns a path under which this test binary is the program itself, as in the stories.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	path := filepath.Join(t.TempDir(), "shingle")
	must(t, os.Symlink(self, path))
	return path
}

// TestAnInitThatIsKilledCanBeAskedAgain kills an init at random moments. Whatever it leaves, the next one
// makes the body, unless it is made.
func TestAnInitThatIsKilledCanBeAskedAgain(t *testing.T) {
	shingle := program(t)
	random := rand.New(rand.NewPCG(3, 4))
	for name, database := range map[string]func() string{
		"SQLite":     func() string { return "" },
		"PostgreSQL": func() string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			place := func() []string {
				where := []string{"--data", filepath.Join(t.TempDir(), "body")}
				if url := database(); url != "" {
					where = append(where, "--database", url)
				}
				return where
			}
			whole := time.Now()
			must(t, exec.Command(shingle, append([]string{"init", "body", "--name", "Whole"}, place()...)...).Run())
			takes := time.Since(whole)
			cutOff := 0
			for range 12 {
				where := place()
				args := append([]string{"init", "body", "--name", "Killed"}, where...)
				c := exec.Command(shingle, args...)
				must(t, c.Start())
				time.Sleep(time.Duration(random.Int64N(int64(takes))))
				_ = c.Process.Kill()
				_ = c.Wait()
				status, _, errs := try("", args...)
				switch {
				case status == 0:
					cutOff++
				case !strings.Contains(errs, "holds a body or desk already") && !strings.Contains(errs, "it is ready"):
					t.Fatalf("exit %d: %s", status, errs)
				}
				run(t, "", append([]string{"token", "list"}, where...)...)
				run(t, "", append([]string{"verify"}, where...)...)
			}
			t.Logf("%d of 12 were cut off", cutOff)
		})
	}
}

func TestAFolderWhoseMakingWasCutOffIsNotOpened(t *testing.T) {
	dir := newBody(t)
	must(t, os.WriteFile(dir+"/making", nil, 0o600))
	for _, command := range []string{"standing 0001", "serve body --listen 127.0.0.1:0", "verify"} {
		if status, _, errs := try(dir, strings.Fields(command)...); status != 2 || !strings.Contains(errs, "\"shingle init body\" does it again") {
			t.Errorf("%s: exit %d: %s", command, status, errs)
		}
	}
	run(t, dir, "init", "body", "--name", "Again")
	run(t, dir, "token", "list")
}

// TestADatabaseThatWasTakenButHasNoBody looks at what an init in PostgreSQL leaves that is killed between
// its stamp and the body.
func TestADatabaseThatWasTakenButHasNoBody(t *testing.T) {
	keys := newBody(t)
	var s struct{ web, log, receipt string }
	lite, err := sql.Open("sqlite", keys+"/shingle.db")
	must(t, err)
	must(t, lite.QueryRow("SELECT web, log_key, receipt_key FROM stamp").Scan(&s.web, &s.log, &s.receipt))
	must(t, lite.Close())
	dir := filepath.Join(t.TempDir(), "body")
	must(t, os.Mkdir(dir, 0o700))
	copyFile(t, keys+"/root.key", dir+"/root.key")
	copyFile(t, keys+"/keys.db", dir+"/keys.db")
	url := pgtest.URL(t)

	// These keys may be any body's.
	if status, _, errs := try(dir, "init", "body", "--name", "X", "--database", url); status != 2 || !strings.Contains(errs, "holds the keys of a body or desk already") {
		t.Errorf("exit %d: %s", status, errs)
	}
	db, err := sql.Open("pgx", url)
	must(t, err)
	defer db.Close()
	_, err = db.Exec("INSERT INTO stamp (id, role, web, demo, shift, log_key, receipt_key) VALUES (1, 'body', $1, 0, 0, $2, $3)", s.web, s.log, s.receipt)
	must(t, err)

	other := filepath.Join(t.TempDir(), "body")
	if status, _, errs := try(other, "init", "body", "--name", "X", "--database", url); status != 2 || !strings.Contains(errs, "by an init that was cut off, with other keys") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if _, err := os.Stat(other); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
	run(t, dir, "init", "body", "--name", "X", "--web", "x.example", "--database", url)
	run(t, dir, "token", "list", "--database", url)
	run(t, dir, "verify", "--database", url)
	if status, _, errs := try(other, "init", "body", "--name", "X", "--database", url); status != 2 || !strings.Contains(errs, "the database holds a body or desk already") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestAFailedInitGivesADatabaseBack(t *testing.T) {
	url := pgtest.URL(t)
	dir := filepath.Join(t.TempDir(), "body")
	if status, _, errs := try(dir, "init", "body", "--name", "X", "--zone", "Mars/Olympus", "--database", url); status == 0 || !strings.Contains(errs, "Mars/Olympus") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
	run(t, dir, "init", "body", "--name", "X", "--database", url)
}

func TestNobodyElseReadsTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "body")
	must(t, os.Mkdir(dir, 0o755))
	must(t, os.WriteFile(dir+"/notes.txt", nil, 0o600))
	look := func() {
		t.Helper()
		files, err := os.ReadDir(dir)
		must(t, err)
		for _, f := range files {
			info, err := f.Info()
			must(t, err)
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has the mode %s", f.Name(), info.Mode())
			}
		}
	}
	run(t, dir, "init", "body", "--name", "X")
	look()
	_, done, err := (app.House{}).Connect(t.Context(), cli.Place{Data: dir})
	must(t, err)
	if _, err := os.Stat(dir + "/shingle.db-wal"); err != nil {
		t.Error(err)
	}
	look()
	must(t, done())
}

// contents returns what lies in a folder.
func contents(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	must(t, err)
	var b strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		must(t, err)
		info, err := f.Info()
		must(t, err)
		fmt.Fprintf(&b, "%s %s %x\n", f.Name(), info.ModTime(), sha256.Sum256(data))
	}
	return b.String()
}

func TestVerifyingChangesNothing(t *testing.T) {
	dir := newBody(t)
	before := contents(t, dir)
	run(t, dir, "verify")
	if after := contents(t, dir); after != before {
		t.Errorf("before:\n%safter:\n%s", before, after)
	}

	_, done, err := (app.House{}).Connect(t.Context(), cli.Place{Data: dir})
	must(t, err)
	run(t, dir, "verify") // beside whoever has it open
	must(t, done())

	for what, test := range map[string]struct{ query, says string }{
		"a newer schema": {"INSERT INTO schema_register (version_id, is_applied) VALUES (99, 1)", "written by a newer version of shingle"},
		"an older one":   {"DELETE FROM schema_register WHERE version_id > 0", "written by an older version of shingle"},
		"none":           {"DROP TABLE schema_register", "written by an older version of shingle"},
		"not even that":  {"DELETE FROM stamp", "there is nothing here yet"},
	} {
		t.Run(what, func(t *testing.T) {
			dir := newBody(t)
			alter(t, dir+"/shingle.db", test.query)
			before := contents(t, dir)
			status, _, errs := try(dir, "verify")
			if status != 2 || !strings.Contains(errs, test.says) || strings.Count(strings.TrimSpace(errs), "\n") > 0 {
				t.Errorf("exit %d: %s", status, errs)
			}
			if contents(t, dir) != before {
				t.Error("something was changed")
			}
		})
	}
}

func TestVerifyNamesAnothersKeys(t *testing.T) {
	dir, other := newBody(t), newBody(t)
	copyFile(t, other+"/root.key", dir+"/root.key")
	copyFile(t, other+"/keys.db", dir+"/keys.db")
	if status, _, errs := try(dir, "verify"); status != 2 || !strings.Contains(errs, "the keys are another body's") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestALockedDatabaseIsToldInOneSentence(t *testing.T) {
	for name, how := range map[string]string{
		"for good":   "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE stamp SET shift = 0; COMMIT",
		"by a write": "BEGIN IMMEDIATE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each waits ten seconds
			dir := newBody(t)
			db, err := sql.Open("sqlite", dir+"/shingle.db")
			must(t, err)
			defer db.Close()
			db.SetMaxOpenConns(1)
			_, err = db.Exec(how)
			must(t, err)
			status, _, errs := try(dir, "act", "register.open")
			if status != 2 || !strings.Contains(errs, "is locked by another program") || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d: %s", status, errs)
			}
		})
	}
}

func TestAMissingFolderIsToldInOneSentence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nowhere")
	for _, command := range []string{"standing 0001", "serve body --listen 127.0.0.1:0", "token list", "verify"} {
		status, _, errs := try(dir, strings.Fields(command)...)
		if status != 2 || !strings.Contains(errs, "there is nothing in "+dir) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d: %s", command, status, errs)
		}
	}
}

func TestAPathTooLongForItsSocketIsToldFirst(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 25))
	for _, command := range []string{"init body --name X", "demo --listen 127.0.0.1:0"} {
		if status, _, errs := try(dir, strings.Fields(command)...); status != 2 || !strings.Contains(errs, "the folder's path is too long") {
			t.Errorf("%s: exit %d: %s", command, status, errs)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s made the folder: %v", command, err)
		}
	}
}

func TestAServerWaitsForACommandToEnd(t *testing.T) {
	dir := newBody(t)
	_, done, err := (app.House{}).Connect(t.Context(), cli.Place{Data: dir})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	out, in := io.Pipe()
	go func() {
		ended <- app.House{}.Serve(ctx, cli.Place{Data: dir}, cli.Serving{Listen: "127.0.0.1:0"}, in)
		_ = in.Close()
	}()
	time.Sleep(300 * time.Millisecond)
	must(t, done())
	if said, err := io.ReadAll(io.LimitReader(out, 10)); err != nil || len(said) == 0 {
		t.Errorf("it said %q: %v", said, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	stop()
	must(t, <-ended)
}

// TestADemoIsStartedAgain starts one where the making of another was cut off, and then that one again.
func TestADemoIsStartedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a demo")
	must(t, os.MkdirAll(dir+"/body.making/shingle.db-wal", 0o700))
	for _, file := range []string{"shingle.db", "root.key", "making"} {
		must(t, os.WriteFile(filepath.Join(dir, "body.making", file), []byte("garbage"), 0o600))
	}
	for range 2 {
		out, in := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- app.House{}.Demo(ctx, cli.Demo{Listen: "127.0.0.1:0", Data: dir}, in)
			_ = in.Close()
		}()
		var said strings.Builder
		for b := make([]byte, 4096); !strings.Contains(said.String(), "Stop with Ctrl-C"); {
			n, err := out.Read(b)
			said.Write(b[:n])
			if err != nil {
				t.Fatalf("%v: %s", <-ended, said.String())
			}
		}
		if want := "export SHINGLE_DATA=\"" + dir + "/body\"\n"; !strings.Contains(said.String(), want) {
			t.Errorf("it does not print %s", want)
		}
		if list := run(t, dir+"/body", "token", "list"); strings.Count(list, "\n") != 6 {
			t.Errorf("the tokens are\n%s", list)
		}
		stop()
		must(t, <-ended)
	}
	if _, err := os.Stat(dir + "/body.making"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was left is still there: %v", err)
	}
	status, _, errs := try(dir+"/body", "demo", "--listen", "127.0.0.1:0")
	if status != 2 || !strings.Contains(errs, "holds a body itself") || !strings.Contains(errs, `--data "`+dir+`"`) {
		t.Errorf("exit %d: %s", status, errs)
	}
}
