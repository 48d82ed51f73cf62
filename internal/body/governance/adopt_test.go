package governance

import (
	"testing"

	"shingle/internal/code"
)

// adopted is the adoption of a text in launch mode, on the body's second day.
func adopted(t *testing.T, version, effective string) Adopted {
	t.Helper()
	v, problems := code.Parse([]byte(text(version, effective)))
	if problems != nil {
		t.Fatal(problems)
	}
	b := demo("")
	start := v.Effective.Start(b.Location)
	return Adopted{
		Version: version, Title: "Code of Ethics", SHA256: v.Hash(), Text: string(v.Text), Effective: v.Effective,
		EffectiveAt: start, TransitionUntil: code.Deadline(start, v.Transition, b.Location, nil), At: noon("2026-01-11"),
	}
}

func TestATextIsAdopted(t *testing.T) {
	want := adopted(t, "2026", "2026-03-01")
	asking(t).Knowing(BodyFacts{demo("")}).When(Adopt{text("2026", "2026-03-01")}, on("2026-01-11")).Then(want)
	asking(t).Knowing(BodyFacts{demo("")}).Given(want).When(Adopt{text("2026", "2026-03-01")}, on("2026-01-12")).Nothing()
}

func TestOnlyAReadableTextIsAdopted(t *testing.T) {
	asking(t).Knowing(BodyFacts{demo("")}).When(Adopt{"no front matter"}).Refused(textReadable)
}

func TestAVersionLabelStandsForOneText(t *testing.T) {
	asking(t).Knowing(BodyFacts{demo("")}).Given(adopted(t, "2026", "2026-03-01")).
		When(Adopt{text("2026", "2027-03-01")}).Refused(versionNew)
}

func TestVersionsFollowOneAnother(t *testing.T) {
	for _, day := range []string{"2026-02-28", "2026-03-01"} {
		asking(t).Knowing(BodyFacts{demo("")}).Given(adopted(t, "2026", "2026-03-01")).
			When(Adopt{text("2027", day)}).Refused(versionsInOrder)
	}
}

func TestAMistypedYearKeepsNoLaterVersionOut(t *testing.T) {
	asking(t).Knowing(BodyFacts{demo("2026-05-01")}).When(Adopt{text("2027", "2206-01-01")}, on("2026-06-01")).Refused(withinTenYears)
	asking(t).Knowing(BodyFacts{demo("2026-05-01")}).When(Adopt{text("2027", "2036-06-01")}, on("2026-06-01")).Events()
}

func TestNothingIsAdoptedBackInTimeOnceLive(t *testing.T) {
	cmd := Adopt{text("2026", "2020-03-01")}
	asking(t).Knowing(BodyFacts{demo("")}).When(cmd, on("2026-06-01")).Events() // its paper history
	asking(t).Knowing(BodyFacts{demo("2026-05-01")}).When(cmd, on("2026-06-01")).Refused(notBackInTime)
	asking(t).Knowing(BodyFacts{demo("2026-07-01")}).When(cmd, on("2026-06-01")).Events()
	asking(t).Knowing(BodyFacts{demo("2026-05-01")}).When(Adopt{text("2026", "2026-06-01")}, on("2026-06-01")).Events()
}
