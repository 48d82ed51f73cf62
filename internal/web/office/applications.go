package office

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// applicationsPage lists the companies that ask to be let in, the one that waits longest first.
type applicationsPage struct {
	ui.Chrome
	Q       string
	Rows    []applicationRow
	NextURL string
	Later   bool
	Apply   bool // an application on paper may be recorded
}

type applicationRow struct {
	view.Application
	Waits string // "for 3 days"
	Step  string // what comes next
}

const (
	applicationLines = 50
	// applicationsLooked is how many applications are looked through for words.
	applicationsLooked = 1000
)

func (o *Office) applications(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Applications"
	p := applicationsPage{Chrome: c, Q: strings.TrimSpace(r.URL.Query().Get("q")), Apply: o.asks(who, "member.apply")}
	place, err := applicationPlace(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	p.Later = place.Number != ""
	limit := applicationLines + 1
	if p.Q != "" {
		limit = applicationsLooked
	}
	all, err := o.Register.Applications(r.Context(), place, limit)
	if err != nil {
		return err
	}
	for _, a := range all {
		if !speaksOf(a, p.Q) {
			continue
		}
		if len(p.Rows) == applicationLines && p.Q == "" {
			last := p.Rows[applicationLines-1]
			p.NextURL = "/office/applications" + query("after", last.Number+"."+strconv.FormatInt(last.Applied.UnixMicro(), 10))
			break
		}
		p.Rows = append(p.Rows, applicationRow{a, sinceWords(-daysUntil(act.DateIn(a.Applied, c.Zone), c.Now, c.Zone)), nextStep(a)})
	}
	o.Desk.Show(w, r, http.StatusOK, "applications", p)
	return nil
}

// applicationPlace reads where a list is to go on: behind a number and the time of an application.
func applicationPlace(text string) (place view.Application, err error) {
	if text == "" {
		return place, nil
	}
	number, micros, _ := strings.Cut(text, ".")
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || !act.IsMemberNumber(number) {
		return place, view.ErrQuery
	}
	place.Number, place.Applied = number, time.UnixMicro(us)
	return place, nil
}

// speaksOf reports whether an application has all words of a question in its number, names and domains.
func speaksOf(a view.Application, q string) bool {
	text := strings.ToLower(a.Number + " " + a.Name + " " + a.Place + " " + strings.Join(a.Domains, " "))
	for word := range strings.FieldsSeq(strings.ToLower(q)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func nextStep(a view.Application) string {
	switch {
	case len(a.Missing) > 0:
		return "Check " + joined(checkWords(a.Missing))
	case len(a.Failed) > 0:
		return "Decide: not passed is " + joined(checkWords(a.Failed))
	}
	return "Decide: every check is passed"
}

// checkNames are the kinds of checks, in the order in which they are shown.
var checkNames = []struct{ kind, title, in string }{
	{"domain", "Its domain", "its domain"}, {"identity", "Its identity", "its identity"},
	{"references", "Its references", "its references"}, {"sanctions", "Past sanctions", "past sanctions"},
}

func checkWords(kinds []string) (words []string) {
	for _, name := range checkNames {
		for _, k := range kinds {
			if k == name.kind {
				words = append(words, name.in)
			}
		}
	}
	return words
}

// joined lists words: "its domain, its identity and past sanctions".
func joined(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// applicationPage is one application: its checks as a list of tasks, and the decision.
type applicationPage struct {
	ui.Chrome
	Said     []string
	Member   membership.Member
	Waits    string
	Tasks    []task
	Left     int // checks that nobody has recorded
	Failed   bool
	Admit    string // addresses of forms; "" for who may not
	Decline  string
	Contact  *view.Contact // nil for who may not see it
	Declined string        // why it was turned down
	Decided  time.Time
	Odd      []oddity
	Former   string // number of a former member that the same people run
	Read     string // address that opens what it declared of past sanctions; "" for who may not, or if it declared nothing
	History  []entryRow
}

// Happened is what the record says of the application.
func (p applicationPage) Happened() events { return events{p.History, p.Zone} }

// oddity is something in an application that reads otherwise than it is written.
type oddity struct {
	What string   // as it was written
	Why  []string // sentences
}

// oddities returns what in an application should be looked at twice. Nothing is refused for it.
func (o *Office) oddities(ctx context.Context, m membership.Member) (all []oddity, err error) {
	lines := slices.Concat([]string{m.Address, m.Place, m.Country}, m.Services)
	for i, text := range slices.Concat([]string{m.Name}, m.TradingNames, lines) {
		names := o.Desk.Names
		if i > len(m.TradingNames) { // no name any more
			names = nil
		}
		why, err := ui.Oddities(ctx, text, m.Number, names)
		if err != nil {
			return nil, err
		}
		if len(why) > 0 {
			all = append(all, oddity{text, why})
		}
	}
	return all, nil
}

// task is a check.
type task struct {
	Title, How string
	State      string // "to do", "passed", "not passed"
	At         time.Time
	Href       string // of the form, "" for who may not
}

// applicationEvents bounds how much of an application's history is read.
const applicationEvents = 500

func (o *Office) application(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	number := r.PathValue("number")
	m, err := o.Desk.Member(r.Context(), number)
	switch {
	case err != nil:
		return err
	case !m.Joined.IsZero() && !o.sees(who, atMembers):
		return o.Desk.NotFound(w, r, c)
	case !m.Joined.IsZero(): // it is a member, or was one
		to := memberLink(number)
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	c.Title = ui.Isolated(m.Name)
	p := applicationPage{Chrome: c, Member: m, Former: m.SuccessorOf()}
	p.Waits = sinceWords(-daysUntil(act.DateIn(m.Applied, c.Zone), c.Now, c.Zone))
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	if p.Odd, err = o.oddities(r.Context(), m); err != nil {
		return err
	}
	if o.sees(who, atMemberPeople) {
		contact, err := o.Register.Contact(r.Context(), number)
		if err != nil && err != view.ErrNotFound {
			return err
		}
		p.Contact = &contact
	}
	events, err := o.Desk.Counter.Record.Search(r.Context(), record.Wanted{Subject: "member/" + number, Forward: true}, applicationEvents)
	if err != nil {
		return err
	}
	latest := map[string]membership.Checked{}
	for _, e := range events.Events {
		switch ev := e.Event.(type) {
		case membership.Applied:
			latest = map[string]membership.Checked{}
			if p.Read = ""; !ev.DeclaredSanctions.Empty() && m.Stage == membership.Applicant && o.sees(who, readDeclared) {
				p.Read = "/office/applications/" + number + "/declared"
			}
		case membership.Checked:
			latest[ev.Check] = ev
		case membership.Declined:
			p.Declined, p.Decided = ev.Reason, e.At
		}
		p.History = append(p.History, rowOf(e))
	}
	if err := o.askers(r.Context(), who, p.History); err != nil {
		return err
	}
	for _, name := range checkNames {
		t := task{Title: name.title, State: "to do"}
		if ev, ok := latest[name.kind]; ok {
			t.How, t.At, t.State = ev.How, ev.At, "passed"
			if ev.Result != "passed" {
				t.State, p.Failed = "not passed", true
			}
		} else {
			p.Left++
		}
		if m.Stage == membership.Applicant && o.asks(who, "member.check") {
			t.Href = memberActLink(number, "member.check", "check", name.kind)
		}
		p.Tasks = append(p.Tasks, t)
	}
	if m.Stage == membership.Applicant && o.asks(who, "member.admit") {
		p.Admit = memberActLink(number, "member.admit")
	}
	if m.Stage == membership.Applicant && o.asks(who, "member.decline") {
		p.Decline = memberActLink(number, "member.decline")
	}
	o.Desk.Show(w, r, http.StatusOK, "application", p)
	return nil
}
