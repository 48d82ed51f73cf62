package app

import (
	"net/http"

	"shingle/internal/web/office"
	"shingle/internal/web/portal"
	"shingle/internal/web/ui"
)

// addDesks adds the faces for people who signed in: the office for the body's officers, the portal for its
// members' people.
func (b *Body) addDesks(mux *http.ServeMux) {
	desk := ui.Desk{
		Counter: ui.Counter{Record: b.Record, Allows: allows}, Body: b.body, Roles: b.actings, Names: b.Register.Names, Now: b.now,
		Demo: b.stamp.demo, Logger: b.logger,
	}
	pages := http.NewServeMux()
	(&office.Office{Desk: desk, Register: b.Register, Send: b.sendLetter}).Routes(pages)
	(&portal.Portal{Desk: desk}).Routes(pages)
	for _, root := range []string{"/office", "/portal"} {
		mux.Handle(root, ui.Secure(pages))
		mux.Handle(root+"/", ui.Secure(pages))
	}
}
