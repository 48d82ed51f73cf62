package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"shingle/internal/backup"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
	"shingle/internal/witnesstest"
	"shingle/verify"
)

// file backs a body up to a file.
func (k *kept) file() string {
	path := filepath.Join(k.t.TempDir(), "kept.shingle")
	k.run("backup", path)
	return path
}

func fresh(t *testing.T) cli.Place { return cli.Place{Data: filepath.Join(t.TempDir(), "restored")} }

// TestOneFlippedBitInABackupIsFoundAndNamed flips bits all over a small backup: in its objects, between them, in
// its headers and its end.
func TestOneFlippedBitInABackupIsFoundAndNamed(t *testing.T) {
	k := newKept(t, "")
	path := k.file()
	whole, err := os.ReadFile(path)
	must(t, err)
	check := func(b []byte) error {
		from, err := backup.Read(bytes.NewReader(b))
		if err == nil {
			_, err = backup.Check(t.Context(), from, nil)
		}
		return err
	}
	must(t, check(whole))
	step := 17
	if os.Getenv("SHINGLE_TORTURE") != "" {
		step = 1
	}
	random := rand.New(rand.NewPCG(5, 6))
	named := 0
	for i := random.IntN(step); i < len(whole); i += step {
		altered := bytes.Clone(whole)
		altered[i] ^= 1 << random.IntN(8)
		err := check(altered)
		if err == nil {
			t.Fatalf("a flipped bit in byte %d of %d is not found", i, len(whole))
		}
		if !errors.Is(err, backup.ErrAltered) && !errors.Is(err, backup.ErrCutOff) && !errors.Is(err, backup.ErrNotBackup) && !errors.Is(err, backup.ErrNewerFormat) {
			t.Fatalf("byte %d: it says only %v", i, err)
		}
		if strings.Contains(err.Error(), "/") {
			named++
		}
	}
	if found := len(whole) / step; named < found/4 {
		t.Errorf("of about %d flipped bits, in %d cases the object is named", found, named)
	}
	for size := 0; size < len(whole); size += 509 {
		if err := check(whole[:size]); err == nil {
			t.Fatalf("a backup that ends after %d of %d bytes is taken for whole", size, len(whole))
		}
	}
	must(t, os.WriteFile(path, append(bytes.Clone(whole), 0), 0o600))
	if status, _, errs := try("", "verify", path); status != 2 || !strings.Contains(errs, "something follows its end") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestOneFlippedBitInAFolderOfBackupsIsFoundAndNamed(t *testing.T) {
	k := newKept(t, "")
	to := filepath.Join(t.TempDir(), "backups")
	k.run("backup", to+"/")
	var objects []string
	must(t, filepath.WalkDir(to, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			objects = append(objects, path)
		}
		return err
	}))
	if len(objects) < 7 {
		t.Fatalf("there are only %v", objects)
	}
	for _, path := range objects {
		whole, err := os.ReadFile(path)
		must(t, err)
		name, err := filepath.Rel(to, path)
		must(t, err)
		for _, change := range []func() error{
			func() error {
				altered := bytes.Clone(whole)
				altered[len(altered)/2] ^= 1
				return os.WriteFile(path, altered, 0o600)
			},
			func() error { return os.WriteFile(path, whole[:len(whole)-1], 0o600) },
			func() error { return os.Remove(path) },
		} {
			must(t, change())
			status, _, errs := try("", "verify", to)
			if _, err := os.Stat(path); err == nil || !strings.HasPrefix(name, "manifests/") { // the only manifest
				if status != 2 || !strings.Contains(errs, name) {
					t.Errorf("%s: exit %d: %s", name, status, errs)
				}
			} else if status != 2 || !strings.Contains(errs, "not a backup") {
				t.Errorf("%s: exit %d: %s", name, status, errs)
			}
			must(t, os.WriteFile(path, whole, 0o600))
		}
	}
	run(t, "", "verify", to)
}

// allIn lists a folder with what is in its files.
func allIn(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %x\n", path, text)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return b.String()
}

func TestARestoreThatIsRefusedChangesNothing(t *testing.T) {
	k := newKept(t, "")
	path := k.file()
	text, err := os.ReadFile(path)
	must(t, err)
	truncated := path + ".truncated"
	must(t, os.WriteFile(truncated, text[:len(text)*2/3], 0o600))
	altered := path + ".altered"
	text[len(text)/3] ^= 4
	must(t, os.WriteFile(altered, text, 0o600))
	receipt := path + ".txt"
	must(t, os.WriteFile(receipt, []byte("shingle-standing/v1\n"), 0o600))

	other := newKept(t, "")
	taken := pgtest.URL(t)
	execute(t, taken, "CREATE TABLE customers (id int); INSERT INTO customers VALUES (1)")
	withBody := newKept(t, pgtest.URL(t))
	nonempty := fresh(t)
	must(t, os.MkdirAll(nonempty.Data, 0o700))
	must(t, os.WriteFile(filepath.Join(nonempty.Data, "thesis.txt"), []byte("mine"), 0o600))

	good := []string{"--key-backup", k.keys, "--identity-file", k.identity}
	for name, c := range map[string]struct {
		from string
		at   cli.Place
		args []string
		says string
	}{
		"a living folder":      {path, other.at, good, "holds a body or desk already"},
		"a folder of another":  {path, nonempty, good, "is not empty (thesis.txt)"},
		"a living database":    {path, cli.Place{Data: fresh(t).Data, Database: withBody.at.Database}, good, "the database holds a body or desk already"},
		"another's database":   {path, cli.Place{Data: fresh(t).Data, Database: taken}, good, "the database holds something else already (the table customers)"},
		"no database":          {path, cli.Place{Data: fresh(t).Data, Database: "postgres://nobody:secret@127.0.0.1:1/x"}, good, "PostgreSQL cannot be reached"},
		"truncated":            {truncated, fresh(t), good, "it ends before its manifest; nothing was restored: take another backup"},
		"altered":              {altered, fresh(t), good, "the backup was altered or damaged"},
		"no backup":            {receipt, fresh(t), good, "this is not a backup of shingle; nothing was restored: give the file"},
		"not there":            {path + "x", fresh(t), good, "there is no " + path + "x"},
		"no keys":              {path, fresh(t), nil, "the keys are missing"},
		"keys of another body": {path, fresh(t), []string{"--key-backup", other.keys, "--identity-file", other.identity}, "the keys are another body's"},
		"another's identity":   {path, fresh(t), []string{"--key-backup", k.keys, "--identity-file", other.identity}, "was made for another identity or passphrase; give the one that"},
		"no identity":          {path, fresh(t), []string{"--key-backup", k.keys}, "say what opens the backup of keys"},
		"the data as keys":     {path, fresh(t), []string{"--key-backup", path, "--identity-file", k.identity}, "is no backup of keys"},
		"too late a position":  {path, fresh(t), append([]string{"--to-position", "100000"}, good...), "before position 100000"},
		"too early a time":     {path, fresh(t), append([]string{"--to-time", "2001-01-01T00:00:00Z"}, good...), "nothing had been recorded by 2001-01-01T00:00:00Z, and nothing was restored"},
		"a position in words":  {path, fresh(t), append([]string{"--to-time", "yesterday"}, good...), "is not a time such as"},
	} {
		t.Run(name, func(t *testing.T) {
			before := allIn(t, c.at.Data)
			status, _, errs := try("", append(append([]string{"restore", c.from}, c.args...), where(c.at)...)...)
			if status != 2 || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "secret") {
				t.Errorf("exit %d: %s", status, errs)
			}
			if allIn(t, c.at.Data) != before {
				t.Error("and yet the folder was changed")
			}
			if _, err := os.Stat(c.at.Data); before == "" && err == nil {
				t.Error("and yet the folder was made")
			}
		})
	}
	other.run("verify")
	withBody.run("verify")
}

// TestARestoreThatIsKilledCanBeAskedAgain kills a restore at random moments. Nothing opens what it leaves, and
// the next one restores all of it.
func TestARestoreThatIsKilledCanBeAskedAgain(t *testing.T) {
	shingle := program(t)
	k := newKept(t, "")
	k.enrol(4, 12)
	k.saveKeys()
	path := k.file()
	random := rand.New(rand.NewPCG(7, 8))
	for name, c := range map[string]struct {
		database func() string
		kills    int
	}{"SQLite": {none, 6}, "PostgreSQL": {database(t), 3}} {
		t.Run(name, func(t *testing.T) {
			database, kills := c.database, c.kills
			if os.Getenv("SHINGLE_TORTURE") != "" {
				kills = 100
			}
			args := func(at cli.Place) []string {
				return append([]string{"restore", path, "--key-backup", k.keys, "--identity-file", k.identity}, where(at)...)
			}
			began := time.Now()
			must(t, exec.Command(shingle, args(cli.Place{Data: fresh(t).Data, Database: database()})...).Run())
			takes := time.Since(began)
			cutOff := 0
			for range kills {
				at := cli.Place{Data: fresh(t).Data, Database: database()}
				c := exec.Command(shingle, args(at)...)
				must(t, c.Start())
				time.Sleep(time.Duration(random.Int64N(int64(takes))))
				_ = c.Process.Kill()
				_ = c.Wait()
				if _, err := os.Stat(filepath.Join(at.Data, "restoring")); err == nil {
					cutOff++
					for _, command := range []string{"token list", "verify", "init body --name Again"} {
						if status, _, errs := try("", append(strings.Fields(command), where(at)...)...); status == 0 || !strings.Contains(errs, "was cut off") {
							t.Errorf("%s: exit %d: %s", command, status, errs)
						}
					}
				}
				status, _, errs := try("", args(at)...)
				if status != 0 && !strings.Contains(errs, "holds a body or desk already") && !strings.Contains(errs, "holds keys already") && !strings.Contains(errs, "it is ready") {
					t.Fatalf("exit %d: %s", status, errs)
				}
				run(t, "", append([]string{"verify"}, where(at)...)...)
				if tokens := run(t, "", append([]string{"token", "list"}, where(at)...)...); !strings.Contains(tokens, "Auditor") {
					t.Errorf("the tokens are %s", tokens)
				}
			}
			t.Logf("%d of %d were cut off", cutOff, kills)
		})
	}
}

func TestARestoreGoesBackToAPointInTime(t *testing.T) {
	k := newKept(t, "")
	before := shown(t, k.at)
	position := regexp.MustCompile(`position (\d+)`).FindStringSubmatch(k.run("backup", filepath.Join(t.TempDir(), "x")))[1]
	time.Sleep(2 * time.Millisecond)
	then := time.Now().UTC().Format(time.RFC3339Nano)
	k.run("act", "member.withdraw", "--member", "0001")
	k.enrol(4, 5)
	to := filepath.Join(t.TempDir(), "backups") + "/"
	k.run("backup", to)
	var last cli.Place
	for _, args := range [][]string{{"--to-position", position}, {"--to-time", then}} {
		at := fresh(t)
		out := k.mustRestore(to, at, args...)
		if !strings.Contains(out, "left out: 6 events") || !strings.Contains(out, "3 leaves of the public log, which strangers may have kept") {
			t.Errorf("it says %s", out)
		}
		samePages(t, before, shown(t, at))
		run(t, "", append([]string{"verify"}, where(at)...)...)
		last = at
	}
	// It goes on from there, and its backups go on beside the old ones: the newest is now another history's.
	run(t, last.Data, "act", "member.enrol", "--number", "0007", "--name", "Seven", "--admitted", "2026-01-01")
	run(t, last.Data, "backup", to)
	again := fresh(t)
	k.mustRestore(to, again)
	samePages(t, shown(t, last), shown(t, again))
}

// TestARestoredLogSignsNothingWhileAWitnessHasSeenMore backs up, goes on before a real witness, and restores.
func TestARestoredLogSignsNothingWhileAWitnessHasSeenMore(t *testing.T) {
	k := newKept(t, "")
	path := k.file()
	web, stop := serve(t, k.at.Data)
	about, err := verify.ParseBody([]byte(fetch(t, web+"/.well-known/shingle.json")))
	must(t, err)
	must(t, stop())
	url, vkey := witnesstest.Start(t, "witness.example", about.Log.VKey)

	web, stop = serve(t, k.at.Data, url+" "+vkey)
	k.enrol(4, 4)
	for range 100 {
		if c := fetch(t, web+"/log/checkpoint"); strings.Contains(c, "witness.example") && strings.Split(c, "\n")[1] == "5" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	newer := k.file()
	must(t, stop())

	at := fresh(t)
	k.mustRestore(path, at)
	web, stop = serve(t, at.Data, url+" "+vkey)
	status, _, errs := try(at.Data, "act", "member.enrol", "--number", "0005", "--name", "Five", "--admitted", "2026-01-01")
	if status == 0 || !strings.Contains(errs, "the public log is halted") {
		t.Errorf("it went on: exit %d: %s", status, errs)
	}
	if page := fetch(t, web+"/register/0001"); !strings.Contains(page, "Member 1") {
		t.Error("it cannot be read")
	}
	must(t, stop())
	// The newer backup has what the witness has seen.
	at = fresh(t)
	k.saveKeys()
	k.mustRestore(newer, at)
	_, stop = serve(t, at.Data, url+" "+vkey)
	run(t, at.Data, "act", "member.enrol", "--number", "0005", "--name", "Five", "--admitted", "2026-01-01")
	must(t, stop())
	t.Logf("torture: restores-that-a-witness-knew-more-than=1 refused-to-sign=1 signed-with-the-newer-backup=1")
}
