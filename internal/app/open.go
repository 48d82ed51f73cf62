package app

import (
	"context"
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/cli"
	"shingle/internal/record"
)

// Open opens the body at a place, as the commands do, for whoever drives it from inside the process: the
// benchmarks. wrap, if not nil, is handed the body's database and returns what the body uses in its
// stead.
func Open(ctx context.Context, at cli.Place, wrap func(record.Engine) record.Engine) (*Body, error) {
	return openBody(ctx, opening{at: at, wrap: wrap, logger: stderrLogger()})
}

// Public returns what the body shows on the network.
func (b *Body) Public() http.Handler { return b.public }

// Token makes a bearer token that is valid for a day, and returns its secret.
func (b *Body) Token(ctx context.Context, holder, role string) (secret string, err error) {
	secret, _, err = b.tokens.Create(ctx, account.Token{Name: holder, Role: role}, 24*time.Hour)
	return secret, err
}
