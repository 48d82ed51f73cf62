package custody

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Recover records that somebody is handed the key to a sealed object, for use without this system.
type Recover struct {
	Object  string `json:"object" label:"Object"`
	Owner   string `json:"owner" label:"Owner" hint:"whose key seals it, for example case/2027-0007"`
	Purpose string `json:"purpose" label:"Purpose" hint:"why the key is handed out"`
}

// Recovered says that the event's actor was handed the key to an object. How often they then open a copy
// of it is beyond the record.
type Recovered struct {
	Object  string    `json:"object"`
	Owner   string    `json:"owner"`
	Purpose string    `json:"purpose"`
	At      time.Time `json:"at"`
}

// Concerns names the owner.
func (r Recovered) Concerns() []string { return []string{r.Owner} }

var recoverAct = act.Define(stream, "object.recover", "Records that the key to a sealed object is handed out; the vault asks for it before it does.",
	func(cmd Recover, _ act.Meta) act.Target { return act.To(cmd.Object) }, handOut)

func handOut(_ Accesses, _ act.None, cmd Recover, m act.Meta) ([]act.Event, error) {
	purpose := strings.TrimSpace(cmd.Purpose)
	if purpose == "" {
		return nil, purposeIsSaid.Refuse("the key to object %s is to be handed out for no purpose", cmd.Object)
	}
	return []act.Event{Recovered{Object: cmd.Object, Owner: cmd.Owner, Purpose: purpose, At: m.At}}, nil
}
