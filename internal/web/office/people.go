package office

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// peoplePage lists who serves the body and for how long, and whom it has invited.
type peoplePage struct {
	ui.Chrome
	Said     []string
	Officers []officer
	Invited  []invited
	NextURL  string
	Later    bool
	Invite   bool // somebody may be invited to an office
	Emails   bool
}

// officer is somebody in an office.
type officer struct {
	view.Colleague
	Office string
	Day    string // the last of the term
	When   string
	Ending bool // it ends within a month
	Links  []link
}

// invited is somebody who was invited and has not joined.
type invited struct {
	view.Person
	For  string // "registrar", "representative at 0042"
	Day  string // until which the invitation is good
	When string
	Over bool
	Link *link
}

// invitedLines is how many invitations a page looks at.
const invitedLines = 50

func (o *Office) people(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "People"
	p := peoplePage{Chrome: c, Invite: o.asks(who, "officer.invite"), Emails: !reads(who)}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	after, err := invitationPlace(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if p.Later = after.ID != ""; !p.Later {
		officers, err := o.Register.Officers(r.Context(), c.Now)
		if err != nil {
			return err
		}
		for _, f := range officers {
			p.Officers = append(p.Officers, o.officer(who, c, f))
		}
	}
	if err := o.invited(r, who, c, after, &p); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "people", p)
	return nil
}

func (o *Office) officer(who ui.Who, c ui.Chrome, f view.Colleague) officer {
	row := officer{Colleague: f, Office: officeWords(f.Role)}
	if !f.Until.IsZero() {
		day := act.DateIn(f.Until.Add(-time.Microsecond), c.Zone)
		left := daysUntil(day, c.Now, c.Zone)
		row.Day, row.When, row.Ending = day.String(), untilWords(left), left <= soon
	}
	if o.asksOf(who, "officer.appoint", "person/"+f.ID) {
		row.Links = append(row.Links, link{personActLink(f.ID, "officer.appoint", "role", f.Role), "Appoint again"})
	}
	if o.asksOf(who, "officer.end", "person/"+f.ID) {
		row.Links = append(row.Links, link{personActLink(f.ID, "officer.end", "role", f.Role), "End it"})
	}
	return row
}

// invited gathers a page of invitations. Who may see nothing of members sees those of officers only.
func (o *Office) invited(r *http.Request, who ui.Who, c ui.Chrome, after view.Person, page *peoplePage) error {
	all, err := o.Register.Invited(r.Context(), after, invitedLines)
	if err != nil {
		return err
	}
	members := o.sees(who, atMemberPeople)
	for _, person := range all {
		roles, err := o.Register.Roles(r.Context(), person.ID)
		if err != nil {
			return err
		}
		row := invited{Person: person}
		var at []string
		member, office := "", false
		for _, h := range roles {
			if !h.Until.IsZero() && !c.Now.Before(h.Until) {
				continue
			}
			words := officeWords(h.Role)
			if h.Member != "" {
				words, member = words+" at "+h.Member, h.Member
			} else {
				office = true
			}
			at = append(at, words)
		}
		if !office && !members {
			continue
		}
		row.For = strings.Join(at, ", ")
		if row.For == "" {
			row.For = "applies for membership"
		}
		day := act.DateIn(person.InvitedUntil.Add(-time.Microsecond), c.Zone)
		left := daysUntil(day, c.Now, c.Zone)
		row.Day, row.When, row.Over = day.String(), untilWords(left), !c.Now.Before(person.InvitedUntil)
		if o.asks(who, "person.reinvite") && len(at) > 0 {
			row.Link = &link{personActLink(person.ID, "person.reinvite", "member", member), "Invite again"}
		}
		page.Invited = append(page.Invited, row)
	}
	if len(all) == invitedLines {
		page.NextURL = "/office/people" + query("after", placeOf(all[invitedLines-1]))
	}
	return nil
}

// placeOf is where a list of invitations goes on: behind a person.
func placeOf(p view.Person) string {
	return p.ID + "." + strconv.FormatInt(p.InvitedUntil.UnixMicro(), 10)
}

func invitationPlace(text string) (place view.Person, err error) {
	if text == "" {
		return place, nil
	}
	id, micros, _ := strings.Cut(text, ".")
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || id == "" || len(id) > 20 {
		return place, view.ErrQuery
	}
	return view.Person{ID: id, InvitedUntil: time.UnixMicro(us)}, nil
}
