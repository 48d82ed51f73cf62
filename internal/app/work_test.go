package app_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lettersIn returns the letters that lie in a body's folder.
func lettersIn(t *testing.T, dir string) (letters []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "mail", "*.eml"))
	must(t, err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if errors.Is(err, fs.ErrNotExist) { // its person was forgotten this moment
			continue
		}
		must(t, err)
		letters = append(letters, string(b))
	}
	return letters
}

// comes waits until there are so many letters.
func comes(t *testing.T, dir string, n int) []string {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if found := lettersIn(t, dir); len(found) >= n || time.Now().After(until) {
			if len(found) != n {
				t.Fatalf("%d letters, not %d", len(found), n)
			}
			return found
		}
	}
}

// TestAnApplicantIsWrittenToOnce serves a body, kills it, restores it elsewhere without its jobs, and counts
// letters. What happened before it was served for the first time occasions none.
func TestAnApplicantIsWrittenToOnce(t *testing.T) {
	dir := newBody(t)
	apply := func(dir, name string) {
		t.Helper()
		run(t, dir, "act", "member.apply", "--name", name, "--contact-name", "Zoe "+canary, "--contact-email", canary+"@x.example")
	}
	apply(dir, "Before")
	serve := func(dir string) *process {
		return begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0", "--log-level", "debug")
	}
	p := serve(dir)
	apply(dir, "First Firm")
	letter := comes(t, dir, 1)[0]
	for _, want := range []string{"\r\nTo: \"Zoe " + canary + "\" <" + canary + "@x.example>\r\n", "From: <no-reply@small.example>", "Subject: Small Body: the application is here", "the application of First Firm arrived", "https://small.example/apply/progress/"} {
		if !strings.Contains(letter, want) {
			t.Errorf("no %q in\n%s", want, letter)
		}
	}
	for _, want := range []string{`shingle_jobs{state="available"} 0`, `shingle_letters{state="folder"} 1`} {
		// What came of a letter is noted after it lies there.
		for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
			if _, metrics := overTheSocket(t, dir); strings.Contains(metrics, want) {
				break
			} else if time.Now().After(until) {
				t.Fatalf("the metrics do not say %s", want)
			}
		}
	}
	if _, out, _ := try(dir, "doctor", "--quick"); !strings.Contains(out, "no mail server is configured: 1 letters of the last week lie in the folder") {
		t.Error(out)
	}
	must(t, p.cmd.Process.Kill())
	_ = p.cmd.Wait()
	logs := p.said.String()
	apply(dir, "Second Firm") // while nobody serves
	p = serve(dir)
	comes(t, dir, 2)
	p.end()

	scratch := t.TempDir()
	saved, keys, identity, restored := filepath.Join(scratch, "saved"), filepath.Join(scratch, "keys"), filepath.Join(scratch, "identity"), filepath.Join(scratch, "restored")
	run(t, dir, "backup", saved)
	must(t, os.WriteFile(identity, []byte(run(t, dir, "vault", "backup", keys)), 0o600))
	must(t, os.Rename(dir, dir+".lost"))
	logs += p.said.String()
	run(t, restored, "restore", saved, "--key-backup", keys, "--identity-file", identity)
	p = serve(restored)
	apply(restored, "Third Firm")
	if letter := comes(t, restored, 1)[0]; !strings.Contains(letter, "Third Firm") {
		t.Errorf("a letter was written twice: %s", letter)
	}
	p.end()
	logs += p.said.String()
	if strings.Contains(logs, canary) {
		t.Errorf("the log holds what is private:\n%s", logs)
	}
}

func TestAMailServerIsNamedWhole(t *testing.T) {
	dir := newBody(t)
	secret := filepath.Join(t.TempDir(), "smtp")
	must(t, os.WriteFile(secret, []byte("smtp://u:"+canary+"@127.0.0.1:x\n"), 0o600))
	for _, test := range []struct {
		says string
		args []string
	}{
		{"say whose letters the mail server is to send: --mail-from", []string{"--smtp", "smtp://h"}},
		{"--smtp: the address of the mail server begins with smtp:// or smtps://", []string{"--smtp", "http://u:" + canary + "@h", "--mail-from", "a@b.example"}},
		{"--smtp: the address of the mail server cannot be read", []string{"--smtp-file", secret, "--mail-from", "a@b.example"}},
		{"--mail-from: it is no mail address", []string{"--mail-from", "Demo"}},
		{"--mail-return is no mail address", []string{"--mail-return", "Bounces <bounces@demo.example>"}},
		{"--mail-return is no mail address", []string{"--mail-return", "bounces"}},
		{"--smtp-ca vouches for a mail server, and none is given", []string{"--smtp-ca", secret}},
	} {
		status, _, errs := try(dir, append([]string{"serve", "body", "--check"}, test.args...)...)
		if status != 2 || !strings.Contains(errs, test.says) || strings.Contains(errs, canary) {
			t.Errorf("%v: %d %s", test.args, status, errs)
		}
	}
	if status, out, errs := try(dir, "serve", "body", "--check", "--listen", "127.0.0.1:0", "--smtp", "smtp://u:p@127.0.0.1:2525", "--mail-from", "Small Body <a@b.example>"); status != 0 {
		t.Error(out, errs)
	}
}
