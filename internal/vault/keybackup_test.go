package vault_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shingle/internal/vault"
)

// TestWhoeverIsForgottenIsToldWhichBackupsHoldTheirKey keeps the list of key backups through an expiry, one that
// failed, and a restore.
func TestWhoeverIsForgottenIsToldWhichBackupsHoldTheirKey(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		ctx := t.Context()
		c := newChest(t, r.make(), filepath.Join(t.TempDir(), "blobs"), "")
		made := time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)
		forEver := vault.KeyBackup{Made: made}
		aYear := vault.KeyBackup{Made: made.AddDate(0, 1, 0), Expires: made.AddDate(1, 1, 0)}
		var packed bytes.Buffer
		for _, b := range []vault.KeyBackup{forEver, aYear} {
			packed.Reset()
			_, err := c.Keys.Pack(ctx, r.rootPath, b, &packed)
			must(t, err)
		}
		failed := vault.KeyBackup{Made: made.AddDate(0, 2, 0)}
		if _, err := c.Keys.Pack(ctx, r.rootPath, failed, broken{}); !errors.Is(err, errBroken) {
			t.Errorf("written nowhere: %v", err)
		}
		must(t, c.Keys.Discard(ctx, failed))

		told := func(owner string, at time.Time) []vault.KeyBackup {
			c.put(t, owner, random(10))
			c.Now = func() time.Time { return at }
			f, err := c.Forget(ctx, owner)
			must(t, err)
			return f.KeyBackups
		}
		if got := told("case/1", aYear.Expires.Add(-time.Second)); !slices.Equal(got, []vault.KeyBackup{forEver, aYear}) {
			t.Errorf("before one expires: %s", got)
		}
		if got := told("case/2", aYear.Expires); !slices.Equal(got, []vault.KeyBackup{forEver}) {
			t.Errorf("once it has: %s", got)
		}

		path, rootPath := filepath.Join(t.TempDir(), "keys.db"), filepath.Join(t.TempDir(), "root.key")
		_, err := vault.UnpackFile(ctx, &packed, path, rootPath)
		must(t, err)
		root, err := vault.ReadRoot(rootPath)
		must(t, err)
		restored, err := vault.OpenFile(ctx, path, root)
		must(t, err)
		list, err := restored.KeyBackups(ctx, made)
		must(t, errors.Join(err, restored.Close()))
		if !slices.Equal(list, []vault.KeyBackup{forEver, aYear}) {
			t.Errorf("a keyring that was restored from the last one knows %s", list)
		}
		if got, want := aYear.String(), "the backup of keys of 2027-04-01 10:00:00 UTC, to be destroyed by 2028-04-01"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// broken is where nothing can be written.
type broken struct{}

var errBroken = errors.New("no space left on device")

func (broken) Write([]byte) (int, error) { return 0, errBroken }
