package webhook_test

import (
	"errors"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/work/webhook"
	"shingle/internal/work/worktest"
)

// TestAnEndpointIsDisabledByHand also looks for the next try, page by page.
func TestAnEndpointIsDisabledByHand(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		them := receive(t)
		them.answers(500)
		r := p.Record()
		hooks, w, stop := begin(p, &house{}, r)
		e, _, err := hooks.Register(t.Context(), them.URL, nil, "person/0006")
		must(t, err)
		var bad *act.BadField
		if _, _, err := hooks.Register(t.Context(), " "+them.URL, nil, "person/0006"); !errors.As(err, &bad) || bad.Field != "url" {
			t.Errorf("the same address again: %v", err)
		}
		worktest.Write(t, r, "member.standing 0001", "member.standing 0002", "member.standing 0003")
		worktest.Eventually(t, "all were tried", func() bool {
			all, err := hooks.Deliveries(t.Context(), e.ID, webhook.Delivery{}, 10)
			return err == nil && len(all) == 3
		})
		worktest.Rests(t, w)
		var after webhook.Delivery
		ids := map[string]bool{}
		for range 3 { // all in one instant
			page, err := hooks.Deliveries(t.Context(), e.ID, after, 1)
			must(t, err)
			after = page[0]
			ids[after.ID] = true
			if after.State != webhook.Retrying || !after.Next.After(p.Machine.Now()) {
				t.Errorf("%+v", after)
			}
		}
		if len(ids) != 3 {
			t.Errorf("pages show %v", ids)
		}
		must(t, hooks.Disable(t.Context(), e.ID))
		if now, err := hooks.Endpoint(t.Context(), e.ID); err != nil || now.Disabled.IsZero() || now.Says != webhook.ByHand {
			t.Errorf("%+v %v", now, err)
		}
		p.Machine.Move(10 * time.Second)
		worktest.Eventually(t, "what waited is given up", func() bool {
			all, err := hooks.Deliveries(t.Context(), e.ID, webhook.Delivery{}, 10)
			return err == nil && all[0].State == webhook.Failed && all[1].State == webhook.Failed && all[2].State == webhook.Failed && all[0].Next.IsZero()
		})
		stop()
		if n := len(them.messages()); n != 3 {
			t.Errorf("%d messages", n)
		}
		for _, err := range []error{hooks.Disable(t.Context(), "nobody"), func() error { _, err := hooks.Endpoint(t.Context(), "nobody"); return err }()} {
			if !errors.Is(err, webhook.ErrNotFound) {
				t.Error(err)
			}
		}
	})
}
