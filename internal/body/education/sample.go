package education

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"shingle/internal/code"
)

// Commitment is what stands in the public log before a sample is drawn: the SHA-256 of the seed. Whoever put
// it there cannot choose another seed when the people are known.
func Commitment(seed []byte) string {
	sum := sha256.Sum256(seed)
	return hex.EncodeToString(sum[:])
}

// Sample draws whom an audit asks for evidence. Anyone who knows the seed and the people draws the same: each
// gets the SHA-256 of "shingle-audit/v1", the seed in hex and their number, on a line each, and the lowest
// are drawn, as many as the rate says, rounded up. It does not matter in which order the people are given, or
// whether one is given twice.
func Sample(seed []byte, people []string, rate code.Percent) []string {
	all := slices.Compact(slices.Sorted(slices.Values(people)))
	lots := make(map[string][]byte, len(all))
	for _, p := range all {
		lot := sha256.Sum256([]byte("shingle-audit/v1\n" + hex.EncodeToString(seed) + "\n" + p + "\n"))
		lots[p] = lot[:]
	}
	slices.SortFunc(all, func(a, b string) int { return bytes.Compare(lots[a], lots[b]) })
	n := (len(all)*int(rate) + 99) / 100
	return slices.Sorted(slices.Values(all[:n]))
}
