package app

import (
	"net/http"

	"shingle/internal/web/office"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
)

// addDesks adds the faces for people who signed in: the office for the body's officers, the portal for its
// members' people. s is the public one, with which they share what is said of the body.
func (b *Body) addDesks(mux *http.ServeMux, s *site.Site) {
	desk := ui.Desk{
		Counter: ui.Counter{Record: b.Record, Allows: allows}, Body: b.body, Names: b.Register.Names, Now: b.now,
		Demo: b.stamp.demo, Logger: b.logger,
	}
	pages := http.NewServeMux()
	(&office.Office{Desk: desk}).Routes(pages)
	b.portal(desk, s).Routes(pages)
	for _, root := range []string{"/office", "/portal"} {
		mux.Handle(root, ui.Secure(pages))
		mux.Handle(root+"/", ui.Secure(pages))
	}
}
