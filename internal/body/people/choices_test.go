package people

import (
	"slices"
	"testing"

	"shingle/internal/act"
)

// What a form offers is what the rules let pass.
func TestWhatIsOfferedIsAllowed(t *testing.T) {
	for _, c := range []struct {
		act  *act.Act
		name string
		want []string
	}{
		{inviteAct, "role", MemberRoles}, {appointAct, "role", MemberRoles}, {endAct, "role", MemberRoles}, {moveAct, "role", MemberRoles},
		{inviteOfficerAct, "role", Offices}, {appointOfficerAct, "role", Offices}, {endOfficerAct, "role", Offices}, {forgetAct, "reason", Reasons},
	} {
		var offered []string
		for _, f := range c.act.Fields {
			if f.Name == c.name {
				offered = f.Values()
			}
		}
		if !slices.Equal(offered, c.want) {
			t.Errorf("%s: a form offers %v, and there are %v", c.act.Kind, offered, c.want)
		}
	}
}
