package vault_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"shingle/internal/vault"
)

// sealingFolder is the variable that makes the test binary seal in a folder until it is killed.
const sealingFolder = "SHINGLE_TEST_SEALING"

// openIn opens the objects in a folder.
func openIn(folder string) (*vault.Objects, error) {
	ctx := context.Background()
	path, rootPath := filepath.Join(folder, "keys.db"), filepath.Join(folder, "root.key")
	if err := vault.InitFile(ctx, path, rootPath); err != nil {
		return nil, err
	}
	root, err := vault.ReadRoot(rootPath)
	if err != nil {
		return nil, err
	}
	k, err := vault.OpenFile(ctx, path, root)
	if err != nil {
		return nil, err
	}
	blobs, err := vault.OpenBlobs(ctx, filepath.Join(folder, "blobs"))
	audit := func(context.Context, vault.Access, vault.Object, vault.Taken) error { return nil }
	return &vault.Objects{Keys: k, Blobs: blobs, Now: time.Now, Audit: audit}, err
}

// sealUntilKilled seals objects of all sizes from several goroutines, and writes the id and size of each
// once it is acknowledged.
func sealUntilKilled(folder string) {
	o, err := openIn(folder)
	if err != nil {
		panic(err)
	}
	for g := range 3 {
		go func() {
			for i := 0; ; i++ {
				size := rand.IntN(300_000)
				sealed, err := o.Seal(context.Background(), fmt.Sprintf("case/%d-%d", g, i%5), "", bytes.NewReader(random(size)))
				if err != nil {
					panic(err)
				}
				fmt.Printf("sealed %s %d\n", sealed.ID, size)
			}
		}()
	}
	select {}
}

// TestWhatWasSealedWhenTheProcessIsKilledIsThere kills whoever seals, again and again, and holds the vault to
// what was acknowledged. What was not may be there or not, and must not be half there.
func TestWhatWasSealedWhenTheProcessIsKilledIsThere(t *testing.T) {
	kills := 8
	if os.Getenv("SHINGLE_TORTURE") != "" {
		kills = 300
	}
	folder := t.TempDir()
	acknowledged := map[string]int{}
	for range kills {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), sealingFolder+"="+folder)
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		must(t, err)
		must(t, c.Start())
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if n == 0 { // killed at a random moment of its work
				time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { _ = c.Process.Kill() })
			}
			word := strings.Fields(lines.Text())
			if len(word) != 3 || word[0] != "sealed" {
				t.Fatalf("it says %q", lines.Text())
			}
			size, err := strconv.Atoi(word[2])
			must(t, err)
			acknowledged[word[1]] = size
		}
		_ = c.Wait()
	}
	o, err := openIn(folder)
	must(t, err)
	defer o.Keys.Close()
	ctx := context.Background()
	for id, size := range acknowledged {
		r, err := o.Open(ctx, counsel, id)
		must(t, err)
		got, err := io.ReadAll(r)
		must(t, err)
		must(t, r.Close())
		if !bytes.Equal(got, random(size)) {
			t.Errorf("%s opens to something else", id)
		}
	}
	faults, err := o.Examine(ctx, vault.Examination{Before: time.Now().Add(time.Hour)})
	must(t, err)
	removed, err := o.Sweep(ctx, time.Now().Add(time.Hour))
	must(t, err)
	for _, f := range faults {
		if !strings.Contains(f, "has no row among the keys") {
			t.Error(f)
		}
	}
	if removed != len(faults) || len(acknowledged) < kills {
		t.Errorf("%d acknowledged, %d left over, %d removed", len(acknowledged), len(faults), removed)
	}
	t.Logf("%d kills: %d acknowledged, all there; %d blobs and drafts were left over and removed", kills, len(acknowledged), removed)
}
