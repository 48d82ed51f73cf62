package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
)

// Seal encrypts a text for an owner, and returns once its blob and its row are durable: then nothing short
// of losing the disk or the keys loses it. If Seal fails, there is no object; whatever a crash leaves of
// the blob nobody can read, and [Objects.Sweep] removes it.
//
// The text is read once, in a fixed amount of memory; an error of it is returned as it is.
func (o *Objects) Seal(ctx context.Context, owner, label string, text io.Reader) (Object, error) {
	s, err := o.sealed(ctx, owner, label, text)
	return s.Object, err
}

func (o *Objects) sealed(ctx context.Context, owner, label string, text io.Reader) (s stored, err error) {
	if owner == "" {
		return s, errors.New("vault: an object is to be sealed for nobody")
	}
	// Somebody who was forgotten is told before the upload, not after it.
	if _, err := o.Keys.sealing(ctx, owner); err != nil {
		return s, fmt.Errorf("nothing can be sealed for %s: %w", owner, err)
	}
	if err := o.ours(ctx, true); err != nil {
		return s, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return s, err
	}
	counted := &counter{from: text}
	file, err := age.EncryptReader(counted, identity.Recipient())
	if err != nil {
		return s, err
	}
	s.Object = Object{ID: newObjectID(), Owner: owner, Label: label, Made: o.Now().UTC().Truncate(time.Microsecond)}
	a := readAhead(file, sha256.New())
	s.Stored, err = o.Blobs.Write(ctx, s.Blob(), a)
	a.close()
	if err != nil {
		return stored{}, err
	}
	// From here on the blob is there, and counts for nothing until the row does.
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("nothing was sealed: %w", err), o.Blobs.Remove(context.WithoutCancel(ctx), s.Blob()))
			s = stored{}
		}
	}()
	s.Size = counted.n
	a.hash.Sum(s.SHA256[:0])
	if s.identity, err = o.seal(ctx, s.Object, identity.String()); err != nil {
		return s, err
	}
	if err := o.Keys.Sync(); err != nil {
		return s, err
	}
	return s, o.write(ctx, s)
}

// counter counts what is read.
type counter struct {
	from io.Reader
	n    int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.n += int64(n)
	return n, err
}
