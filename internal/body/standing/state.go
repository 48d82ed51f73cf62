package standing

import (
	"slices"
	"time"

	"shingle/internal/act"
)

// Stated is the public statement of a member's standing, as the public log keeps it. One is made
// whenever the public standing changes, and when the name, domains or signed text beside it do.
type Stated struct {
	Member      string    `json:"member"` // number, e.g. "0042"
	Name        string    `json:"name"`
	Domains     []string  `json:"domains"` // proven ones, in order
	Status      Status    `json:"status"`
	Kind        Kind      `json:"kind,omitempty"`
	Since       time.Time `json:"since"`
	CodeVersion string    `json:"code_version,omitempty"` // the text last signed
	CodeSHA256  string    `json:"code_sha256,omitempty"`
	At          time.Time `json:"at"`
	Number      int       `json:"number"` // 1 for the first statement about the member
}

// Concerns names the member.
func (s Stated) Concerns() []string { return []string{"member/" + s.Member} }

// says reports whether two statements say the same, whenever they were made.
func (s Stated) says(o Stated) bool {
	return s.Name == o.Name && slices.Equal(s.Domains, o.Domains) && s.Status == o.Status && s.Kind == o.Kind &&
		s.Since.Equal(o.Since) && s.CodeVersion == o.CodeVersion && s.CodeSHA256 == o.CodeSHA256
}

// Statements is the state of a stream "standing/0042": what was last said in public.
type Statements struct {
	Last  Stated
	Count int
}

func evolve(s Statements, e act.Event) Statements {
	if stated, ok := e.(Stated); ok {
		return Statements{Last: stated, Count: stated.Number}
	}
	return s
}

var stream = act.NewStream("standing", evolve, act.EventOf[Stated]("standing.stated"))

// Domain returns the streams and acts of standing.
func Domain() act.Domain {
	return act.Domain{Streams: []*act.Stream{stream}, Acts: []*act.Act{stateAct}}
}
