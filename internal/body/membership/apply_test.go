package membership

import (
	"strings"
	"testing"

	"shingle/internal/act"
)

func TestACompanyApplies(t *testing.T) {
	asking(t, known()).When(Apply{
		Name: " Cobalt Ridge IT ", Domains: []string{"CobaltRidge.example", "cobaltridge.example"}, ContactName: ada,
		DeclaredSanctions: act.NewPrivate("", "none"),
	}, on("2026-01-10")).Then(Applied{
		Member: "0042", Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"},
		ContactName: ada.OwnedBy("person/0042-1"), ContactEmail: act.Personal{}.OwnedBy("person/0042-1"),
		DeclaredSanctions: act.NewPrivate("member/0042", "none"), At: noon("2026-01-10"),
	})
}

func TestMembersNeedABody(t *testing.T) {
	asking(t, Facts{Number: "0042"}).When(Apply{Name: "X"}).Refused(bodyFounded)
	asking(t, Facts{Number: "0042"}).When(Enrol{Number: "0042", Name: "X", Admitted: date("2020-01-01")}).Refused(bodyFounded)
}

func TestNamesStandInARegister(t *testing.T) {
	for _, name := range []string{"", " ", strings.Repeat("x", 201), "two\nlines", "\xff"} {
		asking(t, known()).When(Apply{Name: name}).Refused(plainNames)
	}
	asking(t, known()).When(Apply{Name: "X", Address: strings.Repeat("x", 501)}).Refused(plainNames)
	asking(t, known()).When(Apply{Name: "X", Services: make([]string, 51)}).Events() // empty entries are dropped
	many := make([]string, 51)
	for i := range many {
		many[i] = strings.Repeat("s", i+1)
	}
	asking(t, known()).When(Apply{Name: "X", Services: many}).Refused(plainNames)
}

func TestDomainsAreDomains(t *testing.T) {
	for _, d := range []string{
		"example", "https://a.example", "a.example/", "-a.example", "a-.example", "a..example", "a.example.", "bücher.example",
		"a b.example", "10.0.0.1", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127) + "example",
	} {
		asking(t, known()).When(Apply{Name: "X", Domains: []string{d}}).Refused(domainForm)
	}
	asking(t, known()).When(Apply{Name: "X", Domains: []string{"xn--bcher-kva.example"}}).Events()
}

func TestADomainBelongsToOneMember(t *testing.T) {
	f := known()
	f.Holders = map[string]string{"cobaltridge.example": "0007"}
	asking(t, f).When(Apply{Name: "X", Domains: []string{"cobaltridge.example"}}).Refused(domainFree)
	asking(t, f).Given(applied, admitted).When(AddDomain{"0042", "cobaltridge.example"}).Nothing() // its own already
	f.Holders["other.example"] = "0007"
	asking(t, f).Given(applied, admitted).When(AddDomain{"0042", "Other.example"}).Refused(domainFree)
}

func TestNoPhoenixApplies(t *testing.T) {
	f := known()
	f.BarredUntil = noon("2028-01-01")
	asking(t, f).When(Apply{Name: "Cobalt Phoenix", SuccessorOf: "0007"}).Refused(notBarred)
}
