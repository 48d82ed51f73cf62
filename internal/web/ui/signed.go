package ui

import (
	"net/http"
	"net/url"
	"slices"

	"shingle/internal/gate"
)

// Where people sign in and out, prove afresh who they are, and take on another of their roles. The first two
// take the address to go on to as "next".
const (
	SignInPath  = "/sign-in"
	StepUpPath  = "/step-up"
	SignOutPath = "/sign-out"
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
