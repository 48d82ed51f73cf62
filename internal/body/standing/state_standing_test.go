package standing

import (
	"testing"

	"shingle/internal/act/acttest"
)

func TestAStandingIsStatedWhenItChanges(t *testing.T) {
	now := Now{Name: "Cobalt Ridge IT", Domains: []string{"b.example", "a.example"}, Answer: Answer{
		Status: Good, Since: day("2026-01-02"), Code: &Signed{"2026.1", "sha", day("2026-01-02")},
	}}
	first := Stated{
		Member: "0042", Name: "Cobalt Ridge IT", Domains: []string{"a.example", "b.example"}, Status: Good, Since: day("2026-01-02"),
		CodeVersion: "2026.1", CodeSHA256: "sha", At: acttest.Noon, Number: 1,
	}
	cmd := State{Member: "0042"}
	acttest.For(t, Domain()).Knowing(now).When(cmd).Then(first)
	acttest.For(t, Domain()).Given(first).Knowing(now).When(cmd).Nothing()

	now.Answer.Status, now.Answer.Kind, now.Answer.Since = Lapsed, Administrative, day("2026-05-02")
	second := first
	second.Status, second.Kind, second.Since, second.Number = Lapsed, Administrative, day("2026-05-02"), 2
	acttest.For(t, Domain()).Given(first).Knowing(now).When(cmd).Then(second)
}

func TestWhatCameAndWentUnstatedIsStatedLate(t *testing.T) {
	now := Now{
		Name: "Cobalt Ridge IT", Domains: []string{"a.example"},
		Answer: Answer{Status: Suspended, Kind: Administrative, Since: day("2026-03-02")},
		Missed: []Missed{
			{Span{From: day("2026-01-11"), Until: day("2026-03-02"), Status: Good}, []string{"a.example", "b.example"}},
		},
	}
	interim := Stated{Member: "0042", Name: "Cobalt Ridge IT", Domains: []string{"a.example"}, Status: Suspended, Kind: Interim, Since: day("2025-12-01"), At: day("2025-12-01"), Number: 1}
	good, again := interim, interim
	good.Status, good.Kind, good.Since, good.Domains, good.At, good.Number = Good, "", day("2026-01-11"), []string{"a.example", "b.example"}, acttest.Noon, 2
	again.Kind, again.Since, again.At, again.Number = Administrative, day("2026-03-02"), acttest.Noon, 3
	acttest.For(t, Domain()).Given(interim).Knowing(now).When(State{Member: "0042"}).Then(good, again)
}

func TestNobodyIsStatedBeforeJoining(t *testing.T) {
	acttest.For(t, Domain()).Knowing(Now{Name: "Cobalt Ridge IT"}).When(State{Member: "0042"}).Nothing()
}
