package custody

import (
	"slices"
	"testing"
	"time"

	"shingle/internal/act/acttest"
)

var noon = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

func TestEveryOpeningIsRecorded(t *testing.T) {
	opened := Opened{Object: "abc", Owner: "case/2027-0007", Purpose: "the hearing", At: noon}
	open := Open{Object: "abc", Owner: "case/2027-0007", Purpose: " the hearing "}
	acttest.For(t, Domain()).When(open, acttest.At(noon)).Then(opened)
	acttest.For(t, Domain()).Given(opened).When(open, acttest.At(noon)).Then(opened)
}

func TestEveryKeyHandedOutIsRecorded(t *testing.T) {
	acttest.For(t, Domain()).When(Recover{Object: "abc", Owner: "case/2027-0007", Purpose: "the court asked for the file"}, acttest.At(noon)).
		Then(Recovered{Object: "abc", Owner: "case/2027-0007", Purpose: "the court asked for the file", At: noon})
}

func TestNothingIsOpenedForNoPurpose(t *testing.T) {
	acttest.For(t, Domain()).When(Open{Object: "abc", Owner: "case/2027-0007", Purpose: " \n"}).Refused(purposeIsSaid)
	acttest.For(t, Domain()).When(Recover{Object: "abc", Owner: "case/2027-0007"}).Refused(purposeIsSaid)
}

func TestTheStateCountsAccesses(t *testing.T) {
	s := evolve(evolve(evolve(Accesses{}, Opened{}), Recovered{}), Opened{})
	if s != (Accesses{Opened: 2, Recovered: 1}) || evolve(s, "something else") != s {
		t.Errorf("%+v", s)
	}
}

func TestWhatWordsAreAboutIsConcerned(t *testing.T) {
	for _, o := range []struct {
		opened Opened
		want   []string
	}{
		{Opened{Object: "abc", Owner: "case/2027-0007"}, []string{"case/2027-0007"}},
		{Opened{Object: "case/2027-0007", Owner: "case/2027-0007"}, []string{"case/2027-0007"}},
		{Opened{Object: "case/2027-0007", Owner: "panel/2027-0007"}, []string{"panel/2027-0007", "case/2027-0007"}},
	} {
		if got := o.opened.Concerns(); !slices.Equal(got, o.want) {
			t.Errorf("%+v concerns %q", o.opened, got)
		}
	}
}
