package discipline

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
	"shingle/internal/code"
)

// failing are the facts of a notice that the charges against member 0042 failed, which left in May.
func failing(outcome string) NoticeFacts {
	return NoticeFacts{
		ID: "2026-0007", Zone: time.UTC, Name: "Cobalt Ridge IT", Periods: code.Usual().Publication, Suspected: noon("2026-05-20"),
		Charge: evolveCharge(evolveCharge(ChargeState{}, charged()), ChargeClosed{Charge: "2026-0001", Member: "0042", Outcome: outcome}),
	}
}

func clearing(t *testing.T, f NoticeFacts) *acttest.Story {
	return acttest.For(t, Domain()).Knowing(f).When(Publish{Charge: "2026-0001", Member: "0042"}, on("2026-06-11"))
}

func TestThatChargesFailedIsAnnounced(t *testing.T) {
	n := clearing(t, failing(dismissed)).Events()[0].(NoticePublished)
	if n.Class != "correction" || n.Title != "Charges dismissed: Cobalt Ridge IT" || n.Order != "" || n.Charge != "2026-0001" ||
		n.Member != "0042" || !n.Expires.IsZero() || !n.Effective.Equal(noon("2026-06-11")) || n.SHA256 != hash(n.Title, n.Body) {
		t.Errorf("notice %+v", n)
	}
	for _, words := range []string{
		"On 11 June 2026 the charges that had been served on Cobalt Ridge IT (member 0042) were dismissed.", "No finding was made on them.",
		"The register has said since 20 May 2026 that the company, which left, was under investigation.",
	} {
		if !strings.Contains(n.Body, words) {
			t.Errorf("it does not say %q:\n%s", words, n.Body)
		}
	}
	if strings.Contains(n.Body, "1.1") || len(n.Provisions) > 0 {
		t.Error("it tells what the charges were about")
	}
	sentences(t, n.Body)
	if claims := n.Claims(); len(claims) != 1 || claims[0] != (act.Claim{Kind: "notice", Key: "charge/2026-0001/0042"}) {
		t.Errorf("claims %v", claims)
	}
	again := failing(dismissed)
	again.Announced = true
	clearing(t, again).Nothing()
}

func TestNothingIsCorrectedThatWasNotSaid(t *testing.T) {
	clearing(t, failing("upheld")).Refused(correctsRegister)
	clearing(t, failing("")).Refused(correctsRegister)
	silent := failing(dismissed)
	silent.Suspected = time.Time{}
	clearing(t, silent).Refused(correctsRegister)
}
