package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A body whose root key is locked is opened by whoever has the passphrase, and by nobody else.
func TestARootKeyUnderAPassphrase(t *testing.T) {
	dir, file := filepath.Join(t.TempDir(), "body"), filepath.Join(t.TempDir(), "phrase")
	must(t, os.WriteFile(file, []byte("correct horse battery staple\n"), 0o600))
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"init", "body", "--name", "Small Body", "--root", "passphrase"}, 2, "there is no passphrase; nothing was made"},
		{[]string{"init", "body", "--name", "Small Body", "--root", "padlock"}, 2, "nothing was made"},
		{[]string{"init", "body", "--name", "Small Body", "--root", "passphrase", "--root-passphrase", "short"}, 2, "nothing was made"},
		{[]string{"init", "body", "--name", "Small Body", "--root", "passphrase", "--root-passphrase-file", file}, 0, "is made in"},
		{[]string{"vault", "check"}, 2, "SHINGLE_ROOT_PASSPHRASE"},
		{[]string{"vault", "check", "--root-passphrase", "incorrect horse battery"}, 2, "nothing was opened"},
		{[]string{"vault", "check", "--root-passphrase-file", file}, 0, ""},
		{[]string{"act", "member.enrol", "--number", "0001", "--name", "One", "--admitted", "2026-01-01", "--root-passphrase-file", file}, 0, ""},
	} {
		status, out, errs := try(dir, c.args...)
		if status != c.status || !strings.Contains(out+errs, c.says) || strings.Contains(out+errs, "battery") {
			t.Errorf("%v: exit %d: %s%s", c.args, status, out, errs)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "root.key"))
	if err != nil || !strings.HasPrefix(string(text), "-----BEGIN AGE ENCRYPTED FILE-----") {
		t.Errorf("the file begins with %.40q: %v", text, err)
	}
}
