package publog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Run asks the witnesses to cosign each new checkpoint, until ctx ends or the log is halted, and returns
// why it ended. Checkpoints that follow fast on one another are skipped but for the last. A witness
// that does not answer is asked again, at first after seconds, then less often; told is called with the
// reason.
func (l *Log) Run(ctx context.Context, told func(error)) error {
	const shortest, longest = 5 * time.Second, 5 * time.Minute
	pause := shortest
	for {
		err := l.Cosign(ctx)
		if halted := l.Halted(); halted != nil {
			return halted
		}
		var again <-chan time.Time
		if err != nil && ctx.Err() == nil {
			told(err)
			again = time.After(pause)
			pause = min(2*pause, longest)
		} else {
			pause = shortest
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.grown:
		case <-again:
		}
	}
}

// Cosign shows the published checkpoint to the witnesses that have not signed it, stores it with their
// signatures and publishes those. It returns what kept witnesses from signing; if one of them knows more
// than we do, the log is halted.
func (l *Log) Cosign(ctx context.Context) error {
	p := l.public.Load()
	have, err := note.Open(p.note, l.signers())
	if err != nil {
		return err
	}
	return l.ask(ctx, p, l.without(have))
}

// ask shows a checkpoint to witnesses, also to those that have signed it before.
func (l *Log) ask(ctx context.Context, p *published, wanting []*witness) error {
	if len(wanting) == 0 {
		return nil
	}
	have, err := note.Open(p.note, l.signers())
	if err != nil {
		return err
	}
	// Stored before anybody sees it: after a crash it is this one that is submitted again.
	if err := l.store(ctx, p, len(have.Sigs)-1); err != nil {
		return err
	}
	sigs := make([][]note.Signature, len(wanting))
	errs := make([]error, len(wanting))
	var wg sync.WaitGroup
	for i, w := range wanting {
		wg.Go(func() { sigs[i], errs[i] = l.submit(ctx, w, p) })
	}
	wg.Wait()
	for i := range wanting {
		for _, s := range sigs[i] { // a newer signature takes the place of an older one
			have.Sigs = slices.DeleteFunc(have.Sigs, func(old note.Signature) bool { return old.Name == s.Name && old.Hash == s.Hash })
			have.Sigs = append(have.Sigs, s)
		}
		errs[i] = l.judge(ctx, errs[i])
	}
	failed := errors.Join(errs...)
	signed, err := note.Sign(&note.Note{Text: have.Text, Sigs: have.Sigs})
	if err != nil {
		return err
	}
	cosigned := &published{p.Head, p.own, signed, p.at}
	if err := l.store(ctx, cosigned, len(have.Sigs)-1); err != nil {
		return errors.Join(failed, err)
	}
	// If the log has grown in the meantime, its newer checkpoint stays.
	l.public.CompareAndSwap(p, cosigned)
	return failed
}

// judge decides what an answer of a witness means for the log: one that has seen more than is stored, or
// something else, halts it.
func (l *Log) judge(ctx context.Context, answer error) error {
	if errors.Is(answer, ErrForked) {
		return l.halt(answer)
	}
	var more *seenMore
	if !errors.As(answer, &more) {
		return answer
	}
	// Another process may have appended and shown that to the witness before we heard of it.
	if err := l.Reload(ctx, l.cfg.DB.QueryContext); err != nil {
		return err
	}
	l.mu.Lock()
	size := l.committed.size
	l.mu.Unlock()
	if size >= more.size {
		return answer
	}
	return l.halt(fmt.Errorf("%w: %s has seen %d leaves, the database holds %d; was an old backup restored?", ErrBehindWitness, more.name, more.size, size))
}

func (l *Log) store(ctx context.Context, p *published, cosigned int) error {
	err := l.cfg.Write(ctx, func(tx Tx) {
		tx.Exec(`INSERT INTO checkpoint (size, note, cosigned, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (size) DO UPDATE SET note = excluded.note, cosigned = excluded.cosigned, at = excluded.at
			WHERE checkpoint.cosigned <= excluded.cosigned`, p.Size, string(p.note), cosigned, l.cfg.Now().UnixMicro())
	})
	if err != nil {
		return fmt.Errorf("could not store the checkpoint of %d leaves: %w", p.Size, err)
	}
	return nil
}

// signers returns the keys that may stand under a checkpoint: our own and the witnesses'.
func (l *Log) signers() note.Verifiers {
	known := []note.Verifier{l.verifier}
	for _, w := range l.witnesses {
		known = append(known, w.verifier)
	}
	return note.VerifierList(known...)
}

// without returns the witnesses whose signature a checkpoint lacks.
func (l *Log) without(n *note.Note) (wanting []*witness) {
	for _, w := range l.witnesses {
		signed := false
		for _, s := range n.Sigs {
			signed = signed || s.Name == w.verifier.Name() && s.Hash == w.verifier.KeyHash()
		}
		if !signed {
			wanting = append(wanting, w)
		}
	}
	return wanting
}
