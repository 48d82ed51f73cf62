// Package custody keeps the record of who had what is sealed opened, and why.
//
// Evidence and the like lie in the vault as sealed objects. Whoever is to see one says for what; that is
// recorded, for ever and in the object's own stream, and only then does the vault hand out the first byte.
// The vault asks for these acts itself, as its last step before it opens: nobody else can ask for them,
// so that nothing is recorded that did not happen, and nothing happens that is not recorded.
//
// Words that somebody confided, a complaint or a message, are no object: of those the stream "object/case/2027-0007"
// tells who read them, once for each page that showed some.
//
// Start with [Open]; [Recover] is the same for whoever is given the key instead of the text.
package custody

import "shingle/internal/act"

// Accesses is the state of a stream "object/ID": how often it was opened.
type Accesses struct{ Opened, Recovered int }

func evolve(s Accesses, e act.Event) Accesses {
	switch e.(type) {
	case Opened:
		s.Opened++
	case Recovered:
		s.Recovered++
	}
	return s
}

var stream = act.NewStream("object", evolve, act.EventOf[Opened]("object.opened"), act.EventOf[Recovered]("object.recovered"))

// Domain returns the streams and acts of custody.
func Domain() act.Domain {
	return act.Domain{Streams: []*act.Stream{stream}, Acts: []*act.Act{openAct, recoverAct}}
}
