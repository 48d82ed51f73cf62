package act_test

import (
	"reflect"
	"slices"
	"testing"

	"shingle/internal/act"
)

type asking struct {
	How    string       `json:"how" choices:"dns=By DNS|well-known|paper"`
	Tells  string       `json:"tells" rows:"4"`
	Reason act.Private  `json:"reason,omitzero"`
	Of     act.Personal `json:"of,omitzero"`
	All    []string     `json:"all,omitempty"`
}

func defined[C any]() *act.Act {
	return act.Define(act.NewStream("x", func(s int, _ act.Event) int { return s }), "x.ask", "Asks.",
		func(C, act.Meta) act.Target { return act.To("1") },
		func(int, act.None, C, act.Meta) ([]act.Event, error) { return nil, nil })
}

func TestFieldsSayHowAFormShowsThem(t *testing.T) {
	fields := defined[asking]().Fields
	if got, want := fields[0].Choices, []act.Choice{{Value: "dns", Label: "By DNS"}, {Value: "well-known", Label: "Well known"}, {Value: "paper", Label: "Paper"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("to choose from are %v", got)
	}
	if got := fields[0].Called("well-known") + fields[0].Called("other"); got != "Well knownother" {
		t.Errorf("they are called %q", got)
	}
	if fields[1].Rows != 4 || fields[0].Rows != 0 {
		t.Errorf("rows %d and %d", fields[1].Rows, fields[0].Rows)
	}
	for i, secret := range []bool{false, false, true, true, false} {
		if fields[i].Secret != secret {
			t.Errorf("%s: secret is %v", fields[i].Name, fields[i].Secret)
		}
	}
}

func TestMistakesInTagsAreFoundAtStart(t *testing.T) {
	for what, define := range map[string]func(){
		"an empty choice": func() {
			defined[struct {
				A string `json:"a" choices:"x||y"`
			}]()
		},
		"rows that are none": func() {
			defined[struct {
				A string `json:"a" rows:"many"`
			}]()
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: it went through", what)
				}
			}()
			define()
		}()
	}
}

// One text is taken apart at its semicolons, several are taken as they are: a sentence may hold one.
func TestAListIsGivenInTwoWays(t *testing.T) {
	a := defined[asking]()
	for _, c := range []struct{ given, want []string }{
		{[]string{"a; b;"}, []string{"a", "b"}},
		{[]string{"it sold; it leaked", " it lied "}, []string{"it sold; it leaked", "it lied"}},
		{[]string{"", "x"}, []string{"x"}},
	} {
		cmd, err := a.FromText(map[string][]string{"how": {"dns"}, "tells": {"x"}, "all": c.given})
		if err != nil || !slices.Equal(cmd.(asking).All, c.want) {
			t.Errorf("%q: %q, %v", c.given, cmd, err)
		}
	}
}
