package vault

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
)

// forDigests names what is derived from the seed of the receipts' key, and is no signature.
const forDigests = "shingle digests of what was asked for, version 1"

// Digest returns a hash of a text that only whoever holds the keys can make: equal texts are told from
// different ones, and nobody without the keys can try what the text may have been.
//
// Its key is derived from the seed of the receipts' signing key (HKDF-SHA256, RFC 5869), so that it is in
// every backup of the keys and stays when the root key is replaced.
func (k *Keyring) Digest(text []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.digests == nil {
		var stored string
		err := k.db.QueryRowContext(context.Background(), "SELECT wrapped FROM signing_key WHERE purpose = $1", Receipt).Scan(&stored)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, ErrNotMade
		} else if err != nil {
			return nil, k.explain(err)
		}
		seed, err := unwrap(k.root, forSigning, Receipt, stored)
		if err != nil {
			return nil, err
		}
		derived, err := hkdf.Key(sha256.New, seed, nil, forDigests, sha256.Size)
		if err != nil {
			return nil, err
		}
		made := key(derived)
		k.digests = &made
	}
	mac := hmac.New(sha256.New, k.digests[:])
	_, _ = mac.Write(text) // never fails, see hash.Hash
	return mac.Sum(nil), nil
}
