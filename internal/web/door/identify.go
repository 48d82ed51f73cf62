package door

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// Names of cookies. By __Host- browsers keep them to this host and to HTTPS; on http://localhost, too, which
// they trust as much (not Safari, which keeps no Secure cookie there).
const (
	sessionCookie  = "__Host-shingle"
	ceremonyCookie = "__Host-shingle-ceremony"
	endedCookie    = "__Host-shingle-ended" // why they were signed out, for the next page
)

type sessionKey struct{}

// sessionIn returns the session that a request came with.
func sessionIn(ctx context.Context) (account.Session, bool) {
	s, ok := ctx.Value(sessionKey{}).(account.Session)
	return s, ok
}

// unasked are addresses at which it does not matter who asks.
var unasked = []string{"/assets/", "/favicon.ico", "/robots.txt", "/healthz", "/readyz"}

// Identify tells what stands behind it who asks, if they are signed in. A session that has ended is as none,
// and whoever came with it is told why when they sign in again. A request that another site made is refused if
// it could change anything.
func (d *Door) Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(sessionCookie)
		if err != nil || cookie.Value == "" || isUnasked(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		if d.cross.Check(r) != nil {
			d.refuse(w, r, ui.Problem{Type: "/problems/other-site", Title: "This was sent from another site", Status: http.StatusForbidden,
				Detail: "Nothing was changed.", Cure: "Open the page here and send it again."})
			return
		}
		s, err := d.Accounts.Session(r.Context(), cookie.Value)
		var ended *account.Ended
		if errors.As(err, &ended) {
			setCookie(w, sessionCookie, "", -1)
			if _, known := account.EndedFor(ended.Code); known {
				setCookie(w, endedCookie, ended.Code, 60)
			}
			next.ServeHTTP(w, r)
			return
		} else if err != nil {
			d.serve(func(http.ResponseWriter, *http.Request, ui.Chrome) error { return err })(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Add("Vary", "Cookie")
		known := r.WithContext(d.with(r, s))
		defer func() { r.Pattern = known.Pattern }() // for whoever counts requests by it
		next.ServeHTTP(w, known)
	})
}

func isUnasked(path string) bool {
	for _, p := range unasked {
		if path == p || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

// with puts a session, and who asks in it, into the context of a request. Whoever may only enrol is nobody yet.
func (d *Door) with(r *http.Request, s account.Session) context.Context {
	ctx := context.WithValue(r.Context(), sessionKey{}, s)
	if s.Limited() {
		return ctx
	}
	who := ui.Who{Actor: s.Person, Holder: s.Person, Role: s.Role, Member: s.Member, Stale: !s.ProvenAt(d.Now())}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		if p, err := d.Person(ctx, s.Person); err == nil { // a page without a name is better than none
			who.Name = p.Name
		}
	}
	return ui.WithIdentity(ctx, who)
}

// setCookie sets a cookie for a number of seconds; 0 until the browser ends, -1 removes it.
func setCookie(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// signedIn gives a browser its session. The id is new whenever somebody signs in, proves who they are or takes
// up another role, so that one that was foisted on them is worth nothing.
func (d *Door) signedIn(w http.ResponseWriter, secret string, s account.Session) {
	setCookie(w, sessionCookie, secret, max(1, int(min(s.Ends.Sub(d.Now()), 400*24*time.Hour)/time.Second)))
}

// ceremony returns the secret of what a browser began, and forgets it.
func ceremony(w http.ResponseWriter, r *http.Request) string {
	cookie, err := r.Cookie(ceremonyCookie)
	if err != nil {
		return ""
	}
	setCookie(w, ceremonyCookie, "", -1)
	return cookie.Value
}

// begun hands a browser what is to be signed.
func begun(w http.ResponseWriter, options []byte, secret string) error {
	setCookie(w, ceremonyCookie, secret, 300)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(options) // the reader may have gone
	return nil
}
