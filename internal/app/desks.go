package app

import (
	"context"
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/proofs"
	"shingle/internal/roster"
	"shingle/internal/web/office"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
)

// desk is what the faces for people who signed in share.
func (b *Body) desk() ui.Desk {
	return ui.Desk{
		Counter: ui.Counter{Record: b.Record, Allows: ui.Allows}, Body: b.body, Roles: b.actings, Names: b.Register.Names, Now: b.now,
		Demo: b.stamp.demo, Logger: b.logger,
	}
}

// addDesks adds the faces for people who signed in: the office for the body's officers, the portal for its
// members' people, that for companies that want to become members, and the pages on which anybody asks about themself. s is the public one, with which they share what is said of the body.
func (b *Body) addDesks(mux *http.ServeMux, s *site.Site) {
	pages := http.NewServeMux()
	b.Files = b.files(s.LogKey)
	b.Exhibits = b.Files.Exhibits()
	b.uploads = &roster.Uploads{Record: b.Record, Keys: b.keys, Now: b.now, Names: b.Register.Names, Logger: b.logger, Holds: func(ctx context.Context, by roster.By) (bool, error) {
		return b.holds(ctx, by.Actor, by.Role)
	}}
	b.regularly(time.Minute, "uploaded rosters whose hour is over are still there", b.uploads.Sweep)
	(&office.Office{Desk: b.desk(), Reveal: b.reveal, Exhibits: b.Exhibits, Feeds: account.NewFeeds(b.Record), Register: b.Register, Standing: b.Standing, Origin: b.door.Origin, Uploads: b.uploads, Send: b.sendLetter, Working: b.postOffice, Holds: b.holds, Examine: b.examine}).Routes(pages)
	looker := proofs.New(proofs.Config{})
	b.portal(b.desk(), s, looker).Routes(pages)
	b.applying(b.desk(), looker).Routes(pages)
	b.complaining(s).Routes(pages)
	b.door.Oneself(b.desk(), pages)
	for _, root := range []string{"/office", "/portal", "/apply", "/complaints", "/account/about"} {
		mux.Handle(root, ui.Secure(pages))
		mux.Handle(root+"/", ui.Secure(pages))
	}
}

// examine is what the doctor finds quickly, while the body is served.
func (b *Body) examine(ctx context.Context) (all []office.Finding, err error) {
	found, err := House{}.Examine(ctx, b.backups.at, true, func(string, int64, int64) {})
	for _, f := range found {
		all = append(all, office.Finding(f))
	}
	return all, err
}
