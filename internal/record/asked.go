package record

import (
	"crypto/sha256"
	"fmt"

	"shingle/internal/act"
)

// hash returns what is kept of a request that has an idempotency key: enough to tell it from another one.
// What somebody confided is told apart by a hash that cannot be guessed at without the keys.
func (r *Record) hash(cmd any) ([]byte, error) {
	print, err := act.Fingerprint(cmd)
	if err != nil {
		return nil, err
	}
	print = fmt.Appendf(print, "%T", cmd)
	if confided := act.Confided(cmd); len(confided) > 0 {
		digest, err := r.Keys.Digest(confided)
		if err != nil {
			return nil, fmt.Errorf("the request cannot be told from others: %w", err)
		}
		print = append(print, digest...)
	}
	sum := sha256.Sum256(print)
	return sum[:], nil
}
