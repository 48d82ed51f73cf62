package cases

import (
	"slices"
	"testing"

	"shingle/internal/act"
)

// What a form offers is what the rules let pass, and all of it.
func TestWhatIsOfferedIsAllowed(t *testing.T) {
	for _, c := range []struct {
		kind, field string
		want        []string
	}{
		{"case.dismiss", "ground", grounds}, {"case.pause", "ground", pauseGrounds}, {"case.decide", "sanction", Measures}, {"case.decide-appeal", "sanction", Measures},
		{"case.propose-consent", "sanction", Measures[:rank(Suspension)]}, {"case.offer", "sanction", []string{Advice, Warning}},
		{"case.decide-appeal", "outcome", []string{affirmed, varied, setAside, sentBack}}, {"panelist.enlist", "side", []string{Public, Trade}},
		{"case.appeal", "grounds", []string{procedural, proportionality, newEvidence}},
	} {
		if got := offered(t, c.kind, c.field); !slices.Equal(got, c.want) {
			t.Errorf("%s offers %v as %s, and there are %v", c.kind, got, c.field, c.want)
		}
	}
	for _, term := range offered(t, "case.extend", "term") {
		r := enter(t).charged()
		r.c.begin(r.now, TermSet{term, r.now.AddDate(0, 0, 1)})
		r.do(chair, Extend{id, term, date("2028-01-01"), words("x")})
	}
	for _, source := range offered(t, "case.admit-evidence", "source") {
		for _, basis := range offered(t, "case.admit-evidence", "basis") {
			e := exhibit("obj-"+source+basis, true)
			e.Source, e.Basis = source, basis
			enter(t).investigating().do(manager, e)
		}
	}
	for _, kind := range offered(t, "case.note", "kind") {
		enter(t).investigating().do(manager, Note{id, kind, words("x")})
	}
}

// offered are the values that a form offers for a field.
func offered(t *testing.T, kind, name string) []string {
	t.Helper()
	i := slices.IndexFunc(Domain().Acts, func(a *act.Act) bool { return a.Kind == kind })
	for _, f := range Domain().Acts[i].Fields {
		if f.Name == name && len(f.Choices) > 0 {
			return f.Values()
		}
	}
	t.Fatalf("%s: nothing is offered for %s", kind, name)
	return nil
}
