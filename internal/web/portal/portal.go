// Package portal is the body's face to its members: what one member's people see of their own affairs, and ask
// for in its name.
//
// Whoever comes here signed in and acts in one role for one member. Which member that is comes with who they
// are, and is never read from an address or a form.
package portal

import (
	"embed"
	"net/http"

	"shingle/internal/web/ui"
)

//go:embed pages/*.html
var pageFiles embed.FS

// Portal is what the pages are made from.
type Portal struct {
	// Desk is what it shares with other faces; what names the face is filled in by Routes.
	Desk ui.Desk
}

// Routes adds the portal to mux. The caller wraps mux in [ui.Secure].
func (p *Portal) Routes(mux *http.ServeMux) {
	d := &p.Desk
	d.Root, d.Title, d.Own, d.Pages = "/portal", "Members’ portal", true, pageFiles
	d.Nav = []ui.NavEntry{{Href: "/portal", Label: "Overview"}, {Href: "/portal/acts", Label: "Ask for something"}}
	d.Open()
	d.Handle("GET /portal", p.overview)
	d.Routes(mux)
}

// overviewPage is the first page.
type overviewPage struct {
	ui.Chrome
	Root   string
	Groups []ui.ActGroup
}

func (p *Portal) overview(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Overview"
	p.Desk.Show(w, r, http.StatusOK, "overview", overviewPage{c, p.Desk.Root, p.Desk.Askable(who, "")})
	return nil
}
