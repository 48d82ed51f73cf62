package ui

import (
	"net/http"
	"strings"
)

// policy is the content security policy of every page: nothing runs, nothing comes from elsewhere.
// Pictures may stand in the style sheet as data.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors "

// Header values, made once: a header is a map of lists, and these lists are never written to.
var (
	framedNowhere = []string{policy + "'none'"}
	noSniff       = []string{"nosniff"}
	originOnly    = []string{"strict-origin-when-cross-origin"}
	sameOrigin    = []string{"same-origin"}
	noDevices     = []string{"camera=(), geolocation=(), microphone=()"}
)

// Secure adds the headers that every answer carries and refuses posts that come from another site.
func Secure(next http.Handler) http.Handler {
	protected := http.NewCrossOriginProtection()
	protected.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "This form was sent from another site. Nothing was changed. Open the page here and send it again.", http.StatusForbidden)
	}))
	h := protected.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["Content-Security-Policy"] = framedNowhere
		header["X-Content-Type-Options"] = noSniff
		header["Referrer-Policy"] = originOnly
		header["Cross-Origin-Opener-Policy"] = sameOrigin
		header["Permissions-Policy"] = noDevices
		h.ServeHTTP(w, r)
	})
}

// AllowFrames lets the pages of these domains, and only these, show the answer in a frame.
func AllowFrames(w http.ResponseWriter, domains []string) {
	ancestors := "'none'"
	if len(domains) > 0 {
		var sources []string
		for _, d := range domains {
			sources = append(sources, "https://"+d, "https://*."+d)
		}
		ancestors = strings.Join(sources, " ")
	}
	w.Header().Set("Content-Security-Policy", policy+ancestors)
}
