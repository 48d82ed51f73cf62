package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/body/standing"
	"shingle/internal/gate"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

type historyPage struct {
	ui.Chrome
	Lines []line
	Next  string // address of older ones, ""
	Older bool   // it is not the first page
}

// line is one thing that happened, as the member reads it.
type line struct {
	At       time.Time
	Position int64
	Words    string
	By       string // who asked for it, e.g. "Ada King" or "a registrar"
}

// perPage is how many lines a page of the history has.
const perPage = 50

func (p *Portal) history(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "History"
	page, before := historyPage{Chrome: c}, int64(0)
	if text := r.URL.Query().Get("before"); text != "" {
		var err error
		if before, err = strconv.ParseInt(text, 10, 64); err != nil || before < 1 {
			return p.Desk.NotFound(w, r, c)
		}
		page.Older = true
	}
	events, err := p.told(ctx, who, before, perPage+1)
	if err != nil {
		return err
	}
	if len(events) > perPage {
		events = events[:perPage]
		page.Next = "/portal/history?before=" + strconv.FormatInt(events[perPage-1].Position, 10)
	}
	if page.Lines, err = p.lines(ctx, who, events); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "history", page)
	return nil
}

// told returns up to most of what happened to the member before a position (0: up to now) and is its own to know,
// newest first. What is still being decided about it is not among that: an order before it is in force, and whatever
// else the member has not been told.
func (p *Portal) told(ctx context.Context, who ui.Who, before int64, most int) (events []act.Recorded, err error) {
	for {
		found, err := p.Desk.Counter.Record.Search(ctx, record.Wanted{Subject: "member/" + who.Member, Before: before}, most)
		if err != nil {
			return nil, err
		}
		for _, e := range found.Events {
			if isTold(e) && len(events) < most {
				events = append(events, e)
			}
		}
		if len(events) == most || !found.More {
			return events, nil
		}
		before = found.Reached
	}
}

func isTold(e act.Recorded) bool {
	if about, _, _ := strings.Cut(e.Stream, "/"); about == "member" || about == "notice" {
		return true
	}
	switch e.Event.(type) {
	case people.PersonAppointed, people.PersonEnded, standing.Stated,
		discipline.OrderConfirmed1, discipline.OrderConfirmed, discipline.InterimImposed, discipline.InterimReviewed, discipline.InterimLifted,
		discipline.OrderStayed, discipline.StayLifted, discipline.OrderQuashed, discipline.ConditionsMet,
		discipline.ChargeRecorded, discipline.ChargeClosed:
		return true
	}
	return false
}

// lines says what happened. People of the member's own are called by name, officers by their office.
func (p *Portal) lines(ctx context.Context, who ui.Who, events []act.Recorded) ([]line, error) {
	names := names{p, ctx, who, map[string]string{}}
	lines := make([]line, len(events))
	for i, e := range events {
		words, err := names.words(e)
		if err != nil {
			return nil, err
		}
		by, err := names.by(e)
		if err != nil {
			return nil, err
		}
		lines[i] = line{e.At, e.Position, words, by}
	}
	return lines, nil
}

// said says what happened, to whoever has just asked for it.
func (p *Portal) said(ctx context.Context, who ui.Who, events []act.Recorded) ([]string, error) {
	lines, err := p.lines(ctx, who, events)
	said := make([]string, len(lines))
	for i, l := range lines {
		said[i] = l.Words
	}
	return said, err
}

// names calls people by their names, as far as those are the member's to know.
type names struct {
	*Portal
	ctx   context.Context
	who   ui.Who
	known map[string]string // by number; "" for somebody else's
}

// colleague returns the name of somebody who works, or has worked, at the member; "" for anybody else, and for who
// was forgotten.
func (n names) colleague(number string) (string, error) {
	if name, ok := n.known[number]; ok {
		return name, nil
	}
	roles, err := n.Register.Roles(n.ctx, number)
	if err != nil {
		return "", err
	}
	name := ""
	for _, held := range roles {
		if held.Member == n.who.Member {
			person, err := n.Register.Person(n.ctx, number)
			if err != nil {
				return "", err
			}
			name = person.Name
			break
		}
	}
	n.known[number] = name
	return name, nil
}

// by says who asked for something.
func (n names) by(e act.Recorded) (string, error) {
	if number, ok := strings.CutPrefix(e.Actor, "person/"); ok && (slices.Contains(people.MemberRoles, e.Role) || e.Role == gate.Person || e.Role == gate.System) {
		if name, err := n.colleague(number); err != nil || name != "" {
			return name, err
		}
	}
	return ui.RoleTitle(e.Role), nil
}

// person calls somebody by their name or, where that is not known any more, by their number.
func (n names) person(number string) (string, error) {
	name, err := n.colleague(number)
	if name == "" {
		name = "Person " + number
	}
	return name, err
}

// words says what happened, with what it is about.
func (n names) words(e act.Recorded) (string, error) {
	switch ev := e.Event.(type) {
	case membership.Applied:
		return "You applied to be a member.", nil
	case membership.Admitted:
		return "You were admitted.", nil
	case membership.Declined:
		return "Your application was turned down.", nil
	case membership.Enrolled:
		return "You were taken over as a member from before.", nil
	case membership.Subscribed:
		return "You signed version " + ev.Version + " of the code.", nil
	case membership.Renewed:
		return "You renewed the membership, under version " + ev.Version + " of the code.", nil
	case membership.Attested:
		if ev.Corrects {
			return "You corrected your attestation for " + ev.Period + ".", nil
		}
		return "You attested for " + ev.Period + ".", nil
	case membership.PaidThrough:
		return "Your dues are paid through " + dayOf(ev.Through) + ".", nil
	case membership.Renamed:
		return "You are called " + ui.Isolated(ev.Name) + ".", nil
	case membership.DomainAdded:
		return "You added " + ev.Domain + ", yet to be proven.", nil
	case membership.DomainProven:
		return "You showed that " + ev.Domain + " is yours, " + shownBy(ev.How) + ".", nil
	case membership.DomainRemoved:
		return "You gave up " + ev.Domain + ".", nil
	case membership.Moved:
		return "You have a new address.", nil
	case membership.ServicesSet:
		return "You offer other services.", nil
	case membership.Withdrawn:
		return "The company has left.", nil
	case membership.Readmitted:
		return "You were let in again.", nil
	case people.PersonInvited:
		name, err := n.person(ev.Person)
		return ui.Isolated(name) + " is invited, by a letter with a link that is good for 14 days.", err
	case people.PersonReinvited:
		name, err := n.person(ev.Person)
		return ui.Isolated(name) + " is invited again, by a letter with a link that is good for 14 days.", err
	case people.PersonAppointed:
		name, err := n.person(ev.Person)
		return ui.Isolated(name) + " became " + roleOf(ev.Role) + ".", err
	case people.PersonEnded:
		name, err := n.person(ev.Person)
		return ui.Isolated(name) + " is " + roleOf(ev.Role) + " no more.", err
	}
	return ui.Happens(e), nil
}

func dayOf(d act.Date) string { return d.Start(time.UTC).Format("2 January 2006") }

// shownBy says how control of a domain was shown.
func shownBy(how string) string {
	return map[string]string{"dns": "by a DNS record", "well-known": "by a file on its site", "paper": "on paper"}[how]
}

// roleOf is a role at a member without its article: "compliance officer".
func roleOf(role string) string { return strings.ReplaceAll(role, "-", " ") }
