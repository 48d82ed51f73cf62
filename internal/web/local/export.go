package local

import (
	"context"
	"net/http"

	"shingle/internal/web/ui"
)

// export writes the public site as files.
func (d *Door) export(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if query.Get("to") == "" {
		ui.BadRequest("Say where to export to.").WriteJSON(w)
		return
	}
	out := newLines(w)
	// An export that was begun is finished: whoever asked for it may have gone.
	report, err := d.Export(context.WithoutCancel(r.Context()), query.Get("to"), query.Get("base"), query.Get("all") == "true", out.progress)
	d.end(r, out, report, err)
}
