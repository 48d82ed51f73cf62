package door_test

import (
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/web/webtest"
)

func TestAnOldLinkOpensNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		b := h.browser()
		link := b.invited(ada)
		h.body.Pass(10 * time.Minute)
		b.get(link).Is(410).Has("h1", "expired")
		b.post(link).Is(410)
		b.get("/enrol/nonsense").Is(410)
		b.post("/enrol/nonsense").Is(410)
		b.get("/join/nonsense").Is(410)
		b.get("/join/%00").Is(404)
		b.leads(b.get("/enrol"), "/sign-in?next=%2Fenrol")
		b.leads(b.post("/enrol/begin"), "/sign-in?next=%2Faccount")
	})
}

func TestWhoMayNotJoinHasNoPasskey(t *testing.T) {
	h := build(t, webtest.SQLite, origin)
	b := h.browser()
	rule := act.Rule{ID: "PPL-14", Text: "An invitation is good for 14 days.", Cure: "Have it renewed."}
	h.barred = rule.Refuse("it ended")
	b.leads(b.post(b.invited(ada)), "/enrol")
	b.enrol().Is(422).Has("main", "An invitation is good for 14 days.")
	if list, err := h.Accounts.Passkeys(t.Context(), ada); err != nil || len(list) > 0 {
		t.Errorf("she has %+v, %v", list, err)
	}
	h.browser().post("/sign-in", "answer", string(b.key.Get(b.options("/sign-in/begin")))).Is(422)
	h.barred = nil
	b.leads(b.enrol(), "/account")
}
