package site_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

const bodyName = "Society of Managed Service Providers"

// founded is a body that adopted its code and took in n companies; its register is not open.
func founded(t testing.TB, n int) *webtest.Body {
	b := webtest.Start(t, webtest.SQLite, bodyName, time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(n, act.On(2026, 3, 1), act.On(2027, 2, 28))
	return b
}

// opened is a body with an open register, two texts, a member that left and one, 0013, that was expelled.
func opened(t testing.TB, n int) *webtest.Body {
	b := founded(t, n)
	b.Pass(100 * 24 * time.Hour)
	b.Do(governance.Open{})
	b.AdoptExample("2026.2", act.On(2026, 9, 1))
	b.Do(membership.Withdraw{Member: "0009"})
	done := b.DoAs("officer-1", discipline.Record{
		Member: "0013", Sanction: discipline.Expulsion, Findings: []string{"1=Customers’ records were sold to a marketing company.", "1.2=They had been copied for it."},
		Decided: act.On(2026, 3, 20), Served: act.On(2026, 3, 23), ServiceProof: "by courier", AppealClosed: act.On(2026, 5, 1), Text: "The panel was unanimous.",
	})
	b.DoAs("officer-2", discipline.Confirm{Order: strings.TrimPrefix(done.Stream, "order/")})
	b.Tick()
	return b
}

// pages serves the public pages of a body.
func pages(t testing.TB, b *webtest.Body) http.Handler {
	s := &site.Site{
		Register: b.Register, Body: b.Body, Standing: b.Standing, Log: b.Log, LeafAt: b.LeafAt, Now: b.Now, Origin: "https://demo.example",
		MoveClock: func(_ context.Context, days int) error {
			b.Pass(time.Duration(days) * 24 * time.Hour)
			return nil
		},
		Certificate: func(ctx context.Context, order string) (cases.Certificate, bool, error) {
			w := b.Record.Look(ctx)
			id := act.StateOf[discipline.Order](w, "order/"+order).Case
			return flowbody.Certificate(w, id), id != "", w.Err()
		},
		Rule:   func(id string) string { return "the text of " + id },
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	return ui.Secure(s.Handler())
}
