package ui

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/gate"
	"shingle/internal/record"
)

// Counter is where people and programs ask for acts, whichever face they look at: the gate is asked first,
// then the record decides.
type Counter struct {
	Record *record.Record
	// Allows refuses what the gate does not grant. concerning is whom or what it is about: the number of a
	// member, the stream of a person.
	Allows func(who Who, what string, concerning ...string) error
}

// Allows asks the gate: everybody who signed in looks after their own affairs, beside what their role may do.
func Allows(who Who, what string, concerning ...string) error {
	asks := gate.Who{Actor: who.Actor, Role: who.Role, Member: who.Member, Stale: who.Stale}
	if _, ok := who.Person(); ok {
		asks.Assigned = []string{who.Actor}
	}
	return gate.Allows(asks, what, concerning...)
}

// Asked is an act that somebody asks for.
type Asked struct {
	Command any
	Key     string // idempotency key, "" for none
	Expect  int64  // version that the stream must be at, -1 for any
}

// ErrBusy says that an act waited too long for its turn and was not decided: nothing was changed.
var ErrBusy = errors.New("too much is waiting to be decided")

// longestWait is how long an act waits until it is decided.
const longestWait = 10 * time.Second

// May refuses an act of whoever may not ask for it of anyone, before anything of it is read.
func (c Counter) May(who Who, kind string) error {
	var denied *gate.Denied
	if err := c.Allows(who, kind, who.Member, who.Actor); err != nil && !(errors.As(err, &denied) && denied.Foreign) {
		return err
	}
	return nil
}

// Ask asks for an act and waits until it is recorded or refused. Errors are a [*gate.Denied], an
// [*act.Refusal], [ErrBusy], or one of the record's.
func (c Counter) Ask(ctx context.Context, who Who, a Asked) (record.Done, error) {
	if err := c.allowed(who, a.Command); err != nil {
		return record.Done{}, err
	}
	// An import may fill the queue for as long as it runs: whoever asks for one act waits for a place in it,
	// but not for ever.
	waiting, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	done, err := c.Record.Do(waiting, request(who, a))
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return record.Done{}, ErrBusy
	}
	return done, err
}

// Preview decides an act as Ask would and records nothing: what would happen, or why it would be refused.
func (c Counter) Preview(ctx context.Context, who Who, a Asked) (record.Done, error) {
	if err := c.allowed(who, a.Command); err != nil {
		return record.Done{}, err
	}
	return c.Record.Preview(ctx, request(who, a))
}

func request(who Who, a Asked) record.Request {
	return record.Request{Command: a.Command, Actor: who.Actor, Holder: who.Holder, Role: who.Role, Key: a.Key, Expect: a.Expect}
}

func (c Counter) allowed(who Who, cmd any) error {
	kind, ok := c.Record.Catalogue.ActFor(cmd)
	if !ok {
		return record.ErrUnknownAct
	}
	return c.Allows(who, kind.Kind, concerning(kind, cmd, who)...)
}

// concerning returns whom a command is about: the number of a member that it names or whose stream it writes
// to, the stream itself, and the panelist that it names.
func concerning(kind *act.Act, cmd any, who Who) (about []string) {
	m := act.Meta{Actor: who.Actor, Role: who.Role, IDs: make([]string, act.IDsPerAct)}
	if t := kind.Target(cmd, m); !t.New {
		about = append(about, kind.Stream.Prefix+"/"+t.ID)
		if kind.Stream.Prefix == "member" {
			return append(about, t.ID)
		}
		if kind.Stream.Prefix == "learner" { // a ledger is its person's own
			about = append(about, "person/"+t.ID)
		}
	}
	var named struct {
		Member   string `json:"member"`
		Panelist string `json:"panelist"`
	}
	if print, err := act.Fingerprint(cmd); err == nil {
		_ = json.Unmarshal(print, &named) // a command without a member is about none
	}
	if named.Member != "" && !strings.Contains(named.Member, "/") { // a number: by no name is somebody else's affair one's own
		about = append(about, named.Member)
	}
	if named.Panelist != "" { // who is assigned to a case: whether they are, the case itself knows
		about = append(about, "person/"+named.Panelist)
	}
	return about
}
