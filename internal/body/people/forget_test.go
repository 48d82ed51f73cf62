package people

import (
	"testing"
	"time"

	"shingle/internal/act/acttest"
)

func TestAPersonIsForgotten(t *testing.T) {
	asking(t).Given(invited, joined, given(Practitioner, "0042", ""), given(Practitioner, "0043", "2026-03-31"), given(Chair, "", "2027-12-31")).
		When(Forget{"0007", "consent-withdrawn"}).Then(
		ended(Practitioner, "0042", byForgetting), ended(Chair, "", byForgetting),
		PersonForgotten{Person: "0007", Reason: "consent-withdrawn", At: acttest.Noon},
	)
	asking(t).Given(invited, PersonForgotten{Person: "0007"}).When(Forget{"0007", "objection"}).Nothing()
}

func TestWhomAMemberNamedIsForgotten(t *testing.T) {
	acttest.For(t, Domain()).Knowing(Facts{Person: "0042-1", Zone: time.UTC, Contact: true}).
		When(Forget{"0042-1", "objection"}).Then(PersonForgotten{Person: "0042-1", Reason: "objection", At: acttest.Noon})
	acttest.For(t, Domain()).Knowing(Facts{Person: "0042-9", Zone: time.UTC}).When(Forget{"0042-9", "objection"}).Refused(personKnown)
}

func TestWhyIsSaidInWordsOfTheRegulation(t *testing.T) {
	for _, reason := range []string{"", "Ada Pine asked us to", "Objection"} {
		asking(t).Given(invited).When(Forget{"0007", reason}).Refused(forgetsFor)
	}
}
