package app

import (
	"context"
	"errors"
	"time"

	"shingle/internal/act"
	"shingle/internal/cli"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// blobsAt opens where the blobs of a place lie: nothing is asked of a bucket yet.
func blobsAt(ctx context.Context, at cli.Place) (*vault.Blobs, error) {
	if at.Blobs != "" {
		return vault.OpenBlobs(ctx, at.Blobs)
	}
	if at.Data == "" {
		return vault.OpenBlobs(ctx, "") // none, until one is needed
	}
	return vault.OpenBlobs(ctx, folder(at.Data).blobs())
}

// objectsAt opens the sealed objects of a body. Whoever has one opened is in the record first.
func (b *Body) objectsAt(ctx context.Context, at cli.Place) (*vault.Objects, error) {
	blobs, err := blobsAt(ctx, at)
	if err != nil {
		return nil, err
	}
	return &vault.Objects{Keys: b.keys, Blobs: blobs, Now: b.clock.Now, Audit: func(ctx context.Context, a vault.Access, o vault.Object, what vault.Taken) error {
		return vault.AuditIn(b.Record)(ctx, a, o, what) // which is opened later
	}}, nil
}

// reveal opens what people confided, for a page.
func (b *Body) reveal(ctx context.Context, who ui.Who, about, purpose string, values ...act.Private) ([]string, error) {
	return b.Objects.Reveal(ctx, vault.Access{By: who.Actor, Role: who.Role, Purpose: purpose}, about, values...)
}

// sweepBlobs removes what crashes and forgotten owners have left, once, when serving begins. Nothing waits
// for it: what it does not get done now, the next start does.
func (b *Body) sweepBlobs(ctx context.Context) {
	removed, err := b.Objects.Sweep(ctx, time.Now().Add(-vault.Settled))
	switch {
	case ctx.Err() != nil:
	case err != nil:
		b.logger.WarnContext(ctx, "the blobs could not be swept; evidence may be out of reach", "error", err)
	case removed > 0:
		b.logger.InfoContext(ctx, "blobs that nobody can read were removed", "blobs", removed)
	}
	<-ctx.Done()
}

// checkBlobs compares the blobs of a place with their hashes.
func checkBlobs(ctx context.Context, keys *vault.Keyring, at cli.Place) (faults []string, err error) {
	blobs, err := blobsAt(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, blobs.Close()) }()
	objects := &vault.Objects{Keys: keys, Blobs: blobs, Now: time.Now}
	return objects.Examine(ctx, vault.Examination{Hashes: true, Before: time.Now().Add(-vault.Settled)})
}
