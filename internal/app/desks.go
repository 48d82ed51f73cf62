package app

import (
	"net/http"

	"shingle/internal/web/office"
	"shingle/internal/web/portal"
	"shingle/internal/web/ui"
)

// addDesks adds the faces for people who signed in: the office for the body's officers, the portal for its
// members' people, and that for companies that want to become members.
func (b *Body) addDesks(mux *http.ServeMux) {
	desk := ui.Desk{
		Counter: ui.Counter{Record: b.Record, Allows: allows}, Body: b.body, Roles: b.actings, Names: b.Register.Names, Now: b.now,
		Demo: b.stamp.demo, Logger: b.logger,
	}
	pages := http.NewServeMux()
	(&office.Office{Desk: desk}).Routes(pages)
	(&portal.Portal{Desk: desk}).Routes(pages)
	b.applying(desk).Routes(pages)
	for _, root := range []string{"/office", "/portal", "/apply"} {
		mux.Handle(root, ui.Secure(pages))
		mux.Handle(root+"/", ui.Secure(pages))
	}
}
