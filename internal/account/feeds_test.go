package account_test

import (
	"testing"

	"shingle/internal/account"
)

func TestAFeedIsOnePersonsForOneMember(t *testing.T) {
	people(t, func(t *testing.T, d desk) {
		feeds := account.NewFeeds(d.record)
		make := func(person, member string) (string, account.Feed) {
			secret, of, err := feeds.Make(d.ctx, person, member)
			must(t, err)
			return secret, of
		}
		opens := func(secret string, want account.Feed) {
			t.Helper()
			got, err := feeds.By(d.ctx, secret)
			must(t, err)
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		closed := func(secrets ...string) {
			t.Helper()
			for _, s := range secrets {
				_, err := feeds.By(d.ctx, s)
				is(t, err, account.ErrExpired)
			}
		}
		first, _ := make(ada, "0042")
		hers, of := make(ada, "0042")
		elsewhere, there := make(ada, "0043")
		his, bobs := make(bob, "0042")
		if of.Position != d.record.Position() || of.Made.IsZero() || len(hers) < 26 {
			t.Errorf("made %+v with a secret of %d letters", of, len(hers))
		}
		opens(hers, of)
		opens(elsewhere, there)
		opens(his, bobs)
		closed(first, "", hers+"A", hers[1:])
		if got, ok, err := feeds.Of(d.ctx, ada, "0042"); err != nil || !ok || got != of {
			t.Errorf("hers is %+v, %v, %v", got, ok, err)
		}
		if _, ok, err := feeds.Of(d.ctx, bob, "0043"); err != nil || ok {
			t.Errorf("bob has one that he never made: %v", err)
		}
		must(t, feeds.End(d.ctx, ada, "0042"))
		must(t, feeds.End(d.ctx, ada, "0042"))
		closed(hers)
		opens(elsewhere, there)
		must(t, d.Forget(d.ctx, ada))
		closed(elsewhere)
		opens(his, bobs)
	})
}
