package ui

import (
	"context"
	"strings"
)

// Who asks for something.
type Who struct {
	Actor  string // e.g. "operator", "token/4f2a", "person/0007"
	Holder string // the person behind the actor, see act.Meta; "" where that is not known
	Role   string // e.g. "registrar"
	Member string // number, for roles on a member's side; else ""
	// Stale says that a proof of who they are is long ago: what needs a fresh one is refused until they give
	// it. Who brings a token proves it with every request.
	Stale bool
	Name  string // of a person who is signed in, for their own pages; else ""
}

// Person returns the number of the person who asks; ok is false for a program and for the operator.
func (w Who) Person() (number string, ok bool) { return strings.CutPrefix(w.Actor, "person/") }

type whoKey struct{}

// WithIdentity returns a context in which who asks: what comes over the local socket is asked for by the
// operator, what comes with a session by whoever signed in.
func WithIdentity(ctx context.Context, who Who) context.Context {
	return context.WithValue(ctx, whoKey{}, who)
}

// WhoIn returns who asks; ok is false for anyone.
func WhoIn(ctx context.Context) (who Who, ok bool) {
	who, ok = ctx.Value(whoKey{}).(Who)
	return who, ok
}
