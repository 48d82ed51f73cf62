package vault

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// Distrust makes the keyring ask whether a key was destroyed, as it does after a second.
func (k *Keyring) Distrust() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.checked = time.Time{}
}

// Empty drops the keys in memory, as happens when there are many.
func (k *Keyring) Empty() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.cached)
}

// KeyOf returns an owner's key in the clear.
func (k *Keyring) KeyOf(owner string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cached[owner][0][:]
}

// KeysOf returns how many keys are stored for an owner.
func (k *Keyring) KeysOf(t *testing.T, owner string) int {
	keys, err := k.load(context.Background(), owner)
	if err != nil {
		t.Fatal(err)
	}
	return len(keys)
}

// Destroy is Forget, killed before the write-ahead log is emptied.
func (k *Keyring) Destroy(ctx context.Context, owner string) error { return k.destroy(ctx, owner) }

// Pragma reads a setting of the SQLite connection.
func (k *Keyring) Pragma(t *testing.T, name string) (value string) {
	if err := k.db.QueryRow("PRAGMA " + name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestMemoryIsBounded(t *testing.T) {
	k := newKeyring(nil, true)
	for i := range 3 * cacheSize {
		k.remember(fmt.Sprint(i), []key{newKey()})
		if len(k.cached) > cacheSize {
			t.Fatalf("%d owners are in memory", len(k.cached))
		}
	}
	if _, ok := k.cached[fmt.Sprint(3*cacheSize-1)]; !ok {
		t.Error("the newest is not in memory")
	}
}

// FillDisk lets the SQLite file grow no further, or again.
func (k *Keyring) FillDisk(t *testing.T, full bool) {
	pages := 1 << 30
	if full {
		pages = 1 // SQLite makes it as many as the file has
	}
	if _, err := k.db.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

// Change changes rows behind the keyring's back.
func (k *Keyring) Change(t *testing.T, statement string) {
	if _, err := k.db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// Row returns what is kept of an object that is not in [Object].
func (k *Keyring) Row(t testing.TB, id string) (identity, sum string) {
	if err := k.db.QueryRow("SELECT identity, sha256 FROM object WHERE id = $1", id).Scan(&identity, &sum); err != nil {
		t.Fatal(err)
	}
	return identity, sum
}

// SetRow writes an object's row anew.
func (k *Keyring) SetRow(t testing.TB, id, owner, label string, size, stored int64, sum, identity string) {
	_, err := k.db.Exec("UPDATE object SET owner = $1, label = $2, size = $3, stored = $4, sha256 = $5, identity = $6 WHERE id = $7", owner, label, size, stored, sum, identity, id)
	if err != nil {
		t.Fatal(err)
	}
}
