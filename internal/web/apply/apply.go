// Package apply is the body's face to companies that want to become members.
//
// A stranger reads what it takes, and leaves a name and an address (start.go). The link that they are sent shows
// that the address is theirs, makes them a person of the record, and leads on to the door, where they make a
// passkey (link.go). Signed in, they fill in the application one question at a time (tasks.go, step.go): what they
// type is saved at every step, so that they may stop and go on elsewhere. They look at their answers and what the
// rules say of them, and send the application (answers.go); from then on they see how far it has got
// (progress.go).
//
// Whoever applies does so for themself: whichever role they act in elsewhere, here they act as a person.
package apply

import (
	"context"
	"embed"
	"net/http"

	"shingle/internal/account"
	"shingle/internal/applicant"
	"shingle/internal/gate"
	"shingle/internal/proofs"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

//go:embed pages/*.html
var pageFiles embed.FS

// Apply is what the pages are made from.
type Apply struct {
	// Desk is what it shares with other faces; what names the face is filled in by Routes.
	Desk     ui.Desk
	Register view.Register
	Drafts   applicant.Drafts
	SignUps  applicant.SignUps
	// Attempt counts a try, and refuses one too many with a [*account.TooMany].
	Attempt func(ctx context.Context, l account.Limit, by ...string) error
	// From returns by which network address tries are counted, "" for none.
	From func(r *http.Request) string
	// Letter has the letter with the link sent to a stranger, by the id of the sign-up: see [Address] and
	// [applicant.SignUps]. nil where nobody can sign up, because no letters are sent.
	Letter func(ctx context.Context, signUp string) error
	// Digest returns a hash of a text that only this body can make.
	Digest func(text []byte) ([]byte, error)
	// Proofs looks for what applicants publish on their domains.
	Proofs *proofs.Checker
	// Enrol returns the address, on this site, at which a person enrols once.
	Enrol func(ctx context.Context, person string) (path string, err error)
}

// Address returns where on the site a link leads that was sent to a stranger.
func Address(secret string) string { return "/apply/link/" + secret }

// Progress returns the address at which one sees how far an application has got.
func Progress(number string) string { return "/apply/progress/" + number }

// Routes adds the face to mux. The caller wraps mux in [ui.Secure].
func (a *Apply) Routes(mux *http.ServeMux) {
	d := &a.Desk
	d.Root, d.Title, d.Bare, d.Pages = "/apply", "Becoming a member", true, pageFiles
	d.Nav = []ui.NavEntry{{Href: "/apply/tasks", Label: "Application"}, {Href: "/apply/progress", Label: "Progress"}, {Href: "/account", Label: "Your account"}}
	d.Open()
	d.HandleOpen("GET /apply", a.start)
	d.HandleOpen("POST /apply", a.signUp)
	d.HandleOpen("GET /apply/invitation", a.invitation)
	d.HandleOpen("GET /apply/link/{secret}", a.link)
	d.HandleOpen("POST /apply/link/{secret}", a.linkUsed)
	a.own("GET /apply/tasks", a.tasks)
	a.own("GET /apply/tasks/{step}", a.ask)
	a.own("POST /apply/tasks/{step}", a.answered)
	a.own("GET /apply/check", a.check)
	a.own("POST /apply/check", a.send)
	a.own("POST /apply/discard", a.discard)
	a.own("GET /apply/progress", a.progress)
	a.own("GET /apply/progress/{number}", a.progressOf)
	a.own("POST /apply/progress/{number}", a.prove)
	d.Routes(mux)
}

// own adds a page for whoever is signed in, about what is theirs. They act as a person there, and a program that
// brings a token is none.
func (a *Apply) own(pattern string, page ui.DeskPage) {
	a.Desk.Handle(pattern, func(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
		if _, ok := who.Person(); !ok {
			return a.Desk.NotFound(w, r, c)
		}
		who.Role, who.Member = gate.Person, ""
		return page(w, r, who, c)
	})
}
