package app_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// newBody makes a small body in a folder and returns the folder.
func newBody(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "body")
	text, err := os.ReadFile("../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	if err := (app.House{}).Init(t.Context(), cli.Place{Data: dir}, cli.InitBody{Name: "Small Body", Zone: "UTC", Web: "small.example", Code: text}); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "act", "member.enrol", "--number", "0001", "--name", "One", "--domains", "one.example", "--admitted", "2026-01-01")
	run(t, dir, "act", "member.enrol", "--number", "0002", "--name", "Two", "--domains", "two.example", "--admitted", "2026-01-01")
	return dir
}

// run runs a command on a folder and returns what it printed; it fails the test unless it succeeds.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	status, out, errs := try(dir, args...)
	if status != 0 {
		t.Fatalf("shingle %s: exit %d: %s", strings.Join(args, " "), status, errs)
	}
	return out
}

func try(dir string, args ...string) (status int, out, errs string) {
	var o, e strings.Builder
	if dir != "" {
		args = append(args, "--data", dir)
	}
	status = cli.Run(args, cli.Terminal{In: strings.NewReader(""), Out: &o, Err: &e}, app.House{})
	return status, o.String(), e.String()
}

// alter runs SQL on a database file behind everybody's back.
func alter(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestWhatKeepsABodyFromStartingIsOneClearSentence(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, dir string)
		says  []string
	}{
		"nothing there": {func(t *testing.T, dir string) { must(t, os.RemoveAll(dir)) }, []string{"there is nothing in", "shingle init body"}},
		"another role":  {func(t *testing.T, dir string) { alter(t, dir+"/shingle.db", "UPDATE stamp SET role = 'desk'") }, []string{"this is a desk's, not a body's", "--data"}},
		"a newer schema": {func(t *testing.T, dir string) {
			alter(t, dir+"/shingle.db", "INSERT INTO schema_register (version_id, is_applied) VALUES (99, 1)")
		}, []string{"written by a newer version of shingle"}},
		"no root key":        {func(t *testing.T, dir string) { must(t, os.Remove(dir+"/root.key")) }, []string{"root key is missing"}},
		"an exposed key":     {func(t *testing.T, dir string) { must(t, os.Chmod(dir+"/root.key", 0o644)) }, []string{"can be read by others"}},
		"another's root key": {func(t *testing.T, dir string) { copyFile(t, newBody(t)+"/root.key", dir+"/root.key") }, []string{"does not fit this keyring"}},
		"another's keys": {func(t *testing.T, dir string) {
			other := newBody(t)
			copyFile(t, other+"/root.key", dir+"/root.key")
			copyFile(t, other+"/keys.db", dir+"/keys.db")
		}, []string{"the keys are another body's", "restore the right ones"}},
		"no keys": {func(t *testing.T, dir string) { must(t, os.Remove(dir+"/keys.db")) }, []string{"keys.db"}},
		"a damaged file": {func(t *testing.T, dir string) {
			must(t, os.WriteFile(dir+"/shingle.db", []byte(strings.Repeat("damaged ", 2000)), 0o600))
		}, []string{"not a sound SQLite database", "restore a backup"}},
		"an unknown event": {func(t *testing.T, dir string) {
			alter(t, dir+"/shingle.db", "INSERT INTO kind VALUES ('member.teleported')")
		}, []string{"member.teleported", "newer version"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newBody(t)
			test.spoil(t, dir)
			status, _, errs := try(dir, "standing", "0001")
			if status != 2 {
				t.Errorf("exit %d", status)
			}
			for _, s := range test.says {
				if !strings.Contains(errs, s) {
					t.Errorf("it says %q, and not %q", errs, s)
				}
			}
			if strings.Contains(errs, "goroutine") || strings.Count(strings.TrimSpace(errs), "\n") > 2 {
				t.Errorf("more than a sentence: %s", errs)
			}
		})
	}
}

func TestAFolderIsOpenedByOneProcessAtATime(t *testing.T) {
	dir := newBody(t)
	client, done, err := (app.House{}).Connect(context.Background(), cli.Place{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	_ = client
	status, _, errs := try(dir, "standing", "0001")
	if status != 2 || !strings.Contains(errs, "another shingle has the folder open") {
		t.Errorf("exit %d: %s", status, errs)
	}
	must(t, done())
	run(t, dir, "standing", "0001")
}

func TestATamperedFolderIsNamed(t *testing.T) {
	sound := newBody(t)
	run(t, sound, "token", "create", "--role", "registrar", "--name", "Ada", "--days", "9")
	if out := run(t, "", "verify", sound); !strings.Contains(out, "fits") {
		t.Fatal(out)
	}
	for name, test := range map[string]struct{ change, says string }{
		"a row":              {"UPDATE event SET payload = replace(payload, 'One', 'Won') WHERE kind = 'member.enrolled'", "position 3 of the record (member/0001)"},
		"its time":           {"UPDATE event SET recorded = recorded + 1 WHERE position = 4", "position 4 of the record (standing/0001)"},
		"a missing row":      {"DELETE FROM event WHERE position = 5", "position 5 of the record: the row is missing"},
		"a chain":            {"UPDATE event SET chain = zeroblob(32) WHERE position = 2", "position 2 of the record (code)"},
		"a leaf":             {"UPDATE leaf SET body = replace(CAST(body AS TEXT), 'One', 'Won') WHERE idx = 1", "leaf 1"},
		"a Merkle node":      {"UPDATE log_node SET hash = zeroblob(32) WHERE idx = 2", "node"},
		"a rewritten record": {"UPDATE event SET chain = zeroblob(32) WHERE position = 4", "leaf 1 was made of another row than the one at position 4"},
		"the log's head":     {"UPDATE log_head SET root = zeroblob(32)", "root"},
		"the record's end":   {"UPDATE head SET position = position - 1", "the row stands behind the end that the head tells"},
		"a kind":             {"DELETE FROM kind WHERE name = 'member.enrolled'", "the list of kinds lacks member.enrolled"},
		"a series":           {"INSERT INTO series VALUES ('member', 4096) ON CONFLICT (name) DO UPDATE SET last = 4096", "the series member has come to 4096"},
		"a token":            {"UPDATE account_token SET role = 'president'", "is not to be relied on: it was changed in the database"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range []string{"shingle.db", "keys.db", "root.key"} {
				copyFile(t, filepath.Join(sound, f), filepath.Join(dir, f))
			}
			alter(t, dir+"/shingle.db", test.change)
			status, out, errs := try("", "verify", dir)
			if status != 2 || !strings.Contains(out+errs, test.says) {
				t.Errorf("exit %d: %s%s; want %q", status, out, errs, test.says)
			}
		})
	}
}

func TestAFailedInitLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "body")
	bad := filepath.Join(t.TempDir(), "bad.md")
	must(t, os.WriteFile(bad, []byte("---\ntitle: x\n---\n"), 0o600))
	if status, _, errs := try(dir, "init", "body", "--name", "X", "--code", bad); status != 2 || !strings.Contains(errs, "problems") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if status, _, errs := try(dir, "init", "body", "--name", "X", "--zone", "Mars/Olympus"); status == 0 || !strings.Contains(errs, "Mars/Olympus") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
	run(t, dir, "init", "body", "--name", "X")
	if status, _, errs := try(dir, "init", "body", "--name", "X"); status != 2 || !strings.Contains(errs, "holds a body or desk already") {
		t.Errorf("exit %d: %s", status, errs)
	}
	run(t, dir, "token", "list")
}

func TestAnInitThatARuleRefusesExitsAsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "body")
	if status, _, errs := try(dir, "init", "body", "--name", " "); status != 1 || !strings.Contains(errs, "refused by GOV-") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	must(t, err)
	must(t, os.RemoveAll(to))
	must(t, os.WriteFile(to, b, 0o600))
}
