package vault_test

import (
	"bytes"
	"crypto/sha256"
	"testing"
)

func TestADigestIsTheSameAfterwardsAndNobodyElses(t *testing.T) {
	onBoth(t, func(t *testing.T, r ring) {
		k := r.make()
		digest := func(text string) []byte {
			t.Helper()
			d, err := k.Digest([]byte(text))
			must(t, err)
			return d
		}
		first := digest("canary")
		if bytes.Equal(first, digest("another")) {
			t.Error("two texts, one digest")
		}
		if plain := sha256.Sum256([]byte("canary")); bytes.Equal(first, plain[:]) {
			t.Error("anybody can make it")
		}
		k = r.reopen()
		if !bytes.Equal(first, digest("canary")) {
			t.Error("it is another after a restart")
		}
	})
	var made [][]byte
	onBoth(t, func(t *testing.T, r ring) {
		d, err := r.make().Digest([]byte("canary"))
		must(t, err)
		made = append(made, d)
	})
	if bytes.Equal(made[0], made[1]) {
		t.Error("two keyrings make the same digest")
	}
}
