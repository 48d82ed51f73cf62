package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// AuditCommitted says by which seed a body will draw whom it asks for evidence of their education, without telling it:
// whoever put it there could not choose another seed when the people were known.
type AuditCommitted struct {
	Audit      string    `json:"audit"`      // its number, e.g. "2026-0001"
	Commitment string    `json:"commitment"` // SHA-256 of the seed, in hex
	At         time.Time `json:"at"`
	Record     Record    `json:"record"`
}

// AuditDrawn tells the seed. Who has the list of people, whose hash is here, draws the same.
type AuditDrawn struct {
	Audit  string    `json:"audit"`
	Seed   string    `json:"seed"`          // in hex
	Rate   int64     `json:"rate"`          // percent of the people
	People int64     `json:"people"`        // how many there are
	SHA256 string    `json:"people_sha256"` // of their numbers, sorted, a line each
	Drawn  int64     `json:"drawn"`         // how many of them
	At     time.Time `json:"at"`
	Record Record    `json:"record"`
}

// The names of these types on the wire.
const (
	TypeAuditCommitted = "audit.committed"
	TypeAuditDrawn     = "audit.drawn"
)

func (AuditCommitted) Type() string { return TypeAuditCommitted }
func (AuditDrawn) Type() string     { return TypeAuditDrawn }

func (s AuditCommitted) When() time.Time { return s.At }
func (s AuditDrawn) When() time.Time     { return s.At }

func (s AuditCommitted) From() Record { return s.Record }
func (s AuditDrawn) From() Record     { return s.Record }

func (s AuditCommitted) Canonical() ([]byte, error) {
	s.At = s.At.UTC()
	return canonical(s, s.check(), s)
}

func (s AuditDrawn) Canonical() ([]byte, error) {
	s.At = s.At.UTC()
	return canonical(s, s.check(), s)
}

func (s AuditCommitted) check() error {
	return first(named("audit", checkToken(s.Audit)), named("commitment", checkHash(s.Commitment)), checkPlace(s))
}

func (s AuditDrawn) check() error {
	var rate error
	if s.Rate < 0 || s.Rate > 100 {
		rate = fmt.Errorf("%d is no percentage", s.Rate)
	}
	_, err := hex.DecodeString(s.Seed)
	return first(
		named("audit", checkToken(s.Audit)), named("seed", err), named("rate", rate), named("people", checkNumber(s.People, 0)),
		named("people_sha256", checkHash(s.SHA256)), named("drawn", checkNumber(s.Drawn, 0)), checkPlace(s))
}

// drawn compares a sample's seed with what was committed to before.
func (c *logCheck) drawn(index int64, s AuditDrawn) {
	seed, _ := hex.DecodeString(s.Seed) // it was looked at when the leaf was read
	sum := sha256.Sum256(seed)
	switch commitment, known := c.audits[s.Audit]; {
	case !known:
		c.misfit(index, "it draws the sample %s, and no leaf before it commits to a seed", s.Audit)
	case commitment != hex.EncodeToString(sum[:]):
		c.misfit(index, "its seed is not the one that was committed to for the sample %s", s.Audit)
	}
}
