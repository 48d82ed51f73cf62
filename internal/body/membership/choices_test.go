package membership

import (
	"slices"
	"testing"

	"shingle/internal/act"
)

// What a form offers is what the rules let pass.
func TestWhatIsOfferedIsAllowed(t *testing.T) {
	if got := offered(t, checkAct, "check"); !slices.Equal(got, checks) {
		t.Errorf("a form offers %v, and there are %v", got, checks)
	}
	for _, result := range offered(t, checkAct, "result") {
		asking(t, known()).Given(applied).When(RecordCheck{"0042", "identity", "looked", result}, on("2026-01-11")).Events()
	}
	added := DomainAdded{Member: "0042", Domain: "cobalt.example", At: noon("2026-03-01")}
	for _, how := range offered(t, proveDomainAct, "how") {
		asking(t, known()).Given(applied, admitted, added).When(ProveDomain{Member: "0042", Domain: "cobalt.example", How: how}, on("2026-03-02")).Events()
	}
}

// offered are the values that a form offers for a field.
func offered(t *testing.T, a *act.Act, name string) []string {
	t.Helper()
	for _, f := range a.Fields {
		if f.Name == name && len(f.Choices) > 0 {
			return f.Values()
		}
	}
	t.Fatalf("%s: nothing is offered for %s", a.Kind, name)
	return nil
}
