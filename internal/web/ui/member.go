package ui

import (
	"context"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	view "shingle/internal/view/body"
)

// Member returns a company as the record has it: a member, one that was, or one that applies. Of a number that is
// nobody's, or is no number, it is [view.ErrNotFound].
func (d *Desk) Member(ctx context.Context, number string) (membership.Member, error) {
	if !act.IsMemberNumber(number) {
		return membership.Member{}, view.ErrNotFound
	}
	state, _, err := d.Counter.Record.State(ctx, "member/"+number)
	m, _ := state.(membership.Member)
	if err == nil && m.Stage == membership.Unknown {
		err = view.ErrNotFound
	}
	return m, err
}
