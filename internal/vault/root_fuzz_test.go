package vault_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"shingle/internal/vault"
)

// A file is a root key, or is said to be none; nothing of it is told.
func FuzzReadRoot(f *testing.F) {
	path := filepath.Join(f.TempDir(), "root.key")
	if _, err := vault.MakeRoot(path); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")))
	f.Add(bytes.TrimSpace(good))
	f.Add([]byte(base64.StdEncoding.EncodeToString(make([]byte, 32))))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "root.key")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := vault.ReadRoot(file)
		if err != nil && !errors.Is(err, vault.ErrRootUnreadable) {
			t.Errorf("%v", err)
		}
		if secret := bytes.TrimSpace(text); err != nil && len(secret) >= 20 && bytes.Contains([]byte(err.Error()), secret) {
			t.Errorf("it is told what the file holds: %v", err)
		}
	})
}

// What was sealed for an owner opens for that owner and as it is, and no other bytes open at all.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	path, root := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
	if err := vault.InitFile(f.Context(), path, root); err != nil {
		f.Fatal(err)
	}
	key, err := vault.ReadRoot(root)
	if err != nil {
		f.Fatal(err)
	}
	keys, err := vault.OpenFile(f.Context(), path, key)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = keys.Close() })
	sealed, err := keys.Seal("person/1", "Anna")
	if err == nil {
		_, err = keys.Seal("person/2", "Ben")
	}
	if err = errors.Join(err, keys.Sync()); err != nil {
		f.Fatal(err)
	}
	f.Add("person/1", sealed)
	f.Add("person/2", sealed)
	f.Add("person/3", sealed)
	f.Add("person/1", sealed[:len(sealed)-1])
	f.Add("", []byte{})
	f.Fuzz(func(t *testing.T, owner string, b []byte) {
		text, err := keys.Open(owner, b)
		if err == nil && (owner != "person/1" || text != "Anna" || !bytes.Equal(b, sealed)) {
			t.Errorf("%x opens for %q as %q", b, owner, text)
		}
		if err != nil && text != "" {
			t.Errorf("%q with %v", text, err)
		}
	})
}
