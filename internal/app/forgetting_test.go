package app_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
)

// peopled makes a body of two members, of one of which three people are known: its contact, who signed for it on
// paper, and a colleague who was invited. Their names hold the canary.
func peopled(t *testing.T, dir string) {
	t.Helper()
	run(t, dir, "act", "member.enrol", "--number", "0042", "--name", "Cobalt Ridge IT", "--domains", "cobaltridge.example", "--admitted", "2026-01-01",
		"--contact-name", "Ada Canarybird", "--contact-email", "ada.canarybird@x.example")
	shown := run(t, dir, "code", "show")
	run(t, dir, "act", "member.subscribe", "--member", "0042", "--version", between(t, shown, `version: "`, `"`), "--sha256", hashOf(t, dir),
		"--representative", "Bob Canarybird", "--capacity", "director")
	run(t, dir, "act", "person.invite", "--member", "0042", "--role", "representative", "--name", "Cleo Canarybird", "--email", "cleo.canarybird@x.example")
	registrar := strings.TrimSpace(run(t, dir, "token", "create", "--role", "registrar", "--name", "Registrar"))
	run(t, dir, "act", "person.correct", "--token", registrar, "--person", "0001", "--name", "Cleo Canarybirdsong", "--email", "canarybird@song.example")
	run(t, dir, "act", "register.open")
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	found, _, also := strings.Cut(rest, after)
	if !ok || !also {
		t.Fatalf("no %q in %s", before, text)
	}
	return found
}

// hashOf returns the SHA-256 of the text in force, as the members sign it.
func hashOf(t *testing.T, dir string) string {
	t.Helper()
	client, done, err := (app.House{}).Connect(t.Context(), cli.Place{Data: dir})
	must(t, err)
	defer func() { must(t, done()) }()
	return between(t, fetched(t, client, "http://shingle/api/v1/code"), `"sha256":"`, `"`)
}

func fetched(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	resp, err := client.Get(address)
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %s", address, resp.Status, b)
	}
	return string(b)
}

// onDisk returns the files below a folder that hold the canary in any writing.
func onDisk(t *testing.T, dir string) (files []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(content), []byte(canary)) {
			files = append(files, filepath.Base(path))
		}
		return err
	}))
	return files
}

// TestForgottenPeopleLeaveNoNameOnTheDisk forgets people of a body that is being served: afterwards their names
// are in no file of its folder, not even in the log of what was written, and everything else is as it was.
func TestForgottenPeopleLeaveNoNameOnTheDisk(t *testing.T) {
	dir := newBody(t)
	peopled(t, dir)
	for n := range 40 { // pages with many names are split and moved
		number := fmt.Sprintf("%04d", 100+n)
		run(t, dir, "act", "member.enrol", "--number", number, "--name", "Member "+number, "--admitted", "2026-01-01", "--contact-name", "Somebody "+number, "--contact-email", number+"@x.example")
	}
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0")
	if len(onDisk(t, dir)) == 0 {
		t.Fatal("the test does not see what it looks for")
	}
	looks := []string{"/api/v1/members/0042", "/api/v1/members?limit=100", "/api/v1/log", "/log/checkpoint"}
	public := func() (all string) {
		for _, path := range looks {
			all += fetched(t, http.DefaultClient, p.web+path)
		}
		return all
	}
	before := public()
	for _, person := range []string{"0001", "0042-1", "0042-2"} {
		run(t, dir, "act", "person.forget", "--person", person, "--reason", "consent-withdrawn")
	}
	p.await("no name on the disk", func() bool { return len(onDisk(t, dir)) == 0 })
	if after := public(); after != before {
		t.Errorf("the register changed:\n%.900s\n%.900s", before, after)
	}
	must(t, p.cmd.Process.Signal(os.Interrupt))
	_ = p.cmd.Wait()
	if faults, err := (app.House{}).Check(t.Context(), cli.Place{Data: dir}, nil); err != nil || len(faults) > 0 {
		t.Errorf("the record does not verify: %v, %v", faults, err)
	}
	views := rowsOf(t, "sqlite", filepath.Join(dir, "shingle.db"))
	run(t, dir, "rebuild")
	if again := rowsOf(t, "sqlite", filepath.Join(dir, "shingle.db")); again != views {
		t.Errorf("rebuilt, the views are otherwise:\n%s\n%s", views, again)
	}
	if files := onDisk(t, dir); len(files) > 0 {
		t.Errorf("a name is in %v", files)
	}
}

// TestPeopleAreForgottenOnPostgreSQL does so where the record and the keys are in a server.
func TestPeopleAreForgottenOnPostgreSQL(t *testing.T) {
	text, err := os.ReadFile("../../examples/msp/code.md")
	must(t, err)
	dir := filepath.Join(t.TempDir(), "body")
	place := cli.Place{Data: dir, Database: pgtest.URL(t), Keys: pgtest.URL(t)}
	must(t, app.House{}.Init(t.Context(), place, cli.InitBody{Name: "Small Body", Zone: "UTC", Web: "small.example", Code: text}))
	t.Setenv("SHINGLE_DATABASE", place.Database)
	t.Setenv("SHINGLE_KEYS", place.Keys)
	run(t, dir, "act", "member.enrol", "--number", "0042", "--name", "Cobalt Ridge IT", "--admitted", "2026-01-01", "--contact-name", "Ada Canarybird")
	run(t, dir, "act", "person.invite", "--member", "0042", "--role", "representative", "--name", "Cleo Canarybird", "--email", "cleo@x.example")
	if !strings.Contains(rowsOf(t, "pgx", place.Database), "Canarybird") {
		t.Fatal("the test does not see what it looks for")
	}
	for _, person := range []string{"0001", "0042-1"} {
		run(t, dir, "act", "person.forget", "--person", person, "--reason", "consent-withdrawn")
		if keyOf(t, "pgx", place.Keys, "person/"+person) {
			t.Errorf("the key of %s is there", person)
		}
	}
	if strings.Contains(rowsOf(t, "pgx", place.Database), "Canarybird") {
		t.Error("a name is in a view")
	}
	if faults, err := (app.House{}).Check(t.Context(), place, nil); err != nil || len(faults) > 0 {
		t.Errorf("the record does not verify: %v, %v", faults, err)
	}
}

// TestAKeyThatOutlivedACrashIsDestroyedAtTheNextStart kills whoever forgets somebody, after it is recorded and
// before the key is gone.
func TestAKeyThatOutlivedACrashIsDestroyedAtTheNextStart(t *testing.T) {
	dir := newBody(t)
	peopled(t, dir)
	program, err := os.Executable()
	must(t, err)
	dies := filepath.Join(t.TempDir(), "forget-and-die")
	must(t, os.Symlink(program, dies))
	for _, person := range []string{"0001", "0042-1", "0042-2"} {
		c := exec.Command(dies, dir, person)
		out, err := c.CombinedOutput()
		if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
			t.Fatalf("it was not killed: %v: %s", err, out)
		}
		if !keyOf(t, "sqlite", filepath.Join(dir, "keys.db"), "person/"+person) {
			t.Fatalf("the key of %s is gone: the crash came too late", person)
		}
		if record := run(t, dir, "standing", "0042"); record == "" { // opens the body, and says nothing of it
			t.Error("nothing is said")
		}
		if keyOf(t, "sqlite", filepath.Join(dir, "keys.db"), "person/"+person) {
			t.Errorf("the key of %s is still there after a start", person)
		}
	}
	if files := onDisk(t, dir); len(files) > 0 {
		t.Errorf("a name is in %v", files)
	}
	if faults, err := (app.House{}).Check(t.Context(), cli.Place{Data: dir}, nil); err != nil || len(faults) > 0 {
		t.Errorf("the record does not verify: %v, %v", faults, err)
	}
}

// rowsOf returns all that stands in the views about people and members.
func rowsOf(t *testing.T, driver, address string) (all string) {
	t.Helper()
	db, err := sql.Open(driver, address)
	must(t, err)
	defer db.Close()
	for _, query := range []string{
		"SELECT id, name, email, invited_until, joined, forgotten FROM person ORDER BY id",
		"SELECT person, role, member, from_at, until_at, changed FROM person_role ORDER BY person, role, member",
		"SELECT number, person, name, email FROM member_contact ORDER BY number",
		"SELECT number, name, stated_status, stated_position FROM member ORDER BY number",
	} {
		rows, err := db.QueryContext(t.Context(), query)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			must(t, rows.Scan(values...))
			for _, v := range values {
				all += fmt.Sprintf("%v ", *v.(*any))
			}
			all += "\n"
		}
		must(t, rows.Err())
		must(t, rows.Close())
	}
	return all
}

// keyOf reports whether the keyring still has a key of somebody's.
func keyOf(t *testing.T, driver, address, owner string) (has bool) {
	t.Helper()
	db, err := sql.Open(driver, address)
	must(t, err)
	defer db.Close()
	must(t, db.QueryRowContext(t.Context(), "SELECT count(wrapped) > 0 FROM owner_key WHERE owner = $1", owner).Scan(&has))
	return has
}
