package discipline

import (
	"slices"
	"testing"

	"shingle/internal/act"
)

// What a form offers is what the rules let pass.
func TestWhatIsOfferedIsAllowed(t *testing.T) {
	if got := offered(t, recordAct, "sanction"); !slices.Equal(got, Sanctions) {
		t.Errorf("a form offers %v, and there are %v", got, Sanctions)
	}
	for _, outcome := range offered(t, closeChargeAct, "outcome") {
		asking(t, known()).Given(charged()).When(CloseCharge{"2026-0001", outcome}, on("2026-08-01")).Events()
	}
	for _, decision := range offered(t, reviewAct, "decision") {
		asking(t, known()).Given(imposed()).When(reviewing(decision), on("2026-11-02")).Events()
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
