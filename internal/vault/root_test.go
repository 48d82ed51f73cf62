package vault_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/pgtest"
	"shingle/internal/vault"
)

func TestAnotherKeyringsRootIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		must(t, r.make().Close())
		other, err := vault.MakeRoot(filepath.Join(t.TempDir(), "other.key"))
		must(t, err)
		_, err = r.open(other)
		is(t, err, vault.ErrRootWrong)
		_, err = r.open(vault.Root{})
		is(t, err, vault.ErrRootMissing)
	})
}

func TestInitNeitherOverwritesNorRepeats(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		ctx := context.Background()
		k := r.make()
		sealed := seal(t, k, "person/1", "Ada")
		must(t, k.Sync())
		_, vkey, err := k.Signer(ctx, vault.Log, "demo.example/log")
		must(t, err)
		must(t, k.Close())
		root := rootBytes(t, r.rootPath)

		k = r.make()
		opens(t, k, "person/1", sealed, "Ada")
		if _, again, err := k.Signer(ctx, vault.Log, "demo.example/log"); err != nil || again != vkey {
			t.Errorf("the log's key is %s, %v; was %s", again, err, vkey)
		}
		if !bytes.Equal(root, rootBytes(t, r.rootPath)) {
			t.Error("the root key was overwritten")
		}
		_, err = vault.MakeRoot(r.rootPath)
		is(t, err, vault.ErrRootExists)

		// With the root key lost, a new one must not take its place.
		must(t, os.Remove(r.rootPath))
		is(t, r.init(r.rootPath), vault.ErrRootMissing)
		if _, err := os.Stat(r.rootPath); err == nil {
			t.Error("a root key was made for a keyring that has another")
		}
		// Nor may the root key of another keyring.
		_, err = vault.MakeRoot(r.rootPath)
		must(t, err)
		is(t, r.init(r.rootPath), vault.ErrRootWrong)
	})
}

func TestInitCompletesWhatWasInterrupted(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		_, err := vault.MakeRoot(r.rootPath) // … and then the power went
		must(t, err)
		k := r.make()
		_, _, err = k.Signer(context.Background(), vault.Receipt, "demo.example/receipt")
		must(t, err)
	})
}

func TestOpeningWhatWasNeverMadeIsRefused(t *testing.T) {
	ctx := context.Background()
	root, err := vault.MakeRoot(filepath.Join(t.TempDir(), "root.key"))
	must(t, err)
	path := filepath.Join(t.TempDir(), "keys.db")
	_, err = vault.OpenFile(ctx, path, root)
	is(t, err, vault.ErrNotMade)
	if _, err := os.Stat(path); err == nil {
		t.Error("opening made a file")
	}
	_, err = vault.OpenDatabase(ctx, pgtest.URL(t), root)
	is(t, err, vault.ErrNotMade)

	must(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600))
	if _, err = vault.OpenFile(ctx, path, root); err == nil || !strings.Contains(err.Error(), "not a sound SQLite database") {
		t.Errorf("got %v", err)
	}
	if _, err = vault.OpenDatabase(ctx, "postgres://x:hush@[", root); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}

func TestRootKeyFiles(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		want          error
	}{
		{"as made", "# header\n" + good + "\n", 0o600, nil},
		{"read only, other line ends", "\r\n# header\r\n" + good + "\r\n", 0o400, nil},
		{"readable by the group", good, 0o640, vault.ErrRootExposed},
		{"readable by others", good, 0o604, vault.ErrRootExposed},
		{"writable by the group", good, 0o620, vault.ErrRootExposed},
		{"empty", "", 0o600, vault.ErrRootUnreadable},
		{"only a header", "# header\n", 0o600, vault.ErrRootUnreadable},
		{"two keys", good + "\n" + good + "\n", 0o600, vault.ErrRootUnreadable},
		{"too short", base64.StdEncoding.EncodeToString(make([]byte, 31)), 0o600, vault.ErrRootUnreadable},
		{"too long", base64.StdEncoding.EncodeToString(make([]byte, 33)), 0o600, vault.ErrRootUnreadable},
		{"not base64", strings.Repeat("!", 44), 0o600, vault.ErrRootUnreadable},
		{"something else", strings.Repeat("x", 10_000), 0o600, vault.ErrRootUnreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "root.key")
			must(t, os.WriteFile(path, []byte(c.content), c.mode))
			must(t, os.Chmod(path, c.mode))
			_, err := vault.ReadRoot(path)
			is(t, err, c.want)
			if err != nil && (strings.Contains(err.Error(), good) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), ";")) {
				t.Errorf("not one sentence with a hint, or a secret in it: %v", err)
			}
		})
	}
	_, err := vault.ReadRoot(filepath.Join(t.TempDir(), "none"))
	is(t, err, vault.ErrRootMissing)
}

func TestARootKeyDoesNotPrintItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	root, err := vault.MakeRoot(path)
	must(t, err)
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("opened", "root", root)
	fmt.Fprintf(&out, "%v %+v %#v %s %d %x %v", root, root, root, root, root, root, []any{root})
	want := strings.Repeat("[root key] ", 6) + "[[root key]]"
	if !strings.HasSuffix(out.String(), want) || !strings.Contains(out.String(), `root="[root key]"`) {
		t.Error(out.String())
	}
}

// rootBytes returns the root key as it stands in its file.
func rootBytes(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	b, err := base64.StdEncoding.DecodeString(lines[len(lines)-1])
	must(t, err)
	return b
}

// A crash while the root key is written leaves a draft, which the next one clears away.
func TestARootKeyIsWholeOrNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	if err := os.WriteFile(path+".new", []byte("# Root key of"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.ReadRoot(path); !errors.Is(err, vault.ErrRootMissing) {
		t.Errorf("a draft was read as a root key: %v", err)
	}
	if _, err := vault.MakeRoot(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the draft is left: %v", err)
	}
	if _, err := vault.ReadRoot(path); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}
