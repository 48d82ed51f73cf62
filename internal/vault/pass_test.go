package vault_test

import (
	"errors"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/vault"
)

func TestAnObjectIsPassedOn(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		ctx := t.Context()
		o := c.put(t, "draft/abc", []byte("what was seen"))
		for range 2 { // it can be repeated
			must(t, c.Pass(ctx, o.ID, "draft/abc", "case/2027-0007", "exhibit"))
		}
		now, err := c.Find(ctx, o.ID)
		must(t, err)
		if now.Owner != "case/2027-0007" || now.Label != "exhibit" || now.SHA256 != o.SHA256 || now.Made != o.Made {
			t.Errorf("%+v", now)
		}
		if all, err := c.Of(ctx, "draft/abc"); err != nil || len(all) > 0 {
			t.Errorf("the draft still has %v: %v", all, err)
		}
		if _, err := c.Forget(ctx, "draft/abc"); err != nil {
			t.Fatal(err)
		}
		if text, err := c.get(o.ID); err != nil || string(text) != "what was seen" {
			t.Errorf("it reads %q: %v", text, err)
		}
		if byHash, opened := c.examine(t, 0); len(byHash)+len(opened) > 0 {
			t.Error(byHash, opened)
		}
		if err := c.Pass(ctx, o.ID, "somebody", "else", "exhibit"); !errors.Is(err, vault.ErrNoObject) {
			t.Errorf("another's is passed on: %v", err)
		}
		if err := c.Pass(ctx, o.ID, "case/2027-0007", "draft/abc", "exhibit"); !errors.Is(err, act.ErrForgotten) {
			t.Errorf("it is passed to who was forgotten: %v", err)
		}
		if text, err := c.get(o.ID); err != nil || string(text) != "what was seen" {
			t.Errorf("after that it reads %q: %v", text, err)
		}
		must(t, c.Keys.Forget(ctx, "case/2027-0007"))
		if _, err := c.get(o.ID); !errors.Is(err, act.ErrForgotten) {
			t.Errorf("the new owner was forgotten: %v", err)
		}
		if n, err := c.Shred(ctx); err != nil || n != 1 {
			t.Errorf("%d are shredded: %v", n, err)
		}
	})
}

func TestADiscardedObjectIsGone(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		ctx := t.Context()
		o, stays := c.put(t, "case/2027-0007", []byte("one")), c.put(t, "case/2027-0007", []byte("two"))
		if err := c.Discard(ctx, o.ID, "case/2027-0008"); !errors.Is(err, vault.ErrNoObject) {
			t.Errorf("another's is discarded: %v", err)
		}
		must(t, c.Discard(ctx, o.ID, "case/2027-0007"))
		if _, err := c.get(o.ID); !errors.Is(err, vault.ErrNoObject) {
			t.Errorf("it opens: %v", err)
		}
		if err := c.Discard(ctx, o.ID, "case/2027-0007"); !errors.Is(err, vault.ErrNoObject) {
			t.Errorf("it is discarded twice: %v", err)
		}
		var seen []string
		must(t, c.Labelled(ctx, "evi", func(o vault.Object) error { seen = append(seen, o.ID); return nil }))
		if len(seen) != 1 || seen[0] != stays.ID {
			t.Errorf("left are %v", seen)
		}
		must(t, c.Labelled(ctx, "exhibit", func(o vault.Object) error { t.Errorf("%+v", o); return nil }))
		if n, err := c.Sweep(ctx, time.Now().Add(time.Hour)); err != nil || n != 0 {
			t.Errorf("its blob was left: %d, %v", n, err)
		}
	})
}
