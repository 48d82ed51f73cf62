package vault_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/servertest"
	"shingle/internal/vault"
)

// chest is a vault's objects, and the folder in which their blobs lie as plain files.
type chest struct {
	*vault.Objects
	folder   string
	accesses []string // what was recorded: who, why, what
}

// onChests runs a test on objects in a folder with keys in SQLite, and in a bucket with keys in PostgreSQL.
func onChests(t *testing.T, test func(t *testing.T, c *chest)) {
	onBoth(t, func(t *testing.T, r ring) {
		address := filepath.Join(t.TempDir(), "blobs")
		folder := address
		if strings.HasSuffix(t.Name(), "postgres") {
			address, folder = servertest.S3Folder(t)
		}
		test(t, newChest(t, r.make(), address, folder))
	})
}

func newChest(t testing.TB, k *vault.Keyring, address, folder string) *chest {
	t.Helper()
	blobs, err := vault.OpenBlobs(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	c := &chest{folder: folder}
	c.Objects = &vault.Objects{Keys: k, Blobs: blobs, Now: time.Now, Audit: func(_ context.Context, a vault.Access, o vault.Object, what vault.Taken) error {
		c.accesses = append(c.accesses, strings.Join([]string{a.By, a.Purpose, o.Owner, o.ID, []string{"text", "identity", "words"}[what]}, "|"))
		return nil
	}}
	return c
}

// onFolder is the simplest chest.
func onFolder(t testing.TB) *chest {
	t.Helper()
	dir := t.TempDir()
	ctx := context.Background()
	path, rootPath := filepath.Join(dir, "keys.db"), filepath.Join(dir, "root.key")
	root := initialised(t, vault.InitFile(ctx, path, rootPath), rootPath)
	k, err := vault.OpenFile(ctx, path, root)
	return newChest(t, opened(t, k, err), filepath.Join(dir, "blobs"), filepath.Join(dir, "blobs"))
}

var counsel = vault.Access{By: "token/1", Role: "case-manager", Purpose: "to read the evidence"}

func (c *chest) put(t testing.TB, owner string, text []byte) vault.Object {
	t.Helper()
	o, err := c.Seal(context.Background(), owner, "evidence", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (c *chest) get(id string) ([]byte, error) {
	r, err := c.Open(context.Background(), counsel, id)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	return text, errors.Join(err, r.Close())
}

// examine looks at all objects, and returns what it says by their hashes and by opening them.
func (c *chest) examine(t *testing.T, age time.Duration) (byHash, opened []string) {
	t.Helper()
	for _, hashes := range []bool{true, false} {
		faults, err := c.Examine(context.Background(), vault.Examination{Hashes: hashes, Before: time.Now().Add(-age)})
		must(t, err)
		if hashes {
			byHash = faults
		} else {
			opened = faults
		}
	}
	return byHash, opened
}

func random(n int) []byte {
	b := make([]byte, n)
	source := rand.NewChaCha8([32]byte{byte(n)})
	_, _ = source.Read(b)
	return b
}

func TestASealedObjectOpensAgain(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		for _, size := range []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 1 << 20, 20<<20 + 7} {
			text := random(size)
			o := c.put(t, "case/2027-0007", text)
			if o.Size != int64(size) || o.Owner != "case/2027-0007" || o.Label != "evidence" || time.Since(o.Made) > time.Minute {
				t.Errorf("%+v", o)
			}
			file, err := os.ReadFile(filepath.Join(c.folder, o.Blob()))
			must(t, err)
			if int64(len(file)) != o.Stored || size > 0 && bytes.Contains(file, text[:min(size, 64)]) && size > 8 {
				t.Error("the blob is not the ciphertext")
			}
			got, err := c.get(o.ID)
			if err != nil || !bytes.Equal(got, text) {
				t.Fatalf("%d bytes: %v", size, err)
			}
		}
		if byHash, opened := c.examine(t, 0); len(byHash)+len(opened) > 0 {
			t.Error(byHash, opened)
		}
		if len(c.accesses) != 7 {
			t.Errorf("%d accesses are recorded", len(c.accesses))
		}
	})
}

func TestObjectsOfAnySizeOpenAgain(t *testing.T) {
	c := onFolder(t)
	rapid.Check(t, func(rt *rapid.T) {
		chunks := rapid.IntRange(0, 5).Draw(rt, "chunks")
		size := max(0, chunks<<16+rapid.IntRange(-20, 20).Draw(rt, "more"))
		text := random(size)
		o, err := c.Seal(context.Background(), "case/1", "", &stuttering{text, rapid.IntRange(1, 1<<17).Draw(rt, "at once")})
		if err != nil {
			rt.Fatal(err)
		}
		r, err := c.Open(context.Background(), counsel, o.ID)
		if err != nil {
			rt.Fatal(err)
		}
		defer r.Close()
		var got bytes.Buffer
		if _, err := io.CopyBuffer(struct{ io.Writer }{&got}, r, make([]byte, rapid.IntRange(1, 1<<17).Draw(rt, "buffer"))); err != nil {
			rt.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), text) {
			rt.Fatalf("%d bytes open to %d others", size, got.Len())
		}
	})
}

// stuttering gives few bytes at once.
type stuttering struct {
	rest []byte
	n    int
}

func (s *stuttering) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.n)], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func TestTheFolderIsForItsOwnerAloneAndHoldsNothingElse(t *testing.T) {
	c := onFolder(t)
	o := c.put(t, "case/1", random(100_000))
	info, err := os.Stat(c.folder)
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has the mode %o", info.Mode().Perm())
	}
	entries, err := os.ReadDir(c.folder)
	must(t, err)
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %o", e.Name(), info.Mode().Perm())
		}
		names = append(names, e.Name())
	}
	if len(names) != 2 || names[0] != o.Blob() && names[1] != o.Blob() {
		t.Errorf("%v", names)
	}
}

func TestWithoutARecordOfTheAccessNoByteFlows(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		ctx := context.Background()
		text := random(1000)
		o := c.put(t, "case/1", text)
		full := errors.New("the disk is full")
		for name, audit := range map[string]func(context.Context, vault.Access, vault.Object, vault.Taken) error{
			"none":           nil,
			"one that fails": func(context.Context, vault.Access, vault.Object, vault.Taken) error { return full },
		} {
			closed := &vault.Objects{Keys: c.Keys, Blobs: c.Blobs, Now: time.Now, Audit: audit}
			r, err := closed.Open(ctx, counsel, o.ID)
			if r != nil || !errors.Is(err, vault.ErrNoAudit) || audit != nil && !errors.Is(err, full) {
				t.Errorf("%s: %v, %v", name, r, err)
			}
			_, identity, err := closed.Recover(ctx, counsel, o.ID)
			if identity != "" || !errors.Is(err, vault.ErrNoAudit) {
				t.Errorf("%s: %q, %v", name, identity, err)
			}
		}
		r, err := c.Open(ctx, counsel, o.ID)
		must(t, err)
		if want := "token/1|to read the evidence|case/1|" + o.ID + "|text"; len(c.accesses) != 1 || c.accesses[0] != want {
			t.Errorf("before the first byte is recorded: %v", c.accesses)
		}
		must(t, r.Close())
		// What cannot be opened was not opened, and nothing is recorded of it.
		must(t, os.Remove(filepath.Join(c.folder, o.Blob())))
		_, err = c.get(o.ID)
		is(t, err, vault.ErrMissing)
		_, err = c.get("aaaaaaaaaaaaaaaaaaaaaaaa")
		is(t, err, vault.ErrNoObject)
		if len(c.accesses) != 1 {
			t.Errorf("recorded: %v", c.accesses)
		}
	})
}

func TestTheStockAgeProgramOpensWhatWasRecovered(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		text := random(200_000)
		o := c.put(t, "case/1", text)
		other := c.put(t, "case/1", text)
		of, identity, err := c.Recover(context.Background(), counsel, o.ID)
		must(t, err)
		if of != o || len(c.accesses) != 1 || !strings.HasSuffix(c.accesses[0], "|identity") {
			t.Errorf("%+v, %v", of, c.accesses)
		}
		identities, err := age.ParseIdentities(strings.NewReader(identity))
		must(t, err)
		file, err := os.Open(filepath.Join(c.folder, o.Blob()))
		must(t, err)
		defer file.Close()
		r, err := age.Decrypt(file, identities...)
		must(t, err)
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		wrong, err := os.Open(filepath.Join(c.folder, other.Blob()))
		must(t, err)
		defer wrong.Close()
		if _, err := age.Decrypt(wrong, identities...); err == nil {
			t.Error("one identity opens two objects")
		}
	})
}

func TestAnUploadThatFailsLeavesNothing(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		ctx := context.Background()
		c.put(t, "case/1", nil)
		before := names(t, c)
		gone := errors.New("the browser went away")
		for _, n := range []int{0, 100, 30 << 20} {
			_, err := c.Seal(ctx, "case/1", "", io.MultiReader(bytes.NewReader(random(n)), failing{gone}))
			is(t, err, gone)
		}
		// The owner is forgotten while the upload runs.
		_, err := c.Seal(ctx, "case/2", "", io.MultiReader(bytes.NewReader(random(100_000)), doing(func() { must(t, c.Keys.Forget(ctx, "case/2")) })))
		is(t, err, act.ErrForgotten)
		_, err = c.Seal(ctx, "case/2", "", failing{errors.New("it was read")})
		is(t, err, act.ErrForgotten)
		stopped, stop := context.WithCancel(ctx)
		_, err = c.Seal(stopped, "case/1", "", io.MultiReader(bytes.NewReader(random(1<<20)), doing(stop), bytes.NewReader(random(1<<20))))
		is(t, err, context.Canceled)
		if after := names(t, c); len(after) != len(before) {
			t.Errorf("there is %v, and was %v", after, before)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type doing func()

func (d doing) Read([]byte) (int, error) { d(); return 0, io.EOF }

// names lists the plain files of a chest.
func names(t *testing.T, c *chest) (names []string) {
	t.Helper()
	must(t, filepath.WalkDir(c.folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(path, c.folder+"/"))
		}
		return err
	}))
	return names
}

func TestForgettingAnOwnerMakesTheObjectsUnreadable(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		ctx := context.Background()
		lost, lostToo, kept := c.put(t, "case/1", random(10)), c.put(t, "case/1", random(100_000)), c.put(t, "case/2", random(10))
		_, identity, err := c.Recover(ctx, counsel, kept.ID)
		must(t, err)
		must(t, c.Keys.Forget(ctx, "case/1")) // killed before the blobs were removed
		for _, o := range []vault.Object{lost, lostToo} {
			_, err := c.get(o.ID)
			is(t, err, act.ErrForgotten)
			_, _, err = c.Recover(ctx, counsel, o.ID)
			is(t, err, act.ErrForgotten)
		}
		if byHash, opened := c.examine(t, 0); len(byHash)+len(opened) > 0 {
			t.Errorf("%v %v", byHash, opened)
		}
		removed, err := c.Sweep(ctx, time.Now().Add(-vault.Settled))
		must(t, err)
		if left := names(t, c); removed != 2 || len(left) != 2 {
			t.Errorf("%d are removed, %v are left", removed, left)
		}
		_, err = c.get(lost.ID)
		is(t, err, vault.ErrNoObject)
		_, err = c.get(kept.ID)
		must(t, err)

		f, err := c.Forget(ctx, "case/2")
		must(t, err)
		if f.Objects != 1 || len(f.KeyBackups) != 0 {
			t.Errorf("%+v", f)
		}
		if left := names(t, c); len(left) != 1 {
			t.Errorf("%v are left", left)
		}
		_ = identity // whoever has it could still open a copy of the blob: it was an access like any other
	})
}

// encryptTo seals a text to the recipient of an identity, as the age program does.
func encryptTo(t *testing.T, identity string, text []byte) []byte {
	t.Helper()
	i, err := age.ParseX25519Identity(identity)
	must(t, err)
	var file bytes.Buffer
	w, err := age.Encrypt(&file, i.Recipient())
	must(t, err)
	_, err = w.Write(text)
	must(t, err)
	must(t, w.Close())
	return file.Bytes()
}
