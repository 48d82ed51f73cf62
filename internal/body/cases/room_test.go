package cases

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shingle/internal/act"
	"shingle/internal/code"
)

func date(s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func noon(s string) time.Time { return date(s).Start(time.UTC).Add(12 * time.Hour) }

func words(s string) act.Private { return act.NewPrivate("", s) }

// who asks, and in which role.
type who struct{ actor, role string }

var (
	manager = who{"person/0001", "case-manager"}
	chair   = who{"person/0002", "chair"}
	rep     = who{"person/0900", "representative"}
	ada     = who{"person/0500", "person"} // who complains with a name
	anyone  = who{"anyone", "anyone"}
	clock   = who{"clock", "clock"}
	system  = who{"system", "system"}
)

func sits(number string) who { return who{"person/" + number, "panelist"} }

func text(version, effective, procedure string) Text {
	v, problems := code.Parse([]byte("---\ntitle: Code\nversion: \"" + version + "\"\neffective: " + effective + "\ntransition: 90d\nrequirements:\n  procedure: {" + procedure + "}\n---\n" +
		"## 1 Confidentiality {#1}\n\nKeep it.\n\n### 1.1 Undertakings {#1.1}\n\nPromise so.\n"))
	if problems != nil {
		panic(fmt.Sprint(problems))
	}
	return Text{v, date(effective).Start(time.UTC)}
}

// known are facts about member 0042 and the people of the body.
func known() Facts {
	lay, trade := Panelist{Office: true, Side: Public, Declared: true}, Panelist{Office: true, Side: Trade, Declared: true}
	f := Facts{
		ID: "2027-0007", Zone: time.UTC, Code: []Text{text("2026.1", "2026-01-01", "answer: 15bd")},
		Respondent: Company{
			Number: "0042", Name: "Cobalt Ridge IT", Current: true, Place: "Denver", Services: []string{"helpdesk", "backup"},
			Memberships: []Membership{{From: noon("2020-05-04")}}, Bound: []Bound{{"2026.1", noon("2026-02-01")}},
		},
		People: map[string]Panelist{"0001": {Manages: true}, "0003": {Manages: true}},
	}
	for _, n := range []string{"0011", "0021", "0031", "0041"} {
		f.People[n] = lay
	}
	for _, n := range []string{"0012", "0013", "0014", "0022", "0023", "0024", "0032", "0033", "0034"} {
		f.People[n] = trade
	}
	f.People["0015"] = lay
	return f
}

// acts are those of the domain, by command.
var acts = func() map[reflect.Type]*act.Act {
	all := map[reflect.Type]*act.Act{}
	for _, a := range Domain().Acts {
		all[a.Command] = a
	}
	return all
}()

// room is one case and what is known around it: it decides as the record does, without keeping anything.
type room struct {
	t     testing.TB
	f     Facts
	now   time.Time
	c     Case
	pool  Seated
	claim Claim
	trail []act.Recorded
	quick bool // it does not look whether deciding is pure: that was looked at elsewhere
}

func enter(t testing.TB) *room { return &room{t: t, f: known(), now: noon("2027-02-01")} }

// copy returns a room that goes its own way from here.
func (r *room) copy() *room {
	c := *r
	c.trail = slices.Clip(c.trail)
	return &c
}

// try asks for an act.
func (r *room) try(w who, cmd any) ([]act.Event, error) {
	a := acts[reflect.TypeOf(cmd)]
	if a == nil {
		r.t.Fatalf("no act is asked for by %T", cmd)
	}
	var state any = r.c
	switch {
	case a.Target(cmd, act.Meta{}).New && a.Stream == stream:
		state = Case{}
	case a.Stream == claimStream:
		state = r.claim
	case a.Stream == poolStream:
		state = r.pool
	}
	f := r.f
	f.Trail = r.trail
	facts := any(f)
	if a.Facts == reflect.TypeFor[act.None]() {
		facts = act.None{}
	}
	m := act.Meta{Actor: w.actor, Role: w.role, At: r.now}
	var before string
	if !r.quick {
		before = fmt.Sprintf("%+v", state)
	}
	events, err := a.Decide(state, facts, cmd, m)
	if err != nil {
		return nil, err
	}
	if !r.quick {
		again, _ := a.Decide(state, facts, cmd, m)
		if diff := cmp.Diff(events, again, cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			r.t.Fatalf("deciding twice gave two answers: %s", diff)
		}
	}
	for _, e := range events {
		r.c, r.claim, r.pool = evolve(r.c, e), evolveClaim(r.claim, e), evolvePool(r.pool, e)
		r.trail = append(r.trail, act.Recorded{Position: int64(len(r.trail) + 1), At: r.now, Event: e})
	}
	if !r.quick && fmt.Sprintf("%+v", state) != before {
		r.t.Fatalf("%T changed the state that it was given", cmd)
	}
	return events, nil
}

// do asks for an act that is to be done.
func (r *room) do(w who, cmd any) []act.Event {
	r.t.Helper()
	events, err := r.try(w, cmd)
	if err != nil {
		r.t.Fatalf("%T: %v", cmd, err)
	}
	if len(events) == 0 {
		r.t.Fatalf("%T: nothing happened", cmd)
	}
	return events
}

// nothing asks for an act that has nothing to do.
func (r *room) nothing(w who, cmd any) {
	r.t.Helper()
	if events, err := r.try(w, cmd); err != nil || len(events) > 0 {
		r.t.Fatalf("%T: %v, %v", cmd, events, err)
	}
}

// refused asks for an act that a rule says no to.
func (r *room) refused(rule act.Rule, w who, cmd any) {
	r.t.Helper()
	events, err := r.try(w, cmd)
	got, ok := act.Refused(err)
	switch {
	case !ok:
		r.t.Fatalf("%T is not refused by %s: %v, %v", cmd, rule.ID, events, err)
	case got.Rule.ID != rule.ID:
		r.t.Fatalf("%T is refused by %s, not by %s: %s", cmd, got.Rule.ID, rule.ID, got.Detail)
	case strings.TrimSpace(got.Detail) == "":
		r.t.Fatalf("%T is refused by %s without particulars", cmd, rule.ID)
	}
}

// on goes to noon of a day.
func (r *room) on(day string) *room {
	r.now = noon(day)
	return r
}

const id = "2027-0007"

var receipt = act.NewPersonal("", "cedar otter violet 4711")

func complaint() Lodge {
	return Lodge{
		Respondent: "0042", From: date("2026-12-01"), To: date("2026-12-20"), Known: date("2027-01-10"), Provisions: []string{"1.1"},
		Account: words("They sold our data"), Anonymous: true, Receipt: receipt,
	}
}

func named() Lodge {
	l := complaint()
	l.Anonymous, l.Name, l.Contact = false, words("Ada Pine"), words("ada@example.com")
	return l
}

func exhibit(object string, anonymous bool) AdmitEvidence {
	return AdmitEvidence{
		Case: id, Object: object, SHA256: strings.Repeat("ab", 32), What: words("the invoice"), Source: "witness", Anonymous: anonymous, Basis: "redacted",
	}
}

// The steps of the long road, each up to and including one.

func (r *room) lodged() *room {
	r.do(anyone, complaint())
	r.do(system, Acknowledge{Case: id})
	r.do(chair, Assign{id, "0001"})
	return r
}

func (r *room) investigating() *room {
	r.lodged()
	r.do(manager, Investigate{id, words("ask the buyer")})
	r.do(manager, Note{id, "step", words("asked the buyer")})
	r.do(manager, exhibit("obj-1", false))
	return r
}

func (r *room) charged() *room {
	r.investigating().on("2027-02-10")
	r.do(manager, DraftCharges{id, []string{"1", "1.1"}, words("It sold data, and nobody had promised anything")})
	r.do(manager, ServeCharges{Case: id, On: date("2027-02-09"), Proof: "courier receipt 1183"})
	return r
}

func (r *room) answered() *room {
	r.charged().on("2027-02-20")
	r.do(rep, Answer{id, "0042", words("It was an accident")})
	return r
}

func panel() NamePanel {
	return NamePanel{id, []string{"0012", "0011", "0013"}, []string{"0014", "0015"}}
}

func hearing(at time.Time) SetHearing {
	return SetHearing{id, at, "Room 1", date("2027-02-22"), "courier receipt 1184"}
}

func (r *room) panelled() *room {
	r.answered().on("2027-02-22")
	r.do(chair, panel())
	r.do(manager, hearing(noon("2027-03-15")))
	return r
}

func hear() Hear {
	return Hear{id, "0012", []string{"0012", "0011", "0013"}, true, words("the buyer was questioned")}
}

func (r *room) heard() *room {
	r.panelled().on("2027-03-16")
	r.do(sits("0012"), hear())
	return r
}

func (r *room) voted() *room {
	r.heard()
	for _, n := range []string{"0012", "0011", "0013"} {
		r.do(sits(n), Vote{id, n, words("proven")})
	}
	return r
}

func expel() Decide {
	return Decide{Case: id, Panelist: "0012", Findings: []string{"1=proven", "2=not-proven"}, Sanction: Expulsion, Reasons: words("the invoice shows it")}
}

func (r *room) decided() *room {
	r.voted().on("2027-03-20")
	r.do(sits("0012"), expel())
	return r
}

func (r *room) signed(numbers ...string) *room {
	for _, n := range numbers {
		r.do(sits(n), Sign{id, n})
	}
	return r
}

func (r *room) served() *room {
	r.decided().signed("0012", "0011", "0013").on("2027-03-24")
	r.do(manager, ServeDecision{id, date("2027-03-23"), "courier receipt 1185"})
	return r
}

func (r *room) appealed() *room {
	r.served().on("2027-04-05")
	r.do(rep, Appeal{id, "0042", []string{proportionality, procedural}, words("it is too hard")})
	return r
}

func (r *room) appealVoted() *room {
	r.appealed().on("2027-04-06")
	r.do(chair, NamePanel{id, []string{"0021", "0022", "0023"}, []string{"0024"}})
	r.on("2027-04-20")
	for _, n := range []string{"0021", "0022", "0023"} {
		r.do(sits(n), Vote{id, n, words("affirm")})
	}
	return r
}

func (r *room) appealDecided(outcome string) *room {
	r.appealVoted()
	r.do(sits("0021"), DecideAppeal{Case: id, Panelist: "0021", Outcome: outcome, Reasons: words("it is not too hard")})
	return r.signed("0021", "0022", "0023")
}

func (r *room) final() *room {
	r.served().on("2027-05-30")
	r.do(clock, RunOut{id})
	return r
}

func publication() Publish {
	return Publish{id, []string{"1=It sold its customers' data"}, "The panel expels the member."}
}
