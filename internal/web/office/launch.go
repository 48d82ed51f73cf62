package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// launchRoutes adds the pages on which a body starts up: its members are invited and sign, and on one day the
// register is published.
func (o *Office) launchRoutes() {
	o.Desk.Handle("GET /office/launch", o.launch)
	o.Desk.Handle("GET /office/launch.csv", o.launchCSV)
	o.Desk.Handle("GET /office/launch/send/{what}", o.launchSend)
	o.Desk.Handle("POST /office/launch/send/{what}", o.launchSent)
	o.Desk.Handle("GET /office/launch/run", o.launchRun)
	o.Desk.Handle("POST /office/launch/run", o.launchStop)
	o.Desk.Handle("GET /office/launch/open", o.launchOpen)
	o.Desk.Handle("POST /office/launch/open", o.launchOpen)
}

// signingWords are the words for a state, and what they mean.
var signingWords = map[view.SigningState]struct{ Label, Means string }{
	view.NoAddress:  {"No address", "Nobody speaks for it here, and no e-mail address is known"},
	view.Uninvited:  {"Not invited", "Its contact can be invited to speak for it"},
	view.Expired:    {"Invitation expired", "Nobody came within 14 days"},
	view.Invited:    {"Invited", "The invitation is open"},
	view.Joined:     {"Joined, not signed", "Somebody speaks for it, and has not signed"},
	view.Subscribed: {"Signed", "It signed the code"},
}

type signingCount struct {
	State        view.SigningState
	Label, Means string
	N            int64
	Href         string
	Current      bool
}

type signingRow struct {
	view.Signing
	Label string
}

type launchPage struct {
	ui.Chrome
	Counts     []signingCount
	Total      int64
	Share      int64 // that signed, in percent
	Rows       []signingRow
	Q, State   string
	Found      int64
	Later      bool
	Next, CSV  string
	Sends      []sendLink
	Running    bool
	Nobody     bool // there is no member
	Imports    bool // who looks may bring a roster
	Opens      bool // who looks may publish the register
	Planned    string
	Opened     string // the day on which it was opened, "" while it is not
	Transition string // the last day before which nobody lapses, ""
	HasCode    bool
	Linked     bool     // there are pages of the members
	Said       []string // what was just recorded
}

// sendLink leads to what can be sent to many at once.
type sendLink struct {
	What, Label string
	N           int64
}

// signingsPerPage is how many members a page of the list shows.
const signingsPerPage = 50

// signingQuery reads the filter from an address.
func signingQuery(r *http.Request, now time.Time) (view.SigningQuery, error) {
	q := view.SigningQuery{Q: strings.TrimSpace(r.URL.Query().Get("q")), State: view.SigningState(r.URL.Query().Get("state")), At: now}
	if q.State != "" && !slices.Contains(view.SigningStates, q.State) || len(q.Q) > 200 {
		return q, view.ErrQuery
	}
	if key, number, ok := strings.Cut(r.URL.Query().Get("after"), "~"); ok {
		q.After = view.Signing{Sortable: key, Number: number}
	}
	return q, nil
}

// signingAddress writes a filter into an address.
func signingAddress(path, q, state, after string) string {
	return path + query("q", q, "state", state, "after", after)
}

func (o *Office) launch(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "Launch"
	q, err := signingQuery(r, c.Now)
	if err != nil {
		return err
	}
	newest, _, err := o.sendings().Newest(ctx)
	if err != nil {
		return err
	}
	p := launchPage{Chrome: c, Q: q.Q, State: string(q.State), Later: q.After.Number != "", Running: newest.Going()}
	counts, err := o.Register.SigningCounts(ctx, view.SigningQuery{Q: q.Q, At: c.Now})
	if err != nil {
		return err
	}
	for _, state := range view.SigningStates {
		p.Total += counts[state]
		words := signingWords[state]
		p.Counts = append(p.Counts, signingCount{state, words.Label, words.Means, counts[state], signingAddress("/office/launch", q.Q, string(state), ""), state == q.State})
	}
	if p.Found = p.Total; q.State != "" {
		p.Found = counts[q.State]
	}
	p.Nobody, p.Imports = p.Total == 0 && q.Q == "" && q.State == "" && q.After.Number == "", o.sees(who, "GET /office/import")
	if p.Total > 0 {
		p.Share = 100 * counts[view.Subscribed] / p.Total
	}
	q.Limit = signingsPerPage + 1
	list, err := o.Register.Signings(ctx, q)
	if err != nil {
		return err
	}
	if len(list) > signingsPerPage {
		list = list[:signingsPerPage]
		last := list[len(list)-1]
		p.Next = signingAddress("/office/launch", q.Q, p.State, last.Sortable+"~"+last.Number)
	}
	for _, s := range list {
		p.Rows = append(p.Rows, signingRow{s, signingWords[s.State].Label})
	}
	p.Linked = o.sees(who, "GET /office/members/{number}")
	p.CSV = signingAddress("/office/launch.csv", q.Q, p.State, "")
	if o.sees(who, "POST /office/launch/send/{what}") {
		for _, s := range sendings {
			if n := s.count(counts); n > 0 {
				p.Sends = append(p.Sends, sendLink{s.what, s.label, n})
			}
		}
	}
	return o.showLaunch(w, r, who, p)
}

// showLaunch adds whether and when the register is published.
func (o *Office) showLaunch(w http.ResponseWriter, r *http.Request, who ui.Who, p launchPage) error {
	b, err := o.Desk.Body(r.Context())
	if err != nil {
		return err
	}
	look := o.Desk.Counter.Record.Look(r.Context())
	facts := flowbody.FactsOf(look, "").Body
	if err := look.Err(); err != nil {
		return err
	}
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	p.HasCode = len(facts.Versions) > 0
	switch {
	case b.GoLive.IsZero():
		p.Opens = o.asks(who, "register.open")
	case p.Launch:
		p.Planned = b.GoLive.String()
	default:
		p.Opened = b.GoLive.String()
	}
	if end := standing.FirstTransition(facts, p.Now); !end.IsZero() {
		p.Transition = act.DateIn(end.Add(-time.Microsecond), p.Zone).String()
	}
	o.Desk.Show(w, r, http.StatusOK, "launch", p)
	return nil
}

// launchCSV is the list as a file, without anybody's name or address.
func (o *Office) launchCSV(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	q, err := signingQuery(r, c.Now)
	if err != nil {
		return err
	}
	q.After = view.Signing{}
	list, err := o.Register.Signings(r.Context(), q)
	if err != nil {
		return err
	}
	out := startCSV(w, "signatures-"+act.DateIn(c.Now, c.Zone).String())
	defer out.Flush()
	out.row("number", "name", "place", "country", "state", "invited_until", "signed_version", "signed")
	for _, s := range list {
		out.row(s.Number, s.Name, s.Place, s.Country, string(s.State), dayOf(s.InvitedUntil, c.Zone), s.Version, dayOf(s.Signed, c.Zone))
	}
	return nil
}

// launchOpen asks for the publication of the register, and shows what that day will bring.
func (o *Office) launchOpen(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return o.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "register.open", Title: "Publish the register", Back: "/office/launch", Then: "/office/launch",
		Lead:    "From the start of the day that you name, anyone can look up every member. It happens once, and is not taken back: in the next step you see what will be public, and how many will stand how on that day.",
		Foresee: func(ctx context.Context, cmd any) ([]string, error) { return o.opening(ctx, cmd, c) },
	})
}

// opening says what the day of publication brings.
func (o *Office) opening(ctx context.Context, cmd any, c ui.Chrome) ([]string, error) {
	open, ok := cmd.(governance.Open)
	if !ok {
		return nil, errors.New("office: another act than the publication was asked for")
	}
	day := open.GoLive
	if day.IsZero() {
		day = act.DateIn(c.Now, c.Zone)
	}
	at := day.Start(c.Zone)
	if at.Before(c.Now) {
		at = c.Now
	}
	counts, err := o.Register.CountsAt(ctx, at)
	if err != nil {
		return nil, err
	}
	var total int64
	var stand []string
	for _, status := range standing.Statuses {
		if n := counts[status]; n > 0 {
			total += n
			stand = append(stand, strconv.FormatInt(n, 10)+" "+ui.WordsFor(status, "").Label)
		}
	}
	would := []string{
		"Public from then on, of each of " + strconv.FormatInt(total, 10) + " companies: its name and trading names, number, web addresses, place and services, since when it is a member, what it signed and when, and how it stands and stood, with the reasons.",
		"Public as well: the log of all that was ever stated about them, and every notice.",
		"Not public: who speaks for a company and how to reach them, what it paid, a grace that runs, and complaints that are not decided.",
	}
	if len(stand) > 0 {
		would = append(would, "How they stand on that day, if nothing happens until then: "+strings.Join(stand, ", ")+".")
	} else {
		would = append(would, "Nobody is a member yet: the register would be empty.")
	}
	return would, nil
}
