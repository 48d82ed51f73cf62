package applicant

import (
	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/record"
)

// Clearing deletes a draft in the transaction in which its application is recorded, or its person is forgotten.
// It is a view that writes nothing: only a view hears of both before they are committed.
type Clearing struct{ record.Listener }

var _ record.View = Clearing{}

// Name implements [record.View].
func (Clearing) Name() string { return "drafts" }

// Project implements [record.View].
func (Clearing) Project(tx record.Tx, e act.Recorded) error {
	switch v := e.Event.(type) {
	case membership.Applied: // an officer who enters what was applied for on paper writes no draft
		if e.Role == "person" {
			discard(tx, e.Actor)
		}
	case people.PersonForgotten:
		discard(tx, "person/"+v.Person)
	}
	return nil
}
