package cases

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// Hold keeps the file of a case, whatever is over: somebody litigates.
type Hold struct {
	Case   string `json:"case" label:"Case number"`
	Reason string `json:"reason" label:"Which proceedings" hint:"reference, without names of people"`
}

// HoldSet keeps the file of a case.
type HoldSet struct {
	Of
	Reason string `json:"reason"`
}

// Release ends a hold.
type Release struct {
	Case   string `json:"case" label:"Case number"`
	Reason string `json:"reason" label:"Why it ends" hint:"reference, without names of people"`
}

// HoldReleased ends a hold.
type HoldReleased struct {
	Of
	Reason string `json:"reason"`
}

// Destroy destroys the file of a case whose time is over.
type Destroy struct {
	Case string `json:"case" label:"Case number"`
}

// CaseDestroyed says that the keys of a case are to be destroyed. They go after this is recorded.
type CaseDestroyed struct {
	Of
	Owners []string `json:"owners"` // of the keys
}

// Owners are those whose keys seal what belongs to a case: its file, what its panel says among itself, and the notes
// of the body's counsel.
func Owners(id string) []string { return []string{"case/" + id, "panel/" + id, "counsel/" + id} }

func (e HoldSet) happen(c *Case)       { c.Hold = true }
func (e HoldReleased) happen(c *Case)  { c.Hold = false }
func (e CaseDestroyed) happen(c *Case) { c.Stage = Destroyed }

var holdSaid = act.Rule{
	ID:    "CASE-65",
	Cites: "procedure.retention-upheld",
	Text:  "A file is held, and let go, for proceedings that are named.",
	Cure:  "Give a reference.",
}

var holdAct = act.Define(stream, "case.hold", "Keeps the file of a case because somebody litigates.",
	func(cmd Hold, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.hold)

func (c Case) hold(_ act.None, cmd Hold, m act.Meta) ([]act.Event, error) {
	reason := strings.TrimSpace(cmd.Reason)
	switch {
	case c.Stage == "" || c.Stage == Destroyed || reason == "":
		return nil, holdSaid.Refuse("there is no file of case %q, or no reason", cmd.Case)
	case c.Hold:
		return nil, nil
	}
	return []act.Event{HoldSet{c.of(m), reason}}, nil
}

var releaseAct = act.Define(stream, "case.release", "Ends a hold on the file of a case.",
	func(cmd Release, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.release)

func (c Case) release(_ act.None, cmd Release, m act.Meta) ([]act.Event, error) {
	reason := strings.TrimSpace(cmd.Reason)
	switch {
	case reason == "":
		return nil, holdSaid.Refuse("no reason is given")
	case !c.Hold:
		return nil, nil
	}
	return []act.Event{HoldReleased{c.of(m), reason}}, nil
}

var retained = act.Rule{
	ID:    "CASE-66",
	Cites: "procedure.retention-dismissed",
	Text:  "The file of a case is kept for its time after the case is over, and its notice down; a hold keeps it longer.",
	Cure:  "Wait until its time is over, or the hold ends.",
}

// Kept returns until when the file of a case is kept; zero while that cannot be said: it is open, held, or its notice
// stays for ever.
func (c Case) Kept(f Facts, m act.Meta) time.Time {
	p := f.procedure(m)
	switch {
	case c.Stage != Closed || c.Hold || f.NoticeUp:
		return time.Time{}
	case c.Outcome == OutcomeJoined && f.Other.Stage != Destroyed:
		return time.Time{} // what was confided in it belongs to the case in which it goes on
	case c.Outcome == OutcomeJoined:
		return c.Over
	case c.Published.IsZero():
		return f.deadline(c.Over, p.RetentionDismissed)
	case f.NoticeEnds.After(c.Published):
		return f.deadline(f.NoticeEnds, p.RetentionUpheld)
	}
	return f.deadline(c.Published, p.RetentionUpheld)
}

var destroyAct = act.Define(stream, "case.destroy", "Destroys the file of a case whose time is over.",
	func(cmd Destroy, _ act.Meta) act.Target { return act.To(cmd.Case) }, Case.destroy)

func (c Case) destroy(f Facts, cmd Destroy, m act.Meta) ([]act.Event, error) {
	if c.Stage == Destroyed {
		return nil, nil
	}
	until := c.Kept(f, m)
	switch {
	case c.Hold:
		return nil, retained.Refuse("case %s is held", c.ID)
	case until.IsZero():
		return nil, retained.Refuse("case %q is %s, or its notice stays", cmd.Case, c.Stage)
	case m.At.Before(until):
		return nil, retained.Refuse("it is kept until %s", until.In(f.zone()).Format("2006-01-02"))
	}
	return []act.Event{CaseDestroyed{c.of(m), Owners(c.ID)}}, nil
}
