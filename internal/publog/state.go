package publog

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// State is how far the log is, for whoever watches over it.
type State struct {
	Stored int64 // leaves in the database, whoever wrote them
	Public int64 // leaves of the published checkpoint
	// Signed is when the published checkpoint was signed by this process; the zero time if it was before.
	Signed time.Time
	// Lacking is by how many witnesses the published checkpoint is not cosigned yet.
	Lacking int
}

// State returns how far the log is.
func (l *Log) State(ctx context.Context) (s State, err error) {
	p := l.public.Load()
	s.Public, s.Signed = p.Size, p.at
	if s.Stored, _, err = storedHead(ctx, l.cfg.DB.QueryContext); err != nil {
		return s, err
	}
	if len(l.witnesses) > 0 {
		have, err := note.Open(p.note, l.signers())
		if err != nil {
			return s, err
		}
		s.Lacking = len(l.without(have))
	}
	return s, nil
}
