package people

import (
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func TestAMemberInvitesAColleague(t *testing.T) {
	asking(t).When(Invite{" 0042 ", Practitioner, personal(" Ada Pine "), personal(" ada@cobaltridge.example ")}, on("2026-01-01")).Then(
		invited, given(Practitioner, "0042", ""),
	)
}

func TestAnInvitationNamesARoleAtAMember(t *testing.T) {
	for _, role := range []string{"", "king", Chair, "Representative"} {
		asking(t).When(Invite{"0042", role, personal("Ada"), personal("ada@x.example")}).Refused(memberRole)
	}
	acttest.For(t, Domain()).Knowing(Facts{Person: "0007", Zone: noon("2026-01-01").Location()}).
		When(Invite{"0099", Practitioner, personal("Ada"), personal("ada@x.example")}).Refused(memberNamed)
}

func TestNamesAreWrittenOnALine(t *testing.T) {
	for _, name := range []string{"", " ", "two\nlines", strings.Repeat("x", 201), "\xff"} {
		asking(t).When(Invite{"0042", Practitioner, personal(name), personal("ada@x.example")}).Refused(plainName)
		asking(t).When(Register{personal(name), personal("ada@x.example")}).Refused(plainName)
	}
	for _, name := range []string{"Ada", "Óscar Núñez y Peña", "李小龍", strings.Repeat("x", 200)} {
		asking(t).When(Register{personal(name), personal("ada@x.example")}).Events()
	}
}

func TestMailMustReachSomebody(t *testing.T) {
	for _, address := range []string{
		"", "ada", "ada@", "@x.example", "ada@example", "ada@10.0.0.1", "ada@[10.0.0.1]", "Ada <ada@x.example>", "<ada@x.example>", `"a b"@x.example`,
		"ada@x.example,bob@x.example", "ada@x.example\r\nBcc: bob@x.example", "ada @x.example", "ada@bücher.example", "ädä@x.example",
		"ada@x.example (Ada)", strings.Repeat("a", 65) + "@x.example", "a@" + strings.Repeat("a.", 100) + "example", "a..b@x.example",
	} {
		asking(t).When(Register{personal("Ada"), personal(address)}).Refused(plainAddress)
	}
	for _, address := range []string{"ada@x.example", "Ada.Pine+shingle@Cobalt-Ridge.example", "o'brien@xn--bcher-kva.example"} {
		asking(t).When(Register{personal("Ada"), personal(address)}).Events()
	}
}

// TestAllThatIsWrongIsSaidAtOnce holds an invitation to the fields of its form, and to not repeating what is
// personal.
func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	_, err := Person{}.invite(Facts{Person: "0007", Zone: noon("2026-01-01").Location()},
		Invite{"0099", "king", personal("Canary\nbird"), personal("canary bird")}, act.Meta{At: noon("2026-01-01")})
	r, ok := act.Refused(err)
	if !ok {
		t.Fatal(err)
	}
	var fields []string
	for _, one := range r.All() {
		fields = append(fields, one.Field)
		if strings.Contains(strings.ToLower(one.Error()), "canary") {
			t.Errorf("what is personal is told back: %v", one)
		}
	}
	if got := strings.Join(fields, " "); got != "member role name email" {
		t.Errorf("at fault are %q", got)
	}
}
