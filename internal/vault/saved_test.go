package vault_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/vault"
)

// TestPackedKeysOpenWhatTheOthersSealed packs a keyring of either store and unpacks it into the other.
func TestPackedKeysOpenWhatTheOthersSealed(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	file, rootPath := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(vault.InitFile(ctx, file, rootPath))
	root, err := vault.ReadRoot(rootPath)
	check(err)
	keys, err := vault.OpenFile(ctx, file, root)
	check(err)
	sealed, err := keys.Seal("person/1", "Ada")
	check(err)
	_, err = keys.Seal("person/2", "Grace")
	check(errors.Join(err, keys.Sync(), keys.Forget(ctx, "person/2")))
	_, log, err := keys.Signer(ctx, vault.Log, "x.example/log")
	check(err)

	if s, err := keys.Saved(ctx); err != nil || !s.At.IsZero() || s.Unsaved == 0 {
		t.Errorf("before any backup: %+v, %v", s, err)
	}
	var packed bytes.Buffer
	at := time.Now().UTC().Truncate(time.Second)
	held, err := keys.Pack(ctx, rootPath, vault.KeyBackup{Made: at}, &packed)
	check(err)
	check(keys.Save(ctx, at, held))
	if s, err := keys.Saved(ctx); err != nil || s.At != at || s.Unsaved != 0 {
		t.Errorf("after a backup: %+v, %v", s, err)
	}
	_, err = keys.Seal("person/3", "Edsger")
	check(errors.Join(err, keys.Sync()))
	if s, err := keys.Saved(ctx); err != nil || s.Unsaved != 1 {
		t.Errorf("with a new key: %+v, %v", s, err)
	}
	check(keys.Close())

	other := filepath.Join(t.TempDir(), "root.key")
	url := pgtest.URL(t)
	for range 2 { // what is there already stays
		if _, err := vault.UnpackDatabase(ctx, bytes.NewReader(packed.Bytes()), url, other); err != nil {
			t.Fatal(err)
		}
	}
	root, err = vault.ReadRoot(other)
	check(err)
	keys, err = vault.OpenDatabase(ctx, url, root)
	check(err)
	if text, err := keys.Open("person/1", sealed); text != "Ada" || err != nil {
		t.Errorf("it opens as %q: %v", text, err)
	}
	if _, err := keys.Seal("person/2", "Grace"); !errors.Is(err, act.ErrForgotten) {
		t.Errorf("who was forgotten is back: %v", err)
	}
	if _, again, err := keys.Signer(ctx, vault.Log, "x.example/log"); err != nil || again != log {
		t.Errorf("the log's key is %s: %v", again, err)
	}
	check(keys.Close())

	whole := packed.String()
	for name, text := range map[string]string{
		"nothing":   "",
		"cut off":   whole[:len(whole)-40],
		"a row out": strings.Replace(whole, "{\"owner\":\"person/1\"", "{\"purpose\":\"x\"", 1),
		"no JSON":   "keys",
	} {
		to := t.TempDir()
		if _, err := vault.UnpackFile(ctx, strings.NewReader(text), filepath.Join(to, "keys.db"), filepath.Join(to, "root.key")); !errors.Is(err, vault.ErrNotPacked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := vault.UnpackFile(ctx, strings.NewReader(whole), filepath.Join(t.TempDir(), "keys.db"), other); err != nil {
		t.Errorf("beside the same root key: %v", err)
	}
}
