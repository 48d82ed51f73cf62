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
	"shingle/internal/vault"
)

func TestKeysThatNoBackupHoldsAreReminded(t *testing.T) {
	k := newKept(t, "")
	dir := t.TempDir()
	reminder := func(name string) string {
		_, _, errs := try("", append([]string{"backup", filepath.Join(dir, name)}, where(k.at)...)...)
		return errs
	}
	if errs := reminder("1"); errs != "" {
		t.Errorf("with all keys backed up it says %s", errs)
	}
	k.enrol(4, 5)
	if errs := reminder("2"); !strings.Contains(errs, "2 were added since their backup of ") {
		t.Errorf("with two new people it says %s", errs)
	}
	never := newBody(t)
	if _, _, errs := try(never, "backup", filepath.Join(dir, "3")); !strings.Contains(errs, "were never backed up") {
		t.Errorf("without any backup of keys it says %s", errs)
	}
}

func TestKeysComeBackWithAPassphraseOrARecipient(t *testing.T) {
	k := newKept(t, "")
	path := k.file()
	dir := t.TempDir()
	passphrase := filepath.Join(dir, "passphrase")
	must(t, os.WriteFile(passphrase, []byte("correct horse battery staple\n"), 0o600))
	short := filepath.Join(dir, "short")
	must(t, os.WriteFile(short, []byte("short\n"), 0o600))
	sealed := filepath.Join(dir, "sealed.age")
	if status, _, errs := try(k.at.Data, "vault", "backup", sealed, "--passphrase-file", short); status != 2 || !strings.Contains(errs, "too short") {
		t.Errorf("exit %d: %s", status, errs)
	}
	k.run("vault", "backup", sealed, "--passphrase-file", passphrase)
	if info, err := os.Stat(sealed); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v: %v", info.Mode(), err)
	}
	if status, _, errs := try(k.at.Data, "vault", "backup", sealed, "--passphrase-file", passphrase); status != 2 || !strings.Contains(errs, "is there already") {
		t.Errorf("exit %d: %s", status, errs)
	}
	run(t, fresh(t).Data, "restore", path, "--key-backup", sealed, "--passphrase-file", passphrase)
	if status, _, errs := try(fresh(t).Data, "restore", path, "--key-backup", sealed, "--passphrase-file", short); status != 2 || !strings.Contains(errs, "another identity or passphrase") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if status, _, errs := try(k.at.Data, "vault", "backup", filepath.Join(dir, "x"), "--recipient", "age1nonsense"); status != 2 || !strings.Contains(errs, "is no age recipient") {
		t.Errorf("exit %d: %s", status, errs)
	}
	// The keys may also be copied into the folder by hand.
	at := fresh(t)
	must(t, os.MkdirAll(at.Data, 0o700))
	for _, name := range []string{"root.key", "keys.db"} {
		text, err := os.ReadFile(filepath.Join(k.at.Data, name))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(at.Data, name), text, 0o600))
	}
	run(t, at.Data, "restore", path)
	run(t, at.Data, "verify")
}

func TestWhoWasForgottenStaysForgottenAfterARestore(t *testing.T) {
	k := newKept(t, "") // the keys are backed up here
	root, err := vault.ReadRoot(filepath.Join(k.at.Data, "root.key"))
	must(t, err)
	keys, err := vault.OpenFile(t.Context(), filepath.Join(k.at.Data, "keys.db"), root)
	must(t, err)
	must(t, keys.Forget(t.Context(), "person/0002-1"))
	must(t, keys.Close())
	at := fresh(t)
	k.mustRestore(k.file(), at)
	keys, err = vault.OpenFile(t.Context(), filepath.Join(at.Data, "keys.db"), root)
	must(t, err)
	gone, err := keys.Forgotten(t.Context())
	must(t, errors.Join(err, keys.Close()))
	if len(gone) != 1 || gone[0] != "person/0002-1" {
		t.Errorf("forgotten are %v", gone)
	}
}

func TestKeysThatAreMissingAreGivenUpOnlyWhenAsked(t *testing.T) {
	k := newKept(t, "") // the keys are backed up here
	k.enrol(4, 6)
	path := k.file()
	at := fresh(t)
	status, _, errs := k.restore(path, at)
	if status != 2 || !strings.Contains(errs, "the keys do not open all that is recorded") || !strings.Contains(errs, "--forget-missing") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if _, err := os.Stat(at.Data); err == nil {
		t.Error("and yet the folder was made")
	}
	if out := k.mustRestore(path, at, "--forget-missing"); !strings.Contains(out, "what belongs to 3 owners") {
		t.Errorf("it says %s", out)
	}
	run(t, at.Data, "verify")
	b, err := app.Open(t.Context(), at, nil)
	must(t, err)
	if list := csv(t, b); !strings.Contains(list, "Member 6") {
		t.Errorf("the register is %s", list)
	}
	must(t, b.Close())
}

// TestTheRootKeyMayLieElsewhere restores and moves a body whose root key is not in its folder.
func TestTheRootKeyMayLieElsewhere(t *testing.T) {
	k := newKept(t, "")
	path := k.file()
	at := fresh(t)
	at.RootKeyFile = filepath.Join(t.TempDir(), "elsewhere.key")
	rooted := func(at cli.Place) []string { return append(where(at), "--root-key-file", at.RootKeyFile) }

	// A restore that was cut off takes back what it brought, and nothing else.
	mine := filepath.Join(t.TempDir(), "mine.key")
	must(t, os.WriteFile(mine, []byte("another body's"), 0o600))
	must(t, os.MkdirAll(at.Data, 0o700))
	must(t, os.WriteFile(filepath.Join(at.Data, "restoring"), []byte("keys\n"+at.RootKeyFile+"\n"), 0o600))
	must(t, os.WriteFile(at.RootKeyFile, []byte("half a key"), 0o600))
	wrong := cli.Place{Data: at.Data, RootKeyFile: mine}
	if status, _, errs := try("", append([]string{"restore", path, "--key-backup", k.keys, "--identity-file", k.identity}, rooted(wrong)...)...); status != 2 || !strings.Contains(errs, "holds keys already") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if text, err := os.ReadFile(mine); err != nil || string(text) != "another body's" {
		t.Errorf("another's root key is now %q: %v", text, err)
	}

	run(t, "", append([]string{"restore", path, "--key-backup", k.keys, "--identity-file", k.identity}, rooted(at)...)...)
	if _, err := os.Stat(filepath.Join(at.Data, "root.key")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy of it lies in the folder: %v", err)
	}
	run(t, "", append([]string{"verify"}, rooted(at)...)...)
	database := pgtest.URL(t)
	if out := run(t, "", append([]string{"move", "--to", database}, rooted(at)...)...); !strings.Contains(out, "--root-key-file") {
		t.Errorf("it says %s", out)
	}
	at.Database = database
	run(t, "", append([]string{"verify"}, rooted(at)...)...)
}
