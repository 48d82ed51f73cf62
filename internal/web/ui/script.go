package ui

import (
	"net/http"
	"net/url"
)

// AllowScript lets the page run the scripts that lie among the assets, and those ask this server, and nobody
// else. Passkeys cannot be used without a script; no other page has one.
func AllowScript(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", policy+"'none'; script-src 'self'; connect-src 'self'")
}

// SignIn asks whoever is not signed in to do so, and has them come back. A program is told that it must.
func SignIn(w http.ResponseWriter, r *http.Request) {
	if WantsJSON(r) {
		Problem{Type: "/problems/sign-in", Title: "You are not signed in", Status: http.StatusUnauthorized, Cure: "Sign in, or send the header Authorization: Bearer TOKEN."}.WriteJSON(w)
		return
	}
	comeBack(w, r, "/sign-in")
}

// StepUp asks whoever is signed in to prove afresh that it is them, and has them come back.
func StepUp(w http.ResponseWriter, r *http.Request) {
	if WantsJSON(r) {
		FreshProof.WriteJSON(w)
		return
	}
	comeBack(w, r, "/step-up")
}

// FreshProof is the problem of whoever may do something once they have proven afresh that it is them.
var FreshProof = Problem{Type: "/problems/step-up", Title: "Before this you prove afresh that it is you", Status: http.StatusUnauthorized,
	Detail: "It is more than five minutes ago that you used your passkey. Nothing was changed.", Cure: "Use it at /step-up and ask again."}

// comeBack sends a reader to a page that sends them back to where they were.
func comeBack(w http.ResponseWriter, r *http.Request, to string) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		to += "?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}
