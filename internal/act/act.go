// Package act says what an act is: somebody, in some role, asks for something; rules allow or refuse
// it; what happened is recorded for ever.
//
// A domain (a folder under body/ or desk/) declares its streams with [NewStream] and its acts with
// [Define]. What it needs to know from elsewhere it declares as a facts type; flow fills that in,
// under the write lock, with a [Gatherer]. What one domain does because another's event happened is a
// [Reaction]. All of them together are the [Catalogue], from which the event codec, the API, the
// command line and the forms are derived.
//
// The package decides nothing and reads no clock, no database and no network. Times are UTC and carry
// whole microseconds.
package act

import (
	"errors"
	"fmt"
	"time"
)

// Meta is what an act knows about its own asking.
type Meta struct {
	Actor string    // who asks, e.g. "operator", "token/4f2a", "clock"
	Role  string    // in which role, e.g. "registrar"
	At    time.Time // when it is decided and recorded, UTC, whole microseconds
	IDs   []string  // unguessable new ids, drawn before the decision so that deciding stays pure
	// Holder names the person behind the actor, where that is known: it is the same whichever of their
	// tokens somebody uses, e.g. "token/4f2a", the first of them. "" where it is not known.
	Holder string
}

// Same reports whether who asks is the person who acted before under an actor's and a holder's name. Where
// the holder was not noted, the actor may have been the token by which the person is named.
func (m Meta) Same(actor, holder string) bool {
	return m.Actor == actor || m.Holder != "" && (m.Holder == holder || m.Holder == actor)
}

// ID returns the n-th of the new ids handed to the decision.
func (m Meta) ID(n int) string { return m.IDs[n] }

// IDsPerAct is how many new ids every decision is handed.
const IDsPerAct = 4

// Event is something that happened. Its type stands in the catalogue of one stream type, under a name
// in the past tense that never changes.
type Event any

// Effective is implemented by events that take effect at another time than the one they are recorded
// at. The zero time means "when recorded".
type Effective interface{ TakesEffect() time.Time }

// Concerning is implemented by events that concern others than the stream they stand in: the subjects
// are stream names, e.g. "member/0042".
type Concerning interface{ Concerns() []string }

// Claiming is implemented by events that take or give up something that only one stream may hold.
type Claiming interface{ Claims() []Claim }

// Claim takes a key for the stream its event stands in, or gives it up.
type Claim struct {
	Kind    string // what sort of key, e.g. "domain"
	Key     string // e.g. "cobaltridge.example"
	Release bool   // true gives the key up
}

// Recorded is an event with its place in the record.
type Recorded struct {
	Position  int64     // place in the whole record, from 1, without gaps
	Stream    string    // e.g. "member/0042"
	Version   int64     // place in the stream, from 1
	Kind      string    // e.g. "member.subscribed"
	At        time.Time // when it was recorded, UTC
	Effective time.Time // from when it counts, UTC
	Actor     string
	Role      string
	Subjects  []string // all whom it concerns, the stream itself first
	Event     Event
	Chain     [32]byte // SHA-256 over the chain before it and this row as stored
}

// Rule is one thing that must hold for an act to be done. Rules are values: a refusal names one.
type Rule struct {
	ID    string // e.g. "MEM-03"; stable, never reused
	Cites string // where it comes from: a parameter of the code, a statute and article
	Text  string // the rule, as a sentence
	Cure  string // what would satisfy it, as a sentence
}

// Refuse says no by this rule; format and args give the particulars of this case.
func (r Rule) Refuse(format string, args ...any) *Refusal {
	return &Refusal{Rule: r, Detail: fmt.Sprintf(format, args...)}
}

// Refusal is a lawful "no": the rule that was not met, and the particulars.
type Refusal struct {
	Rule   Rule
	Detail string
	Field  string     // JSON name of the field of the command that is at fault; "" for none in particular
	Also   []*Refusal // what else was not met, where a decision looks at everything before it says no
}

// All returns the refusal and what else was refused with it.
func (r *Refusal) All() []*Refusal { return append([]*Refusal{r}, r.Also...) }

// Refusals are all that is wrong with a command, for a decision that looks at everything before it says no.
type Refusals []*Refusal

// Add notes what an error refuses, if it refuses anything, as the fault of a field.
func (rs *Refusals) Add(field string, err error) {
	first, ok := Refused(err)
	if !ok {
		return
	}
	for _, r := range first.All() {
		*rs = append(*rs, &Refusal{Rule: r.Rule, Detail: r.Detail, Field: field})
	}
}

// Err returns nil if nothing was refused, else the first refusal with the others beside it.
func (rs Refusals) Err() error {
	if len(rs) == 0 {
		return nil
	}
	first := *rs[0]
	first.Also = rs[1:]
	return &first
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("refused by %s (%s): %s", r.Rule.ID, r.Rule.Cites, r.Detail)
}

// Refused reports whether err is a refusal, and returns it.
func Refused(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

// World is what flow may look at while it gathers facts or reacts: the record as it stands under the
// write lock, acts decided earlier in the same transaction included. Faults are kept, not returned:
// whoever handed out the World asks it for its fault once the decision is made.
type World interface {
	// State returns the folded state of a stream; of one without events, its zero state.
	State(stream string) any
	// Fold returns the state of a fold over all events that concern subject (see [Fold]).
	Fold(name, subject string) any
	// Holder returns the stream that holds a claimed key, or "".
	Holder(kind, key string) string
}

// StateOf returns the folded state of a stream as its type.
func StateOf[S any](w World, stream string) S {
	s, _ := w.State(stream).(S)
	return s
}

// FoldOf returns the state of a fold as its type.
func FoldOf[S any](w World, name, subject string) S {
	s, _ := w.Fold(name, subject).(S)
	return s
}

// Fold is a state made of all events that concern one subject, whatever stream they stand in.
type Fold struct {
	Name   string // e.g. "standing"
	Prefix string // subjects it is kept for, e.g. "member/"
	// Evolve returns the state after e. It must not change the state it is given: states are shared.
	// The state before the first event is nil.
	Evolve func(state any, e Recorded) any
}

// Reaction is what follows from an event by itself, in the same transaction: more commands, asked for
// by the system. A reaction that is refused refuses the act that caused it.
type Reaction struct {
	On    string // event kind, or "*" for all
	React func(w World, e Recorded) []any
}
