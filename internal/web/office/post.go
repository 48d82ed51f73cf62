package office

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/work"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
	"shingle/internal/work/webhook"
)

// Post is what a served body sends with: letters to people, messages to programs, and the jobs that do both.
type Post struct {
	Jobs  *work.Work
	Mail  *mail.Mailer
	Hooks *webhook.Hooks
}

const (
	atAgain    = "POST /office/post/{id}/again"
	atLetter   = "GET /office/post/{id}"
	atEndpoint = "GET /office/webhooks/{id}"
	atSwitch   = "POST /office/webhooks/{id}/switch"
)

// postRoutes adds the pages about what was sent.
func (o *Office) postRoutes() {
	o.Desk.Handle("GET /office/post", o.posting(o.letters))
	o.Desk.Handle(atLetter, o.posting(o.letter))
	o.Desk.Handle(atAgain, o.posting(o.letterAgain))
}

// posting is a page that cannot be shown while nothing is sent: when the server starts, or cannot read its jobs.
func (o *Office) posting(page func(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error) ui.DeskPage {
	return func(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
		if post := o.post(); post != nil {
			return page(w, r, who, c, post)
		}
		o.Desk.Problem(w, r, c, ui.Problem{Type: "/problems/unavailable", Title: "Nothing is sent right now", Status: http.StatusServiceUnavailable,
			Detail: "The part of the server that sends letters and messages is just starting, or cannot reach its files. Nothing was changed, and what waits is kept.",
			Cure:   "Try again in a moment. If this stays, ask whoever runs the machine for shingle doctor."})
		return nil
	}
}

// post returns what sends, nil while nothing is sent.
func (o *Office) post() *Post {
	if o.Working == nil {
		return nil
	}
	return o.Working()
}

// lettersPage lists what came of letters.
type lettersPage struct {
	ui.Chrome
	Said    []string
	States  []letterState
	State   string // the only one that is shown, "" for all
	Words   string // for it
	Failed  []letterRow
	Rows    []letterRow
	Later   bool
	NextURL string
	Total   int
	Folder  bool // there is no mail server
}

// posted is a list of letters, in a zone; state is the filter that it stands under.
type posted struct {
	Rows  []letterRow
	Zone  *time.Location
	State string
}

// List is that of all letters, and Undelivered that of those which stand first.
func (p lettersPage) List() posted        { return posted{p.Rows, p.Zone, p.State} }
func (p lettersPage) Undelivered() posted { return posted{p.Failed, p.Zone, p.State} }

// letterState is a filter.
type letterState struct {
	State, Label, Means, Href string
	N                         int
	Current                   bool
}

// letterRow is a letter in a list.
type letterRow struct {
	mail.Outcome
	Kind  string // "Invitation"
	To    string // "person 0007"
	Words string // of the state
	Bad   bool
	Link  string // to the member that it is about, "" if that is not for who reads
	Open  string // where it can be read, "" if it cannot
	Send  bool   // it can be sent again
}

// stateWords says what came of letters, those that need somebody first.
var stateWords = []struct{ state, label, means string }{
	{mail.Failed, "Given up", "Tried for two days"},
	{mail.Bounced, "Refused", "The address or the letter is not taken"},
	{mail.Retrying, "Tried again", "It failed, and is tried again"},
	{mail.Sending, "On its way", "It is being handed on"},
	{mail.Folder, "In the folder", "There was no mail server"},
	{mail.Sent, "Sent", "A mail server took it"},
	{mail.Dropped, "Not needed", "There was nobody to write to any more"},
}

// letterWords are the kinds of letters in words.
var letterWords = map[string]string{
	letters.Invitation: "Invitation", letters.Enrolment: "Link to sign in with", letters.Received: "Application received", letters.Admitted: "Admitted",
	letters.Declined: "Application declined", letters.Reminder: "Reminder", letters.Standing: "A standing changed", letters.Confirm: "Confirm to be told",
	letters.Signature: "The code waits for a signature", letters.RecoveryUsed: "A recovery code was used", letters.Account: "An account changed", letters.Withdrawn: "Withdrawn",
	letters.Moved: "An address changed",
}

const (
	lettersPerPage = 50
	// troubled is for how many days letters that were not delivered are shown first.
	troubled = 30
	// keptLetters is for how many days it is kept what came of a letter.
	keptLetters = 400
)

func (o *Office) letters(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	ctx := r.Context()
	c.Title = "Letters"
	state := r.URL.Query().Get("state")
	after, err := letterPlace(r.URL.Query().Get("after"))
	if err != nil || state != "" && !slices.ContainsFunc(stateWords, func(s struct{ state, label, means string }) bool { return s.state == state }) {
		return view.ErrQuery
	}
	p := lettersPage{Chrome: c, State: state, Later: after.ID != "", Folder: post.Mail.Server == nil}
	if r.URL.Query().Get("said") == "again" {
		p.Said = []string{"The letter was asked for again. What comes of it stands here in a moment."}
	}
	n, err := mail.Count(ctx, post.Mail.Record.Engine.Reader(), c.Now.AddDate(0, 0, -keptLetters))
	if err != nil {
		return err
	}
	for _, s := range stateWords {
		p.Total += n[s.state]
		if s.state == state {
			p.Words = s.label
		}
		if n[s.state] > 0 || s.state == state || s.state == mail.Failed || s.state == mail.Bounced {
			p.States = append(p.States, letterState{s.state, s.label, s.means, "/office/post" + query("state", s.state), n[s.state], s.state == state})
		}
	}
	list, err := post.Mail.Sent(ctx, mail.Filter{State: state, After: after, Limit: lettersPerPage + 1})
	if err != nil {
		return err
	}
	if len(list) > lettersPerPage {
		list = list[:lettersPerPage]
		last := list[len(list)-1]
		p.NextURL = "/office/post" + query("state", state, "after", strconv.FormatInt(last.At.UnixMicro(), 10)+"."+last.ID)
	}
	p.Rows = o.letterRows(who, list, post)
	if state == "" && !p.Later {
		failed, err := undelivered(ctx, post, c.Now)
		if err != nil {
			return err
		}
		p.Failed = o.letterRows(who, failed, post)
	}
	o.Desk.Show(w, r, http.StatusOK, "post", p)
	return nil
}

// undelivered returns the letters of the last days that were refused or given up, the newest first.
func undelivered(ctx context.Context, post *Post, now time.Time) (all []mail.Outcome, err error) {
	for _, state := range []string{mail.Failed, mail.Bounced} {
		some, err := post.Mail.Sent(ctx, mail.Filter{State: state, Since: now.AddDate(0, 0, -troubled), Limit: countedTo})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b mail.Outcome) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID)) })
	return all, nil
}

func (o *Office) letterRows(who ui.Who, list []mail.Outcome, post *Post) (rows []letterRow) {
	again, opens, members := o.sees(who, atAgain), o.opens(who, post), o.sees(who, "GET /office/members/{number}")
	for _, l := range list {
		row := letterRow{Outcome: l, Kind: cmp.Or(letterWords[l.Letter], l.Letter), To: addresseeWords(l.Person), Bad: l.Undelivered(), Send: again && l.Again()}
		for _, s := range stateWords {
			if s.state == l.State {
				row.Words = s.label
			}
		}
		if l.Member != "" && members {
			row.Link = memberLink(l.Member)
		}
		if l.State == mail.Folder && opens {
			row.Open = "/office/post/" + l.ID
		}
		rows = append(rows, row)
	}
	return rows
}

// addresseeWords says to whom a letter is, by what they are here and not by their name.
func addresseeWords(id string) string {
	kind, number, _ := strings.Cut(id, "/")
	switch kind {
	case "person":
		return "Person " + number
	case "former":
		number, _, _ = strings.Cut(number, "@")
		return "The address that person " + number + " had before"
	case "member":
		return "The contact of member " + number
	case "subscriber":
		return "A subscriber"
	case "sign-up":
		return "Somebody who signs up"
	}
	return id
}

// letterPlace is where a list of letters goes on: behind one.
func letterPlace(text string) (place mail.Outcome, err error) {
	if text == "" {
		return place, nil
	}
	micros, id, _ := strings.Cut(text, ".")
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || id == "" || len(id) > 64 {
		return place, view.ErrQuery
	}
	return mail.Outcome{ID: id, At: time.UnixMicro(us)}, nil
}

// letterAgain sends a letter again.
func (o *Office) letterAgain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	err := post.Mail.Again(r.Context(), post.Jobs, r.PathValue("id"))
	if errors.Is(err, mail.ErrNotAgain) {
		o.Desk.Problem(w, r, c, ui.Problem{Type: "/problems/not-again", Title: "This letter is not sent again", Status: http.StatusConflict,
			Detail: "It was delivered meanwhile, is being tried, or nobody waits for it any more. Nothing was changed.", Cure: "Look at the list of letters as it is now."})
		return nil
	}
	if err != nil {
		return err
	}
	o.Desk.Logger.Info("a letter was asked for again", "id", r.PathValue("id"), "by", who.Actor)
	http.Redirect(w, r, "/office/post"+query("said", "again", "state", r.URL.Query().Get("state")), http.StatusSeeOther)
	return nil
}

// troubles are what waits for whoever runs the machine: letters that nobody got, and endpoints that take nothing.
func (o *Office) troubles(ctx context.Context, who ui.Who, c ui.Chrome) (lines []line, err error) {
	post := o.post()
	if post == nil {
		return nil, nil
	}
	since := func(t time.Time) string { return sinceWords(-daysUntil(act.DateIn(t, c.Zone), c.Now, c.Zone)) }
	if o.sees(who, atAgain) {
		failed, err := undelivered(ctx, post, c.Now)
		if err != nil {
			return nil, err
		}
		if n := len(failed); n > 0 {
			lines = append(lines, line{What: countOf(n, "letter") + " could not be delivered", When: since(failed[n-1].At), Do: link{"/office/post", "See which, and send again"}})
		}
	}
	if !o.sees(who, atSwitch) {
		return lines, nil
	}
	endpoints, err := post.Hooks.Endpoints(ctx)
	endpoints = slices.DeleteFunc(endpoints, func(e webhook.Endpoint) bool { return e.Disabled.IsZero() || e.Says == webhook.ByHand })
	if n := len(endpoints); n > 0 {
		oldest := slices.MinFunc(endpoints, func(a, b webhook.Endpoint) int { return a.Disabled.Compare(b.Disabled) })
		l := line{What: countOf(n, "webhook") + " took nothing and was disabled", When: since(oldest.Disabled), Do: link{"/office/webhooks", "See which"}}
		if n > 1 {
			l.What = countOf(n, "webhook") + " took nothing and were disabled"
		} else {
			l.Do = link{"/office/webhooks/" + url.PathEscape(endpoints[0].ID), "Look at it"}
		}
		lines = append(lines, l)
	}
	return lines, err
}
