package account

import (
	"crypto/rand"
	"crypto/sha256"
)

// NewSecret makes a secret of 130 bits, and what is kept of it.
func NewSecret() (secret string, hash []byte) {
	secret = rand.Text()
	return secret, HashOf(secret)
}

// HashOf is what a secret is looked up by: whoever reads the database cannot use it, and how long it takes says nothing
// about the secret.
func HashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
