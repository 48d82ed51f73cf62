package education

import (
	"encoding/hex"
	"strings"
	"time"

	"shingle/internal/act"
)

// Commit puts the hash of a seed on the record, before anyone knows whom it will draw.
type Commit struct {
	Commitment string `json:"commitment" label:"Commitment" hint:"SHA-256 of the seed, in hex"`
}

// SampleCommitted says by which seed a sample will be drawn, without telling it.
type SampleCommitted struct {
	Audit      string    `json:"audit"`
	Commitment string    `json:"commitment"` // SHA-256 of the seed, hex
	At         time.Time `json:"at"`
}

var hashGiven = act.Rule{
	ID: "EDU-26", Cites: "education.audit",
	Text: "A sample is committed to by the SHA-256 of its seed, and drawn by that seed.",
	Cure: "Give 64 hexadecimal digits; the seed in hexadecimal when the sample is drawn.",
}

var commitAct = act.Define(audits, "audit.commit", "Commits to the seed of a sample.",
	func(Commit, act.Meta) act.Target { return act.NextOfYear() }, Audit.commit)

func (a Audit) commit(f Facts, cmd Commit, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	sum := strings.ToLower(strings.TrimSpace(cmd.Commitment))
	if b, err := hex.DecodeString(sum); err != nil || len(b) != 32 {
		return nil, hashGiven.Refuse("%d characters that are no SHA-256", len(sum))
	}
	return []act.Event{SampleCommitted{f.ID, sum, m.At}}, nil
}
