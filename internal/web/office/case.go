package office

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/gate"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// casePage is one case: how far it is, what it waits for, what may be done, its clocks, its people and what happened.
// Nothing that was confided is on it.
type casePage struct {
	ui.Chrome
	Said     []string
	Case     cases.Case
	Name     string // of the respondent
	Tone     string
	Title    string // the stage in words
	Road     []station
	Waits    string // what it waits for, a sentence
	Since    string
	Due      *dueDay
	ForWhom  string // who may do it, where that is not who looks
	Acts     openActs
	Clocks   []clockRow
	Missed   int64
	Charges  []provided
	Asked    []provided // provisions that the complaint names
	Manager  named
	Mine     bool // who looks is its manager
	Seats    []seatRow
	Steps    []entryRow
	More     bool
	File     bool // the file may be read
	Reads    bool
	Sealed   int // how many things were confided
	Interims []link
	Suspend  string    // address of the form of an interim suspension, "" for who may not
	Kept     time.Time // until when the file is kept
}

// station is a step of the road that a case takes.
type station struct {
	Label string
	State string // "done", "now", "" for what is to come
}

// dueDay is a day by which something is to be done.
type dueDay struct {
	Day, When string
	Late      bool
}

func dueDayOf(due, now time.Time, zone *time.Location) *dueDay {
	if due.IsZero() {
		return nil
	}
	day := act.DateIn(due.Add(-time.Microsecond), zone)
	left := daysUntil(day, now, zone)
	return &dueDay{day.String(), untilWords(left), left < 0}
}

// clockRow is a term that runs, or that the body missed.
type clockRow struct {
	What, Whose string
	dueDay
	Missed, Paused bool
	Cites          string
}

// provided is a provision with its heading.
type provided struct{ ID, Title string }

// seatRow is somebody on the panel.
type seatRow struct {
	named
	Lay, Alternate, Presides, Challenged bool
}

// timeline bounds how many events of a case its page shows.
const timeline = 300

func (o *Office) caseOne(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.caseHere(r, who)
	switch {
	case err != nil:
		return err
	case !ok:
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = "Case " + k.ID
	p := casePage{Chrome: c, Case: k, Tone: caseStages[k.Stage].tone, Title: stageTitle(k), Road: roadOf(k), Mine: k.Manager != "" && k.Manager == who.Actor, Reads: reads(who)}
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	known, err := o.Register.Particulars(r.Context(), []string{k.Member})
	if err != nil {
		return err
	}
	p.Name = known[k.Member].Name
	if p.File = o.readsFile(who, k) && k.Stage != cases.Destroyed; k.Manager != "" {
		if p.Manager, err = o.nameOf(r.Context(), k.Manager); err != nil {
			return err
		}
	}
	t := o.trying(r.Context(), who, k, c)
	awaited, waits := k.Awaits()
	if p.Acts, err = t.actsOf(awaited.Act); err != nil {
		return err
	}
	if waits {
		p.Waits, p.Since = "It "+awaited.What+".", sinceWords(-daysUntil(act.DateIn(awaited.Since, c.Zone), c.Now, c.Zone))
		p.Due = dueDayOf(awaited.Due, c.Now, c.Zone)
		if p.Acts.First == nil {
			p.ForWhom = forWhom(awaited.Act)
		}
	}
	text := act.StateOf[governance.Code](t.look, "code")
	p.Charges, p.Asked = providedBy(text, k.Version, k.Charges.Provisions), providedBy(text, k.Version, k.Provisions)
	p.clocks(t)
	if !waits && k.IsOpen() {
		p.Waits = p.waitsForOthers()
	}
	if p.Seats, err = o.seats(r.Context(), k); err != nil {
		return err
	}
	for _, id := range k.Orders {
		p.Interims = append(p.Interims, link{"/office/orders#order-" + id, id})
	}
	if k.IsOpen() && o.asks(who, "order.interim") {
		p.Suspend = memberActLink(k.Member, "order.interim")
	}
	if err := p.happened(o, r, who); err != nil {
		return err
	}
	o.Desk.Show(w, r, http.StatusOK, "case", p)
	return nil
}

// readsFile reports whether what was confided in a case is for somebody to read: its manager's, and the chair's.
func (o *Office) readsFile(who ui.Who, c cases.Case) bool {
	return o.sees(who, atFile) && (who.Role == gate.Chair || c.Manager != "" && c.Manager == who.Actor)
}

// clocks lists the terms that run, and those that the body missed.
func (p *casePage) clocks(t *trial) {
	b := act.StateOf[governance.Body](t.look, "body")
	p.Missed = int64(p.Case.Missed(t.now))
	for _, d := range p.Case.Due(t.now, t.zone, b.Holidays) {
		p.Clocks = append(p.Clocks, clockOf(d, t.now, t.zone))
	}
}

func clockOf(d cases.Deadline, now time.Time, zone *time.Location) clockRow {
	words := termWords[d.Name]
	row := clockRow{What: words.what, Whose: words.whose, dueDay: *dueDayOf(d.Due, now, zone), Missed: d.Missed, Paused: d.Paused, Cites: d.Cites}
	if row.What == "" {
		row.What = d.Name
	}
	row.Late = d.Missed
	switch {
	case d.Missed && !d.Done.IsZero():
		row.When = "missed, done since"
	case d.Paused:
		row.When, row.Late = "stands still", false
	}
	return row
}

// waitsForOthers says what a case waits for that is not for the body to do.
func (p *casePage) waitsForOthers() string {
	for _, t := range p.Clocks {
		if t.Whose != "the body" && !t.Paused {
			return "It waits for " + t.Whose + ", who may " + strings.ToLower(t.What[:1]) + t.What[1:] + " until " + t.DayWords() + "."
		}
	}
	return "It waits for nobody."
}

// DayWords is the day as a text has it.
func (d dueDay) DayWords() string {
	day, err := act.ParseDate(d.Day)
	if err != nil {
		return d.Day
	}
	return day.Start(time.UTC).Format("2 January 2006")
}

// providedBy names provisions of a text by their headings.
func providedBy(text governance.Code, label string, ids []string) (all []provided) {
	v, ok := text.Version(label)
	for _, id := range ids {
		one := provided{ID: id, Title: "Provision " + id}
		if p, known := v.Provision(id); ok && known {
			one.Title = p.Name()
		}
		all = append(all, one)
	}
	return all
}

func (o *Office) seats(ctx context.Context, c cases.Case) (rows []seatRow, err error) {
	for _, s := range c.Panel.Seats {
		row := seatRow{Lay: s.Lay, Alternate: s.Alternate, Presides: s.Person == c.Panel.Presides(), Challenged: slices.Contains(c.Panel.Challenged, s.Person)}
		if row.named, err = o.nameOf(ctx, "person/"+s.Person); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// amongThemselves are events that are nobody's business but the panel's: that somebody wrote a note, and in which order
// people voted.
var amongThemselves = []string{"case.deliberation-noted", "case.vote-cast"}

// caseEntry reports whether somebody may look at an event of a case: who may see its page, and never at what the panel
// does among itself.
func (o *Office) caseEntry(ctx context.Context, who ui.Who, c ui.Chrome, id, kind string) (bool, error) {
	kind, _, _ = strings.Cut(kind, "/")
	if who.Role == gate.Panelist || slices.Contains(amongThemselves, kind) {
		return false, nil
	}
	_, ok, err := o.caseDoor(ctx, who, c, id)
	return ok, err
}

// happened lists what happened in a case, the newest first.
func (p *casePage) happened(o *Office, r *http.Request, who ui.Who) error {
	found, err := o.Desk.Counter.Record.Search(r.Context(), record.Wanted{Subject: "case/" + p.Case.ID}, timeline)
	if err != nil {
		return err
	}
	p.More = found.More
	for _, e := range found.Events {
		kind, _, _ := strings.Cut(e.Kind, "/")
		if e.Stream != "case/"+p.Case.ID || slices.Contains(amongThemselves, kind) {
			continue
		}
		row := rowOf(e)
		row.Said = stepOf(e)
		if !p.Reads { // an auditor has the actor, as the record names it
			if row.Actor, _, err = o.writer(r.Context(), e); err != nil {
				return err
			}
			row.Role = ""
		}
		p.Sealed += len(confided(e.Event))
		p.Steps = append(p.Steps, row)
	}
	return nil
}

// road is the long road from a complaint to a notice, and the stages at which a case has come past each.
var road = []string{"Complaint", "Screening", "Investigation", "Charges", "Panel", "Hearing", "Decision", "Appeal", "In force"}

// roadOf says how far a case has come on the road.
func roadOf(c cases.Case) (stations []station) {
	at := map[cases.Stage]int{
		cases.Lodged: 1, cases.Offered: 1, cases.Dismissed: 1, cases.UnderReview: 1, cases.Investigating: 2, cases.Charged: 3, cases.Heard: 6, cases.Decided: 6,
		cases.Served: 7, cases.Appealed: 7, cases.AppealDecided: 7, cases.Final: 8, cases.Closed: 9, cases.Destroyed: 9,
	}[c.Stage]
	switch {
	case c.Stage == cases.Charged && len(c.Panel.Seats) > 0:
		at = 5
	case c.Stage == cases.Charged && (c.Charges.Answered || !c.Charges.Defaulted.IsZero()):
		at = 4
	}
	over := c.Stage == cases.Closed || c.Stage == cases.Destroyed
	if over && c.Published.IsZero() { // it ended on the way
		return []station{{"Complaint", "done"}, {"Closed", "now"}}
	}
	short := c.Outcome == cases.OutcomeAccepted || c.Outcome == cases.OutcomeConsent || c.Stage == cases.Offered
	for i, label := range road {
		s := station{Label: label}
		switch {
		case i < at && short && i > 1 && c.Charges.Served.IsZero() && i < 8, i < at && c.Outcome == cases.OutcomeConsent && i > 4 && i < 8, i < at && i == 7 && c.Appeal.Lodged.IsZero():
			continue // the road that it took does not pass there
		case i < at:
			s.State = "done"
		case i == at:
			s.State = "now"
		}
		stations = append(stations, s)
	}
	return stations
}

// Step is how many of how many stations are behind it, for those who do not see the line.
func (p casePage) Step() string {
	done := 0
	for _, s := range p.Road {
		if s.State == "done" {
			done++
		}
	}
	return strconv.Itoa(min(done+1, len(p.Road))) + " of " + strconv.Itoa(len(p.Road))
}

// Measure is what was decided, in words that begin a sentence.
func (p casePage) Measure() string {
	words := measureWords(p.Case.Decision.Sanction)
	return strings.ToUpper(words[:1]) + words[1:]
}

// happenings is what happened, and whether its positions may be looked at.
type happenings struct {
	Rows []entryRow
	Zone *time.Location
	Open bool
}

// Heard reports whether the hearing has been.
func (p casePage) Heard() bool { return !p.Case.Hearing.On.After(p.Now) }

// Timeline is what happened, the newest first.
func (p casePage) Timeline() happenings { return happenings{p.Steps, p.Zone, true} }
