package casefile_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/internal/vault"
)

var examination = vault.Examination{Hashes: true}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// proves fails unless a proof shows that the leaf in it is in the log with a key.
func proves(t *testing.T, proof, key string) {
	t.Helper()
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := torchwood.ProofExtraData([]byte(proof))
	if err != nil || !strings.Contains(string(leaf), `"type":`) {
		t.Fatalf("the leaf is %q: %v", leaf, err)
	}
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(verifier.Name()), torchwood.SingleVerifierPolicy(verifier))
	if err := torchwood.VerifyProof(policy, tlog.RecordHash(leaf), []byte(proof)); err != nil {
		t.Error(err)
	}
}
