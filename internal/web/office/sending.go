package office

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/record"
	"shingle/internal/sending"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// toMany is something that is sent to many members, one act or letter each.
type toMany struct {
	what, label, does string
	states            []view.SigningState // of those it goes to
	one               func(o *Office, ctx context.Context, who ui.Who, s view.Signing) (did bool, err error)
}

var sendings = []toMany{
	{"invite", "Invite those who are not invited", "The contact of each is invited to speak for the company, and gets a letter with a link that is good for 14 days.", []view.SigningState{view.Uninvited}, (*Office).inviteContact},
	{"renew", "Renew invitations that expired", "Each invitation is made good for another 14 days, and a letter with a fresh link is sent.", []view.SigningState{view.Expired}, (*Office).renewInvitation},
	{"remind", "Remind those who have not signed", "Whoever speaks for the company gets a letter that the code waits for their signature; whoever has not accepted their invitation gets it anew. Nobody gets more than one such letter in a day.", []view.SigningState{view.Joined, view.Invited}, (*Office).remindToSign},
}

func toManyOf(what string) (toMany, bool) {
	for _, s := range sendings {
		if s.what == what {
			return s, true
		}
	}
	return toMany{}, false
}

func (s toMany) count(counts map[view.SigningState]int64) (n int64) {
	for _, state := range s.states {
		n += counts[state]
	}
	return n
}

// sendings keeps how far something is that is sent to many members.
func (o *Office) sendings() sending.Sendings { return sending.Sendings{Record: o.Desk.Counter.Record} }

type launchSendPage struct {
	ui.Chrome
	What, Label, Does string
	Q                 string
	N                 int64
	NoAddress         int64
	Some              []view.Signing // the first of them
	Running           bool
}

// launchSend shows to whom something would be sent.
func (o *Office) launchSend(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	s, ok := toManyOf(r.PathValue("what"))
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = s.label
	q, err := signingQuery(r, c.Now)
	if err != nil {
		return err
	}
	newest, _, err := o.sendings().Newest(r.Context())
	if err != nil {
		return err
	}
	p := launchSendPage{Chrome: c, What: s.what, Label: s.label, Does: s.does, Q: q.Q, Running: newest.Going()}
	counts, err := o.Register.SigningCounts(r.Context(), view.SigningQuery{Q: q.Q, At: c.Now})
	if err != nil {
		return err
	}
	p.N, p.NoAddress = s.count(counts), counts[view.NoAddress]
	for _, state := range s.states {
		some, err := o.Register.Signings(r.Context(), view.SigningQuery{Q: q.Q, State: state, At: c.Now, Limit: 10})
		if err != nil {
			return err
		}
		p.Some = append(p.Some, some...)
	}
	o.Desk.Show(w, r, http.StatusOK, "launchsend", p)
	return nil
}

// launchSent begins to send.
func (o *Office) launchSent(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	s, ok := toManyOf(r.PathValue("what"))
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	q, err := signingQuery(r, c.Now)
	if err != nil {
		return err
	}
	var all []view.Signing
	for _, state := range s.states {
		list, err := o.Register.Signings(r.Context(), view.SigningQuery{Q: q.Q, State: state, At: c.Now})
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	switch run, err := o.sendings().Begin(r.Context(), s.what, len(all)); {
	case errors.Is(err, sending.ErrRunning): // its page is shown
	case err != nil:
		return err
	default:
		// It goes on when whoever asked for it has gone; each act is asked for as them.
		go o.send(context.WithoutCancel(r.Context()), run, s, who, all)
	}
	http.Redirect(w, r, "/office/launch/run", http.StatusSeeOther)
	return nil
}

// send does a sending. What one member refuses keeps it from nobody else; what would keep it from all ends it.
func (o *Office) send(ctx context.Context, run *sending.Run, s toMany, who ui.Who, all []view.Signing) {
	var ends error
	for _, to := range all {
		if ends = errors.Join(run.Goes(ctx), o.holds(ctx, who)); ends != nil {
			break
		}
		did, err := s.one(o, ctx, who, to)
		if refusal, ok := act.Refused(err); ok {
			ends = run.Refused(ctx, to.Number, refusal.Rule.Text+" "+refusal.Rule.Cure)
		} else if errors.Is(err, act.ErrForgotten) || errors.Is(err, view.ErrNotFound) {
			ends = run.Refused(ctx, to.Number, "Its contact is not known any more.")
		} else if errors.Is(err, errSeveral) {
			ends = run.Refused(ctx, to.Number, "Several people have its contact’s address. Give the one who is meant the role of representative, on the member’s page.")
		} else if ends = err; err == nil {
			ends = run.Reached(ctx, did)
		}
		if ends != nil {
			break
		}
	}
	stopped := ""
	switch {
	case ends == nil:
	case errors.Is(ends, errOver):
		stopped = "Whoever began it does not hold the office any more."
	case errors.Is(ends, sending.ErrStopped):
		stopped = "It was stopped."
	case errors.Is(ends, record.ErrClosed):
		return // the page says that it broke off
	default:
		o.Desk.Logger.Error("what was sent to many members broke off", "what", s.what, "error", ends)
		stopped = ui.ProblemOf(ends).Title + "."
	}
	if err := run.End(ctx, stopped); err != nil && !errors.Is(err, record.ErrClosed) {
		o.Desk.Logger.Error("how a sending ended could not be kept", "what", s.what, "error", err)
	}
}

type launchRunPage struct {
	ui.Chrome
	Any      bool
	Label    string
	Run      sending.Progress
	Failures []failure
	Total    int64
	Left     int
	Percent  int
}

// failure is a member that nothing could be sent to.
type failure struct{ Number, Name, Why string }

// launchRun shows how far it is, whichever node sends, and asks itself anew while something is sent.
func (o *Office) launchRun(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) (err error) {
	c.Title = "What is being sent"
	p := launchRunPage{Chrome: c}
	if p.Run, p.Any, err = o.sendings().Newest(r.Context()); err != nil {
		return err
	}
	if p.Any {
		s, _ := toManyOf(p.Run.What)
		n := p.Run.Done + p.Run.Skipped + p.Run.Refused
		p.Label, p.Total, p.Left, p.Percent = s.label, int64(p.Run.Total), max(0, p.Run.Total-n), 100
		if p.Run.Total > 0 {
			p.Percent = 100 * n / p.Run.Total
		}
	}
	for _, f := range p.Run.Failures {
		m, err := o.Desk.Member(r.Context(), f.Number)
		if err != nil {
			return err
		}
		p.Failures = append(p.Failures, failure{f.Number, m.Name, f.Why})
	}
	if p.Run.Going() {
		w.Header().Set("Refresh", "2") // seconds; browsers need no script for it
	}
	o.Desk.Show(w, r, http.StatusOK, "launchrun", p)
	return nil
}

// launchStop ends a sending after the member that it is at.
func (o *Office) launchStop(w http.ResponseWriter, r *http.Request, _ ui.Who, _ ui.Chrome) error {
	if err := o.sendings().Stop(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/office/launch/run", http.StatusSeeOther)
	return nil
}

// errOver says that whoever began to send does not hold the office any more.
var errOver = errors.New("the office has ended")

// holds fails with errOver unless somebody still holds the office that they act in.
func (o *Office) holds(ctx context.Context, who ui.Who) error {
	if o.Holds == nil {
		return nil
	}
	holds, err := o.Holds(ctx, who.Actor, who.Role)
	if err == nil && !holds {
		err = errOver
	}
	return err
}

// errSeveral says that an address is that of several people.
var errSeveral = errors.New("several people have this address")

// inviteContact invites whom a member named as its contact to speak for it, unless somebody does meanwhile. Who
// has a part in the body already, at another company perhaps, is appointed.
func (o *Office) inviteContact(ctx context.Context, who ui.Who, s view.Signing) (bool, error) {
	if speakers, err := o.speakers(ctx, s.Number); err != nil || len(speakers) > 0 {
		return false, err
	}
	contact, err := o.Register.Contact(ctx, s.Number)
	if err != nil {
		return false, err
	}
	before, err := o.Register.RepresentativesEver(ctx, s.Number)
	if err != nil {
		return false, err
	}
	known, err := o.Register.PeopleAt(ctx, contact.Email)
	if err != nil {
		return false, err
	}
	// Who only says that the address is theirs now is not whom the member named.
	known = slices.DeleteFunc(known, func(p view.Person) bool { return p.Moved })
	if len(known) > 1 {
		return false, errSeveral
	}
	var cmd any
	if len(known) == 1 {
		cmd = people.Appoint{Person: known[0].ID, Member: s.Number, Role: people.Representative}
	} else {
		name := strings.TrimSpace(contact.Name)
		if name == "" {
			name = s.Name
		}
		cmd = people.Invite{Member: s.Number, Role: people.Representative, Name: act.NewPersonal("", name), Email: act.NewPersonal("", strings.TrimSpace(contact.Email))}
	}
	// The key is the same for all who do this at once, on any node: one of them does it.
	key := fmt.Sprintf("launch-invite-%s-%d", s.Number, before)
	_, err = o.Desk.Counter.Ask(ctx, who, ui.Asked{Command: cmd, Key: key, Expect: -1})
	if errors.Is(err, record.ErrKeyReused) {
		return false, nil
	}
	return err == nil, err
}

// renewInvitation renews the invitations of a member's representatives that nobody took up.
func (o *Office) renewInvitation(ctx context.Context, who ui.Who, s view.Signing) (did bool, err error) {
	speakers, err := o.speakers(ctx, s.Number)
	if err != nil {
		return false, err
	}
	now := o.Desk.Now()
	for _, p := range speakers {
		// One that was renewed within a day is in their mail already.
		if !p.Joined.IsZero() || p.InvitedUntil.After(now.AddDate(0, 0, 13)) {
			continue
		}
		if _, err := o.Desk.Counter.Ask(ctx, who, ui.Asked{Command: people.Reinvite{Person: p.ID}, Expect: -1}); err != nil {
			return did, err
		}
		did = true
	}
	return did, nil
}

// remindToSign reminds those who speak for a member, or are invited to.
func (o *Office) remindToSign(ctx context.Context, who ui.Who, s view.Signing) (did bool, err error) {
	speakers, err := o.speakers(ctx, s.Number)
	if err != nil {
		return false, err
	}
	b, err := o.Desk.Body(ctx)
	if err != nil {
		return false, err
	}
	today := act.DateIn(o.Desk.Now(), b.Location).String()
	for _, p := range speakers {
		if p.Joined.IsZero() {
			continue
		}
		err := o.Send(ctx, mail.Letter{Letter: letters.Signature, To: "person/" + p.ID, About: "signature/" + s.Number + "/" + today, Member: s.Number})
		if err != nil {
			return did, err
		}
		did = true
	}
	if did {
		return true, nil
	}
	return o.renewInvitation(ctx, who, s)
}

// speakers returns the representatives of a member.
func (o *Office) speakers(ctx context.Context, number string) (list []view.Colleague, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	all, err := o.Register.PeopleOf(ctx, number, o.Desk.Now())
	for _, p := range all {
		if p.Role == people.Representative {
			list = append(list, p)
		}
	}
	return list, err
}
