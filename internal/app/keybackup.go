package app

import (
	"context"
	"errors"
	"io"
	"time"

	"shingle/internal/cli"
	"shingle/internal/vault"
)

// PackKeys implements [cli.House]. It works beside a server that has the folder open: nothing is written to
// the keys but that they were backed up.
func (House) PackKeys(ctx context.Context, at cli.Place, keep time.Duration, write func(pack func(io.Writer) error) error) (err error) {
	f := folder(at.Data)
	if err := ready(at); err != nil {
		return err
	}
	var keys *vault.Keyring
	unlock, lockErr := func() {}, error(nil)
	if at.Data != "" {
		unlock, lockErr = f.lock(ctx, 0)
	}
	switch {
	case lockErr == nil:
		defer unlock()
		keys, err = keysAt(ctx, at) // brings them up to date
	case !errors.Is(lockErr, errServed):
		return lockErr
	case at.Keys != "":
		keys, err = keysAt(ctx, at)
	default:
		keys, err = vault.BesideServer(ctx, f.keys(), rootAt(at), guardOf(at))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	b := vault.KeyBackup{Made: time.Now().UTC().Truncate(time.Microsecond)}
	if keep > 0 {
		b.Expires = b.Made.Add(keep)
	}
	var held vault.Held
	err = write(func(out io.Writer) (err error) {
		held, err = keys.Pack(ctx, rootAt(at), b, out, guardOf(at))
		return err
	})
	if err != nil {
		return errors.Join(err, keys.Discard(context.WithoutCancel(ctx), b))
	}
	return keys.Save(ctx, b.Made, held)
}
