package complaints

import (
	"errors"
	"net/http"
	"strings"

	"shingle/internal/complainant"
	"shingle/internal/web/ui"
)

// cookie is where a browser keeps the secret of a session, until it is closed.
const cookie = "__Host-shingle-complaint"

func (v *visit) carry(secret string, seconds int) {
	http.SetCookie(v.w, &http.Cookie{Name: cookie, Value: secret, Path: "/", MaxAge: seconds, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// recognise finds out whose session it is, if there is one. Who types the code with what they send begins one.
func (x *Complaints) recognise(v *visit) error {
	if typed := strings.TrimSpace(v.sent.Get("_code")); typed != "" {
		_, err := x.open(v, typed)
		return err
	}
	carried, err := v.r.Cookie(cookie)
	if err != nil || carried.Value == "" {
		return nil
	}
	v.session, err = x.Sessions.Of(v.r.Context(), carried.Value)
	if errors.Is(err, complainant.ErrOver) {
		v.carry("", -1)
		return nil
	}
	v.in = err == nil
	return err
}

// open begins a session for a code; found is false for one of nothing. A code that opens nothing is counted.
func (x *Complaints) open(v *visit, typed string) (found bool, err error) {
	ctx, code := v.r.Context(), complainant.Code(typed)
	if err := x.count(v, codes); err != nil {
		return false, err
	}
	s := complainant.Session{Code: code}
	s.Case, err = complainant.CaseOf(ctx, x.Drafts.Record, code)
	if errors.Is(err, complainant.ErrNoCase) {
		draft, err := x.Drafts.Read(ctx, code)
		if err != nil || draft.Updated.IsZero() {
			return false, err
		}
	} else if err != nil {
		return false, err
	}
	return true, x.enter(v, s)
}

// enter begins a session in place of the one that there may be.
func (x *Complaints) enter(v *visit, s complainant.Session) error {
	if err := x.end(v); err != nil {
		return err
	}
	secret, err := x.Sessions.Begin(v.r.Context(), s)
	if err != nil {
		return err
	}
	v.carry(secret, 0)
	v.session, v.in = s, true
	return nil
}

// end ends the session that a browser carries.
func (x *Complaints) end(v *visit) error {
	carried, err := v.r.Cookie(cookie)
	if err != nil || carried.Value == "" {
		return nil
	}
	return x.Sessions.End(v.r.Context(), carried.Value)
}

// leave ends the session, so that the next person at this device sees nothing.
func (x *Complaints) leave(v *visit) error {
	if err := x.end(v); err != nil {
		return err
	}
	v.carry("", -1)
	v.to("/complaints/return?left=yes")
	return nil
}

// returnPage asks for the code. What was sent without a session stands in it, and is sent again with the code.
type returnPage struct {
	ui.Chrome
	Action  string // where it goes
	Case    bool   // a case was asked for
	Kept    []kept // what was sent
	Left    bool   // the reader has just left
	Wrong   bool   // the code opens nothing
	Form    *ui.Form
	Unknown bool // a session is over, or there was none, when something was sent
}

type kept struct{ Name, Value string }

func codeForm(wrong bool) *ui.Form {
	f := &ui.Form{Fields: []ui.FormField{{Field: textField("_code", "Your code", "five groups of five letters and digits; capitals and hyphens do not matter", true)}}}
	f.Fields[0].Secret = true
	if wrong {
		f.Blame("_code", "This code opens nothing. Check it letter by letter. A draft is kept for 30 days after it was touched last; a code that is lost cannot be recovered.")
	}
	return f
}

func (x *Complaints) ret(v *visit) error {
	return x.askCode(v, http.StatusOK, returnPage{Action: "/complaints/return", Left: v.r.URL.Query().Get("left") == "yes", Form: codeForm(false)})
}

func (x *Complaints) askCode(v *visit, status int, p returnPage) error {
	v.Title = "Return to your complaint"
	if len(p.Form.Faults) > 0 {
		v.Title = "Error: " + v.Title
	}
	p.Chrome = v.Chrome
	x.show(v, status, "return", p)
	return nil
}

// returned leads on to what a code opens. The code was read by [Complaints.recognise].
func (x *Complaints) returned(v *visit) error {
	switch {
	case !v.in || strings.TrimSpace(v.sent.Get("_code")) == "":
		return x.askCode(v, http.StatusUnprocessableEntity, returnPage{Action: "/complaints/return", Form: codeForm(true)})
	case v.session.Case != "":
		v.to(Case(v.session.Case))
	default:
		return x.goOn(v)
	}
	return nil
}

// strayed asks for the code where a page needs a session and there is none. What was typed goes along.
func (x *Complaints) strayed(v *visit) error {
	p := returnPage{Action: v.r.URL.Path, Form: codeForm(v.sent.Get("_code") != "")}
	for _, name := range sortedKeys(v.sent) {
		for _, value := range v.sent[name] {
			if name != "_code" {
				p.Kept = append(p.Kept, kept{name, strings.ToValidUTF8(value, "\ufffd")})
			}
		}
	}
	if len(p.Kept) == 0 {
		p.Action = "/complaints/return"
	}
	p.Unknown = len(p.Kept) > 0
	return x.askCode(v, http.StatusUnauthorized, p)
}

// drafting is a page for whoever writes a complaint.
func (x *Complaints) drafting(p page) page {
	return func(v *visit) error {
		switch {
		case !v.in:
			return x.strayed(v)
		case v.session.Case != "": // it is sent already
			v.to(Case(v.session.Case))
			return nil
		}
		return p(v)
	}
}
