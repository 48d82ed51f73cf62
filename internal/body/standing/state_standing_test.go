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

func TestNobodyIsStatedBeforeJoining(t *testing.T) {
	acttest.For(t, Domain()).Knowing(Now{Name: "Cobalt Ridge IT"}).When(State{Member: "0042"}).Nothing()
}
