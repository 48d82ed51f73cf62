package vault_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"shingle/internal/vault"
)

func TestLookingAtAKeyringChangesNothing(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path := filepath.Join(dir, "keys.db")
	must(t, vault.InitFile(ctx, path, filepath.Join(dir, "root.key")))
	root, err := vault.ReadRoot(filepath.Join(dir, "root.key"))
	must(t, err)
	k, err := vault.OpenFile(ctx, path, root)
	must(t, err)
	_, want, err := k.Signer(ctx, vault.Log, "x/log")
	must(t, err)
	// Beside whoever has it open, and when nobody has.
	for _, open := range []bool{true, false} {
		if !open {
			must(t, k.Close())
		}
		read, err := vault.ReadFile(ctx, path, root)
		must(t, err)
		if _, got, err := read.Signer(ctx, vault.Log, "x/log"); err != nil || got != want {
			t.Errorf("the key is %s, not %s: %v", got, want, err)
		}
		must(t, read.Close())
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
		t.Errorf("%v lie there: %v", files, err)
	}

	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec("DELETE FROM schema_keys WHERE version_id > 0")
	must(t, errors.Join(err, db.Close()))
	if _, err := vault.ReadFile(ctx, path, root); !errors.Is(err, vault.ErrOlder) {
		t.Errorf("an older keyring: %v", err)
	}
	if _, err := vault.ReadFile(ctx, path+"x", root); !errors.Is(err, vault.ErrNotMade) {
		t.Errorf("no keyring: %v", err)
	}
}
