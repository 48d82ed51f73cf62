package office

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

const (
	soon     = 30 // days that the first page looks ahead
	thisWeek = 7
	// mostShown is how many lines of a sort the first page shows; the whole list is one step further.
	mostShown, mostWaiting = 15, 30
	// countedTo is how far lists are counted.
	countedTo = 1000
)

// line is one thing that has to be done.
type line struct {
	Day    string // its last day, "" where none is set
	When   string // "3 days overdue", "today", "in 5 days", "for 3 days"
	Late   bool   // its last day is over
	What   string // without names
	Number string // of the member that it concerns, "" for none
	Name   string
	Of     string // the member's page, "" for a reader who has none
	Do     link   // where it is done, or looked at

	due time.Time
}

// group is lines of a sort.
type group struct {
	ID, Title string
	Late      bool
	Lines     []line
	More      int64 // how many there are beyond those that are shown
	Over      bool  // there are even more
	All       string
}

// Total is how many there are, as far as they were counted.
func (g group) Total() int64 { return int64(len(g.Lines)) + g.More }

// todayPage is the first page.
type todayPage struct {
	ui.Chrome
	Root      string
	Deadlines []group
	Waiting   group
	Quiet     bool // nothing has to be done
	Groups    []ui.ActGroup
	Reads     bool
}

func (o *Office) today(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "Today"
	p := todayPage{Chrome: c, Root: o.Desk.Root, Waiting: group{ID: "waiting", Title: "Waits for a decision"}, Groups: o.Desk.Askable(who, ""), Reads: reads(who)}
	today := act.DateIn(c.Now, c.Zone)
	week, month := today.AddDays(thisWeek).Start(c.Zone), today.AddDays(soon).Start(c.Zone)
	waiting, err := o.waiting(r.Context(), who, c)
	if err != nil {
		return err
	}
	terms, err := o.terms(r.Context(), who, c, month)
	if err != nil {
		return err
	}
	troubles, err := o.troubles(r.Context(), who, c)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		p.Waiting.Title = "Waits for you"
	}
	waiting = append(append(troubles, waiting...), terms...)
	for _, g := range []struct {
		group
		from, until time.Time
		due         string
	}{
		{group{ID: "overdue", Title: "Overdue", Late: true}, time.Time{}, c.Now, "overdue"},
		{group{ID: "week", Title: "This week"}, c.Now, week, "week"},
		{group{ID: "soon", Title: "In the next 30 days"}, week, month, "month"},
	} {
		if err := o.fill(r.Context(), who, c, &g.group, waiting, g.from, g.until); err != nil {
			return err
		}
		if g.More > 0 && o.sees(who, atMembers) {
			g.All = "/office/members?due=" + g.due
		}
		if len(g.Lines) > 0 {
			p.Deadlines = append(p.Deadlines, g.group)
		}
	}
	for _, l := range waiting {
		if l.due.IsZero() {
			p.Waiting.Lines = append(p.Waiting.Lines, l)
		}
	}
	if more := len(p.Waiting.Lines) - mostWaiting; more > 0 { // those that wait longest stand first
		p.Waiting.Lines, p.Waiting.More = p.Waiting.Lines[:mostWaiting], int64(more)
		if o.sees(who, atApplications) {
			p.Waiting.All = "/office/applications"
		}
	}
	if err := o.name(r.Context(), who, p.Waiting.Lines); err != nil {
		return err
	}
	p.Quiet = len(p.Deadlines) == 0 && len(p.Waiting.Lines) == 0
	o.Desk.Show(w, r, http.StatusOK, "today", p)
	return nil
}

// fill gathers what is due in a time: what members owe, and what waits with a day.
func (o *Office) fill(ctx context.Context, who ui.Who, c ui.Chrome, g *group, waiting []line, from, until time.Time) error {
	kinds := o.dutyKinds(who)
	duties, err := o.Register.DutiesOf(ctx, kinds, from, until, mostShown)
	if err != nil {
		return err
	}
	for _, d := range duties {
		g.Lines = append(g.Lines, o.dutyLine(who, c, d))
	}
	for _, l := range waiting {
		if !l.due.IsZero() && !l.due.Before(from) && l.due.Before(until) {
			g.Lines = append(g.Lines, l)
		}
	}
	slices.SortStableFunc(g.Lines, func(a, b line) int { return a.due.Compare(b.due) })
	if len(duties) == mostShown {
		all, err := o.Register.CountDuties(ctx, from, until, countedTo, kinds...)
		if err != nil {
			return err
		}
		g.More, g.Over = all-mostShown, all == countedTo
	}
	return o.name(ctx, who, g.Lines)
}

// duties says for each kind of duty by which act it is fulfilled, and what the link is called.
var duties = []struct {
	kind     standing.DutyKind
	act, say string
}{
	{standing.DutyDues, "dues.record", "Record dues"},
	{standing.DutyRenewal, "member.renew", "Record the renewal"},
	{standing.DutySubscribe, "member.subscribe", "Record the signature"},
	{standing.DutyAttestation, "member.attest", "Record the attestation"},
	{standing.DutyDomain, "domain.prove", "Record the proof"},
	{standing.DutyConditions, "order.conditions-met", "Say that they are met"},
	{standing.DutyEducation, "learner.plan", "Look at the member"},
}

// dutyKinds returns the kinds of duties that somebody has to do with.
func (o *Office) dutyKinds(who ui.Who) (kinds []standing.DutyKind) {
	for _, d := range duties {
		if o.asks(who, d.act) || reads(who) {
			kinds = append(kinds, d.kind)
		}
	}
	return kinds
}

func (o *Office) dutyLine(who ui.Who, c ui.Chrome, d view.Owed) line {
	day := d.LastDay(c.Zone)
	return line{
		Day: day.String(), When: untilWords(daysUntil(day, c.Now, c.Zone)), Late: d.Overdue(c.Now), What: dutyWords(d.Duty), Number: d.Member,
		Do: o.dutyDo(who, d.Member, d.Duty), due: d.Due,
	}
}

// dutyWords says in a few words what a member owes, to those who are owed it.
func dutyWords(d standing.Duty) string {
	switch d.Kind {
	case standing.DutyDues:
		return "Dues"
	case standing.DutyRenewal:
		return "Yearly renewal"
	case standing.DutySubscribe:
		return "Signature under code " + d.Subject
	case standing.DutyAttestation:
		return "Attestation for " + d.Subject
	case standing.DutyDomain:
		return "Proof of " + d.Subject
	case standing.DutyConditions:
		return "Conditions of order " + d.Subject
	case standing.DutyEducation:
		return "Education of its people"
	}
	return d.What
}

// dutyDo leads to where a duty is fulfilled, with all that is known filled in.
func (o *Office) dutyDo(who ui.Who, number string, d standing.Duty) link {
	for _, known := range duties {
		if known.kind != d.Kind || !o.asks(who, known.act) {
			continue
		}
		switch d.Kind {
		case standing.DutyEducation:
			return link{memberLink(number), known.say}
		case standing.DutyConditions:
			return link{orderActLink(d.Subject, known.act), known.say}
		case standing.DutySubscribe:
			return link{memberActLink(number, known.act, "version", d.Subject), known.say}
		case standing.DutyAttestation:
			return link{memberActLink(number, known.act, "period", d.Subject), known.say}
		case standing.DutyDomain:
			return link{memberActLink(number, known.act, "domain", d.Subject), known.say}
		}
		return link{memberActLink(number, known.act), known.say}
	}
	return link{memberLink(number), "Look at the member"}
}

// waits says for each kind of what waits what the link is called.
var waits = map[string]string{
	flowbody.WaitingApplication:  "Look at the application",
	flowbody.WaitingConfirmation: "Confirm it, or take it back",
	flowbody.WaitingReview:       "Review it",
	flowbody.WaitingInterimEnd:   "Look at the order",
	flowbody.WaitingConditions:   "Say that they are met",
	flowbody.WaitingCharge:       "Close them",
	flowbody.WaitingCredit:       "Answer it",
	flowbody.WaitingProvider:     "Look at the provider",
	flowbody.WaitingCourse:       "Look at the course",
	flowbody.WaitingAudit:        "Look at the audit",
}

// waiting returns what waits for somebody's role. Conditions of a day are among what members owe.
func (o *Office) waiting(ctx context.Context, who ui.Who, c ui.Chrome) ([]line, error) {
	all, err := o.Register.Waiting(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, v := range all {
		if !o.asks(who, v.Act) && !reads(who) || v.Kind == flowbody.WaitingConditions && !v.Due.IsZero() {
			continue
		}
		l := line{What: strings.TrimSuffix(v.What, "."), Number: v.Member, due: v.Due, Do: link{Label: waits[v.Kind]}}
		if v.Due.IsZero() {
			l.When = sinceWords(-daysUntil(act.DateIn(v.Since, c.Zone), c.Now, c.Zone))
		} else {
			day := act.DateIn(v.Due.Add(-time.Microsecond), c.Zone)
			l.Day, l.When = day.String(), untilWords(daysUntil(day, c.Now, c.Zone))
		}
		id := v.Subject[strings.IndexByte(v.Subject, '/')+1:]
		switch {
		case v.Kind == flowbody.WaitingCase:
			to, mine, err := o.caseWaits(ctx, who, c, id)
			if err != nil {
				return nil, err
			}
			if !mine {
				continue
			}
			l.Do = link{to, "Look at the case"}
		case v.Kind == flowbody.WaitingClaim:
			l.Do = link{claimLink(id), "Look at the claim"}
		case v.Kind == flowbody.WaitingApplication:
			l.Do.Href = "/office/applications/" + v.Member
		case v.Kind == flowbody.WaitingCredit:
			l.Do.Href = "/office/education/people/" + id
		case v.Kind == flowbody.WaitingProvider || v.Kind == flowbody.WaitingCourse || v.Kind == flowbody.WaitingAudit:
			l.Do.Href = "/office/education#" + id
		case !o.asks(who, v.Act) || v.Kind == flowbody.WaitingConfirmation || v.Kind == flowbody.WaitingInterimEnd:
			l.Do.Href = "/office/orders#order-" + id
		case v.Kind == flowbody.WaitingCharge:
			l.Do.Href = "/office/acts/charge.close" + query("charge", id)
		default:
			l.Do.Href = orderActLink(id, v.Act)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// terms returns the offices that end before a time, for who may give them anew.
func (o *Office) terms(ctx context.Context, who ui.Who, c ui.Chrome, before time.Time) (lines []line, err error) {
	if !o.asks(who, "officer.appoint") {
		return nil, nil
	}
	officers, err := o.Register.Officers(ctx, c.Now)
	for _, f := range officers {
		if f.Until.IsZero() || !f.Until.Before(before) {
			continue
		}
		day := act.DateIn(f.Until.Add(-time.Microsecond), c.Zone)
		lines = append(lines, line{
			Day: day.String(), When: untilWords(daysUntil(day, c.Now, c.Zone)), What: "The term of person " + f.ID + " as " + officeWords(f.Role) + " ends", due: f.Until,
			Do: link{personActLink(f.ID, "officer.appoint", "role", f.Role), "Appoint them again"},
		})
	}
	return lines, err
}

// name fills in what members are called, and where more is known of them.
func (o *Office) name(ctx context.Context, who ui.Who, lines []line) error {
	var numbers []string
	for _, l := range lines {
		if l.Number != "" {
			numbers = append(numbers, l.Number)
		}
	}
	known, err := o.Register.Particulars(ctx, numbers)
	shown := o.sees(who, atMembers)
	for i := range lines {
		l := &lines[i]
		if l.Name = known[l.Number].Name; shown && l.Number != "" && l.Do.Href != memberLink(l.Number) {
			l.Of = memberLink(l.Number)
		}
	}
	return err
}
