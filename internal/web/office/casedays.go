package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/documents"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// forCases are the offices of those who have a part in cases.
var forCases = []string{gate.CaseManager, gate.Chair, gate.Panelist}

// atCaseDays is where somebody makes an address for their calendar.
const atCaseDays = "GET /office/cases/calendar"

type caseDaysPage struct {
	ui.Chrome
	Feed    account.Feed
	Has     bool
	Address string // of a feed just made, "" otherwise: it is told once
	Ended   bool   // just now
}

func (o *Office) caseDaysRoutes() {
	o.Desk.Handle(atCaseDays, o.caseDays)
	o.Desk.Handle("POST /office/cases/calendar", o.changeCaseDays)
	o.Desk.Mux().HandleFunc("GET /office/cases.ics", o.caseDaysFeed) // a program reads it, which cannot sign in
}

// caseDays says what the address of a calendar of cases is, and lets one make it.
func (o *Office) caseDays(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) (err error) {
	if _, ok := who.Person(); !ok { // a program has no calendar
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = "Calendar of cases"
	page := caseDaysPage{Chrome: c}
	if page.Feed, page.Has, err = o.Feeds.Of(r.Context(), who.Actor, ""); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "casedays", page)
	return nil
}

// changeCaseDays makes a new address, or ends the one there is.
func (o *Office) changeCaseDays(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	if _, ok := who.Person(); !ok { // a program has no calendar
		return o.Desk.NotFound(w, r, c)
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<12)
	c.Title = "Calendar of cases"
	page := caseDaysPage{Chrome: c}
	if r.PostFormValue("do") == "end" {
		if err := o.Feeds.End(r.Context(), who.Actor, ""); err != nil {
			return err
		}
		page.Ended = true
	} else {
		secret, feed, err := o.Feeds.Make(r.Context(), who.Actor, "")
		if err != nil {
			return err
		}
		page.Feed, page.Has = feed, true
		page.Address = o.Origin + "/office/cases.ics?" + url.Values{"token": {secret}}.Encode()
	}
	o.Desk.Show(w, r, http.StatusOK, "casedays", page)
	return nil
}

// caseDaysFeed answers a calendar program.
func (o *Office) caseDaysFeed(w http.ResponseWriter, r *http.Request) {
	file, err := o.caseDaysOf(r.Context(), r.URL.Query().Get("token"))
	o.Desk.Feed(w, r, "office", file, err)
}

// caseDaysOf returns the days of the cases of whoever made a feed: of all for the chair, of those in which they have
// a part for everybody else. It names cases and what is due, and no company. Errors are [account.ErrExpired] where
// they have the office no more in which they made it.
func (o *Office) caseDaysOf(ctx context.Context, secret string) ([]byte, error) {
	feed, err := o.Feeds.By(ctx, secret)
	if err != nil {
		return nil, err
	}
	now, person := o.Desk.Now(), strings.TrimPrefix(feed.Person, "person/")
	roles, err := o.Register.Roles(ctx, person)
	if err != nil {
		return nil, err
	}
	roles = slices.DeleteFunc(roles, func(h view.Held) bool {
		return feed.Member != "" || h.Member != "" || !slices.Contains(forCases, h.Role) || !h.At(now) || h.Changed > feed.Position || h.From.After(feed.Made)
	})
	if len(roles) == 0 {
		return nil, account.ErrExpired
	}
	b, err := o.Desk.Body(ctx)
	if err != nil {
		return nil, err
	}
	parts, err := o.Register.CasesOf(ctx, person)
	if err != nil {
		return nil, err
	}
	leads := slices.ContainsFunc(roles, func(h view.Held) bool { return h.Role == gate.Chair })
	look := o.Desk.Counter.Record.Look(ctx)
	works := flowbody.WorksAt(look, person, now) // cases of a company where one works are not one's own to know of
	if err := look.Err(); err != nil {
		return nil, err
	}
	terms, err := o.Register.CaseTerms(ctx, time.Time{}, time.Time{})
	if err != nil {
		return nil, err
	}
	var list []documents.Deadline
	for _, t := range terms {
		part := slices.ContainsFunc(parts, func(p view.Part) bool { return p.Now && p.Case == t.Case })
		if t.Paused || t.Over(now) || !leads && !part || slices.Contains(works, t.Member) {
			continue
		}
		list = append(list, documents.Deadline{Day: lastDay(t, b.Location), What: "Case " + t.Case + ": " + caseDayWords(t.Term), Path: "/office/cases/" + t.Case})
	}
	return documents.Deadlines(documents.Body{Name: b.Name, Web: b.Web, Origin: o.Origin, Zone: b.Location}, "Cases of "+b.Name, list, now), nil
}

// lastDay returns the last day of a term, or the day of a hearing.
func lastDay(t view.CaseTerm, zone *time.Location) act.Date {
	if t.Term == view.TermHearing {
		return act.DateIn(t.Due, zone)
	}
	return act.DateIn(t.Due.Add(-time.Microsecond), zone)
}

// caseDayWords says what ends with a term.
func caseDayWords(term string) string {
	words := map[string]string{
		cases.TermAcknowledge: "to be acknowledged", cases.TermScreening: "to be screened", cases.TermFeedback: "word to the complainant",
		cases.TermReview: "a review can be asked for until then", cases.TermOffer: "the offer can be accepted until then", cases.TermAnswer: "the charges can be answered until then",
		cases.TermReopen: "the default can be reopened until then", cases.TermChallenge: "the panel can be challenged until then", cases.TermDecision: "the decision is to be served",
		cases.TermAppeal: "the decision can be appealed until then", view.TermHearing: "the hearing",
	}[term]
	if words == "" {
		return term
	}
	return words
}
