package site

import (
	"context"
	"errors"
	"net/http"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/alerts"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// Telling is what it takes to tell customers of a change.
type Telling struct {
	Alerts *alerts.Alerts
	Send   func(ctx context.Context, l mail.Letter) error
	// From says where a request comes from, as tries are counted, "" for nowhere.
	From func(r *http.Request) string
}

// The steps from asking to be told until being told no more.
const (
	stepAsk       = "ask"
	stepSent      = "sent" // look into your mail
	stepConfirm   = "confirm"
	stepConfirmed = "confirmed"
	stepTold      = "told" // what one is told, and how to end it
	stepEnded     = "ended"
)

type alertPage struct {
	ui.Chrome
	Step         string
	Number, Name string // of the member
	Action       string // where the form goes
	Email, Error string // as it was typed, and what is wrong with it
	Since        time.Time
}

// alertRoutes adds the pages on which customers ask to be told of a member's changes.
func (s *Site) alertRoutes(mux *http.ServeMux) {
	for path, steps := range map[string][2]page{
		"/register/{number}/alerts": {s.alertForm, s.askAlert},
		"/alerts/confirm/{link}":    {s.alertAsked, s.confirmAlert},
		"/alerts/{key}":             {s.alert, s.endAlert},
	} {
		mux.HandleFunc("GET "+path, s.serve(s.unkept(steps[0]), true))
		mux.HandleFunc("POST "+path, s.serve(s.unkept(steps[1]), true))
		mux.HandleFunc(path, s.wrongMethod)
	}
}

// unkept has a page kept nowhere, and found by nobody who was not sent there.
func (s *Site) unkept(p page) page {
	return func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "same-origin")
		c.NoIndex, c.Active = true, "/register"
		err := p(w, r, c)
		if errors.Is(err, alerts.ErrGone) {
			s.pages.Problem(w, r, c, ui.Problem{Type: "/problems/not-found", Title: "This link leads nowhere any more", Status: http.StatusNotFound,
				Detail: "It was used already, its time is over, or it is not whole. If you had ended what it was for: nothing is sent to you.",
				Cure:   "Ask again on the company’s page in the register."})
			return nil
		}
		return err
	}
}

// alertOf begins the page about a member.
func (s *Site) alertOf(ctx context.Context, c ui.Chrome, number, step, title string) (alertPage, error) {
	m, err := s.Register.Member(ctx, number)
	c.Title = title
	return alertPage{Chrome: c, Step: step, Number: m.Number, Name: m.Name, Action: "/register/" + m.Number + "/alerts"}, err
}

const askTitle = "Tell me if this provider’s standing changes"

func (s *Site) alertForm(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	p, err := s.alertOf(r.Context(), c, r.PathValue("number"), stepAsk, askTitle)
	if err == nil {
		s.pages.Show(w, r, http.StatusOK, "alert", p)
	}
	return err
}

// maxAlert is how large the form may be, in bytes.
const maxAlert = 4 << 10

// askAlert answers the same, whoever has asked before.
func (s *Site) askAlert(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	p, err := s.alertOf(r.Context(), c, r.PathValue("number"), stepAsk, askTitle)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAlert)
	if err := r.ParseForm(); err != nil {
		s.pages.Problem(w, r, c, ui.BadRequest("The form that was sent cannot be read."))
		return nil
	}
	p.Email = r.PostForm.Get("email")
	id, err := s.Telling.Alerts.Ask(r.Context(), p.Number, p.Email, s.Telling.From(r))
	var often *account.TooMany
	switch {
	case errors.Is(err, alerts.ErrAddress):
		p.Title, p.Error = "Error: "+p.Title, "Give one e-mail address, such as ada@company.example, without a name beside it."
		if !act.OneLine(p.Email, 0, 200) {
			p.Email = ""
		}
		s.pages.Show(w, r, http.StatusUnprocessableEntity, "alert", p)
		return nil
	case errors.As(err, &often):
		p, wait := ui.TooMany(w, often.Again.Sub(c.Now), "Nothing was changed. It is counted by network, so it may have been somebody beside you.")
		p.Cure = "Try again in " + wait + ", or follow the company’s feed, which needs no address."
		s.pages.Problem(w, r, c, p)
		return nil
	case errors.Is(err, alerts.ErrFull):
		s.pages.Problem(w, r, c, ui.Problem{Type: "/problems/unavailable", Title: "Too many ask for this right now", Status: http.StatusServiceUnavailable,
			Detail: "Nothing was changed.", Cure: "Try again tomorrow, or follow the company’s feed, which needs no address."})
		return nil
	case err != nil:
		return err
	case id != "":
		err := s.Telling.Send(r.Context(), mail.Letter{Letter: letters.Confirm, To: alerts.Prefix + id, About: "alert/" + id, Member: p.Number})
		if err != nil {
			s.Logger.WarnContext(r.Context(), "a letter to confirm an alert could not be asked for", "error", err)
			s.pages.Problem(w, r, c, ui.Problem{Type: "/problems/unavailable", Title: "No letters are sent right now", Status: http.StatusServiceUnavailable,
				Detail: "Nothing was changed.", Cure: "Try again in a few minutes, or follow the company’s feed, which needs no address."})
			return nil
		}
	}
	p.Step, p.Title = stepSent, "Look into your mail"
	s.pages.Show(w, r, http.StatusOK, "alert", p)
	return nil
}

// alertAsked shows what a link would confirm. Programs that look into mail open links: that confirms nothing.
func (s *Site) alertAsked(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	a, err := s.Telling.Alerts.Asked(r.Context(), r.PathValue("link"))
	if err != nil {
		return err
	}
	p, err := s.alertOf(r.Context(), c, a.Member, stepConfirm, "Do you want to be told?")
	if err != nil {
		return err
	}
	p.Action = r.URL.Path
	s.pages.Show(w, r, http.StatusOK, "alert", p)
	return nil
}

func (s *Site) confirmAlert(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	a, err := s.Telling.Alerts.Confirm(r.Context(), r.PathValue("link"))
	return s.showAlert(w, r, c, a, err, stepConfirmed, "You will be told")
}

func (s *Site) alert(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	a, err := s.Telling.Alerts.EndedBy(r.Context(), r.PathValue("key"))
	return s.showAlert(w, r, c, a, err, stepTold, "What you are told")
}

// endAlert ends a subscription: somebody pressed the button here, or in their mail program (RFC 8058), which
// sends a form of its own and follows no redirects.
func (s *Site) endAlert(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	a, err := s.Telling.Alerts.End(r.Context(), r.PathValue("key"))
	return s.showAlert(w, r, c, a, err, stepEnded, "You will be told no more")
}

func (s *Site) showAlert(w http.ResponseWriter, r *http.Request, c ui.Chrome, a alerts.Alert, err error, step, title string) error {
	if err != nil {
		return err
	}
	p, err := s.alertOf(r.Context(), c, a.Member, step, title)
	if errors.Is(err, view.ErrNotFound) {
		return alerts.ErrGone
	}
	if err != nil {
		return err
	}
	if p.Since = a.Confirmed; step == stepTold {
		p.Action = r.URL.Path
	}
	s.pages.Show(w, r, http.StatusOK, "alert", p)
	return nil
}
