// Package office is the body's face to its officers: what waits for them today, and every act that their role
// may ask for.
//
// Whoever comes here signed in and acts in one role. What the role may see and do is in the gate's table;
// that it may do a thing at this moment is decided with the act.
package office

import (
	"context"
	"embed"
	"net/http"

	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/work/mail"
)

//go:embed pages/*.html
var pageFiles embed.FS

// Office is what the pages are made from.
type Office struct {
	// Desk is what it shares with other faces; what names the face is filled in by Routes.
	Desk     ui.Desk
	Register view.Register
	// Send asks for a letter.
	Send func(ctx context.Context, l mail.Letter) error

	sending sendingDesk
}

// Routes adds the office to mux. The caller wraps mux in [ui.Secure].
func (o *Office) Routes(mux *http.ServeMux) {
	d := &o.Desk
	d.Root, d.Title, d.Pages = "/office", "Office", pageFiles
	d.Nav = []ui.NavEntry{{Href: "/office", Label: "Today"}, {Href: "/office/launch", Label: "Launch"}, {Href: "/office/acts", Label: "Ask for something"}}
	d.Open()
	d.Handle("GET /office", o.today)
	o.launchRoutes()
	d.Routes(mux)
}

// todayPage is the first page.
type todayPage struct {
	ui.Chrome
	Root   string
	Groups []ui.ActGroup
}

func (o *Office) today(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Today"
	o.Desk.Show(w, r, http.StatusOK, "today", todayPage{c, o.Desk.Root, o.Desk.Askable(who, "")})
	return nil
}
