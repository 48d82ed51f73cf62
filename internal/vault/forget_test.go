package vault_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/vault"
)

func TestForgottenMeansForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		ctx := context.Background()
		k := r.make()
		ada := seal(t, k, "person/1", "Ada")
		bob := seal(t, k, "person/2", "Bob")
		must(t, k.Sync())
		cid := seal(t, k, "person/3", "Cid") // its key is not even stored
		for _, owner := range []string{"person/1", "person/1", "person/3", "person/never-seen"} {
			must(t, k.Forget(ctx, owner))
		}
		must(t, k.Sync())
		refuses := func(k *vault.Keyring) {
			t.Helper()
			for owner, sealed := range map[string][]byte{"person/1": ada, "person/3": cid, "person/never-seen": ada} {
				_, err := k.Open(owner, sealed)
				is(t, err, act.ErrForgotten)
				_, err = k.Seal(owner, "again")
				is(t, err, act.ErrForgotten)
			}
			opens(t, k, "person/2", bob, "Bob")
		}
		refuses(k)
		refuses(r.reopen())
	})
}

func TestForgettingTakesEffectInOtherProcessesWithinASecond(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		here, there := r.make(), r.reopen()
		ada := seal(t, here, "person/1", "Ada")
		must(t, here.Sync())
		opens(t, there, "person/1", ada, "Ada") // now in memory there, too
		must(t, here.Forget(context.Background(), "person/1"))
		there.Distrust()
		_, err := there.Open("person/1", ada)
		is(t, err, act.ErrForgotten)
		_, err = there.Seal("person/1", "again")
		is(t, err, act.ErrForgotten)
	})
}

func TestAKeyOfAnOwnerForgottenMeanwhileIsNotStored(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		here, there := r.make(), r.reopen()
		late := seal(t, there, "person/1", "too late")
		must(t, here.Forget(context.Background(), "person/1"))
		must(t, there.Sync())
		for _, k := range []*vault.Keyring{there, here, r.reopen()} {
			_, err := k.Open("person/1", late)
			is(t, err, act.ErrForgotten)
			_, err = k.Seal("person/1", "later still")
			is(t, err, act.ErrForgotten)
		}
	})
}

func TestNothingLegibleIsOnDisk(t *testing.T) {
	dir := t.TempDir()
	path, rootPath := filepath.Join(dir, "keys.db"), filepath.Join(t.TempDir(), "root.key")
	ctx := context.Background()
	must(t, vault.InitFile(ctx, path, rootPath))
	root, err := vault.ReadRoot(rootPath)
	must(t, err)
	k, err := vault.OpenFile(ctx, path, root)
	must(t, err)
	defer func() { _ = k.Close() }()

	const canary = "CANARY-c0ffee-Zebra"
	sealed := seal(t, k, "person/1", canary)
	must(t, k.Sync())
	opens(t, k, "person/1", sealed, canary)
	_, _, err = k.Signer(ctx, vault.Log, "demo.example/log")
	must(t, err)
	for name, content := range folder(t, dir) {
		for _, legible := range [][]byte{[]byte(canary), []byte(base64.StdEncoding.EncodeToString([]byte(canary))), rootBytes(t, rootPath), k.KeyOf("person/1")} {
			if bytes.Contains(content, legible) {
				t.Errorf("%s has a secret in the clear", name)
			}
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
}

// Every wrapped key that was ever stored is looked for in the bytes of the file and its log, after the
// pages have been split and moved in every order.
func TestDestroyedKeysAreGoneFromTheFile(t *testing.T) {
	const owners = 1500
	dir := t.TempDir()
	path, rootPath := filepath.Join(dir, "keys.db"), filepath.Join(t.TempDir(), "root.key")
	ctx := context.Background()
	must(t, vault.InitFile(ctx, path, rootPath))
	root, err := vault.ReadRoot(rootPath)
	must(t, err)
	k, err := vault.OpenFile(ctx, path, root)
	must(t, err)
	defer func() { _ = k.Close() }()
	order := rand.Perm(owners)
	for i, n := range order {
		seal(t, k, fmt.Sprintf("person/%d", n), "text")
		if i%37 == 0 {
			must(t, k.Sync())
		}
	}
	must(t, k.Sync())
	wrapped := wrappedKeys(t, path)
	if len(wrapped) != owners {
		t.Fatalf("%d keys are stored, not %d", len(wrapped), owners)
	}
	onDisk := bytes.Join(values(folder(t, dir)), nil)
	if !bytes.Contains(onDisk, []byte(wrapped["person/7"])) {
		t.Fatal("the test does not see what it looks for")
	}
	forgotten := order[:owners/3]
	for _, n := range forgotten {
		must(t, k.Forget(ctx, fmt.Sprintf("person/%d", n)))
	}
	onDisk = bytes.Join(values(folder(t, dir)), nil)
	for _, n := range forgotten {
		if bytes.Contains(onDisk, []byte(wrapped[fmt.Sprintf("person/%d", n)])) {
			t.Errorf("the wrapped key of person/%d is still on disk", n)
		}
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the write-ahead log is not empty: %v, %v", info, err)
	}
}

// A process that was killed after it destroyed a key and before it emptied the log is mended at the next start.
func TestOpeningEmptiesTheLogThatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	path, rootPath := filepath.Join(dir, "keys.db"), filepath.Join(t.TempDir(), "root.key")
	ctx := context.Background()
	must(t, vault.InitFile(ctx, path, rootPath))
	root, err := vault.ReadRoot(rootPath)
	must(t, err)
	k, err := vault.OpenFile(ctx, path, root)
	must(t, err)
	seal(t, k, "person/1", "Ada")
	must(t, k.Sync())
	wrapped := wrappedKeys(t, path)["person/1"]
	must(t, k.Destroy(ctx, "person/1"))
	// What the disk holds when the process dies now, in a folder of its own.
	crashed := t.TempDir()
	for name, content := range folder(t, dir) {
		if !strings.HasSuffix(name, "-shm") {
			must(t, os.WriteFile(filepath.Join(crashed, name), content, 0o600))
		}
	}
	must(t, k.Close())
	if !bytes.Contains(bytes.Join(values(folder(t, crashed)), nil), []byte(wrapped)) {
		t.Fatal("the test does not see what it looks for")
	}
	k, err = vault.OpenFile(ctx, filepath.Join(crashed, "keys.db"), root)
	must(t, err)
	defer func() { _ = k.Close() }()
	if bytes.Contains(bytes.Join(values(folder(t, crashed)), nil), []byte(wrapped)) {
		t.Error("the destroyed key is still on disk")
	}
}

func TestTheFileOverwritesWhatItDeletes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.db")
	rootPath := filepath.Join(t.TempDir(), "root.key")
	ctx := context.Background()
	must(t, vault.InitFile(ctx, path, rootPath))
	root, err := vault.ReadRoot(rootPath)
	must(t, err)
	k, err := vault.OpenFile(ctx, path, root)
	must(t, err)
	defer func() { _ = k.Close() }()
	for pragma, want := range map[string]string{"secure_delete": "1", "journal_mode": "wal", "synchronous": "2"} {
		if got := k.Pragma(t, pragma); got != want {
			t.Errorf("%s is %s, not %s", pragma, got, want)
		}
	}
}

func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func values(files map[string][]byte) (all [][]byte) {
	for _, content := range files {
		all = append(all, content)
	}
	return all
}

// wrappedKeys reads what is stored, beside the keyring.
func wrappedKeys(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	rows, err := db.Query("SELECT owner, wrapped FROM owner_key WHERE wrapped IS NOT NULL")
	must(t, err)
	defer func() { _ = rows.Close() }()
	found := map[string]string{}
	for rows.Next() {
		var owner, wrapped string
		must(t, rows.Scan(&owner, &wrapped))
		found[owner] = wrapped
	}
	must(t, rows.Err())
	return found
}
