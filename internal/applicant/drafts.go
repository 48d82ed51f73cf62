package applicant

import (
	"context"

	"shingle/internal/act"
	"shingle/internal/draft"
	"shingle/internal/record"
)

// Draft is an application that somebody is writing.
type Draft = draft.Draft

// mostDraft bounds a draft, in bytes. It is many times what an application may hold.
const mostDraft = 256 << 10

// ErrTooLarge says that a draft would become larger than 256 KiB.
var ErrTooLarge = draft.ErrTooLarge

// Drafts keeps drafts, one of each person, under their own key. A person is named as their stream is, e.g.
// "person/0007". Methods may be called from many goroutines. [act.ErrForgotten] is returned for whoever was forgotten.
type Drafts struct{ Record *record.Record }

func (d Drafts) shelf() draft.Shelf {
	return draft.Shelf{Record: d.Record, Table: "application_draft", Owner: "person", Life: Life, Most: mostDraft}
}

// own is somebody's own key.
type own struct {
	keys   act.Keys
	person string
}

func (o own) Seal(text string) ([]byte, error)   { return o.keys.Seal(o.person, text) }
func (o own) Open(sealed []byte) (string, error) { return o.keys.Open(o.person, sealed) }

// Read returns a person's draft; the zero Draft if there is none, or none any more.
func (d Drafts) Read(ctx context.Context, person string) (Draft, error) {
	return d.shelf().Read(ctx, person, own{d.Record.Keys, person})
}

// Change changes a person's draft, or begins it, and returns it as it is then. What was saved on another device
// meanwhile is not lost: change is handed the newest. It may fail with [ErrTooLarge].
func (d Drafts) Change(ctx context.Context, person string, change func(*Draft)) (Draft, error) {
	return d.shelf().Change(ctx, person, own{d.Record.Keys, person}, change)
}

// Discard deletes a person's draft.
func (d Drafts) Discard(ctx context.Context, person string) error {
	return d.shelf().Discard(ctx, person)
}

// discard deletes a person's draft in a transaction.
func discard(tx record.Tx, person string) { Drafts{}.shelf().DiscardIn(tx, person) }

// Sweep deletes the drafts that nobody has touched for [Life].
func (d Drafts) Sweep(ctx context.Context) error { return d.shelf().Sweep(ctx) }
