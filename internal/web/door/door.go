// Package door is where people come in: they enrol a passkey, sign in with it, say in which role they act,
// prove afresh that it is them before what is grave, and go out again.
//
// Whoever is invited opens the page in their invitation and has a one-time link sent to their address (join.go).
// The link shows a page with a button, so that whatever scans e-mail for harm does not use it up; the button
// opens a session in which passkeys are enrolled and nothing else (enrol.go). From then on they sign in with a
// passkey (signin.go), with an identity that they linked (provider.go), or, having lost their passkeys, with a
// recovery code, which again only lets them enrol one (recover.go). What they have is on one page (own.go),
// from which they also set right what they are called, or are forgotten (oneself.go).
//
// [Door.Identify] stands before all faces and tells them by [ui.WhoIn] who asks. Nobody has to be signed in to
// read what is public.
package door

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"shingle/internal/account"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

//go:embed pages/*.html
var pageFiles embed.FS

// Person is what the door must know of somebody.
type Person struct {
	Name   string
	Email  string
	Joined bool // they have enrolled once
}

// Kind is the kind of a letter.
type Kind string

// The letters. All but the first two tell somebody that their account was changed, so that they notice if it
// was not by them.
const (
	EnrolLink       Kind = "enrol-link" // the one-time link by which a passkey is enrolled
	Invitation      Kind = "invitation"
	PasskeyAdded    Kind = "passkey-added"
	PasskeyRemoved  Kind = "passkey-removed"
	PasskeyCopied   Kind = "passkey-copied" // there may be a copy of it, and it works no more
	RecoveryUsed    Kind = "recovery-used"
	RecoveryMade    Kind = "recovery-made"
	IdentityLinked  Kind = "identity-linked"
	IdentityRemoved Kind = "identity-removed"
)

// Letter is a letter to somebody about their account. It holds no address and no secret, so that it may lie in a
// queue: whoever writes it asks [Door.Person] for whom it is, and makes the link that it brings by [Door.EnrolLink]
// or [Door.Invite].
type Letter struct {
	Kind   Kind
	Person string
	At     time.Time // when it happened
}

// ErrNoMail says that no letter can be sent from here at all.
var ErrNoMail = errors.New("this body sends no e-mail")

// Door is the pages on which people come in.
type Door struct {
	Accounts *account.Accounts
	// Person returns what is known of a person, or [account.ErrNoPerson].
	Person func(ctx context.Context, person string) (Person, error)
	// Joined asks for the act by which a person has joined: they enrolled their first passkey. If it is refused
	// they have not.
	Joined func(ctx context.Context, person string) error
	// Mail sends a letter, now or soon, or returns [ErrNoMail].
	Mail func(ctx context.Context, l Letter) error
	// MemberName returns the name of a member; nil knows only numbers.
	MemberName func(ctx context.Context, number string) (string, error)
	// Allows refuses what the gate does not grant, see [ui.Counter].
	Allows func(who ui.Who, what string, concerning ...string) error
	// Chrome returns what surrounds every page.
	Chrome func(r *http.Request) (ui.Chrome, error)
	// Home is where somebody begins in a role; nil and "" lead to their account.
	Home func(role, member string) string
	// Newcomers is where those begin who hold no role at all; "" is their account.
	Newcomers string
	// Demo says whom a demo's printed link signs in, and in which role; nil where there is no demo.
	Demo func(ctx context.Context, link string) (Guest, bool)
	// Providers are the identity providers that one may sign in with.
	Providers []*account.Provider
	// Proxies are those whose header X-Forwarded-For is believed.
	Proxies []netip.Prefix
	Origin  string // where the pages are reached, e.g. "https://guild.example"
	Now     func() time.Time
	Logger  *slog.Logger

	pages *ui.Pages
	cross *http.CrossOriginProtection
}

// Guest is whom a demo's link signs in.
type Guest struct{ Person, Role, Member string }

// page answers a request; c is what surrounds the page, its title still open.
type page func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error

// Open makes the door ready, and must be called before anything else.
func (d *Door) Open() {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	d.pages = ui.Parse(pageFiles, d.Logger)
	d.cross = http.NewCrossOriginProtection()
}

// Routes adds the door's pages to mux. They say by themselves who may see them; [Door.Identify] must stand
// before mux.
func (d *Door) Routes(mux *http.ServeMux) {
	for pattern, p := range d.routes() {
		mux.Handle(pattern, ui.Secure(ui.Readable(d.serve(p), d.refuse)))
	}
}

// routes are all there are. Each has its lines in the gate's table.
func (d *Door) routes() map[string]page {
	routes := map[string]page{
		"GET /sign-in":        d.signIn,
		"POST /sign-in":       d.signInDone,
		"POST /sign-in/begin": d.signInBegin,
		"POST /sign-out":      d.signOut,
		"GET /recover":        d.recover,
		"POST /recover":       d.recoverDone,
		"GET /join/{token}":   d.join,
		"POST /join/{token}":  d.joinDone,
		"GET /enrol/{link}":   d.link,
		"POST /enrol/{link}":  d.linkUsed,

		"GET /enrol":        d.enrolling("GET /enrol", d.enrol),
		"POST /enrol/begin": d.enrolling("POST /enrol/begin", d.enrolBegin),
		"POST /enrol":       d.enrolling("POST /enrol", d.enrolDone),

		"GET /step-up":        d.own("GET /step-up", d.stepUp),
		"POST /step-up":       d.own("POST /step-up", d.stepUpDone),
		"POST /step-up/begin": d.own("POST /step-up/begin", d.stepUpBegin),

		"GET /account":                               d.own("GET /account", d.account),
		"POST /account/act-as":                       d.own("POST /account/act-as", d.actAs),
		"POST /account/passkeys/{id}/remove":         d.own("POST /account/passkeys/{id}/remove", d.removePasskey),
		"POST /account/recovery":                     d.own("POST /account/recovery", d.makeCodes),
		"POST /account/sessions/{id}/end":            d.own("POST /account/sessions/{id}/end", d.endSession),
		"POST /account/sessions/end-others":          d.own("POST /account/sessions/end-others", d.endOthers),
		"POST /account/identities/{provider}/link":   d.own("POST /account/identities/{provider}/link", d.linkProvider),
		"POST /account/identities/{provider}/unlink": d.own("POST /account/identities/{provider}/unlink", d.unlinkProvider),
		"POST /oidc/{provider}":                      d.toProvider,
		"GET /oidc/{provider}/back":                  d.fromProvider,
	}
	if d.Demo != nil {
		routes["GET /demo/sign-in/{role}"] = d.guest
		routes["POST /demo/sign-in/{role}"] = d.guestIn
	}
	return routes
}

// serve turns a page into a handler. Nothing that it shows is kept by anyone.
func (d *Door) serve(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		c, err := d.Chrome(r)
		c.NoIndex, c.Feed, c.Active = true, "", ""
		if err == nil {
			err = readForm(r)
		}
		if err == nil {
			err = p(w, r, c)
		}
		if err != nil {
			d.fail(w, r, c, err)
		}
	}
}

// errForm says that what was posted is no form.
var errForm = errors.New("the form that was sent cannot be read")

// readForm reads what was posted.
func readForm(r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}
	err := r.ParseForm()
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return errForm
	}
	return err
}

func (d *Door) refuse(w http.ResponseWriter, r *http.Request, p ui.Problem) {
	d.serve(func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
		d.pages.Problem(w, r, c, p)
		return nil
	})(w, r)
}

// own is a page that only whoever is signed in sees, if the gate grants it to them.
func (d *Door) own(pattern string, p page) page {
	return func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
		who, ok := ui.WhoIn(r.Context())
		if s, in := sessionIn(r.Context()); !in {
			ui.SignIn(w, atAccount(r))
			return nil
		} else if s.Limited() {
			http.Redirect(w, r, "/enrol", http.StatusSeeOther)
			return nil
		} else if !ok || who.Actor != s.Person {
			return &gate.Denied{What: pattern, Reason: "Whoever brings a token asks as its holder, who has no account."}
		}
		if err := d.Allows(who, pattern, who.Actor); err != nil {
			return err
		}
		return p(w, r, c)
	}
}

// enrolling is a page that, beside whoever is signed in, those see who may enrol and nothing else.
func (d *Door) enrolling(pattern string, p page) page {
	own := d.own(pattern, p)
	return func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
		if s, ok := sessionIn(r.Context()); ok && s.Limited() {
			return p(w, r, c)
		}
		return own(w, r, c)
	}
}

// fail answers with what an error is.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) {
	var many *account.TooMany
	var denied *gate.Denied
	var ended *account.Ended
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &denied) && denied.StepUp:
		ui.StepUp(w, atAccount(r))
	case errors.As(err, &denied):
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/not-allowed", Title: "This is not yours to ask for", Status: http.StatusForbidden, Detail: denied.Reason, Cure: "Nothing was changed."})
	case errors.As(err, &ended), errors.Is(err, account.ErrNoPerson):
		ui.SignIn(w, atAccount(r))
	case errors.As(err, &many):
		d.tooMany(w, r, c, many)
	case errors.Is(err, ErrNoMail):
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/unavailable", Title: "No e-mail can be sent from here", Status: http.StatusServiceUnavailable,
			Detail: "Nothing was sent.", Cure: "Ask whoever invited you: whoever runs this server can give you a link."})
	case errors.As(err, &large):
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/too-large", Title: "The request is too large", Status: http.StatusRequestEntityTooLarge, Cure: "Nothing was changed."})
	case errors.Is(err, errForm):
		d.pages.Problem(w, r, c, ui.BadRequest("The form that was sent cannot be read."))
	case errors.Is(err, account.ErrExpired):
		d.pages.Problem(w, r, c, expired)
	case errors.Is(err, account.ErrNotFound):
		d.pages.Problem(w, r, c, ui.NotFound("There is no such thing of yours."))
	case errors.Is(err, account.ErrProvider):
		d.Logger.WarnContext(r.Context(), "an identity provider vouched for nobody", "route", r.Pattern, "error", err)
		d.pages.Problem(w, r, c, ui.Problem{Type: "/problems/provider", Title: "The identity provider did not vouch for you", Status: http.StatusBadGateway,
			Detail: "Nothing was changed.", Cure: "Try again, or sign in with a passkey."})
	default:
		d.pages.Fail(w, r, c, err)
	}
}

// atAccount is a request to come back to: what was posted to one of our addresses is begun anew on their account.
func atAccount(r *http.Request) *http.Request {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r
	}
	back := r.Clone(r.Context())
	back.URL.Path, back.URL.RawQuery = "/account", ""
	return back
}

// expired is the problem of a link, code or ceremony that works no more.
var expired = ui.Problem{Type: "/problems/spent", Title: "This has expired or was used before", Status: http.StatusGone,
	Detail: "Links and codes work once, and links only for a while. Nothing was changed.", Cure: "Begin again: open the page in your invitation, or sign in."}

// tell sends somebody a letter about a change of their account. It was changed also if no letter can be sent.
func (d *Door) tell(ctx context.Context, kind Kind, person string) {
	err := d.Mail(ctx, Letter{Kind: kind, Person: person, At: d.Now()})
	if err != nil && !errors.Is(err, ErrNoMail) {
		d.Logger.ErrorContext(ctx, "somebody was not told of a change of their account", "person", person, "letter", kind, "error", err)
	}
}

// Invite makes an invitation and returns the address of the page that it is taken up on. Those made before work
// no more.
func (d *Door) Invite(ctx context.Context, person string) (address string, until time.Time, err error) {
	secret, made, err := d.Accounts.Invite(ctx, person)
	return d.Origin + "/join/" + secret, made.Expires, err
}

// EnrolLink makes a one-time link and returns its address. Those made before work no more.
func (d *Door) EnrolLink(ctx context.Context, person string) (address string, until time.Time, err error) {
	secret, until, err := d.Accounts.MakeLink(ctx, person)
	return d.Origin + "/enrol/" + secret, until, err
}
