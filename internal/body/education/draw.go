package education

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Draw draws the sample by the seed that was committed to.
type Draw struct {
	Audit string `json:"audit" label:"Audit" hint:"for example 2026-0001"`
	Seed  string `json:"seed" label:"Seed" hint:"in hex"`
}

// SampleDrawn says who is asked for evidence. Who has the list of people, whose hash is here, and the seed
// draws the same.
type SampleDrawn struct {
	Audit    string       `json:"audit"`
	Seed     string       `json:"seed"` // hex
	Rate     code.Percent `json:"rate"`
	People   int          `json:"people"`
	List     string       `json:"people_sha256"` // SHA-256 of their numbers, sorted, a line each
	Drawn    []string     `json:"drawn"`
	AnswerBy act.Date     `json:"answer_by,omitzero"` // the last day to show the evidence
	At       time.Time    `json:"at"`
}

var committedBefore = act.Rule{
	ID: "EDU-27", Cites: "education.audit",
	Text: "A sample is drawn once, and only when its commitment has stood in the public log for the time that the code sets.",
	Cure: "Commit to a seed with audit.commit, and wait.",
}

var rateSet = act.Rule{
	ID: "EDU-28", Cites: "education.audit",
	Text: "Whom to ask for evidence is drawn where the code sets a rate.",
	Cure: "Have the board set education.audit.",
}

var drawAct = act.Define(audits, "audit.draw", "Draws whom an audit asks for evidence.",
	func(cmd Draw, _ act.Meta) act.Target { return act.To(cmd.Audit) }, Audit.draw)

func (a Audit) draw(f Facts, cmd Draw, m act.Meta) ([]act.Event, error) {
	if err := f.founded(); err != nil {
		return nil, err
	}
	audit := f.Scheme.Audit
	seed, err := hex.DecodeString(strings.TrimSpace(cmd.Seed))
	switch {
	case a.Commitment == "" || a.IsDrawn:
		return nil, committedBefore.Refuse("audit %q has no open commitment", f.ID)
	case audit.Rate == 0:
		return nil, rateSet.Refuse("it sets none")
	case err != nil || Commitment(seed) != a.Commitment:
		return nil, hashGiven.Refuse("this seed is not the one that was committed to")
	}
	if from := a.DrawnFrom(f.Scheme, f.Zone); m.At.Before(from) {
		return nil, committedBefore.Refuse("it may be drawn from %s on", act.DateIn(from, f.Zone))
	}
	people := slices.Compact(slices.Sorted(slices.Values(f.People)))
	list := sha256.Sum256([]byte(strings.Join(people, "\n") + "\n"))
	e := SampleDrawn{
		Audit: f.ID, Seed: hex.EncodeToString(seed), Rate: audit.Rate, People: len(people), List: hex.EncodeToString(list[:]),
		Drawn: Sample(seed, people, audit.Rate), At: m.At,
	}
	if !audit.Answer.IsZero() {
		e.AnswerBy = code.LastDay(f.today(m), audit.Answer, nil)
	}
	return []act.Event{e}, nil
}

// DrawnFrom returns from when on a sample may be drawn under a scheme.
func (a Audit) DrawnFrom(e code.Education, zone *time.Location) time.Time {
	if e.Audit.Seed.IsZero() {
		return a.Committed
	}
	return code.Deadline(a.Committed, e.Audit.Seed, zone, nil)
}
