package app

import (
	"net/http"

	"shingle/internal/roster"
	"shingle/internal/web/office"
	"shingle/internal/web/ui"
)

// openOffice adds the office to mux, and has the rosters that are uploaded there looked after.
func (b *Body) openOffice(mux *http.ServeMux) {
	b.uploads = &roster.Uploads{Record: b.Record, Keys: b.keys, Now: b.now, Names: b.Register.Names, Logger: b.logger}
	b.alongside = append(b.alongside, b.uploads.Tend)
	o := &office.Office{
		Desk: ui.Desk{
			Counter: ui.Counter{Record: b.Record, Allows: allows}, Body: b.body, Names: b.Register.Names, Now: b.now, Demo: b.stamp.demo, Logger: b.logger,
		},
		Register: b.Register, Standing: b.Standing, Uploads: b.uploads,
	}
	pages := http.NewServeMux()
	o.Routes(pages)
	h := ui.Secure(pages)
	mux.Handle("/office", h)
	mux.Handle("/office/", h)
}
