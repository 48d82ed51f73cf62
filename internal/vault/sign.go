package vault

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// What signing keys are for.
const (
	Log     = "log"     // checkpoints of the public log
	Receipt = "receipt" // standing receipts
)

var purposes = []string{Log, Receipt}

// Signer returns the signing key for a purpose under a key name, e.g. "demo.example/log", and its public
// half as a C2SP vkey. The key is Ed25519, made once when the keyring was.
func (k *Keyring) Signer(ctx context.Context, purpose, name string) (signer note.Signer, vkey string, err error) {
	var stored string
	err = k.db.QueryRowContext(ctx, "SELECT wrapped FROM signing_key WHERE purpose = $1", purpose).Scan(&stored)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", fmt.Errorf("vault: there is no signing key for %q", purpose)
	} else if err != nil {
		return nil, "", k.explain(err)
	}
	seed, err := unwrap(k.root, forSigning, purpose, stored)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, "", fmt.Errorf("the signing key for the %s was changed in the keyring; restore the keys from a backup", purpose)
	}
	private := ed25519.NewKeyFromSeed(seed)
	vkey, err = note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, "", err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, "", fmt.Errorf("the name %q cannot be a signing key's: it has spaces or a plus sign", name)
	}
	return signingKey{verifier, private}, vkey, nil
}

// signingKey signs notes. It never prints its private half.
type signingKey struct {
	note.Verifier
	private ed25519.PrivateKey
}

// Sign implements [note.Signer].
func (s signingKey) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.private, msg), nil }

func (s signingKey) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "[signing key %s]", s.Name()) }
