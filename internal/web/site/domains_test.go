package site_test

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

func TestADomainThatIsMerelyAddedIsVouchedForByNobody(t *testing.T) {
	b := opened(t, 50)
	b.Do(membership.AddDomain{Member: "0042", Domain: "bigbank.example"})
	h := pages(t, b)
	webtest.Get(t, h, "/register?q=bigbank.example").Is(200).HasNo("section.verdict").HasNo("table").Has("main p", "We found no member")
	if d := webtest.Get(t, h, "/register/0042").Is(200); strings.Contains(d.Text, "bigbank") {
		t.Error("the page of the member names it")
	}
	if policy := webtest.Get(t, h, "/seal/0042").Header.Get("Content-Security-Policy"); strings.Contains(policy, "bigbank") {
		t.Errorf("the seal may be shown there: %s", policy)
	}
	b.Do(membership.ProveDomain{Member: "0042", Domain: "bigbank.example", How: "dns"})
	webtest.Get(t, h, "/register?q=www.bigbank.example").Has("section.verdict h2", "Cobalt Ridge IT is a member in good standing.")
	if policy := webtest.Get(t, h, "/seal/0042").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "https://bigbank.example") {
		t.Errorf("the seal may not be shown there: %s", policy)
	}
}

func TestTheSealLeavesADomainWhoseProofRanOut(t *testing.T) {
	b := opened(t, 50)
	h := pages(t, b)
	b.Pass(100 * 24 * time.Hour)
	b.Do(membership.AddDomain{Member: "0042", Domain: "cobalt.example"})
	b.Do(membership.ProveDomain{Member: "0042", Domain: "cobalt.example", How: "dns"})
	b.Pass(250 * 24 * time.Hour) // the proof on paper is more than a year and its grace old
	if policy := webtest.Get(t, h, "/seal/0042").Is(200).Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors https://cobalt.example https://*.cobalt.example") {
		t.Errorf("policy %s", policy)
	}
}
