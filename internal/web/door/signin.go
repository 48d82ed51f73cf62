package door

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"shingle/internal/account"
	"shingle/internal/web/ui"
)

// signInPage offers the ways in.
type signInPage struct {
	ui.Chrome
	Next      string
	Why       string // they were signed out
	Problem   string // why they are not signed in
	Providers []*account.Provider
}

func (d *Door) signIn(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	if to, ok := d.byName(r); ok {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	to := next(r.URL.Query().Get("next"))
	if s, ok := sessionIn(r.Context()); ok && !s.Limited() {
		http.Redirect(w, r, d.homeOr(to, s.Role, s.Member), http.StatusSeeOther)
		return nil
	}
	p := signInPage{Next: to}
	if cookie, err := r.Cookie(endedCookie); err == nil {
		if e, ok := account.EndedFor(cookie.Value); ok {
			p.Why = e.Reason
		}
		setCookie(w, endedCookie, "", -1)
	}
	return d.showSignIn(w, r, c, http.StatusOK, p)
}

func (d *Door) showSignIn(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, p signInPage) error {
	c.Title = "Sign in"
	p.Chrome, p.Providers = c, d.Providers
	ui.AllowScript(w)
	d.pages.Show(w, r, status, "sign-in", p)
	return nil
}

// byName returns where a page is found on a machine that is asked by its loopback address: passkeys are bound
// to a name, and there that is localhost.
func (d *Door) byName(r *http.Request) (to string, ok bool) {
	ours, err := url.Parse(d.Origin)
	if err != nil || ours.Hostname() != "localhost" {
		return "", false
	}
	host, port, err := net.SplitHostPort(r.Host)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return "", false
	}
	return "http://" + net.JoinHostPort("localhost", port) + r.URL.RequestURI(), true
}

func (d *Door) signInBegin(w http.ResponseWriter, r *http.Request, _ ui.Chrome) error {
	if err := d.Accounts.Attempt(r.Context(), begins, d.From(r)); err != nil {
		return err
	}
	options, secret, err := d.Accounts.BeginSignIn(r.Context())
	if err != nil {
		return err
	}
	return begun(w, options, secret)
}

func (d *Door) signInDone(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx, from := r.Context(), d.From(r)
	p := signInPage{Next: next(r.PostForm.Get("next"))}
	answer := r.PostForm.Get("answer")
	if answer == "" {
		p.Problem = "Your browser did not use a passkey. That needs a script on this page: allow it, or sign in another way."
		return d.showSignIn(w, r, c, http.StatusUnprocessableEntity, p)
	}
	if err := d.Accounts.MayAttempt(ctx, wrongs, from); err != nil {
		return err
	}
	used, err := d.Accounts.FinishSignIn(ctx, ceremony(w, r), []byte(answer))
	switch p.Problem = signInProblem(err); {
	case p.Problem != "":
		if err := d.wrong(r, used.Person); err != nil {
			return err
		}
		if errors.Is(err, account.ErrCopied) {
			d.tell(ctx, PasskeyCopied, used.Person)
		}
		return d.showSignIn(w, r, c, http.StatusUnprocessableEntity, p)
	case err != nil:
		return err
	}
	if err := d.Accounts.MayAttempt(ctx, wrongs, used.Person); err != nil {
		return err
	}
	return d.enter(w, r, account.Opening{Person: used.Person, How: account.ByPasskey}, p.Next)
}

// signInProblem says what was wrong with a passkey's answer; "" if nothing was, or the fault is ours.
func signInProblem(err error) string {
	switch {
	case errors.Is(err, account.ErrExpired):
		return "That took too long, or was done before. Try again."
	case errors.Is(err, account.ErrWrongPasskey):
		return "This passkey is not known here. Use another one, or a recovery code."
	case errors.Is(err, account.ErrCopied):
		return "This passkey may have been copied, so it works no more. Sign in another way and remove it from your account."
	}
	return ""
}

// wrong counts an answer that proved nothing.
func (d *Door) wrong(r *http.Request, person string) error {
	by := []string{d.From(r)}
	if person != "" {
		by = append(by, person)
	}
	return d.Accounts.Attempt(r.Context(), wrongs, by...)
}

// enter opens a session and leads on. The one that the browser had is over.
func (d *Door) enter(w http.ResponseWriter, r *http.Request, o account.Opening, to string) error {
	ctx := r.Context()
	o.Device = device(r.UserAgent())
	secret, s, err := d.Accounts.Open(ctx, o)
	if err != nil {
		return err
	}
	if before, ok := sessionIn(ctx); ok {
		if err := d.Accounts.End(ctx, before.Person, before.ID); err != nil {
			return err
		}
	}
	d.signedIn(w, secret, s)
	if s.Limited() {
		http.Redirect(w, r, "/enrol", http.StatusSeeOther)
		return nil
	}
	if s.Role == account.InPerson && to == "" {
		to = d.begin(r.Context(), s.Person)
	}
	http.Redirect(w, r, d.homeOr(to, s.Role, s.Member), http.StatusSeeOther)
	return nil
}

func (d *Door) signOut(w http.ResponseWriter, r *http.Request, _ ui.Chrome) error {
	if s, ok := sessionIn(r.Context()); ok {
		if err := d.Accounts.End(r.Context(), s.Person, s.ID); err != nil {
			return err
		}
	}
	setCookie(w, sessionCookie, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// titled is a role as a label says it.
func titled(role string) string {
	if role == account.InPerson {
		return "Yourself"
	}
	words := strings.ReplaceAll(role, "-", " ")
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
