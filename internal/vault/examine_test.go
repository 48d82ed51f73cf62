package vault_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/vault"
)

// TestWhateverHappensToABlobIsFoundAndNamed tampers with blobs, and holds every reading to what was sealed.
func TestWhateverHappensToABlobIsFoundAndNamed(t *testing.T) {
	text := random(200_000)
	cases := map[string]struct {
		with func(file []byte) []byte
		want error
	}{
		"a bit of the header":   {flipAt(30), vault.ErrAltered},
		"a bit of the nonce":    {flipAt(190), vault.ErrAltered},
		"a bit of a chunk":      {flipAt(100_000), vault.ErrAltered},
		"the last bit":          {flipAt(-1), vault.ErrAltered},
		"cut off by a byte":     {func(f []byte) []byte { return f[:len(f)-1] }, vault.ErrTruncated},
		"cut off after a chunk": {func(f []byte) []byte { return f[:len(f)-(200_000-3<<16)-16] }, vault.ErrTruncated},
		"cut off to nothing":    {func([]byte) []byte { return nil }, vault.ErrTruncated},
		"something appended":    {func(f []byte) []byte { return append(f, 0) }, vault.ErrAltered},
		"removed":               {nil, vault.ErrMissing},
	}
	onChests(t, func(t *testing.T, c *chest) {
		sound := c.put(t, "case/2027-0007", text)
		for name, tamper := range cases {
			t.Run(name, func(t *testing.T) {
				o := c.put(t, "case/2027-0007", text)
				path := filepath.Join(c.folder, o.Blob())
				file, err := os.ReadFile(path)
				must(t, err)
				if tamper.with == nil {
					must(t, os.Remove(path))
				} else {
					must(t, os.WriteFile(path, tamper.with(bytes.Clone(file)), 0o600))
				}
				r, err := c.Open(context.Background(), counsel, o.ID)
				if err == nil {
					var got []byte
					got, err = io.ReadAll(r)
					if !bytes.HasPrefix(text, got) {
						t.Error("what is not authentic was shown")
					}
					_ = r.Close()
				}
				is(t, err, tamper.want)
				byHash, opened := c.examine(t, 0)
				for how, faults := range map[string][]string{"by its hash": byHash, "by opening it": opened} {
					if len(faults) != 1 || !strings.Contains(faults[0], "object "+o.ID+" of case/2027-0007: "+tamper.want.Error()) {
						t.Errorf("%s: %q", how, faults)
					}
				}
				_, err = c.get(sound.ID)
				must(t, err)
				must(t, os.WriteFile(path, file, 0o600))
				got, err := c.get(o.ID)
				if err != nil || !bytes.Equal(got, text) {
					t.Errorf("as it was, it opens to something else: %v", err)
				}
			})
		}
	})
}

func flipAt(i int) func([]byte) []byte {
	return func(f []byte) []byte {
		if i < 0 {
			f[len(f)+i] ^= 1
		} else {
			f[i] ^= 1
		}
		return f
	}
}

func TestBlobsThatChangedPlacesAreFound(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		a, b := c.put(t, "case/1", random(5000)), c.put(t, "case/1", random(5000))
		pa, pb := filepath.Join(c.folder, a.Blob()), filepath.Join(c.folder, b.Blob())
		must(t, os.Rename(pa, pa+"x"))
		must(t, os.Rename(pb, pa))
		must(t, os.Rename(pa+"x", pb))
		byHash, opened := c.examine(t, 0)
		if len(byHash) != 2 || len(opened) != 2 {
			t.Errorf("%q %q", byHash, opened)
		}
		_, err := c.get(a.ID)
		is(t, err, vault.ErrAltered)
	})
}

// TestAFileSealedToTheSameIdentityIsNotTheObject stands for whoever once recovered an identity and now
// exchanges the blob: age alone would open it.
func TestAFileSealedToTheSameIdentityIsNotTheObject(t *testing.T) {
	c := onFolder(t)
	o := c.put(t, "case/1", []byte("the true text"))
	_, identity, err := c.Recover(context.Background(), counsel, o.ID)
	must(t, err)
	forged := encryptTo(t, identity, []byte("another text!"))
	if int64(len(forged)) != o.Stored {
		t.Fatalf("%d bytes", len(forged))
	}
	must(t, os.WriteFile(filepath.Join(c.folder, o.Blob()), forged, 0o600))
	_, err = c.get(o.ID)
	is(t, err, vault.ErrAltered)
	if byHash, opened := c.examine(t, 0); len(byHash) != 1 || len(opened) != 1 {
		t.Errorf("%q %q", byHash, opened)
	}
}

func TestARowThatWasAlteredOpensNothing(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		other := c.put(t, "case/2", random(5000))
		for _, change := range []string{
			"owner = 'case/2'", "label = 'public'", "size = size + 1", "sha256 = '" + strings.Repeat("0", 64) + "'", "sha256 = 'x'", "identity = ''", "identity = 'AAAA'", "identity = '!'",
			"identity = (SELECT identity FROM object WHERE id = '" + other.ID + "')",
		} {
			o := c.put(t, "case/1", random(5000))
			c.Keys.Change(t, "UPDATE object SET "+change+" WHERE id = '"+o.ID+"'")
			_, err := c.get(o.ID)
			is(t, err, vault.ErrUnbound)
			_, _, err = c.Recover(context.Background(), counsel, o.ID)
			is(t, err, vault.ErrUnbound)
			if _, opened := c.examine(t, 0); len(opened) != 1 || !strings.Contains(opened[0], o.ID) || !strings.Contains(opened[0], vault.ErrUnbound.Error()) {
				t.Errorf("%s: %q", change, opened)
			}
			c.Keys.Change(t, "DELETE FROM object WHERE id = '"+o.ID+"'")
			must(t, c.Blobs.Remove(context.Background(), o.Blob()))
		}
		if len(c.accesses) > 0 {
			t.Errorf("recorded: %v", c.accesses)
		}
	})
}

func TestWhatACrashLeftIsNamedAndRemovedOnceItIsOld(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		ctx := context.Background()
		kept := c.put(t, "case/1", random(5000))
		// Killed between the blob and its row; and, in a folder, in the middle of the blob.
		orphan := "abcdefghijklmnopqrstuvwx.age"
		_, err := c.Blobs.Write(ctx, orphan, bytes.NewReader(random(5000)))
		must(t, err)
		draft := orphan + ".18a2b3c4d5e6f708.tmp"
		must(t, os.WriteFile(filepath.Join(c.folder, draft), random(10), 0o600))
		for _, foreign := range []string{"notes.txt", "abcdefghijklmnopqrstuvwx.age.bak"} {
			must(t, os.WriteFile(filepath.Join(c.folder, foreign), nil, 0o600))
		}
		if byHash, opened := c.examine(t, vault.Settled); len(byHash)+len(opened) > 0 {
			t.Errorf("an upload under way is a fault: %q %q", byHash, opened)
		}
		removed, err := c.Sweep(ctx, time.Now().Add(-vault.Settled))
		must(t, err)
		if left := names(t, c); removed != 0 || len(left) != 6 {
			t.Errorf("%d are removed, %v are left", removed, left)
		}
		byHash, opened := c.examine(t, -time.Hour)
		for _, faults := range [][]string{byHash, opened} {
			if len(faults) != 2 || !strings.Contains(faults[0], "blob "+orphan+" has no row") || !strings.Contains(faults[1], draft) {
				t.Errorf("%q", faults)
			}
		}
		removed, err = c.Sweep(ctx, time.Now().Add(time.Hour))
		must(t, err)
		if left := names(t, c); removed != 2 || len(left) != 4 {
			t.Errorf("%d are removed, %v are left", removed, left)
		}
		_, err = c.get(kept.ID)
		must(t, err)
	})
}

func TestAnotherVaultsBlobsAreLeftAlone(t *testing.T) {
	onChests(t, func(t *testing.T, theirs *chest) {
		ctx := context.Background()
		o := theirs.put(t, "case/1", random(5000))
		before := names(t, theirs)
		for _, hasOwn := range []bool{false, true} {
			ours := onFolder(t)
			if hasOwn {
				ours.put(t, "case/1", random(10))
			}
			lost := &vault.Objects{Keys: ours.Keys, Blobs: theirs.Blobs, Now: time.Now}
			_, err := lost.Seal(ctx, "case/1", "", bytes.NewReader(nil))
			is(t, err, vault.ErrForeign)
			_, err = lost.Sweep(ctx, time.Now().Add(time.Hour))
			is(t, err, vault.ErrForeign)
			_, err = lost.Examine(ctx, vault.Examination{Before: time.Now().Add(time.Hour)})
			is(t, err, vault.ErrForeign)
			if !hasOwn {
				continue
			}
			empty := newChest(t, ours.Keys, filepath.Join(t.TempDir(), "empty"), "")
			_, err = empty.Examine(ctx, vault.Examination{})
			is(t, err, vault.ErrForeign)
			if _, err := empty.Seal(ctx, "case/1", "", bytes.NewReader(nil)); err == nil || !strings.Contains(err.Error(), "has no file shingle-blobs") {
				t.Error(err)
			}
		}
		if after := names(t, theirs); len(after) != len(before) {
			t.Errorf("there is %v, and was %v", after, before)
		}
		_, err := theirs.get(o.ID)
		must(t, err)
	})
}

func TestAVaultWithoutObjectsIsSound(t *testing.T) {
	c := onFolder(t)
	if byHash, opened := c.examine(t, 0); len(byHash)+len(opened) > 0 {
		t.Error(byHash, opened)
	}
	if n, err := c.Sweep(context.Background(), time.Now()); n != 0 || err != nil {
		t.Error(n, err)
	}
	if _, err := os.Stat(c.folder); !os.IsNotExist(err) {
		t.Error("looking made a folder")
	}
}
