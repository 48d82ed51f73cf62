package app

import (
	"context"
	"errors"
	"time"

	"shingle/internal/body/custody"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/vault"
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
	return &vault.Objects{Keys: b.keys, Blobs: blobs, Now: b.clock.Now, Audit: b.recordAccess}, nil
}

// recordAccess commits an access to the record.
func (b *Body) recordAccess(ctx context.Context, a vault.Access, o vault.Object, what vault.Taken) error {
	var cmd any = custody.Open{Object: o.ID, Owner: o.Owner, Purpose: a.Purpose}
	if what == vault.Identity {
		cmd = custody.Recover{Object: o.ID, Owner: o.Owner, Purpose: a.Purpose}
	}
	_, err := b.Record.Do(ctx, record.Request{Command: cmd, Actor: a.By, Role: a.Role, Expect: -1})
	return err
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
