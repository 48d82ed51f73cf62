package membership

import (
	"fmt"
	"slices"
	"testing"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func TestADomainIsAddedProvenAndRemoved(t *testing.T) {
	added := DomainAdded{Member: "0042", Domain: "cobalt.example", At: noon("2026-03-01")}
	asking(t, known()).Given(applied, admitted).When(AddDomain{"0042", "Cobalt.Example"}, on("2026-03-01")).Then(added)
	asking(t, known()).Given(applied, admitted, added).When(ProveDomain{"0042", "cobalt.example", "dns", ""}, on("2026-03-02")).
		Then(DomainProven{Member: "0042", Domain: "cobalt.example", How: "dns", At: noon("2026-03-02")})
	removed := DomainRemoved{Member: "0042", Domain: "cobalt.example", Unproven: true, At: noon("2026-03-03")}
	asking(t, known()).Given(applied, admitted, added, gone).When(RemoveDomain{"0042", "cobalt.example"}, on("2026-03-03")).Then(removed)
	asking(t, known()).Given(applied, admitted, added, removed).When(RemoveDomain{"0042", "cobalt.example"}).Nothing()
}

func TestWhatWasSeenIsWrittenDown(t *testing.T) {
	added := DomainAdded{Member: "0042", Domain: "cobalt.example", At: noon("2026-03-01")}
	story := asking(t, known()).Given(applied, admitted, added)
	story.When(ProveDomain{"0042", "cobalt.example", "dns", " TXT _shingle.cobalt.example "}, on("2026-03-02")).
		Then(DomainProven{Member: "0042", Domain: "cobalt.example", How: "dns", At: noon("2026-03-02"), Evidence: "TXT _shingle.cobalt.example"})
	story.When(ProveDomain{"0042", "cobalt.example", "dns", "two\nlines"}).Refused(plainNames)
}

func TestDomainsOfMembersOnly(t *testing.T) {
	asking(t, known()).When(AddDomain{"0042", "cobalt.example"}).Refused(isMember)
	asking(t, known()).When(ProveDomain{"0042", "cobalt.example", "dns", ""}).Refused(isMember)
	asking(t, known()).Given(applied).When(RemoveDomain{"0042", "cobaltridge.example"}).Refused(isMember)
	asking(t, known()).Given(applied, admitted).When(AddDomain{"0042", " "}).Refused(domainForm)
}

func TestADomainBelowWhichAnybodyHasANameIsNobodys(t *testing.T) {
	for _, d := range []string{"co.uk", "github.io", "CO.UK", "gov.ck"} {
		asking(t, known()).Given(applied, admitted).When(AddDomain{"0042", d}).Refused(domainOwn)
	}
	asking(t, known()).When(Apply{Name: "One", Domains: []string{"one.example", "co.uk"}}).Refused(domainOwn)
	asking(t, known()).Given(applied, admitted).When(AddDomain{"0042", "cobaltridge.github.io"}, on("2026-03-01")).
		Then(DomainAdded{Member: "0042", Domain: "cobaltridge.github.io", At: noon("2026-03-01")})
}

func TestWhatLiesBelowAMembersDomainIsItsOwn(t *testing.T) {
	f := known()
	f.Holders = map[string]string{"bigbank.example": "0007"}
	asking(t, f).Given(applied, admitted).When(AddDomain{"0042", "it.of.bigbank.example"}).Refused(domainFree)
	f.Holders = map[string]string{"bigbank.example": "0042"}
	asking(t, f).Given(applied, admitted).When(AddDomain{"0042", "it.bigbank.example"}, on("2026-03-01")).
		Then(DomainAdded{Member: "0042", Domain: "it.bigbank.example", At: noon("2026-03-01")})
}

func TestAProofIsOfItsOwnDomainInOneOfThreeWays(t *testing.T) {
	asking(t, known()).Given(applied, admitted).When(ProveDomain{"0042", "other.example", "dns", ""}).Refused(domainAdded)
	asking(t, known()).Given(applied, admitted).When(ProveDomain{"0042", "cobaltridge.example", "handshake", ""}).Refused(proofWords)
}

func TestWhoProvesADomainHasIt(t *testing.T) {
	added := DomainAdded{Member: "0042", Domain: "bigbank.example", At: noon("2026-03-01")}
	if _, takes := act.Event(added).(act.Claiming); takes {
		t.Error("a domain that is merely added is taken")
	}
	proven := DomainProven{Member: "0042", Domain: "bigbank.example", How: "dns", At: noon("2026-03-02")}
	if got := proven.Claims(); !slices.Equal(got, []act.Claim{{Kind: "domain", Key: "bigbank.example"}}) {
		t.Errorf("a proof takes %v", got)
	}
	f := known()
	f.Holders = map[string]string{"bigbank.example": "0007"} // who proved it meanwhile
	asking(t, f).Given(applied, admitted, added).When(ProveDomain{"0042", "bigbank.example", "dns", ""}).Refused(domainFree)

	// Whoever never had it cannot free it for others either.
	for _, c := range []struct {
		given    []act.Event
		released int
	}{{[]act.Event{added}, 0}, {[]act.Event{added, proven}, 1}} {
		removed := asking(t, f).Given(applied, admitted).Given(c.given...).When(RemoveDomain{"0042", "bigbank.example"}).Events()[0].(DomainRemoved)
		if len(removed.Claims()) != c.released {
			t.Errorf("removing it frees %v", removed.Claims())
		}
		merged := asking(t, merging()).Given(applied, admitted).Given(c.given...).When(Merge{Member: "0042", Into: "0043"}).Events()[0].(Merged)
		if len(merged.Domains) != 1+c.released {
			t.Errorf("merging frees %v", merged.Domains)
		}
	}
}

func TestADeclarationMakesNoDomainOnesOwn(t *testing.T) {
	added := DomainAdded{Member: "0042", Domain: "bigbank.example", At: noon("2026-03-01")}
	renewed := asking(t, known()).Given(applied, admitted, signed, added).When(Renew{"0042", ada, "director", true}, on("2026-06-01")).Events()[0].(Renewed)
	if !slices.Equal(renewed.Domains, applied.Domains) {
		t.Errorf("renewing proves %v", renewed.Domains)
	}
	f := known()
	f.Since = noon("2026-05-01")
	back := asking(t, f).Given(applied, admitted, added, gone).Given(checked("2026-06-20")...).When(Readmit{"0042", "The board."}, on("2026-07-01")).Events()[0].(Readmitted)
	if !slices.Equal(back.Domains, applied.Domains) {
		t.Errorf("readmission proves %v", back.Domains)
	}
}

func TestDomainsAreFew(t *testing.T) {
	var many []string
	var events []act.Event
	for i := range mostDomains {
		many = append(many, fmt.Sprintf("a%d.example", i))
		events = append(events, DomainAdded{Member: "0042", Domain: many[i]})
	}
	asking(t, known()).When(Apply{Name: "X", Domains: many}).Events()
	asking(t, known()).When(Apply{Name: "X", Domains: append(many, "one.example")}).Refused(domainsFew)
	asking(t, known()).When(Enrol{Number: "0042", Name: "X", Admitted: date("2020-01-01"), Domains: append(many, "one.example")}).Refused(domainsFew)
	asking(t, known()).Given(applied, admitted).Given(events[1:]...).When(AddDomain{"0042", "one.example"}).Refused(domainsFew)
	asking(t, known()).Given(applied, admitted).Given(events[2:]...).When(AddDomain{"0042", "one.example"}).Events()
}

func TestWhoIsNoMemberAnyMoreChangesNoDomain(t *testing.T) {
	rep, cmd := acttest.By("person/0007", "representative"), RemoveDomain{"0042", "cobaltridge.example"}
	out := known()
	out.Expelled = true
	asking(t, known()).Given(applied, admitted).When(cmd, rep).Events()
	asking(t, out).Given(applied, admitted).When(cmd, rep).Refused(isMember)
	asking(t, known()).Given(applied, admitted, gone).When(cmd, rep).Refused(isMember)
	office := acttest.By("person/0001", "registrar")
	asking(t, out).Given(applied, admitted).When(cmd, office).Events()
	asking(t, known()).Given(applied, admitted, gone).When(cmd, office).Events()
}
