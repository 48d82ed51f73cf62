package ui

import (
	"context"

	"shingle/internal/act"
)

// Reveal opens what people confided, for a page that shows it: one text for each value, in its place. about is the
// stream that the words are from, e.g. "case/2027-0007", and purpose says in words what they are read for. Who read
// them is in the record before any of it is returned, once for the whole call, so a page asks for all that it shows
// at once. Whoever calls it has asked the gate first, and has seen that the affair is the reader's.
//
// Errors are [act.ErrForgotten] once the file is destroyed, a refusal where there is no purpose, and the record's.
type Reveal func(ctx context.Context, who Who, about, purpose string, values ...act.Private) ([]string, error)
