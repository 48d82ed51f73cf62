package flowbody

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/code"
)

func noon(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour)
}

func date(s string) act.Date { return act.DateIn(noon(s), time.UTC) }

// text is a code of two provisions.
func text(version, effective string) string {
	return `---
title: Code of Ethics
version: "` + version + `"
effective: ` + effective + `
transition: 90d
requirements:
  membership: {subscription: required, renewal: 1y, domain-proof: 12mo}
  confidentiality: {attestation: 3mo}
  education: not-set
---
## 1 Confidentiality {#1}

A member keeps what it learns to itself.

### 1.1 Undertakings {#1.1}

Its people promise so.

## 2 Disclosure {#2}

A member answers lawful requests.
`
}

func cobalt() membership.Enrol {
	return membership.Enrol{
		Number: "0042", Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"}, Place: "Denver, Colorado",
		ContactName: act.NewPersonal("", "Ada Pine"), ContactEmail: act.NewPersonal("", "ada@cobaltridge.example"),
		Admitted: date("2020-05-04"), PaidThrough: date("2027-12-31"),
	}
}

// founded is a body in launch mode, with a code in force and one subscriber.
func founded(t testing.TB) *world {
	w := newWorld(t, noon("2026-02-01"))
	w.must("operator", governance.Found{Name: "The Demo Body", Zone: "Europe/Dublin", Web: "demo.example"})
	w.must("operator", governance.Adopt{Text: text("2026.1", "2026-01-01")})
	w.must("operator", cobalt())
	v, problems := code.Parse([]byte(text("2026.1", "2026-01-01")))
	if problems != nil {
		t.Fatal(problems)
	}
	w.must("operator", membership.Subscribe{
		Member: "0042", Version: "2026.1", SHA256: v.Hash(), Representative: act.NewPersonal("", "Ada Pine"), Capacity: "director",
	})
	return w
}

func expulsion() discipline.Record {
	return discipline.Record{
		Member: "0042", Sanction: discipline.Expulsion,
		Findings: []string{"1=It sold its customers' data", "1.1=Nobody had promised anything"}, Decided: date("2026-02-10"), Served: date("2026-02-12"),
		ServiceProof: "courier receipt 1183", AppealClosed: date("2026-03-20"), Text: "The panel expels the member.",
	}
}

func TestAnExpulsionFromPaperToPublicAndBack(t *testing.T) {
	w := founded(t)
	if s := last[standing.Stated](w); s.Status != standing.Good || s.Number != 2 || !slices.Equal(s.Domains, []string{"cobaltridge.example"}) {
		t.Fatalf("stated %+v", s)
	}
	w.now = noon("2026-04-01")
	w.must("operator", governance.Open{})

	w.now = noon("2026-04-02")
	if kinds := w.must("token/1", expulsion()); !slices.Equal(kinds, []string{"order.proposed/2"}) {
		t.Fatalf("proposing made %v", kinds)
	}
	if _, err := w.do("token/1", discipline.Confirm{Order: "2026-0001"}); err == nil {
		t.Fatal("the proposer confirmed")
	}

	w.now = noon("2026-04-03")
	kinds := w.must("token/2", discipline.Confirm{Order: "2026-0001"})
	if !slices.Equal(kinds, []string{"order.confirmed/2", "notice.published", "standing.stated"}) {
		t.Fatalf("confirming made %v", kinds)
	}
	s := last[standing.Stated](w)
	if s.Status != standing.Expelled || s.Kind != standing.Disciplinary || !s.Since.Equal(w.now) || s.Number != 3 {
		t.Errorf("stated %+v", s)
	}
	n := last[discipline.NoticePublished](w)
	if n.ID != "2026-0001" || !n.Expires.IsZero() || !strings.Contains(n.Body, "was not checked by this system") {
		t.Errorf("notice %+v", n)
	}
	if a := standing.Of(FactsOf(w, "0042"), noon("2026-03-01"), w.now); a.Status != standing.Good {
		t.Errorf("in March: %s", a.Status)
	}
	if kinds := w.must("token/2", discipline.Confirm{Order: "2026-0001"}); len(kinds) > 0 {
		t.Errorf("confirming twice made %v", kinds)
	}

	w.now = noon("2026-04-10")
	kinds = w.must("token/2", discipline.Stay{Order: "2026-0001", Court: "the High Court", Reference: "2026/118"})
	if !slices.Equal(kinds, []string{"order.stayed", "notice.corrected", "standing.stated"}) {
		t.Fatalf("the stay made %v", kinds)
	}
	if s := last[standing.Stated](w); s.Status != standing.Good || !s.Since.Equal(w.now) {
		t.Errorf("stated %+v", s)
	}
	if c := last[discipline.NoticeCorrected](w); c.Corrects != "2026-0001" || c.ID != "2026-0002" {
		t.Errorf("correction %+v", c)
	}

	w.now = noon("2026-05-10")
	w.must("token/2", discipline.LiftStay{Order: "2026-0001", Reference: "2026/118-2"})
	if s := last[standing.Stated](w); s.Status != standing.Expelled {
		t.Errorf("stated %+v", s)
	}
	if _, err := w.do("registrar", membership.Readmit{Member: "0042", Decision: "The board."}); !refusedBy(err, "MEM-07") {
		t.Errorf("readmitted within the bar: %v", err)
	}
	if _, err := w.do("anyone", membership.Apply{Name: "Cobalt Phoenix", SuccessorOf: "0042"}); !refusedBy(err, "MEM-07") {
		t.Errorf("a phoenix rose: %v", err)
	}
	if _, err := w.do("registrar", membership.RecordDues{Member: "0042", PaidThrough: date("2030-01-01")}); !refusedBy(err, "MEM-05") {
		t.Errorf("an expelled member paid: %v", err)
	}

	w.now = noon("2026-06-10")
	w.must("token/2", discipline.Quash{Order: "2026-0001", By: "the High Court", Reference: "2026/118-3"})
	if s := last[standing.Stated](w); s.Status != standing.Good {
		t.Errorf("stated %+v", s)
	}
}

func refusedBy(err error, rule string) bool {
	r, ok := act.Refused(err)
	return ok && r.Rule.ID == rule
}

func TestAnInterimSuspensionAndItsLifting(t *testing.T) {
	w := founded(t)
	w.now = noon("2026-04-10")
	kinds := w.must("chair", discipline.Impose{
		Member: "0042", Provisions: []string{"1"}, Reason: act.NewPrivate("", "its backups are for sale"), Imminent: true,
		Notified: noon("2026-04-09"), Heard: act.NewPrivate("", "nothing"), Until: date("2026-08-01"),
	})
	if !slices.Equal(kinds, []string{"order.interim-imposed", "notice.published", "standing.stated"}) {
		t.Fatalf("imposing made %v", kinds)
	}
	if s := last[standing.Stated](w); s.Status != standing.Suspended || s.Kind != standing.Interim {
		t.Errorf("stated %+v", s)
	}
	w.now = noon("2026-04-20")
	if kinds := w.must("chair", discipline.Lift{Order: "2026-0001"}); !slices.Equal(kinds, []string{"order.interim-lifted", "notice.corrected", "standing.stated"}) {
		t.Fatalf("lifting made %v", kinds)
	}
}

func TestAWarningStaysPrivate(t *testing.T) {
	w := founded(t)
	w.now = noon("2026-04-02")
	r := expulsion()
	r.Sanction = discipline.Warning
	w.must("token/1", r)
	if kinds := w.must("token/2", discipline.Confirm{Order: "2026-0001"}); !slices.Equal(kinds, []string{"order.confirmed/2"}) {
		t.Errorf("a warning made %v", kinds)
	}
}

func TestLeavingUnderCharges(t *testing.T) {
	w := founded(t)
	w.must("case manager", discipline.Charge{Member: "0042", Provisions: []string{"2"}, Served: date("2026-01-20"), ServiceProof: "letter"})
	if s := last[standing.Stated](w); s.Status != standing.Good {
		t.Fatalf("charges became public: %+v", s)
	}
	w.must("registrar", membership.Withdraw{Member: "0042"})
	if s := last[standing.Stated](w); s.Status != standing.WithdrawnUnderInvestigation || s.Kind != standing.Interim {
		t.Errorf("stated %+v", s)
	}
	since := w.now
	w.now = noon("2026-03-05")
	kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "dismissed"})
	if !slices.Equal(kinds, []string{"charge.closed", "notice.published", "standing.stated"}) {
		t.Errorf("closing the charges made %v", kinds)
	}
	if s := last[standing.Stated](w); s.Status != standing.Withdrawn {
		t.Errorf("stated %+v", s)
	}
	n := last[discipline.NoticePublished](w)
	if n.Class != "correction" || n.Charge != "2026-0001" || n.Member != "0042" || !strings.Contains(n.Body, since.Format("2 January 2006")) {
		t.Errorf("notice %+v", n)
	}
	if kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "dismissed"}); len(kinds) > 0 {
		t.Errorf("closing them again made %v", kinds)
	}
}

func TestOnlyWhatTheRegisterSaidIsCorrected(t *testing.T) {
	charges := discipline.Charge{Member: "0042", Provisions: []string{"2"}, Served: date("2026-01-20"), ServiceProof: "letter"}
	t.Run("a member never was under investigation in public", func(t *testing.T) {
		w := founded(t)
		w.must("case manager", charges)
		if kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "dismissed"}); !slices.Equal(kinds, []string{"charge.closed"}) {
			t.Errorf("closing the charges made %v", kinds)
		}
	})
	t.Run("charges that were upheld did not fail", func(t *testing.T) {
		w := founded(t)
		w.must("case manager", charges)
		w.must("registrar", membership.Withdraw{Member: "0042"})
		if kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "upheld"}); !slices.Equal(kinds, []string{"charge.closed", "standing.stated"}) {
			t.Errorf("closing the charges made %v", kinds)
		}
	})
	t.Run("while other charges are open, it stays under investigation", func(t *testing.T) {
		w := founded(t)
		w.must("case manager", charges)
		w.must("case manager", charges)
		w.must("registrar", membership.Withdraw{Member: "0042"})
		if kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "dismissed"}); !slices.Equal(kinds, []string{"charge.closed"}) {
			t.Errorf("closing the first made %v", kinds)
		}
		if kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0002", Outcome: "dismissed"}); !slices.Equal(kinds, []string{"charge.closed", "notice.published", "standing.stated"}) {
			t.Errorf("closing the second made %v", kinds)
		}
	})
	t.Run("charges of a company that merged are those of both", func(t *testing.T) {
		w := founded(t)
		heir := cobalt()
		heir.Number, heir.Name, heir.Domains = "0043", "Slate Peak", []string{"slatepeak.example"}
		w.must("operator", heir)
		w.must("case manager", charges)
		w.must("registrar", membership.Merge{Member: "0042", Into: "0043"})
		w.must("registrar", membership.Withdraw{Member: "0043"})
		kinds := w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "dismissed"})
		if want := []string{"charge.closed", "notice.published", "standing.stated", "notice.published", "standing.stated"}; len(kinds) != len(want) {
			t.Errorf("closing the charges made %v", kinds)
		}
	})
}

func TestADomainIsWhoseControlIsProven(t *testing.T) {
	w := founded(t)
	w.must("representative", membership.AddDomain{Member: "0042", Domain: "bigbank.example"})
	if s := last[standing.Stated](w); !slices.Equal(s.Domains, []string{"cobaltridge.example"}) {
		t.Errorf("stated %+v", s)
	}
	// A declaration makes it no more its own than saying so did.
	w.must("representative", membership.Renew{Member: "0042", Representative: act.NewPersonal("", "Ada Pine"), Capacity: "director", Declaration: true})
	if holder := w.Holder("domain", "bigbank.example"); holder != "" {
		t.Errorf("a declaration gave it to %s", holder)
	}
	bank := cobalt()
	bank.Number, bank.Name, bank.Domains = "0043", "Big Bank IT", []string{"bigbank.example"}
	w.must("operator", bank)
	if s := last[standing.Stated](w); s.Member != "0043" || !slices.Equal(s.Domains, []string{"bigbank.example"}) {
		t.Errorf("stated %+v", s)
	}
	if _, err := w.do("registrar", membership.ProveDomain{Member: "0042", Domain: "bigbank.example", How: "dns"}); !refusedBy(err, "MEM-04") {
		t.Errorf("it was proven by another: %v", err)
	}
	w.must("representative", membership.RemoveDomain{Member: "0042", Domain: "bigbank.example"})
	if holder := w.Holder("domain", "bigbank.example"); holder != "member/0043" {
		t.Errorf("who never had it gave it away, to %q", holder)
	}
}

func TestAnOrderToComeBindsAlready(t *testing.T) {
	w := founded(t)
	w.now = noon("2026-04-02")
	w.must("operator", governance.Open{})
	r := expulsion()
	r.From = date("2026-06-01")
	w.must("token/1", r)
	w.must("token/2", discipline.Confirm{Order: "2026-0001"})
	if n := last[discipline.NoticePublished](w); !strings.Contains(n.Body, "is expelled with effect from 1 June 2026") {
		t.Errorf("notice %s", n.Body)
	}
	heir := cobalt()
	heir.Number, heir.Domains = "0043", nil
	w.must("operator", heir)
	if _, err := w.do("registrar", membership.Merge{Member: "0042", Into: "0043"}); !refusedBy(err, "MEM-31") {
		t.Errorf("it merged out of the way: %v", err)
	}
	w.must("token/2", discipline.Stay{Order: "2026-0001", Court: "the High Court", Reference: "2026/118"})
	w.now = noon("2026-06-02")
	if a := standing.Of(FactsOf(w, "0042"), w.now, w.now); a.Status == standing.Expelled {
		t.Error("the court's stay did not hold")
	}
}

func TestAMergerCarriesOpenCharges(t *testing.T) {
	w := founded(t)
	heir := cobalt()
	heir.Number, heir.Name, heir.Domains = "0043", "Slate Peak", []string{"slatepeak.example"}
	w.must("operator", heir)
	w.must("case manager", discipline.Charge{Member: "0042", Provisions: []string{"2"}, Served: date("2026-01-20"), ServiceProof: "letter"})
	w.must("registrar", membership.Merge{Member: "0042", Into: "0043"})
	w.must("registrar", membership.AddDomain{Member: "0043", Domain: "cobaltridge.example"})
	w.must("registrar", membership.ProveDomain{Member: "0043", Domain: "cobaltridge.example", How: "dns"})
	w.must("registrar", membership.Withdraw{Member: "0043"})
	if s := last[standing.Stated](w); s.Member != "0043" || s.Status != standing.WithdrawnUnderInvestigation {
		t.Errorf("stated %+v", s)
	}
	w.must("case manager", discipline.CloseCharge{Charge: "2026-0001", Outcome: "settled"})
	if s := last[standing.Stated](w); s.Member != "0043" || s.Status != standing.Withdrawn {
		t.Errorf("stated %+v", s)
	}
}

func TestAFreshApplication(t *testing.T) {
	w := founded(t)
	w.must("anyone", membership.Apply{Name: "Slate Peak", Domains: []string{"SlatePeak.example"}})
	for _, check := range []string{"domain", "identity", "references", "sanctions"} {
		w.must("registrar", membership.RecordCheck{Member: "0001", Check: check, How: "looked", Result: "passed"})
	}
	if kinds := w.must("registrar", membership.Admit{Member: "0001"}); !slices.Equal(kinds, []string{"member.admitted", "standing.stated"}) {
		t.Errorf("admitting made %v", kinds)
	}
	if s := last[standing.Stated](w); s.Status != standing.NotSubscribed || !slices.Equal(s.Domains, []string{"slatepeak.example"}) {
		t.Errorf("stated %+v", s) // its domain was checked before
	}
	if _, err := w.do("anyone", membership.Apply{Name: "Another", Domains: []string{"slatepeak.example"}}); !refusedBy(err, "MEM-04") {
		t.Errorf("a domain belongs to two: %v", err)
	}
}

func TestARosterReadAgainChangesNothing(t *testing.T) {
	w := founded(t)
	e := cobalt()
	e.Number, e.Domains, e.Subscribed = "0044", []string{"other.example"}, date("2026-01-15")
	kinds := w.must("operator", e)
	if !slices.Equal(kinds, []string{"member.enrolled", "member.subscribed", "member.paid-through", "standing.stated"}) {
		t.Errorf("enrolling made %v", kinds)
	}
	if s := last[standing.Stated](w); s.Status != standing.Good || s.CodeVersion != "2026.1" {
		t.Errorf("stated %+v", s)
	}
	if kinds := w.must("operator", e); len(kinds) > 0 {
		t.Errorf("enrolling again made %v", kinds)
	}
	e.Number = "0045"
	if _, err := w.do("operator", e); !refusedBy(err, "MEM-04") {
		t.Errorf("its domain went to another: %v", err)
	}
}

func TestANewCodeTouchesNoMember(t *testing.T) {
	w := founded(t)
	if kinds := w.must("operator", governance.Adopt{Text: text("2027.1", "2027-01-01")}); !slices.Equal(kinds, []string{"code.adopted"}) {
		t.Errorf("adopting made %v", kinds)
	}
}

func TestTimeAloneIsStatedByTheClock(t *testing.T) {
	w := founded(t)
	w.must("operator", governance.Open{})
	next := standing.Of(FactsOf(w, "0042"), w.now, w.now).PublicNextChange
	w.now = next.Add(-time.Second)
	if kinds := w.must("clock", standing.State{Member: "0042"}); len(kinds) > 0 {
		t.Errorf("too early: %v", kinds)
	}
	w.now = next
	w.must("clock", standing.State{Member: "0042"})
	if s := last[standing.Stated](w); s.Status != standing.Suspended || s.Kind != standing.Administrative || !s.Since.Equal(next) {
		t.Errorf("stated %+v", s)
	}
	// An attestation by hand cures it.
	w.must("registrar", membership.Attest{Member: "0042", Period: "2026-Q2", UndertakingsShare: 100, RequestsHandled: true})
	if s := last[standing.Stated](w); s.Status != standing.Good {
		t.Errorf("stated %+v", s)
	}
}

func TestAProofOfADomainRunsOut(t *testing.T) {
	w := founded(t)
	until := ProofUntil(w, w.now, w.now)
	dublin := bodyOf(w).Location
	if want := date("2027-03-03").End(dublin); !until.Equal(want) {
		t.Errorf("until %s, want %s", until, want)
	}
	w.now = until
	w.must("clock", standing.State{Member: "0042"})
	if s := last[standing.Stated](w); len(s.Domains) > 0 {
		t.Errorf("stated %+v", s)
	}
}
