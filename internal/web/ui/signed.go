package ui

import (
	"net/http"
	"net/url"
	"slices"

	"shingle/internal/gate"
)

// Where people sign in and out, prove afresh who they are, see what they sign in with, and take on another of
// their roles. The first two take the address to go on to as "next".
const (
	SignInPath  = "/sign-in"
	StepUpPath  = "/step-up"
	SignOutPath = "/sign-out"
	AccountPath = "/account"
	ActAsPath   = "/account/act-as" // POST of role and member
)

// Signed is what a page for somebody who signed in shows around itself: the navigation of the face, who they
// are, in which role, and how to change that. Such a page is kept in no cache.
type Signed struct {
	Face   string // "Office"
	Nav    []NavEntry
	Name   string // of the person, "" if there is none, as of a token
	Role   string // with its article, e.g. "a registrar"
	For    string // the member that the role acts for: its name or number; "" for none
	Others []Acting
}

// Acting is a role that somebody holds and could act in.
type Acting struct {
	Role, Member string // Member is a number, or ""
	Title        string // e.g. "a registrar", "a member's representative"
	Of           string // the member's name, ""
}

// RoleTitle returns a role with its article, e.g. "a registrar".
func RoleTitle(role string) string {
	i := slices.IndexFunc(gate.Roles, func(r gate.Role) bool { return r.Name == role })
	if i < 0 {
		return role
	}
	return gate.Roles[i].Title
}

// ActAs is where the forms of the menu go.
func (Signed) ActAs() string { return ActAsPath }

// Account is where the passkeys and sessions of whoever signed in are.
func (Signed) Account() string { return AccountPath }

// SignOut is where the button goes.
func (Signed) SignOut() string { return SignOutPath }

// after returns an address that leads on to where a request went. What was sent with it is not in an address:
// a form is begun again.
func after(path string, r *http.Request) string {
	next := r.URL.Path
	if r.URL.RawQuery != "" && r.Method == http.MethodGet {
		next += "?" + r.URL.RawQuery
	}
	return path + "?" + url.Values{"next": {next}}.Encode()
}

// SignIn leads whoever is not signed in to the door, and back from there. A program is told what to do.
func SignIn(w http.ResponseWriter, r *http.Request) {
	toDoor(w, r, SignInPath, Problem{Type: "/problems/sign-in", Title: "You are not signed in", Status: http.StatusUnauthorized,
		Detail: "Nothing was changed.", Cure: "Sign in at " + SignInPath + "."})
}

// StepUp leads whoever must prove afresh who they are to the door, and back from there; see [FreshProof].
func StepUp(w http.ResponseWriter, r *http.Request) { toDoor(w, r, StepUpPath, FreshProof) }

// FreshProof is the problem of whoever may do something once they have proven afresh that it is them.
var FreshProof = Problem{Type: "/problems/step-up", Title: "Before this you prove afresh that it is you", Status: http.StatusUnauthorized,
	Detail: "It is more than five minutes ago that you used your passkey. Nothing was changed.", Cure: "Use it at " + StepUpPath + " and ask again."}

func toDoor(w http.ResponseWriter, r *http.Request, path string, p Problem) {
	if WantsJSON(r) {
		p.WriteJSON(w)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, after(path, r), http.StatusSeeOther)
}
