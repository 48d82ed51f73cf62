package complainant

import (
	"context"

	"shingle/internal/draft"
	"shingle/internal/record"
)

// ErrTooLarge says that a draft would become larger than may be kept.
var ErrTooLarge = draft.ErrTooLarge

// Draft is a complaint that somebody is writing.
type Draft = draft.Draft

// Drafts keeps complaints that are written, one for each code. Methods may be called from many goroutines.
type Drafts struct{ Record *record.Record }

func (d Drafts) shelf() draft.Shelf {
	return draft.Shelf{Record: d.Record, Table: "complaint_draft", Owner: "hash", Life: Life, Most: mostDraft}
}

func sealOf(code string) secret { return sealing(code, "draft") }

// Read returns the draft of a code; the zero Draft if there is none, or none any more.
func (d Drafts) Read(ctx context.Context, code string) (Draft, error) {
	return d.shelf().Read(ctx, hashOf(code), sealOf(code))
}

// Change changes the draft of a code, or begins it, and returns it as it is then. It may fail with [ErrTooLarge].
func (d Drafts) Change(ctx context.Context, code string, change func(*Draft)) (Draft, error) {
	return d.shelf().Change(ctx, hashOf(code), sealOf(code), change)
}

// Discard deletes the draft of a code.
func (d Drafts) Discard(ctx context.Context, code string) error {
	return d.shelf().Discard(ctx, hashOf(code))
}

// Sweep deletes the drafts that nobody has touched for [Life].
func (d Drafts) Sweep(ctx context.Context) error { return d.shelf().Sweep(ctx) }
