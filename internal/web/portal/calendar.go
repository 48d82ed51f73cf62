package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"shingle/internal/account"
	"shingle/internal/documents"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type calendarPage struct {
	ui.Chrome
	Feed    account.Feed
	Has     bool
	Address string // of a feed just made, "" otherwise: it is told once
	Ended   bool   // just now
}

// calendar says what the address of a calendar is, and lets one make it.
func (p *Portal) calendar(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	if _, ok := who.Person(); !ok { // a program has no calendar
		return p.Desk.NotFound(w, r, c)
	}
	c.Title = "Calendar"
	page := calendarPage{Chrome: c}
	var err error
	if page.Feed, page.Has, err = p.Feeds.Of(r.Context(), who.Actor, who.Member); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "calendar", page)
	return nil
}

// changeCalendar makes a new address, or ends the one there is.
func (p *Portal) changeCalendar(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	if _, ok := who.Person(); !ok { // a program has no calendar
		return p.Desk.NotFound(w, r, c)
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<12)
	c.Title = "Calendar"
	page := calendarPage{Chrome: c}
	if r.PostFormValue("do") == "end" {
		if err := p.Feeds.End(r.Context(), who.Actor, who.Member); err != nil {
			return err
		}
		page.Ended = true
	} else {
		secret, feed, err := p.Feeds.Make(r.Context(), who.Actor, who.Member)
		if err != nil {
			return err
		}
		page.Feed, page.Has = feed, true
		page.Address = p.Origin + "/portal/calendar.ics?" + url.Values{"token": {secret}}.Encode()
	}
	p.Desk.Show(w, r, http.StatusOK, "calendar", page)
	return nil
}

// feed answers a calendar program.
func (p *Portal) feed(w http.ResponseWriter, r *http.Request) {
	file, err := p.calendarOf(r.Context(), r.URL.Query().Get("token"))
	p.Desk.Feed(w, r, "portal", file, err)
}

// calendarOf returns what the member of a feed owes. Errors are [account.ErrExpired] where its person has the role no
// more in which they made it.
func (p *Portal) calendarOf(ctx context.Context, secret string) ([]byte, error) {
	feed, err := p.Feeds.By(ctx, secret)
	if err != nil {
		return nil, err
	}
	now := p.Desk.Now()
	roles, err := p.Register.Roles(ctx, strings.TrimPrefix(feed.Person, "person/"))
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(roles, func(h view.Held) bool {
		return h.Member == feed.Member && h.At(now) && h.Changed <= feed.Position && !h.From.After(feed.Made)
	}) {
		return nil, account.ErrExpired
	}
	m, err := p.us(ctx, ui.Who{Member: feed.Member})
	if err != nil {
		return nil, err
	}
	duties, err := p.Register.Duties(ctx, feed.Member)
	if err != nil {
		return nil, err
	}
	b, err := p.body(ctx)
	if err != nil {
		return nil, err
	}
	return documents.Calendar(b, documents.Member{Number: m.Number, Name: m.Name}, duties, now), nil
}
