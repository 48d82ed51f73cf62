package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shingle/internal/account"
	"shingle/internal/cli"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/publog"
	statements "shingle/internal/publog/body"
	"shingle/internal/record"
	"shingle/internal/vault"
)

// Check implements [cli.House]. It opens no record and writes nothing: it reads what is stored.
func (House) Check(ctx context.Context, at cli.Place, progress func(done, of int64)) (faults []string, err error) {
	f := folder(at.Data)
	if err := ready(at); err != nil {
		return nil, err
	}
	if at.Database == "" {
		// Whoever has the folder open keeps it in order for readers. Else nobody opens it meanwhile.
		unlock, err := f.share()
		if err != nil && !(errors.Is(err, errServed) && holds(f.record()+"-wal")) {
			return nil, err
		}
		if err == nil {
			defer unlock()
		}
	}
	engine, err := openStored(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(engine.explain(err), engine.Close()) }()
	if at.Database != "" {
		if err := ours(ctx, engine.Reader(), at, false); err != nil {
			return nil, err
		}
	} else if err := oursInFile(ctx, at); err != nil {
		return nil, err
	}
	if err := migrate(ctx, engine); err != nil {
		return nil, err
	}
	s, err := readStamp(ctx, engine.Reader())
	if err != nil {
		return nil, err
	}
	if err := s.expect("body", at); err != nil {
		return nil, err
	}
	keys, err := readKeys(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, keys.Close()) }()
	sign, err := s.signers(ctx, keys, at)
	if err != nil {
		return nil, err
	}
	if faults, err = faultsIn(ctx, engine, sign.logKey, progress); err != nil {
		return nil, err
	}
	tokens, err := account.CheckTokens(ctx, engine.Reader(), keys.Digest, time.Now().UnixMicro())
	if err != nil {
		return nil, err
	}
	ofBlobs, err := checkBlobs(ctx, keys, at)
	return slices.Concat(faults, tokens.Altered, ofBlobs), err
}

// faultsIn verifies a record and its public log against themselves.
func faultsIn(ctx context.Context, engine record.Engine, logKey string, progress func(done, of int64)) (faults []string, err error) {
	var tampered *record.Tampered
	switch err := record.Verify(ctx, engine, flowbody.Catalogue(), progress); {
	case errors.As(err, &tampered):
		faults = append(faults, tampered.Error())
	case err != nil:
		return nil, err
	}
	query := publog.Query(engine.Reader().QueryContext)
	_, ofItself := publog.Check(ctx, query, logKey)
	for _, err := range []error{ofItself, statements.Check(ctx, query)} {
		switch {
		case errors.Is(err, publog.ErrDamaged), errors.Is(err, publog.ErrForked), errors.Is(err, publog.ErrRolledBack):
			faults = append(faults, err.Error())
		case err != nil:
			return nil, err
		}
	}
	return faults, nil
}

// readKeys opens the keys of a place to look at them.
func readKeys(ctx context.Context, at cli.Place) (*vault.Keyring, error) {
	root, err := vault.ReadRoot(rootAt(at), guardOf(at))
	if err != nil {
		return nil, err
	}
	if at.Keys != "" {
		return vault.ReadDatabase(ctx, at.Keys, root)
	}
	keys, err := vault.ReadFile(ctx, folder(at.Data).keys(), root)
	if err != nil {
		return nil, fmt.Errorf("the keys cannot be checked: %w", err)
	}
	return keys, nil
}
