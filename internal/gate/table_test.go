package gate

import (
	"strings"
	"testing"
)

func TestATableInAnotherFormIsRefused(t *testing.T) {
	const header = "act,role,scope,step_up\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {"", "line 1: the columns"},
		"other columns":    {"act,role,step_up,scope\n", "line 1: the columns"},
		"a missing column": {header + "code.adopt,president,any\n", "wrong number of fields"},
		"no act":           {header + ",president,any,no\n", "line 2: the act is missing"},
		"a scope":          {header + "code.adopt,president,all,no\n", `line 2: the scope is own, assigned or any, not "all"`},
		"a step-up":        {header + "code.adopt,president,any,\n", `line 2: step_up is yes or no, not ""`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestATableThatContradictsItselfIsRefused(t *testing.T) {
	line := func(act, role string, scope Scope, stepUp bool) Grant { return Grant{act, role, scope, stepUp} }
	for name, c := range map[string]struct {
		grant Grant
		want  string
	}{
		"an unknown role":              {line("code.adopt", "king", Any, false), `there is no role "king"`},
		"an unknown act":               {line("code.burn", President, Any, false), "there is no such act"},
		"a member's role over all":     {line("code.adopt", Representative, Any, false), "acts for its own member"},
		"an officer's own":             {line("code.adopt", Registrar, Own, false), "has no member of its own"},
		"a step-up of anyone":          {line("GET /why", Anyone, Any, true), "nobody in particular"},
		"what is assigned to anyone":   {line("GET /why", Anyone, Assigned, false), "nobody in particular"},
		"a second line for one matter": {line("code.adopt", President, Any, true), "a second line for president"},
	} {
		t.Run(name, func(t *testing.T) {
			err := check([]Grant{{"code.adopt", President, Any, false}, c.grant}, []string{"code.adopt"})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if err := check(nil, []string{"code.adopt"}); err == nil || !strings.Contains(err.Error(), "no line says who") {
		t.Errorf("got %v", err)
	}
}

func TestScopes(t *testing.T) {
	who := Who{Role: Panelist, Assigned: []string{"case/2027-0007"}}
	for _, c := range []struct {
		scope      Scope
		concerning string
		want       bool
	}{
		{Assigned, "case/2027-0007", true},
		{Assigned, "case/2027-0008", false},
		{Assigned, "", false},
		{Own, "", false},
		{Any, "", true},
		{"", "case/2027-0007", false},
	} {
		if got := (Grant{Scope: c.scope}).covers(who, []string{c.concerning}); got != c.want {
			t.Errorf("%s, %s: %v", c.scope, c.concerning, got)
		}
	}
}
