package custody

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Open records that somebody is handed what a sealed object holds, or what people confided in words.
type Open struct {
	Object  string `json:"object" label:"Object" hint:"its id; for words, the stream that they are from, for example case/2027-0007"`
	Owner   string `json:"owner" label:"Owner" hint:"whose key seals it, for example case/2027-0007"`
	Purpose string `json:"purpose" label:"Purpose" hint:"why it is opened"`
}

// Opened says that an object was opened, by the event's actor. It stands before the first byte is handed
// out: what was opened may not have been read to its end.
type Opened struct {
	Object  string    `json:"object"`
	Owner   string    `json:"owner"`
	Purpose string    `json:"purpose"`
	At      time.Time `json:"at"`
}

// Concerns names the owner, and whatever the words are about that were opened.
func (o Opened) Concerns() []string {
	if o.Object != o.Owner && strings.Contains(o.Object, "/") {
		return []string{o.Owner, o.Object}
	}
	return []string{o.Owner}
}

var purposeIsSaid = act.Rule{
	ID:    "CUST-01",
	Cites: "provision 1",
	Text:  "Nothing that is sealed is opened without a purpose.",
	Cure:  "Say in a few words what it is opened for.",
}

var openAct = act.Define(stream, "object.open", "Records that a sealed object is opened; the vault asks for it before it opens.",
	func(cmd Open, _ act.Meta) act.Target { return act.To(cmd.Object) }, open)

func open(_ Accesses, _ act.None, cmd Open, m act.Meta) ([]act.Event, error) {
	purpose := strings.TrimSpace(cmd.Purpose)
	if purpose == "" {
		return nil, purposeIsSaid.Refuse("object %s is to be opened for no purpose", cmd.Object)
	}
	return []act.Event{Opened{Object: cmd.Object, Owner: cmd.Owner, Purpose: purpose, At: m.At}}, nil
}
