package ui

import "net/http"

// AllowScript lets the page run the scripts that lie among the assets, and those ask this server, and nobody
// else. Passkeys cannot be used without a script; no other page has one.
func AllowScript(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", policy+"'none'; script-src 'self'; connect-src 'self'")
}
