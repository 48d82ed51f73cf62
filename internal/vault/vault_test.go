package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/vault"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(sealingFolder); folder != "" {
		sealUntilKilled(folder) // in a process of its own, see kill_test.go
	}
	pgtest.Main(m)
}

// ring is a keyring in a store, to be opened as often as one likes.
type ring struct {
	t        *testing.T
	rootPath string
	init     func(rootPath string) error
	open     func(root vault.Root) (*vault.Keyring, error)
}

// onBoth runs a test on a fresh keyring in either store.
func onBoth(t *testing.T, test func(t *testing.T, r ring)) {
	ctx := context.Background()
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "keys.db")
		test(t, ring{t, filepath.Join(t.TempDir(), "root.key"),
			func(rootPath string) error { return vault.InitFile(ctx, path, rootPath) },
			func(root vault.Root) (*vault.Keyring, error) { return vault.OpenFile(ctx, path, root) }})
	})
	t.Run("postgres", func(t *testing.T) {
		address := pgtest.URL(t)
		test(t, ring{t, filepath.Join(t.TempDir(), "root.key"),
			func(rootPath string) error { return vault.InitDatabase(ctx, address, rootPath) },
			func(root vault.Root) (*vault.Keyring, error) { return vault.OpenDatabase(ctx, address, root) }})
	})
}

func (r ring) make() *vault.Keyring {
	r.t.Helper()
	if err := r.init(r.rootPath); err != nil {
		r.t.Fatal(err)
	}
	return r.reopen()
}

func (r ring) reopen() *vault.Keyring {
	r.t.Helper()
	root, err := vault.ReadRoot(r.rootPath)
	if err != nil {
		r.t.Fatal(err)
	}
	k, err := r.open(root)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = k.Close() })
	return k
}

func seal(t *testing.T, k *vault.Keyring, owner, text string) []byte {
	t.Helper()
	sealed, err := k.Seal(owner, text)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func opens(t *testing.T, k *vault.Keyring, owner string, sealed []byte, want string) {
	t.Helper()
	if got, err := k.Open(owner, sealed); err != nil || got != want {
		t.Fatalf("opened %q, %v; want %q", got, err, want)
	}
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsSealedOpensAgainAfterwards(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		k := r.make()
		ada := seal(t, k, "person/1", "Ada")
		opens(t, k, "person/1", ada, "Ada")
		must(t, k.Sync())
		again := seal(t, k, "person/1", "Ada")
		if bytes.Equal(ada, again) {
			t.Error("the same text was sealed to the same bytes")
		}
		empty := seal(t, k, "person/2", "")
		must(t, k.Sync())
		must(t, k.Close())

		k = r.reopen()
		opens(t, k, "person/1", ada, "Ada")
		opens(t, k, "person/1", again, "Ada")
		opens(t, k, "person/2", empty, "")
	})
}

func TestOnlyTheOwnersKeyOpens(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		k := r.make()
		ada := seal(t, k, "person/1", "Ada")
		bob := seal(t, k, "person/2", "Bob")
		must(t, k.Sync())
		_, err := k.Open("person/2", ada)
		is(t, err, vault.ErrSealed)
		_, err = k.Open("person/3", bob)
		is(t, err, vault.ErrSealed)
		for i := range bob {
			changed := bytes.Clone(bob)
			changed[i] ^= 1
			_, err = k.Open("person/2", changed)
			is(t, err, vault.ErrSealed)
		}
		for _, short := range [][]byte{nil, {}, {1}, {2, 3}, bob[:12], bob[:len(bob)-1]} {
			_, err = k.Open("person/2", short)
			is(t, err, vault.ErrSealed)
		}
		if _, err := k.Seal("", "text"); err == nil {
			t.Error("sealed for nobody")
		}
	})
}

func TestACrashBeforeSyncLosesNothingThatWasStored(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		k := r.make()
		before := seal(t, k, "person/1", "Ada")
		must(t, k.Sync())
		lost := seal(t, k, "person/2", "never committed")
		must(t, k.Close()) // without Sync

		k = r.reopen()
		opens(t, k, "person/1", before, "Ada")
		_, err := k.Open("person/2", lost)
		is(t, err, vault.ErrSealed)
		after := seal(t, k, "person/2", "Bob")
		must(t, k.Sync())
		opens(t, r.reopen(), "person/2", after, "Bob")
	})
}

func TestAFullDiskIsSaidAndGotOver(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	must(t, vault.InitFile(ctx, filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")))
	root, err := vault.ReadRoot(filepath.Join(dir, "root.key"))
	must(t, err)
	k, err := vault.OpenFile(ctx, filepath.Join(dir, "keys.db"), root)
	must(t, err)
	defer func() { _ = k.Close() }()
	k.FillDisk(t, true)
	sealed := map[string][]byte{}
	for i := range 500 {
		owner := fmt.Sprintf("person/%d", i)
		sealed[owner] = seal(t, k, owner, owner)
	}
	is(t, k.Sync(), record.ErrDiskFull)
	is(t, k.Sync(), record.ErrDiskFull)
	k.FillDisk(t, false)
	must(t, k.Sync())
	k.Empty()
	for owner, b := range sealed {
		opens(t, k, owner, b, owner)
	}
}

// A node that began with an owner, failed to commit, and was overtaken by another node still has a key
// for that owner that nobody else knows.
func TestTwoProcessesMayMakeAKeyForOneOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		here, there := r.make(), r.reopen()
		a := seal(t, here, "person/1", "sealed here")
		b := seal(t, there, "person/1", "sealed there")
		must(t, here.Sync())
		must(t, there.Sync())
		for _, k := range []*vault.Keyring{here, there, r.reopen()} {
			opens(t, k, "person/1", a, "sealed here")
			opens(t, k, "person/1", b, "sealed there")
		}
		must(t, here.Forget(context.Background(), "person/1"))
		for _, sealed := range [][]byte{a, b} {
			_, err := r.reopen().Open("person/1", sealed)
			is(t, err, act.ErrForgotten)
		}
	})
}

func TestNewOwnersInAnyOrderKeepTheirKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		k := r.make()
		sealed := map[string][]byte{}
		for round := range 4 {
			for _, i := range rand.Perm(300) {
				owner := fmt.Sprintf("person/%d", i)
				if round == 0 || i%7 == 0 {
					sealed[owner] = seal(t, k, owner, owner)
				}
				if i%31 == 0 {
					must(t, k.Sync())
				}
				if i%50 == 0 {
					k.Empty()
				}
			}
		}
		must(t, k.Sync())
		k = r.reopen()
		for owner, b := range sealed {
			opens(t, k, owner, b, owner)
		}
		if n := k.KeysOf(t, "person/7"); n != 1 {
			t.Errorf("person/7 has %d keys", n)
		}
	})
}

func TestManyGoroutines(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		ctx := context.Background()
		k := r.make()
		type value struct {
			owner, text string
			sealed      []byte
		}
		var all [8][]value
		var wg sync.WaitGroup
		for g := range all {
			wg.Go(func() {
				for i := range 60 {
					v := value{owner: fmt.Sprintf("person/%d", i%25), text: fmt.Sprint(g, "/", i)}
					var err error
					if v.sealed, err = k.Seal(v.owner, v.text); err != nil {
						t.Error(err)
						return
					}
					if i%5 == 0 {
						if err := k.Sync(); err != nil {
							t.Error(err)
						}
					}
					if i%20 == 0 {
						if err := k.Forget(ctx, fmt.Sprintf("gone/%d/%d", g, i)); err != nil {
							t.Error(err)
						}
					}
					if got, err := k.Open(v.owner, v.sealed); err != nil || got != v.text {
						t.Errorf("%s: %q, %v", v.owner, got, err)
					}
					all[g] = append(all[g], v)
				}
			})
		}
		wg.Wait()
		must(t, k.Sync())
		k = r.reopen()
		for _, values := range all {
			for _, v := range values {
				opens(t, k, v.owner, v.sealed, v.text)
			}
		}
	})
}

func TestSignersSign(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		ctx := context.Background()
		k := r.make()
		vkeys := map[string]bool{}
		for _, purpose := range []string{vault.Log, vault.Receipt} {
			signer, vkey, err := k.Signer(ctx, purpose, "demo.example/"+purpose)
			must(t, err)
			vkeys[vkey] = true
			signed, err := note.Sign(&note.Note{Text: "hello\n"}, signer)
			must(t, err)
			verifier, err := note.NewVerifier(vkey)
			must(t, err)
			n, err := note.Open(signed, note.VerifierList(verifier))
			must(t, err)
			if n.Sigs[0].Name != "demo.example/"+purpose {
				t.Errorf("signed by %s", n.Sigs[0].Name)
			}
			if printed := fmt.Sprintf("%v %+v %#v %x", signer, signer, signer, signer); strings.Contains(printed, "private") || len(printed) > 200 {
				t.Errorf("a signing key prints as %s", printed)
			}
		}
		if len(vkeys) != 2 {
			t.Error("both purposes have one key")
		}
		if _, _, err := k.Signer(ctx, "lunch", "demo.example/lunch"); err == nil {
			t.Error("a key for lunch")
		}
		if _, _, err := k.Signer(ctx, vault.Log, "two words"); err == nil {
			t.Error("a key name with a space")
		}
	})
}
