// Package office is the body's face to its officers: what waits for them today and by when, the members with all
// that is known of them, the record, and every act that their role may ask for.
//
// Whoever comes here signed in and acts in one role. What the role may see and do is in the gate's table, page by
// page and act by act; that a thing may be done at this moment is decided with the act. A page that shows a part
// which not all of its readers may see asks the gate under the address of the page that is about that part.
package office

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"net/url"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/gate"
	"shingle/internal/roster"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/work/mail"
)

//go:embed pages/*.html parts/*.html
var pageFiles embed.FS

// Office is what the pages are made from.
type Office struct {
	// Desk is what it shares with other faces; what names the face is filled in by Routes.
	Desk     ui.Desk
	Register view.Register
	// Standing answers how a member stood at a time, as known at another.
	Standing func(ctx context.Context, number string, at, known time.Time) (standing.Answer, error)
	// Origin is where the office is reached, e.g. "https://demo.example".
	Origin string
	// Exhibits are the files of cases.
	Exhibits ui.Exhibits
	// Uploads are the rosters that officers bring.
	Uploads *roster.Uploads
	// Working returns what sends letters and messages, nil while nothing is sent.
	Working func() *Post
	// Feeds are the addresses of calendars.
	Feeds account.Feeds
	// Reveal opens what people confided.
	Reveal ui.Reveal
	// Examine looks how the machine is.
	Examine Examiner
	// Send asks for a letter.
	Send func(ctx context.Context, l mail.Letter) error
	// Holds reports whether somebody still holds an office, while something goes on that they began; nil asks nobody.
	Holds func(ctx context.Context, actor, role string) (bool, error)
}

// Addresses of pages that others ask about at the gate, because they show a part of them.
const (
	atMembers      = "GET /office/members"
	atMemberPeople = "GET /office/members/{number}/people"
	atApplications = "GET /office/applications"
	readDeclared   = "POST /office/applications/{number}/declared"
	atOrders       = "GET /office/orders"
	atRecord       = "GET /office/record"
)

// Routes adds the office to mux. The caller wraps mux in [ui.Secure].
func (o *Office) Routes(mux *http.ServeMux) {
	d := &o.Desk
	d.Root, d.Title, d.Pages, d.Hidden = "/office", "Office", pageFiles, []string{"/office/cases"}
	d.Nav = []ui.NavEntry{
		{Href: "/office", Label: "Today"}, {Href: "/office/members", Label: "Members"}, {Href: "/office/applications", Label: "Applications"},
		{Href: "/office/dues", Label: "Dues"}, {Href: "/office/cases", Label: "Cases"}, {Href: "/office/orders", Label: "Orders"}, {Href: "/office/panelists", Label: "Panelists"},
		{Href: "/office/people", Label: "People"}, {Href: "/office/education", Label: "Education"},
		{Href: "/office/launch", Label: "Launch"}, {Href: "/office/post", Label: "Letters"}, {Href: "/office/webhooks", Label: "Webhooks"},
		{Href: "/office/record", Label: "The record"}, {Href: "/office/doctor", Label: "Doctor"}, {Href: "/office/acts", Label: "Ask for something"},
	}
	d.Open()
	d.Handle("GET /office", o.today)
	d.Handle("GET /office/deadlines.ics", o.calendar)
	d.Handle(atMembers, o.members)
	d.Handle("GET /office/members.csv", o.membersCSV)
	d.Handle("GET /office/members/{number}", o.member)
	d.Handle(atMemberPeople, o.memberPeople)
	d.Handle("GET /office/members/{number}/history", o.history)
	o.handleActs("/office/members/{number}/acts/{kind}", o.memberAct)
	d.Handle(atApplications, o.applications)
	d.Handle("GET /office/applications/{number}", o.application)
	d.Handle(readDeclared, o.declared)
	d.Handle("GET /office/dues", o.dues)
	d.Handle("POST /office/dues", o.recordDues)
	d.Handle(atOrders, o.orders)
	o.handleActs("/office/orders/{id}/acts/{kind}", o.orderAct)
	d.Handle("GET /office/people", o.people)
	d.Handle(atEducation, o.education)
	d.Handle("GET /office/education/people/{person}", o.learner)
	d.Handle("GET /office/education/audits/{number}/people.txt", o.auditPeople)
	o.handleActs("/office/education/acts/{kind}", o.schoolAct)
	o.handleActs("/office/education/people/{person}/acts/{kind}", o.learnerAct)
	o.handleActs("/office/people/{person}/acts/{kind}", o.personAct)
	d.Handle("GET /office/import", o.uploads)
	d.Handle("POST /office/import", o.upload)
	d.Handle("GET /office/import/{id}", o.uploaded)
	d.Handle("POST /office/import/{id}", o.uploadedStep)
	d.Handle("GET /office/import/{id}/rejects.csv", o.rejects)
	d.Handle(atRecord, o.record)
	d.Handle("GET /office/record.csv", o.recordCSV)
	d.Handle("GET /office/record.json", o.recordJSON)
	d.Handle("GET /office/record/{position}", o.entry)
	d.Handle("GET /office/doctor", o.doctor)
	o.caseRoutes()
	o.caseDaysRoutes()
	o.launchRoutes()
	o.postRoutes()
	o.hookRoutes()
	d.Routes(mux)
}

// handleActs adds a page on which an act is asked for.
func (o *Office) handleActs(path string, page ui.DeskPage) {
	o.Desk.Handle("GET "+path, page)
	o.Desk.Handle("POST "+path, page)
}

// sees reports whether somebody may see a page.
func (o *Office) sees(who ui.Who, page string) bool {
	return o.Desk.Counter.Allows(who, page, who.Member) == nil
}

// asks reports whether somebody may ask for an act, if need be once they have proven afresh who they are.
func (o *Office) asks(who ui.Who, kind string) bool {
	var denied *gate.Denied
	err := o.Desk.Counter.May(who, kind)
	return err == nil || errors.As(err, &denied) && denied.StepUp
}

// asksOf reports whether somebody may ask for an act about somebody or something, as asks does.
func (o *Office) asksOf(who ui.Who, kind string, concerning ...string) bool {
	var denied *gate.Denied
	err := o.Desk.Counter.Allows(who, kind, concerning...)
	return err == nil || errors.As(err, &denied) && denied.StepUp
}

// reads reports whether it is somebody's part to read everything and to change nothing.
func reads(who ui.Who) bool { return who.Role == gate.Auditor }

// link leads to a page where something is done, or shown.
type link struct{ Href, Label string }

// memberActLink leads to the form of an act about a member; values are pairs of a field and what it begins with.
func memberActLink(number, kind string, values ...string) string {
	return "/office/members/" + url.PathEscape(number) + "/acts/" + kind + query(values...)
}

func orderActLink(id, kind string) string {
	return "/office/orders/" + url.PathEscape(id) + "/acts/" + kind
}

func personActLink(person, kind string, values ...string) string {
	return "/office/people/" + url.PathEscape(person) + "/acts/" + kind + query(values...)
}

// query writes pairs of a name and a value, without those that are empty.
func query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

func memberLink(number string) string { return "/office/members/" + url.PathEscape(number) }

// daysUntil returns how many days lie between today and a day, both in the body's zone.
func daysUntil(day act.Date, now time.Time, zone *time.Location) int {
	// Midnights may lie 23 or 25 hours apart.
	return int((day.Start(time.UTC).Sub(act.DateIn(now, zone).Start(time.UTC))) / (24 * time.Hour))
}
