package casefile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"shingle/internal/exhibit"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// What an object's label begins with; its type follows. An upload waits to be handed in; an exhibit was.
const upload, handedIn = "upload ", "exhibit "

// How much may wait to be handed in.
const (
	mostWaiting      = 40        // uploads of one owner
	mostWaitingBytes = 200 << 20 // of one owner
	mostHeldBytes    = 2 << 30   // of one case, in all
	mostAllBytes     = 8 << 30   // of all uploads that wait
)

// DraftLife is how long an upload is kept for a draft that nobody sends: as long as a draft may be.
const DraftLife = 90 * 24 * time.Hour

// uploadLife is how long an upload is kept for a case in which nobody hands it in.
const uploadLife = 24 * time.Hour

func (f *Files) take(ctx context.Context, owner, name string, file io.Reader) (ui.Exhibit, error) {
	if err := f.roomFor(ctx, owner); err != nil {
		return ui.Exhibit{}, err
	}
	select {
	case f.looking <- struct{}{}:
	case <-ctx.Done():
		return ui.Exhibit{}, ctx.Err()
	}
	defer func() { <-f.looking }()
	found, err := exhibit.Look(name, file)
	if err != nil {
		return ui.Exhibit{}, err
	}
	o, err := f.Objects.Seal(ctx, owner, upload+found.Type, bytes.NewReader(found.Bytes))
	if err != nil {
		return ui.Exhibit{}, err
	}
	return ui.Exhibit{Object: o.ID, SHA256: found.SHA256, Name: found.Name, Type: found.Type, Size: o.Size, Notes: found.Notes, Taken: o.Made}, nil
}

// roomFor refuses one file more where too many wait already.
func (f *Files) roomFor(ctx context.Context, owner string) error {
	all, err := f.Objects.Of(ctx, owner)
	if err != nil {
		return err
	}
	var waiting, waitingBytes, held int64
	for _, o := range all {
		held += o.Size
		if strings.HasPrefix(o.Label, upload) {
			waiting++
			waitingBytes += o.Size
		}
	}
	switch {
	case waiting >= mostWaiting || waitingBytes >= mostWaitingBytes:
		return &exhibit.Refused{Why: fmt.Sprintf("%d files wait here to be sent", waiting), Cure: "send them, or remove some, and then go on"}
	case held >= mostHeldBytes:
		return &exhibit.Refused{Why: "the case holds as many files as it may", Cure: "ask the case manager which are needed"}
	}
	var everywhere int64
	if err := f.Objects.Labelled(ctx, upload, func(o vault.Object) error { everywhere += o.Size; return nil }); err != nil {
		return err
	}
	if everywhere >= mostAllBytes {
		return &exhibit.Refused{Why: "too many files wait here to be sent", Cure: "try again in a few hours, or send it without the file and add that later"}
	}
	return nil
}

func (f *Files) pass(ctx context.Context, from, to string, objects ...string) error {
	if isAffair(from) || !isAffair(to) {
		return fmt.Errorf("casefile: uploads of %s are not passed to %s", from, to)
	}
	for _, id := range objects {
		o, err := f.Objects.Find(ctx, id)
		if err == nil && o.Owner != from && o.Owner != to {
			err = vault.ErrNoObject
		}
		if err == nil {
			err = f.Objects.Pass(ctx, id, from, to, o.Label)
		}
		if errors.Is(err, vault.ErrNoObject) {
			return ui.ErrNoExhibit
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *Files) drop(ctx context.Context, owner, object string) error {
	o, err := f.Objects.Find(ctx, object)
	switch {
	case errors.Is(err, vault.ErrNoObject), err == nil && (o.Owner != owner || !strings.HasPrefix(o.Label, upload)):
		return nil
	case err != nil:
		return err
	}
	sum, err := f.holds(ctx, owner, object)
	if err != nil || sum != "" {
		return err
	}
	err = f.Objects.Discard(ctx, object, owner)
	if errors.Is(err, vault.ErrNoObject) {
		return nil
	}
	return err
}

// Sweep removes uploads that nobody handed in within their time, and notes of those that were that they are exhibits,
// so that no later sweep looks at them. It removes the blobs of cases whose key is destroyed, too.
func (f *Files) Sweep(ctx context.Context) error {
	var waiting []vault.Object
	if err := f.Objects.Labelled(ctx, upload, func(o vault.Object) error { waiting = append(waiting, o); return nil }); err != nil {
		return err
	}
	for _, o := range waiting {
		sum, err := f.holds(ctx, o.Owner, o.ID)
		life := uploadLife
		if !isAffair(o.Owner) {
			life = DraftLife
		}
		switch {
		case err != nil:
			return err
		case sum != "":
			err = f.Objects.Pass(ctx, o.ID, o.Owner, o.Owner, handedIn+strings.TrimPrefix(o.Label, upload))
		case !f.Now().Before(o.Made.Add(life)):
			err = f.Objects.Discard(ctx, o.ID, o.Owner)
		}
		if err != nil && !errors.Is(err, vault.ErrNoObject) {
			return err
		}
	}
	_, err := f.Objects.Shred(ctx)
	return err
}
