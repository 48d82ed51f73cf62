package app

import (
	"net/http"

	"shingle/internal/roster"
	"shingle/internal/web/office"
	"shingle/internal/web/ui"
)

// openOffice adds the office to mux, and has the rosters that are uploaded there looked after.
func (b *Body) openOffice(desk ui.Desk, mux *http.ServeMux) {
	b.uploads = &roster.Uploads{Record: b.Record, Keys: b.keys, Now: b.now, Names: b.Register.Names, Logger: b.logger}
	b.alongside = append(b.alongside, b.uploads.Tend)
	(&office.Office{Desk: desk, Register: b.Register, Standing: b.Standing, Origin: b.door.Origin, Uploads: b.uploads}).Routes(mux)
}
