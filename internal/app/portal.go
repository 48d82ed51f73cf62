package app

import (
	"shingle/internal/account"
	"shingle/internal/proofs"
	"shingle/internal/web/portal"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
)

// portal is the members' face, on what it shares with other faces. Its papers say what those of s say.
func (b *Body) portal(desk ui.Desk, s *site.Site, looker *proofs.Checker) *portal.Portal {
	return &portal.Portal{
		Desk: desk, Register: b.Register, Standing: b.Standing, Origin: s.Origin, LogKey: s.LogKey, ReceiptKey: s.ReceiptKey,
		Digest: b.keys.Digest, Proofs: looker, Attempt: b.door.Accounts.Attempt, Feeds: account.NewFeeds(b.Record), Reveal: b.reveal, Exhibits: b.Exhibits,
	}
}
