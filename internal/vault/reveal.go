package vault

import (
	"context"
	"fmt"
	"slices"

	"shingle/internal/act"
)

// Reveal is [Objects.Open] for what somebody confided in words: it opens private values, commits the access to
// the record (Audit), and only then hands out the texts, one for each value and in its place. about is the
// stream that the words are from, e.g. "case/2027-0007".
//
// One call is one access, however many values it opens, for each key that seals some of them: a page that
// shows twenty messages is in the record once. Where there is nothing to open, nothing is recorded. It fails
// with [act.ErrForgotten] once the key of a value is destroyed, and then hands out none.
func (o *Objects) Reveal(ctx context.Context, a Access, about string, values ...act.Private) (texts []string, err error) {
	var owners []string
	texts = make([]string, len(values))
	for i, v := range values {
		if v.Empty() {
			continue
		}
		if texts[i], err = act.Reveal(v, o.Keys); err != nil {
			return nil, fmt.Errorf("what was confided in %s cannot be opened: %w", about, err)
		}
		if !slices.Contains(owners, v.Owner) {
			owners = append(owners, v.Owner)
		}
	}
	for _, owner := range owners {
		if err := o.audit(ctx, a, Object{ID: about, Owner: owner}, Words); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
