package office

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/sending"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
	"shingle/internal/work/mail"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// starting is the office of a body that starts up: four members have a contact, one of whom speaks for two of
// them; one has no address, one has left.
type starting struct {
	*webtest.Body
	*Office
	http.Handler // nobody in particular
	mu           sync.Mutex
	sent         []mail.Letter
	broken       error
}

func startUp(t *testing.T, store webtest.Store) *starting {
	b := webtest.Start(t, store, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	for _, m := range []struct{ number, name, contact, email string }{
		{"9001", "Amber IT", "Ada Pine", "ada@amber.example"}, {"9002", "Birch <IT>", "", "office@birch.example"}, {"9003", "Cedar 100% IT", "Cy Oak", "cy@cedar.example"},
		{"9004", "Dune IT", "Ada Pine", "ADA@amber.example"}, {"9005", "Elm IT", "Eve Ash", ""}, {"9006", "=Fern IT", "Fay Elm", "fay@fern.example"},
	} {
		b.Do(membership.Enrol{Number: m.number, Name: m.name, Place: "Galway", ContactName: act.NewPersonal("", m.contact), ContactEmail: act.NewPersonal("", m.email), Admitted: act.On(2025, 1, 1)})
	}
	b.Do(membership.Withdraw{Member: "9006"})
	b.Tick()
	s := &starting{Body: b}
	s.Office = &Office{Desk: b.Desk(), Register: b.Register, Send: func(_ context.Context, l mail.Letter) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.broken == nil {
			s.sent = append(s.sent, l)
		}
		return s.broken
	}}
	mux := http.NewServeMux()
	s.Office.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	s.Handler = ui.Secure(mux)
	return s
}

func onBoth(t *testing.T, test func(t *testing.T, s *starting)) {
	t.Run("sqlite", func(t *testing.T) { test(t, startUp(t, webtest.SQLite)) })
	t.Run("postgres", func(t *testing.T) { test(t, startUp(t, webtest.PostgreSQL)) })
}

// today is the day that the clock shows.
func (s *starting) today() act.Date { return act.DateIn(s.Now(), time.UTC) }

// sends does a sending to its end.
func (s *starting) sends(t *testing.T, what string) sending.Progress {
	t.Helper()
	h := webtest.As(registrar, s)
	if to := webtest.Post(t, h, "/office/launch/send/"+what, nil).Is(303).Header.Get("Location"); to != "/office/launch/run" {
		t.Errorf("it leads to %q", to)
	}
	for until := time.Now().Add(30 * time.Second); s.newest(t).Going(); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("it does not end")
		}
	}
	return s.newest(t)
}

// newest is how far the newest sending is.
func (s *starting) newest(t *testing.T) sending.Progress {
	t.Helper()
	p, _, err := s.sendings().Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *starting) states(t *testing.T) string {
	t.Helper()
	list, err := s.Office.Register.Signings(t.Context(), view.SigningQuery{At: s.Now()})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range list {
		all = append(all, one.Number+" "+string(one.State))
	}
	return strings.Join(all, ", ")
}

func (s *starting) letters() []mail.Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

func TestMembersAreInvitedInBulkAndNobodyTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, s *starting) {
		if got, want := s.states(t), "9001 uninvited, 9002 uninvited, 9003 uninvited, 9004 uninvited, 9005 no-address"; got != want {
			t.Fatalf("at first: %s", got)
		}
		h := webtest.As(registrar, s)
		before := s.Record.Position()
		webtest.Get(t, h, "/office/launch").Is(200).Has("p.kicker", "Launch mode").Has("ul.tally a", "4 Not invited").Has("a.button", "Invite those who are not invited (4)")
		preview := webtest.Get(t, h, "/office/launch/send/invite").Is(200)
		preview.Has("section.would li", "It goes to 4 members").Has("section.would li", "1 member cannot be invited").Has("section.would p", "Birch <IT> (9002)").Has("button", "Send to 4 members")
		if s.Record.Position() != before {
			t.Fatal("looking at it recorded something")
		}
		if p := s.sends(t, "invite"); p.Done != 4 || p.Refused != 0 || p.Stopped != "" || p.Ended.IsZero() {
			t.Errorf("the first time: %+v", p)
		}
		if got, want := s.states(t), "9001 invited, 9002 invited, 9003 invited, 9004 invited, 9005 no-address"; got != want {
			t.Errorf("afterwards: %s", got)
		}
		first, err := s.Office.Register.PeopleOf(t.Context(), "9001", s.Now())
		if err != nil || len(first) != 1 || first[0].Name != "Ada Pine" {
			t.Fatalf("%+v, %v", first, err)
		}
		fourth, err := s.Office.Register.PeopleOf(t.Context(), "9004", s.Now())
		if err != nil || len(fourth) != 1 || fourth[0].ID != first[0].ID {
			t.Errorf("who speaks for two companies became two people: %+v, %v", fourth, err)
		}
		second, err := s.Office.Register.PeopleOf(t.Context(), "9002", s.Now())
		if err != nil || len(second) != 1 || second[0].Name != "Birch <IT>" {
			t.Errorf("a contact without a name: %+v, %v", second, err)
		}
		events, err := s.Record.Events(t.Context(), before, 100)
		if err != nil || len(events) == 0 || events[0].Actor != registrar.Actor || events[0].Role != "registrar" {
			t.Errorf("asked for by %+v, %v", events, err)
		}
		end := s.Record.Position()
		webtest.Get(t, h, "/office/launch/send/invite").Is(200).HasNo("button.primary").Has("div.empty", "1 member cannot be invited")
		if p := s.sends(t, "invite"); p.Total != 0 || s.Record.Position() != end {
			t.Errorf("the second time: %+v", p)
		}
		done := webtest.Get(t, h, "/office/launch/run").Is(200).Has("h1", "All was sent")
		if done.Header.Get("Refresh") != "" {
			t.Error("what is done is looked at again and again")
		}
	})
}

// TestASendingThatWasStoppedGoesOn also begins with a list that is out of date, on two nodes: either shows how far it
// is, neither begins a second, and either stops it.
func TestASendingThatWasStoppedGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *starting) {
		all, err := s.Office.Register.Signings(t.Context(), view.SigningQuery{State: view.Uninvited, At: s.Now()})
		if err != nil {
			t.Fatal(err)
		}
		other := &Office{Desk: s.Body.Desk(), Register: s.Office.Register, Send: s.Send}
		mux := http.NewServeMux()
		other.Routes(mux)
		here, there := webtest.As(registrar, s), webtest.As(registrar, mux)
		invite, _ := toManyOf("invite")
		webtest.Get(t, here, "/office/launch/run").Is(200).Has("h1", "Nothing is being sent")
		run, err := s.sendings().Begin(t.Context(), "invite", len(all))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.sendings().Begin(t.Context(), "remind", 1); !errors.Is(err, sending.ErrRunning) {
			t.Fatalf("two go on at once: %v", err)
		}
		for _, node := range []http.Handler{here, there} {
			going := webtest.Get(t, node, "/office/launch/run").Is(200).Has("h1", "Being sent").Has("p.lead", "Invite those who are not invited").Has("button", "Stop")
			if going.Header.Get("Refresh") != "2" {
				t.Error("the page does not look again")
			}
			webtest.Get(t, node, "/office/launch").Has("main a", "Something is being sent right now")
		}
		before := s.Record.Position()
		webtest.Post(t, there, "/office/launch/send/invite", nil).Is(303)
		if s.Record.Position() != before {
			t.Fatal("a second sending was begun")
		}
		if did, err := s.inviteContact(t.Context(), registrar, all[0]); !did || err != nil {
			t.Fatalf("%v %v", did, err)
		}
		webtest.Post(t, there, "/office/launch/run", nil).Is(303) // stopped
		s.send(t.Context(), run, invite, registrar, all)
		if p := s.newest(t); p.Stopped == "" || p.Done != 0 || p.Going() {
			t.Errorf("%+v", p)
		}
		webtest.Get(t, there, "/office/launch/run").Has("h1", "Not all was sent").Has("a.button", "Go on")
		if run, err = other.sendings().Begin(t.Context(), "invite", len(all)); err != nil {
			t.Fatalf("it cannot be begun again: %v", err)
		}
		other.send(t.Context(), run, invite, registrar, all)
		if p := s.newest(t); p.Done != 3 || p.Skipped != 1 || p.Stopped != "" || p.Going() {
			t.Errorf("%+v", p)
		}
		if crew, err := s.Office.Register.PeopleOf(t.Context(), all[0].Number, s.Now()); err != nil || len(crew) != 1 {
			t.Errorf("%+v, %v", crew, err)
		}
	})
}

// TestWhatBrokeOffIsSaidAndGoesOn is about a node that ends in the middle, and one that only seemed to.
func TestWhatBrokeOffIsSaidAndGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *starting) {
		h := webtest.As(registrar, s)
		run, err := s.sendings().Begin(t.Context(), "invite", 4)
		if err != nil {
			t.Fatal(err)
		}
		s.Pass(59 * time.Second)
		webtest.Get(t, h, "/office/launch/run").Has("h1", "Being sent")
		s.Pass(time.Second)
		broke := webtest.Get(t, h, "/office/launch/run").Is(200).Has("h1", "Not all was sent").Has(".correction", "the server that sent was stopped").Has("a.button", "Go on")
		if broke.Header.Get("Refresh") != "" {
			t.Error("what broke off is looked at again and again")
		}
		if p := s.sends(t, "invite"); p.Done != 4 || p.Broke {
			t.Errorf("begun again: %+v", p)
		}
		if err := run.Goes(t.Context()); err != sending.ErrStopped {
			t.Errorf("who had seemed to end goes on beside: %v", err)
		}
		if err := run.End(t.Context(), "It was stopped."); err != nil {
			t.Error(err)
		}
		if p := s.newest(t); p.Done != 4 || p.Stopped != "" {
			t.Errorf("who had seemed to end wrote over the newest: %+v", p)
		}
	})
}

// TestWhatIsRefusedIsToldByName also when the company was renamed meanwhile.
func TestWhatIsRefusedIsToldByName(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	run, err := s.sendings().Begin(t.Context(), "invite", 1)
	if err == nil {
		err = errors.Join(run.Refused(t.Context(), "9002", "It did not want to."), run.End(t.Context(), ""))
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Do(membership.Rename{Member: "9002", Name: "Beech <IT>"})
	webtest.Get(t, webtest.As(registrar, s), "/office/launch/run").Is(200).Has("dd", "1").Has("li h3", "Beech <IT> (9002)").Has("li p", "It did not want to.")
}

// TestTwoWhoInviteAtOnce ask for the same act under the same key, as two nodes would.
func TestTwoWhoInviteAtOnce(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := s.inviteContact(t.Context(), registrar, view.Signing{Number: "9003", Name: "Cedar"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if crew, err := s.Office.Register.PeopleOf(t.Context(), "9003", s.Now()); err != nil || len(crew) != 1 {
		t.Errorf("%d were invited, %v", len(crew), err)
	}
}

func TestWhoDoesNotComeIsInvitedAnewAndWhoDoesNotSignReminded(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	s.sends(t, "invite")
	if p := s.sends(t, "remind"); p.Total != 4 || p.Skipped != 4 { // their invitations are in their mail
		t.Errorf("reminded at once: %+v", p)
	}
	crew, err := s.Office.Register.PeopleOf(t.Context(), "9003", s.Now())
	if err != nil || len(crew) != 1 {
		t.Fatal(err)
	}
	join(t, s, crew[0].ID)
	s.Pass(14 * 24 * time.Hour)
	if got, want := s.states(t), "9001 expired, 9002 expired, 9003 joined, 9004 expired, 9005 no-address"; got != want {
		t.Fatalf("after a fortnight: %s", got)
	}
	webtest.Get(t, webtest.As(registrar, s), "/office/launch?state=expired").Is(200).Has("td", "Invitation expired").Has("a.button", "Renew invitations that expired (3)")
	if p := s.sends(t, "renew"); p.Done != 2 || p.Skipped != 1 { // one person speaks for two
		t.Errorf("renewed: %+v", p)
	}
	if got, want := s.states(t), "9001 invited, 9002 invited, 9003 joined, 9004 invited, 9005 no-address"; got != want {
		t.Errorf("renewed: %s", got)
	}
	for range 2 {
		s.sends(t, "remind")
	}
	want := mail.Letter{Letter: "signature-missing", To: "person/" + crew[0].ID, About: "signature/9003/2026-03-16", Member: "9003"}
	if sent := s.letters(); len(sent) != 2 || sent[0] != want || sent[1] != want { // the same letter, which is sent once
		t.Errorf("sent %+v", sent)
	}
	s.mu.Lock()
	s.broken = errors.New("no letters are taken")
	s.mu.Unlock()
	if p := s.sends(t, "remind"); p.Stopped == "" || p.Done != 0 {
		t.Errorf("while no letters are taken: %+v", p)
	}
	s.Do(membership.Subscribe{Member: "9003", Version: "2026.1", SHA256: hash(t, s), Representative: act.NewPersonal("", "Cy Oak"), Capacity: "owner"})
	if got := s.states(t); !strings.Contains(got, "9003 subscribed") {
		t.Errorf("signed: %s", got)
	}
	webtest.Get(t, webtest.As(auditor, s), "/office/launch").Is(200).Has("main p", "20 % of 5 members signed the code").HasNo("a.button")
}

func join(t *testing.T, s *starting, person string) {
	t.Helper()
	if _, err := s.Record.Do(t.Context(), record.Request{Command: people.Join{Person: person}, Actor: "system", Role: "system", Expect: -1}); err != nil {
		t.Fatal(err)
	}
}

func hash(t *testing.T, s *starting) string {
	t.Helper()
	v, err := s.Office.Register.Version(t.Context(), "2026.1")
	if err != nil {
		t.Fatal(err)
	}
	return v.SHA256
}

func TestTheListIsFilteredAndTakenAway(t *testing.T) {
	onBoth(t, func(t *testing.T, s *starting) {
		h := webtest.As(registrar, s)
		for query, want := range map[string]int{"q=100%25": 1, "q=%25": 0, "q=_": 0, "q=9002": 1, "q=galw": 5, "q=it": 5, "q=%27%3B--": 0, "state=no-address": 1, "state=subscribed": 0, "q=amber&state=uninvited": 1, "after=birch+it%7E9002": 3, "after=x": 5, "q=%5C": 0} {
			if got := len(webtest.Get(t, h, "/office/launch?"+query).Is(200).All("tbody tr")); got != want {
				t.Errorf("%s: %d rows, want %d", query, got, want)
			}
		}
		webtest.Get(t, h, "/office/launch?state=happy").Is(400)
		webtest.Get(t, h, "/office/launch?q="+strings.Repeat("x", 300)).Is(400)
		s.Do(membership.Rename{Member: "9001", Name: "=cmd|calc"})
		out := webtest.Get(t, h, "/office/launch.csv").Is(200)
		rows, err := csv.NewReader(strings.NewReader(out.Text)).ReadAll()
		if err != nil || len(rows) != 6 || strings.Contains(out.Text, "@") || strings.Contains(out.Text, "Pine") {
			t.Fatalf("%d rows, %v\n%s", len(rows), err, out.Text)
		}
		if !slices.ContainsFunc(rows, func(r []string) bool { return r[0] == "9001" && r[1] == "'=cmd|calc" && r[4] == "uninvited" }) {
			t.Errorf("%v", rows)
		}
	})
}

func TestTheRegisterIsPublishedOnADay(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	h := webtest.As(president, s)
	webtest.Get(t, h, "/office/launch").Is(200).Has("a.button", "Publish the register").Has("p.lead", "The register is not published")
	form := webtest.Get(t, h, "/office/launch/open").Is(200).Has("h1", "Publish the register").Form("Continue")
	form.Set("go_live", "2026-03-10")
	check := webtest.Post(t, h, "/office/launch/open", form).Is(200)
	check.Has("section.would li", "of each of 6 companies").Has("section.would li", "Not public: who speaks for a company").Has("section.would li", "5 Not subscribed, 1 Withdrawn.")
	webtest.Post(t, h, "/office/launch/open", url.Values{"go_live": {"2020-01-01"}}).Is(422).Has("div.error-summary", "Nothing was recorded")
	stale := president
	stale.Stale = true
	if to := webtest.Get(t, webtest.As(stale, s), "/office/launch/open").Is(303).Header.Get("Location"); !strings.HasPrefix(to, "/step-up") {
		t.Errorf("a proof long ago leads to %q", to)
	}
	to := webtest.Post(t, h, "/office/launch/open", check.Form("Confirm and record")).Is(303).Header.Get("Location")
	webtest.Get(t, h, to).Is(200).Has("div.said li", "").Has("p.lead", "The register opens on 10 March 2026").Has("p.lead", "Nobody lapses before the first transition ends, with 8 June 2026")
	webtest.Get(t, h, "/office/launch").HasNo("a.button")
	s.Pass(10 * 24 * time.Hour)
	webtest.Get(t, h, "/office/launch").Has("p.kicker", "The register is open").Has("p.lead", "The register was opened on 10 March 2026.")
}

func TestWhoMaySendToMany(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	before := s.Record.Position()
	for _, c := range []struct {
		who    ui.Who
		method string
		path   string
		status int
	}{
		{auditor, "GET", "/office/launch", 200}, {auditor, "GET", "/office/launch/run", 200}, {auditor, "GET", "/office/launch/send/invite", 403}, {auditor, "POST", "/office/launch/send/invite", 403},
		{president, "POST", "/office/launch/send/invite", 403}, {president, "POST", "/office/launch/run", 403}, {registrar, "GET", "/office/launch/open", 403}, {registrar, "POST", "/office/launch/open", 403},
		{chair, "GET", "/office/launch", 403}, {chair, "GET", "/office/launch.csv", 403}, {registrar, "GET", "/office/launch/send/money", 404}, {registrar, "POST", "/office/launch/send/%ff", 404},
		{registrar, "PUT", "/office/launch/send/invite", 405},
	} {
		r, err := http.NewRequest(c.method, c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if page := webtest.Send(t, webtest.As(c.who, s), r); page.Status != c.status {
			t.Errorf("%s %s as %s: %d", c.method, c.path, c.who.Role, page.Status)
		}
	}
	r, err := http.NewRequest("POST", "/office/launch/send/invite", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	webtest.Send(t, webtest.As(registrar, s), r).Is(403)
	if s.Record.Position() != before {
		t.Error("something was recorded")
	}
}
