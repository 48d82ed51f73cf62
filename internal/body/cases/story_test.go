package cases

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"shingle/internal/act"
)

// TestTheWholeWay goes the whole way from an anonymous complaint to an expulsion that is published.
func TestTheWholeWay(t *testing.T) {
	r := enter(t)
	r.do(anyone, complaint())
	r.do(system, Acknowledge{Case: id})
	r.do(chair, Assign{id, "0001"})
	r.do(manager, Write{id, toComplainant, words("When was that?")})
	r.do(anyone, WriteIn{id, receipt, words("In December")})
	r.do(manager, Investigate{id, words("ask the buyer")})
	r.do(manager, exhibit("obj-1", true))
	r.do(manager, exhibit("obj-2", false)) // the buyer stands by it
	r.do(manager, GiveFeedback{id, words("We look into it")})
	r.on("2027-02-10")
	r.do(manager, DraftCharges{id, []string{"1", "1.1"}, words("It sold data, and nobody had promised anything")})
	r.do(manager, ServeCharges{Case: id, On: date("2027-02-09"), Proof: "courier receipt 1183"})
	r.on("2027-02-20")
	r.do(rep, Answer{id, "0042", words("It was an accident")})
	r.on("2027-02-22")
	r.do(chair, panel())
	r.do(manager, hearing(noon("2027-03-15")))
	r.do(rep, Challenge{id, "0042", "0013", words("He is my cousin's friend")})
	r.on("2027-02-25")
	r.do(chair, RuleOnChallenge{id, "0013", "rejected", words("That is not close")})
	r.do(sits("0011"), Recuse{id, "0011", words("I know the buyer")})
	if got := r.c.Panel.Sitting(); !slices.Equal(got, []string{"0012", "0013", "0015"}) { // lay for lay
		t.Fatalf("there sit %v", got)
	}
	r.on("2027-03-15")
	r.do(sits("0012"), Hear{id, "0012", []string{"0012", "0013", "0015"}, true, words("the buyer was questioned")})
	r.do(sits("0013"), Deliberate{id, "0013", words("I believe the buyer")})
	for _, n := range []string{"0012", "0013", "0015"} {
		r.do(sits(n), Vote{id, n, words("proven")})
	}
	r.do(sits("0012"), expel())
	r.signed("0012", "0013", "0015").on("2027-03-24")
	r.do(manager, ServeDecision{id, date("2027-03-23"), "courier receipt 1185"})
	r.refused(certificateComplete, chair, publication())
	r.on("2027-04-05")
	r.do(rep, Appeal{id, "0042", []string{proportionality}, words("it is too hard")})
	r.do(chair, NamePanel{id, []string{"0021", "0022", "0023"}, []string{"0024"}})
	r.on("2027-04-20")
	for _, n := range []string{"0021", "0022", "0023"} {
		r.do(sits(n), Vote{id, n, words("affirm")})
	}
	r.do(sits("0021"), DecideAppeal{Case: id, Panelist: "0021", Outcome: affirmed, Reasons: words("it is not")})
	r.signed("0021", "0022", "0023").on("2027-04-24")
	r.do(manager, ServeDecision{id, date("2027-04-23"), "courier receipt 1186"})
	if r.c.Stage != Final || r.c.Outcome != OutcomeProven {
		t.Fatalf("the case is %s, %s", r.c.Stage, r.c.Outcome)
	}
	p := r.do(chair, publication())[0].(CasePublished)
	if p.Sanction != Expulsion || !slices.Equal(p.Provisions, []string{"1"}) || p.Bar.String() != "3y" || p.AppealDecided != date("2027-04-20") ||
		p.Service.On != date("2027-03-23") || p.SHA256 != CertificateOf(id, r.trail[:len(r.trail)-1]).Hash() {
		t.Errorf("published %+v", p)
	}
	c := p.Certificate
	if len(c.Missing) > 0 || len(c.Steps) != 23 {
		t.Errorf("the certificate has %d steps, and misses %v", len(c.Steps), c.Missing)
	}
	for _, s := range c.Steps {
		if s.Position < 1 || s.At.IsZero() || !strings.HasPrefix(s.Rule, "CASE-") {
			t.Errorf("step %+v", s)
		}
	}
	text, err := json.Marshal(c)
	if err != nil || strings.Contains(string(text), "sold") {
		t.Errorf("%s, %v", text, err)
	}
	r.nothing(chair, publication())
	if r.c.Stage != Closed || r.c.IsOpen() || r.c.IsCharged() || r.c.Missed(r.now) != 0 {
		t.Errorf("in the end it is %s, and %d clocks were missed", r.c.Stage, r.c.Missed(r.now))
	}
}

// What people confide belongs to the case, the panel or counsel.
func TestWhatIsConfidedHasAnOwner(t *testing.T) {
	r := enter(t).decided()
	for _, e := range r.trail {
		owners := map[string]bool{}
		if _, err := act.Seal(e.Event, sealer(owners)); err != nil {
			t.Errorf("%T: %v", e.Event, err)
		}
		for o := range owners {
			want := "case/" + id
			switch e.Event.(type) {
			case VoteCast, DeliberationNoted:
				want = "panel/" + id
			}
			if o != want {
				t.Errorf("%T belongs to %s", e.Event, o)
			}
		}
	}
}

// sealer notes whose keys seal.
type sealer map[string]bool

func (s sealer) Seal(owner, text string) ([]byte, error) { s[owner] = true; return []byte(text), nil }
func (sealer) Digest(text []byte) ([]byte, error)        { return text, nil }
func (sealer) Sync() error                               { return nil }
func (sealer) Open(string, []byte) (string, error)       { return "", nil }

// TestTheShortcutsAreRefused tries what would be quicker than the procedure.
func TestTheShortcutsAreRefused(t *testing.T) {
	// publish early
	for _, at := range []*room{enter(t).lodged(), enter(t).charged(), enter(t).heard(), enter(t).decided(), enter(t).served(), enter(t).appealed()} {
		at.refused(certificateComplete, chair, publication())
	}
	// sit in one's own case
	r := enter(t).answered()
	own := r.f.People["0012"]
	own.Works = []Company{{Number: "0042"}}
	r.f.People["0012"] = own
	r.refused(noInterest, chair, panel())
	r = enter(t).answered()
	r.f.People["0001"] = r.f.People["0012"]
	r.refused(noPartBefore, chair, NamePanel{id, []string{"0001", "0011", "0013"}, []string{"0014"}})
	// the same person on the appeal
	r = enter(t).appealed()
	r.refused(noPartBefore, chair, NamePanel{id, []string{"0012", "0021", "0022"}, []string{"0024"}})
	r.refused(noPartBefore, chair, NamePanel{id, []string{"0021", "0022", "0023"}, []string{"0014"}}) // who only stood by
	// a quorum of two
	r = enter(t).panelled().on("2027-03-16")
	two := hear()
	two.Present = []string{"0012", "0011"}
	r.refused(quorate, sits("0012"), two)
	// notice of twenty days
	r = enter(t).answered().on("2027-02-22")
	r.do(chair, panel())
	r.refused(noticeInTime, manager, hearing(noon("2027-03-14")))
	r.do(manager, hearing(noon("2027-03-15")))
	// a decision without service
	r = enter(t).decided()
	r.refused(signedFirst, manager, ServeDecision{id, date("2027-03-20"), "courier receipt"})
	r.signed("0012", "0011", "0013")
	r.refused(serviceProven, manager, ServeDecision{Case: id, On: date("2027-03-20")})
	r.refused(appealInTime, rep, Appeal{id, "0042", []string{procedural}, words("early")})
	// resignation to escape: what was charged goes on
	r = enter(t).charged().on("2027-02-20")
	r.f.Respondent.Current, r.f.Respondent.Memberships[0].Until = false, noon("2027-02-15")
	r.do(rep, Answer{id, "0042", words("We have left")})
	if !r.c.IsCharged() {
		t.Error("who left is not charged any more")
	}
}
