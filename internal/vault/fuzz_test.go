package vault_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzBlob puts anything in the place of a blob: it opens to what was sealed, or to an error after an
// authentic beginning.
func FuzzBlob(f *testing.F) {
	c := onFolder(f)
	text := random(70_000) // two chunks
	o := c.put(f, "case/1", text)
	path := filepath.Join(c.folder, o.Blob())
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(append(bytes.Clone(whole), 0))
	f.Add([]byte("age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n"))
	for _, i := range []int{0, 25, 100, 170, 190, 300, 66_000, len(whole) - 1} {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 0x10
		f.Add(flipped)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		must(t, os.WriteFile(path, file, 0o600))
		r, err := c.Open(context.Background(), counsel, o.ID)
		if err != nil {
			if bytes.Equal(file, whole) {
				t.Fatal(err)
			}
			return
		}
		got, err := io.ReadAll(r)
		must(t, r.Close())
		if !bytes.HasPrefix(text, got) {
			t.Fatal("what was not sealed was shown")
		}
		if (err == nil) != bytes.Equal(file, whole) || err == nil && len(got) != len(text) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	})
}

// FuzzObjectRow puts anything in the place of what the keys say of an object: it opens by the row that was
// written and by no other.
func FuzzObjectRow(f *testing.F) {
	c := onFolder(f)
	text := []byte("what the customer said")
	o := c.put(f, "case/1", text)
	c.put(f, "case/2", text)
	identity, sum := c.Keys.Row(f, o.ID)
	f.Add("case/1", "evidence", int64(len(text)), o.Stored, sum, identity)
	f.Add("case/2", "evidence", int64(len(text)), o.Stored, sum, identity)
	f.Add("case/1", "public", int64(len(text)), o.Stored, sum, identity)
	f.Add("case/1", "evidence", int64(0), int64(-1), strings.ToUpper(sum), identity[:len(identity)-4])
	f.Add("", "", int64(1), int64(1), "zz", "====")
	f.Fuzz(func(t *testing.T, owner, label string, size, stored int64, sha256, sealed string) {
		if strings.ContainsRune(owner+label+sha256+sealed, 0) {
			return // SQLite ends a text there
		}
		c.Keys.SetRow(t, o.ID, owner, label, size, stored, sha256, sealed)
		got, err := c.get(o.ID)
		same := owner == "case/1" && label == "evidence" && size == int64(len(text)) && stored == o.Stored && strings.EqualFold(sha256, sum) && sealed == identity
		if (err == nil) != same || err == nil && !bytes.Equal(got, text) {
			t.Fatalf("%q, %v", got, err)
		}
	})
}
