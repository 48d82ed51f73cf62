package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
)

func TestABodyMovesToTheOtherDatabaseAndBack(t *testing.T) {
	k := newKept(t, "")
	folder := k.at
	before := shown(t, folder)

	// It does not leave under a server.
	web, stop := serve(t, folder.Data)
	_ = web
	pg := cli.Place{Data: folder.Data, Database: pgtest.URL(t)}
	if status, _, errs := try(folder.Data, "move", "--to", pg.Database); status != 2 || !strings.Contains(errs, "another shingle has the folder open") {
		t.Errorf("exit %d: %s", status, errs)
	}
	must(t, stop())

	out := run(t, folder.Data, "move", "--to", pg.Database)
	if !strings.Contains(out, "kept.example is moved") || !strings.Contains(out, "fit the backup") {
		t.Errorf("it says %s", out)
	}
	samePages(t, before, shown(t, pg))
	run(t, "", append([]string{"verify"}, where(pg)...)...)
	for _, args := range [][]string{{"token", "list"}, {"serve", "body", "--listen", "127.0.0.1:0"}, {"move", "--to", pgtest.URL(t)}} {
		if status, _, errs := try(folder.Data, args...); status != 2 || !strings.Contains(errs, "was moved to postgres") || strings.Contains(errs, "secret") {
			t.Errorf("where it was, %v: exit %d: %s", args, status, errs)
		}
	}
	run(t, "", append([]string{"act", "member.enrol", "--number", "0009", "--name", "Nine", "--admitted", "2026-01-01"}, where(pg)...)...)
	before = shown(t, pg)

	// Back, into another folder, keys and all; not while a node has it open, nor over what is there.
	back := fresh(t)
	node, err := app.Open(t.Context(), pg, nil)
	must(t, err)
	if status, _, errs := try("", append([]string{"move", "--to", back.Data}, where(pg)...)...); status != 2 || !strings.Contains(errs, "another shingle has") {
		t.Errorf("exit %d: %s", status, errs)
	}
	must(t, node.Close())
	if status, _, errs := try("", append([]string{"move", "--to", folder.Data}, where(pg)...)...); status != 2 || !strings.Contains(errs, "where it is") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if status, _, errs := try("", append([]string{"move", "--to", newBody(t)}, where(pg)...)...); status != 2 || !strings.Contains(errs, "holds a body or desk already") {
		t.Errorf("exit %d: %s", status, errs)
	}
	run(t, "", append([]string{"move", "--to", back.Data}, where(pg)...)...)
	samePages(t, before, shown(t, back))
	run(t, back.Data, "verify")
	object, err := os.ReadFile(filepath.Join(back.Data, "blobs", "object-1"))
	if err != nil || !strings.HasPrefix(string(object), "sealed") {
		t.Errorf("the stored object is %.20q: %v", object, err)
	}
	if status, _, errs := try("", append([]string{"token", "list"}, where(pg)...)...); status != 2 || !strings.Contains(errs, "was moved to "+back.Data) {
		t.Errorf("exit %d: %s", status, errs)
	}

	// If that was a mistake, the copy that was left can be made to go on.
	run(t, "", append([]string{"move", "--take-back"}, where(pg)...)...)
	samePages(t, before, shown(t, pg))
	if status, _, errs := try("", append([]string{"move", "--take-back"}, where(pg)...)...); status != 2 || !strings.Contains(errs, "was not moved away") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestAMoveThatFailsLeavesTheBodyWhereItIs(t *testing.T) {
	k := newKept(t, "")
	taken := pgtest.URL(t)
	execute(t, taken, "CREATE TABLE customers (id int)")
	for _, c := range []struct{ to, says string }{
		{taken, "holds something else already (the table customers)"},
		{"postgres://nobody@127.0.0.1:1/x", "PostgreSQL cannot be reached"},
		{"mysql://x", "cannot be moved to"},
	} {
		if status, _, errs := try(k.at.Data, "move", "--to", c.to); status != 2 || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit %d: %s", c.to, status, errs)
		}
	}
	if status, _, errs := try(k.at.Data, "move"); status != 2 || !strings.Contains(errs, "say where to") {
		t.Errorf("exit %d: %s", status, errs)
	}
	k.run("verify")
	k.enrol(4, 4)
	to := fresh(t)
	alter(t, filepath.Join(k.at.Data, "shingle.db"), "UPDATE event SET payload = replace(payload, 'Member 1', 'Member 7')")
	if status, _, errs := try(k.at.Data, "move", "--to", to.Data); status != 2 || !strings.Contains(errs, "the row or its chain was changed") {
		t.Errorf("a changed record: exit %d: %s", status, errs)
	}
	if _, err := os.Stat(to.Data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what it began is left: %v", err)
	}
	k.run("token", "list")
}

// TestKeysMoveToADatabaseOfTheirOwn moves record and keys of a folder to PostgreSQL.
func TestKeysMoveToADatabaseOfTheirOwn(t *testing.T) {
	k := newKept(t, "")
	before := shown(t, k.at)
	at := cli.Place{Data: k.at.Data, Database: pgtest.URL(t), Keys: pgtest.URL(t)}
	run(t, k.at.Data, "move", "--to", at.Database, "--to-keys", at.Keys)
	must(t, os.Remove(filepath.Join(at.Data, "keys.db")))
	samePages(t, before, shown(t, at))
	run(t, "", append([]string{"verify"}, where(at)...)...)
}
