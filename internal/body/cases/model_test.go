package cases

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
)

// move is something that somebody might ask for.
type move struct {
	who who
	cmd any
}

// moves are what might be asked for in a room: one or a few of each act, lawful where the state allows the act at all.
func (r *room) moves() []move {
	today, tomorrow := act.DateIn(r.now, time.UTC), r.now.AddDate(0, 0, 30)
	c := r.c
	all := []move{
		{anyone, complaint()}, {system, Acknowledge{id}}, {chair, Assign{id, "0001"}}, {chair, AllowLate{id, words("x")}},
		{manager, Dismiss{id, "no-evidence", words("x")}}, {anyone, AskReview{id, receipt, words("x")}},
		{sits("0041"), ReviewDismissal{id, "0041", "stands", words("x")}}, {sits("0041"), ReviewDismissal{id, "0041", "reopened", words("x")}},
		{manager, Offer{id, Warning, []string{"1"}, words("x")}}, {rep, AnswerOffer{id, "0042", "accept"}}, {rep, AnswerOffer{id, "0042", "decline"}},
		{manager, Settle{id, words("x"), true, true}}, {manager, Investigate{id, words("x")}}, {manager, exhibit("obj-1", false)},
		{manager, DraftCharges{id, []string{"1"}, words("x")}}, {manager, ServeCharges{Case: id, On: today, Proof: "x"}},
		{rep, Answer{id, "0042", words("x")}}, {rep, BarAnswer{id, "0042", "x"}}, {manager, Resume{id}}, {chair, ReopenDefault{id, words("x")}},
		{clock, RunOut{id}}, {manager, SetHearing{id, tomorrow, "x", today, "x"}}, {manager, Adjourn{id, tomorrow.AddDate(0, 0, 9), words("x")}},
		{manager, ServeDecision{id, today, "x"}}, {rep, Appeal{id, "0042", []string{procedural}, words("x")}}, {manager, ProposeConsent{id, []string{"1"}, Reprimand, "", today, "x", words("x")}},
		{chair, Publish{id, []string{"1=x"}, "x"}}, {chair, Publish{Case: id}}, {clock, Destroy{id}},
	}
	free := slices.DeleteFunc(slices.Sorted(maps.Keys(r.f.People)), func(n string) bool { return c.Panel.seat(n) != nil || c.MaySit(r.f, n) != nil || n == "0041" })
	lay := slices.DeleteFunc(slices.Clone(free), func(n string) bool { return r.f.People[n].Side != Public })
	trade := slices.DeleteFunc(slices.Clone(free), func(n string) bool { return r.f.People[n].Side != Trade })
	if len(lay) > 0 && len(trade) > 2 {
		all = append(all, move{chair, NamePanel{id, []string{trade[0], lay[0], trade[1]}, trade[2:3]}}, move{chair, FillSeats{Case: id, Panelists: lay[:1]}}, move{chair, FillSeats{Case: id, Panelists: trade[:1]}})
	}
	if n := missing(c.Deciding(), c.Panel.Voted); n != "" {
		all = append(all, move{sits(n), Vote{id, n, words("x")}})
	}
	if n := missing(c.Deciding(), c.Panel.Signed); n != "" {
		all = append(all, move{sits(n), Sign{id, n}})
	}
	if sitting := c.Panel.Sitting(); len(sitting) > 0 {
		n := sitting[len(sitting)-1]
		all = append(all, move{rep, Challenge{id, "0042", n, words("x")}}, move{chair, RuleOnChallenge{id, n, "upheld", words("x")}},
			move{chair, RuleOnChallenge{id, n, "rejected", words("x")}}, move{chair, Recuse{id, n, words("x")}})
	}
	if p := c.Panel.Presides(); p != "" {
		all = append(all,
			move{sits(p), Hear{id, p, c.Panel.Sitting(), true, words("x")}}, move{sits(p), Decide{Case: id, Panelist: p, Findings: []string{"1=not-proven"}, Reasons: words("x")}},
			move{sits(p), Decide{Case: id, Panelist: p, Findings: []string{"1=proven"}, Sanction: Expulsion, Reasons: words("x")}},
			move{sits(p), Decide{Case: id, Panelist: p, Findings: []string{"1=proven"}, Sanction: Warning, Reasons: words("x")}},
			move{sits(p), RuleOnConsent{id, p, "approved", words("x")}}, move{sits(p), RuleOnConsent{id, p, "refused", words("x")}},
			move{sits(p), DecideAppeal{id, p, varied, Suspension, "60d", words("x")}})
		for _, outcome := range []string{affirmed, setAside, sentBack} {
			all = append(all, move{sits(p), DecideAppeal{Case: id, Panelist: p, Outcome: outcome, Reasons: words("x")}})
		}
	}
	return all
}

// missing returns the first of some people who is not among others; "" if all are.
func missing(of, among []string) string {
	i := slices.IndexFunc(of, func(n string) bool { return !slices.Contains(among, n) })
	if i < 0 {
		return ""
	}
	return of[i]
}

// waits are the times for which somebody might wait: until the next day, and until after what runs has run.
func (r *room) waits() (days []int) { return []int{1, 40, 400, 4000} }

// publishedOnlyIfCertified fails if a case is in force without a certificate of its own.
func (r *room) publishedOnlyIfCertified(fail func(string, ...any), events []act.Event) {
	for _, e := range events {
		p, ok := e.(CasePublished)
		if !ok {
			continue
		}
		if c := CertificateOf(id, r.trail[:len(r.trail)-len(events)]); len(c.Missing) > 0 || p.Certificate.Hash() != c.Hash() || p.SHA256 != c.Hash() {
			fail("it is published, and missing is %v", c.Missing)
		}
	}
}

// A fold takes whatever comes, in any order, and leaves what was.
func TestFoldsTakeWhatComesAndLeaveWhatWas(t *testing.T) {
	var all []act.Event
	for _, r := range []*room{enter(t).appealDecided(sentBack), enter(t).final(), enter(t).charged()} {
		for _, e := range r.trail {
			all = append(all, e.Event)
		}
	}
	all = append(all, PanelistRecused{Panelist: "0012", In: "0014", Anew: true}, ChallengeRuled{Panelist: "0011", Upheld: true}, CaseResumed{Terms: []TermSet{{TermAnswer, noon("2027-03-01")}}},
		CasePaused{Of: Of{At: noon("2027-02-11")}}, SentBack{}, ConsentApproved{}, ConsentRefused{}, CaseSplit{}, TookIn{Hands: []string{"x"}}, CaseDestroyed{}, "no event of a case")
	rapid.Check(t, func(rt *rapid.T) {
		var c Case
		var trail []act.Recorded
		for range rapid.IntRange(0, 40).Draw(rt, "events") {
			e := rapid.SampledFrom(all).Draw(rt, "event")
			before := fmt.Sprintf("%+v", c)
			after := evolve(c, e)
			if fmt.Sprintf("%+v", c) != before {
				rt.Fatalf("%T changed the state that it was given", e)
			}
			c, trail = after, append(trail, act.Recorded{Position: int64(len(trail) + 1), Event: e})
			CertificateOf(id, trail)
			c.Due(noon("2027-06-01"), time.UTC, nil)
			c.Awaits()
		}
	})
}

// From any reachable state, publication is possible only if the certificate is complete; and once a case is final, it is.
func TestOnlyWhatIsCertifiedIsPublished(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := enter(t)
		if rapid.Bool().Draw(rt, "late") {
			r.on("2027-08-01")
		}
		for range rapid.IntRange(1, 120).Draw(rt, "moves") {
			if rapid.IntRange(0, 9).Draw(rt, "wait") == 0 {
				r.now = r.now.AddDate(0, 0, rapid.SampledFrom(r.waits()).Draw(rt, "days"))
			}
			m := rapid.SampledFrom(r.moves()).Draw(rt, "move")
			if _, ok := m.cmd.(Lodge); ok && r.c.Stage != "" {
				continue
			}
			events, err := r.try(m.who, m.cmd)
			if _, ok := act.Refused(err); err != nil && !ok {
				rt.Fatalf("%T: %v", m.cmd, err)
			}
			r.publishedOnlyIfCertified(func(f string, args ...any) { rt.Fatalf(f, args...) }, events)
			if missing := CertificateOf(id, r.trail).Missing; r.c.Stage == Final && len(missing) > 0 {
				rt.Fatalf("it is final, and the certificate lacks %v", missing)
			}
			if again, err := r.try(m.who, m.cmd); len(events) > 0 && err == nil && len(again) > 0 && !repeats(m.cmd) {
				rt.Fatalf("%T was done twice: %v", m.cmd, again)
			}
		}
	})
}

// repeats reports whether an act may well be done twice: charges are drafted anew, and what was sent back to the same
// stage is there again.
func repeats(cmd any) bool {
	switch cmd.(type) {
	case DraftCharges, Lodge, FillSeats, Dismiss, RunOut:
		return true
	}
	return false
}

// key is the state of a case as far as the procedure tells one from another.
func (r *room) key() string {
	c, p := r.c, r.c.Panel
	sitting := p.Sitting()
	runs := c.Runs()
	kept := c.Kept(r.f, act.Meta{At: r.now})
	return fmt.Sprint(c.Stage, c.Late, !c.Paused.IsZero(), c.Reviewed, len(c.Charges.Provisions), c.Charges.settled(),
		len(p.Seats) > 0, len(sitting), p.lay(sitting) > 0, len(p.Challenged) > 0, c.open(TermChallenge, r.now), !c.Hearing.On.IsZero(),
		!c.Hearing.On.IsZero() && !r.now.Before(c.Hearing.On), len(p.Voted), len(p.Signed),
		c.Consent.Sanction.Measure, c.Decision.Sanction.IsPublic(), c.Decision.Sanction.Measure != "", c.Appeal.Outcome, c.Outcome, !c.Published.IsZero(),
		len(c.Evidence) > 0, !runs.IsZero() && !r.now.Before(runs), !kept.IsZero() && !r.now.Before(kept))
}

// over reports whether a case has come to an end: nothing is owed to anybody any more.
func (r *room) over() bool { return !r.c.IsOpen() }

// TestEveryStateReachesAnEnd enumerates the states that a case can reach, and holds each of them to this: from there,
// it can come to an end. To keep them countable, a case is not sent back for ever: the pool has people for two rounds.
func TestEveryStateReachesAnEnd(t *testing.T) {
	begin := enter(t)
	lateBegin := enter(t).on("2027-08-01")
	states := map[string]*room{}
	into := map[string]map[string]bool{} // the states from which one is reached
	var queue []*room
	see := func(from string, r *room) {
		k := r.key()
		if into[k] == nil {
			into[k] = map[string]bool{}
		}
		into[k][from] = true
		if states[k] == nil {
			states[k] = r
			queue = append(queue, r)
		}
	}
	for _, r := range []*room{begin, lateBegin} {
		r.quick = true
		r.do(anyone, complaint())
		r.do(chair, Assign{id, "0001"})
		see("", r)
	}
	stages := map[Stage]bool{}
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		from := r.key()
		stages[r.c.Stage] = true
		if r.c.Stage == Destroyed {
			continue
		}
		for _, m := range r.moves() {
			if _, ok := m.cmd.(Lodge); ok {
				continue
			}
			next := r.copy()
			events, err := next.try(m.who, m.cmd)
			if _, ok := act.Refused(err); err != nil && !ok {
				t.Fatalf("%T: %v", m.cmd, err)
			}
			if err == nil && len(events) > 0 {
				next.publishedOnlyIfCertified(t.Fatalf, events)
				if missing := CertificateOf(id, next.trail).Missing; next.c.Stage == Final && len(missing) > 0 {
					t.Fatalf("it is final after %T, and the certificate lacks %v", m.cmd, missing)
				}
				see(from, next)
			}
		}
		for _, days := range r.waits() {
			next := r.copy()
			next.now = next.now.AddDate(0, 0, days)
			if next.now.Year() < 2400 {
				see(from, next)
			}
		}
	}
	if len(stages) != len(Stages) {
		t.Errorf("only %d of %d stages are reached: %v", len(stages), len(Stages), stages)
	}
	ends := map[string]bool{}
	for k, r := range states {
		if r.over() {
			ends[k] = true
			queue = append(queue, r)
		}
	}
	for todo := slices.Collect(maps.Keys(ends)); len(todo) > 0; {
		k := todo[0]
		todo = todo[1:]
		for from := range into[k] {
			if from != "" && !ends[from] {
				ends[from] = true
				todo = append(todo, from)
			}
		}
	}
	dead := 0
	for k, r := range states {
		if !ends[k] {
			if dead++; dead < 5 {
				t.Errorf("from here there is no end: %s at %s, panel %+v", k, r.now, r.c.Panel)
			}
		}
	}
	t.Logf("%d states, %d dead", len(states), dead)
}
