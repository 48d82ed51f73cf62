package vault_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gocloud.dev/secrets/localsecrets"

	"shingle/internal/servertest"
	"shingle/internal/vault"
)

const phrase = "correct horse battery staple"

// newService is a key service of one's own.
func newService(t *testing.T) string {
	t.Helper()
	secret, err := localsecrets.NewRandomKey()
	must(t, err)
	return "base64key://" + base64.URLEncoding.EncodeToString(secret[:])
}

func TestARootKeyIsLocked(t *testing.T) {
	service := newService(t)
	for name, guard := range map[string]vault.Guard{"passphrase": {Passphrase: phrase}, "kms": {KMS: service}} {
		t.Run(name, func(t *testing.T) {
			ctx, dir := context.Background(), t.TempDir()
			path, rootPath := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
			for range 2 { // it can be repeated
				must(t, vault.InitFile(ctx, path, rootPath, guard))
			}
			root, err := vault.ReadRoot(rootPath, guard)
			must(t, err)
			k, err := vault.OpenFile(ctx, path, root)
			must(t, err)
			sealed, err := k.Seal("person/0001", "Ada")
			must(t, errors.Join(err, k.Sync()))

			file, err := os.ReadFile(rootPath)
			must(t, err)
			for _, secret := range []string{phrase, strings.TrimPrefix(service, "base64key://")} {
				if bytes.Contains(file, []byte(secret)) {
					t.Error("what locks the root key stands beside it")
				}
			}
			if info, err := os.Stat(rootPath); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("its mode is %v, %v", info.Mode(), err)
			}
			for what, c := range map[string]struct {
				guard vault.Guard
				want  error
			}{
				"nothing": {vault.Guard{}, vault.ErrRootLocked}, "another passphrase": {vault.Guard{Passphrase: "incorrect horse battery"}, nil},
				"another service": {vault.Guard{KMS: newService(t)}, nil}, "no service": {vault.Guard{KMS: "nothing://"}, nil},
			} {
				_, err := vault.ReadRoot(rootPath, c.guard)
				if err == nil || c.want != nil && !errors.Is(err, c.want) || !errors.Is(err, vault.ErrRootLocked) && !errors.Is(err, vault.ErrRootKept) {
					t.Errorf("with %s: %v", what, err)
				}
				if c.guard.KMS != "" && err != nil && strings.Contains(err.Error(), strings.TrimPrefix(c.guard.KMS, "base64key://")) && strings.HasPrefix(c.guard.KMS, "base64key") {
					t.Errorf("the key is said: %v", err)
				}
			}
			for i := range file { // no byte of it can be another one
				if i%37 != 0 || file[i] == '\n' || bytes.HasPrefix(file, []byte("#")) && i < bytes.Index(file, []byte("\nkms"))+5 {
					continue
				}
				changed := bytes.Clone(file)
				changed[i] ^= 1
				must(t, os.WriteFile(rootPath, changed, 0o600))
				if _, err := vault.ReadRoot(rootPath, guard); err == nil && name == "kms" {
					t.Errorf("byte %d is another one, and it opens", i)
				}
				if name == "passphrase" {
					break // each try costs a second
				}
			}
			must(t, os.WriteFile(rootPath, file, 0o600))

			// A backup of the keys is restored under the same lock, or under none.
			var backup bytes.Buffer
			_, err = k.Pack(ctx, rootPath, vault.KeyBackup{}, &backup, guard)
			must(t, err)
			for _, lock := range []vault.Guard{guard, {}} {
				to := t.TempDir()
				toPath, toRoot := filepath.Join(to, "keys.db"), filepath.Join(to, "root.key")
				_, err := vault.UnpackFile(ctx, bytes.NewReader(backup.Bytes()), toPath, toRoot, lock)
				must(t, err)
				root, err := vault.ReadRoot(toRoot, lock)
				must(t, err)
				again, err := vault.OpenFile(ctx, toPath, root)
				must(t, err)
				if text, err := again.Open("person/0001", sealed); err != nil || text != "Ada" {
					t.Errorf("restored, it reads %q: %v", text, err)
				}
				must(t, again.Close())
			}
			must(t, k.Close())
		})
	}
}

// A root key that is locked with a passphrase is a file that the age program opens.
func TestALockedRootKeyIsAStockFile(t *testing.T) {
	program := servertest.Age(t)
	path := filepath.Join(t.TempDir(), "root.key")
	_, err := vault.MakeRoot(path, vault.Guard{Passphrase: phrase})
	must(t, err)
	file, err := os.ReadFile(path)
	must(t, err)
	if !bytes.HasPrefix(file, []byte("-----BEGIN AGE ENCRYPTED FILE-----\n")) {
		t.Fatalf("it begins with %q", file[:40])
	}
	// It asks a terminal for the passphrase, so that without one it says which it would need.
	out, err := exec.Command(program, "-d", path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "passphrase") {
		t.Errorf("the age program says %s: %v", out, err)
	}
}

func TestAWeakLockIsRefused(t *testing.T) {
	for what, guard := range map[string]vault.Guard{"a short passphrase": {Passphrase: "secret"}, "no service": {KMS: "nothing://x"}, "a bad key": {KMS: "base64key://x"}} {
		path := filepath.Join(t.TempDir(), "root.key")
		if _, err := vault.MakeRoot(path, guard); err == nil || !strings.Contains(err.Error(), "nothing was made") {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := os.Lstat(path); !os.IsNotExist(err) {
			t.Errorf("%s: a file is made", what)
		}
	}
}
