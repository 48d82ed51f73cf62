package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"shingle/internal/body/people"
	"shingle/internal/web/ui"
)

type peoplePage struct {
	ui.Chrome
	People []colleague
	Said   []string
	May    mayWithPeople
	Alone  bool // one person signs for the company, and nobody else could
}

type mayWithPeople struct{ Invite, Appoint, End, Reinvite bool }

// colleague is somebody who acts for the company.
type colleague struct {
	Number, Name, Email string
	Joined              time.Time
	InvitedUntil        time.Time
	Open                bool // the invitation is still good
	Self                bool
	Roles               []term
}

// term is a role that somebody has.
type term struct {
	Role, Title string
	Until       time.Time // excluded; zero for no end
}

// LastDay is the last day of the term.
func (t term) LastDay() time.Time { return t.Until.Add(-time.Microsecond) }

func (p *Portal) people(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "People"
	adds, err := p.changes(r.Context(), who, c)
	if err != nil {
		return err
	}
	page := peoplePage{Chrome: c, May: mayWithPeople{
		Invite: adds && p.may(who, "person.invite"), Appoint: adds && p.may(who, "person.appoint"), End: p.may(who, "person.end"), Reinvite: p.may(who, "person.reinvite"),
	}}
	if page.People, err = p.colleagues(r.Context(), who, c.Now); err != nil {
		return err
	}
	page.Alone = len(signatories(page.People)) == 1
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "people", page)
	return nil
}

// colleagues returns who acts for the member, each with their roles.
func (p *Portal) colleagues(ctx context.Context, who ui.Who, now time.Time) (all []colleague, err error) {
	held, err := p.Register.PeopleOf(ctx, who.Member, now)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		i := slices.IndexFunc(all, func(c colleague) bool { return c.Number == h.ID })
		if i < 0 {
			i = len(all)
			all = append(all, colleague{
				Number: h.ID, Name: h.Name, Email: h.Email, Joined: h.Joined, InvitedUntil: h.InvitedUntil,
				Open: h.Joined.IsZero() && now.Before(h.InvitedUntil), Self: who.Actor == "person/"+h.ID,
			})
		}
		all[i].Roles = append(all[i].Roles, term{h.Role, capital(roleOf(h.Role)), h.Until})
	}
	slices.SortStableFunc(all, func(a, b colleague) int { return rank(a) - rank(b) })
	return all, nil
}

// rank puts those who sign first.
func rank(c colleague) int {
	lowest := len(people.MemberRoles)
	for _, t := range c.Roles {
		lowest = min(lowest, slices.Index(people.MemberRoles, t.Role))
	}
	return lowest
}

// signatories are the numbers of those who may sign for the company.
func signatories(all []colleague) (numbers []string) {
	for _, c := range all {
		if slices.ContainsFunc(c.Roles, func(t term) bool { return t.Role == people.Representative }) {
			numbers = append(numbers, c.Number)
		}
	}
	return numbers
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

const peoplePath = "/portal/people"

// invite asks a colleague to take part.
func (p *Portal) invite(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "person.invite", Title: "Invite a colleague",
		Lead:  "They get an e-mail with a link that is good for 14 days, and sign in with a passkey of their own. Only people of your company: what they do here, they do in its name.",
		Known: known(who), Then: peoplePath, Back: peoplePath,
	})
}

// colleagueAt returns the colleague that an address names; ok is false for anybody else, whether there is such a
// person or not.
func (p *Portal) colleagueAt(r *http.Request, who ui.Who, c ui.Chrome) (of colleague, all []colleague, ok bool, err error) {
	all, err = p.colleagues(r.Context(), who, c.Now)
	i := slices.IndexFunc(all, func(c colleague) bool { return c.Number == r.PathValue("person") })
	if err != nil || i < 0 {
		return colleague{}, all, false, err
	}
	return all[i], all, true, nil
}

// called is a colleague in a sentence.
func (c colleague) called() string {
	if c.Name == "" {
		return "person " + c.Number
	}
	return ui.Isolated(c.Name)
}

// appoint gives a colleague one more role.
func (p *Portal) appoint(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	of, _, ok, err := p.colleagueAt(r, who, c)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "person.appoint", Title: "Give " + of.called() + " a role", Known: known(who, "person", of.Number), Then: peoplePath, Back: peoplePath,
		Around: around(false, nil, fact{"Roles now", of.titles()}),
	})
}

func (c colleague) titles() string {
	var titles []string
	for _, t := range c.Roles {
		titles = append(titles, t.Title)
	}
	return strings.Join(titles, ", ")
}

// notOurs answers for somebody who is none of the member's people as for nobody.
func (p *Portal) notOurs(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) error {
	if err != nil {
		return err
	}
	return p.Desk.NotFound(w, r, c)
}

// end takes a role from a colleague.
func (p *Portal) end(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	of, all, ok, err := p.colleagueAt(r, who, c)
	role := r.PathValue("role")
	if err != nil || !ok || !slices.ContainsFunc(of.Roles, func(t term) bool { return t.Role == role }) {
		return p.notOurs(w, r, c, err)
	}
	points := []string{"It takes effect at once: whoever is signed in in this role is signed out of it.", "What they did in it stays on record."}
	if role == people.Representative {
		points = append(points, warnLast(all, of.Number)...)
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "person.end", Title: of.called() + " will be " + roleOf(role) + " no more",
		Known: known(who, "person", of.Number, "role", role), Then: peoplePath, Back: peoplePath, Around: around(true, points),
	})
}

// warnLast says what it means if nobody is left who signs.
func warnLast(all []colleague, number string) []string {
	if signing := signatories(all); len(signing) == 1 && signing[0] == number {
		return []string{"Nobody else may sign for the company. Without a representative it cannot renew, sign a new text or invite anybody: only the body’s registrar can give it one again."}
	}
	return nil
}

// reinvite makes an invitation good for another fortnight.
func (p *Portal) reinvite(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	of, _, ok, err := p.colleagueAt(r, who, c)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	lead := "They get a new link that is good for 14 days."
	if !of.Joined.IsZero() {
		lead = "They have joined before. A new invitation lets them in who has lost every passkey and recovery code; be sure that it is they who ask you."
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "person.reinvite", Title: "Invite " + of.called() + " anew", Lead: lead, Known: known(who, "person", of.Number), Then: peoplePath, Back: peoplePath,
	})
}

// leave ends all that the reader is at the company.
func (p *Portal) leave(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	number, ok := who.Person()
	if !ok {
		return p.Desk.NotFound(w, r, c)
	}
	all, err := p.colleagues(r.Context(), who, c.Now)
	if err != nil {
		return err
	}
	points := append([]string{
		"All your roles here end at once, and you are signed out of them.", "What you did in them stays on record, and what you learnt goes with you.",
	}, warnLast(all, number)...)
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "person.leave", Title: "Leave " + c.Signed.For, Lead: "Do this when you do not work for the company any more. Your account stays yours.",
		Known: known(who, "person", number), Then: "/account", Back: overviewPath, Around: around(true, points),
	})
}
