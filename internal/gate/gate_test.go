package gate_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
)

var update = flag.Bool("update", false, "write testdata/matrix.golden anew")

func kinds() (all []string) {
	for _, a := range flowbody.Catalogue().Acts {
		all = append(all, a.Kind)
	}
	return all
}

func TestEveryActHasALineAndEveryLineAnAct(t *testing.T) {
	if err := gate.CheckTable(kinds()); err != nil {
		t.Error(err)
	}
}

// An act that somebody may do for their own member is decided on that member's stream, and its command
// says which in the field member: what the gate looks at is what the record changes. What is decided on a
// person names the member too, and the decision itself keeps it to the member's own people.
func TestOwnAffairsAreTheMembers(t *testing.T) {
	catalogue := flowbody.Catalogue()
	kept := map[string]string{ // by which rule other members' people are left alone
		"person.appoint": "PPL-12", "person.reinvite": "PPL-12", "person.end": "PPL-09",
	}
	for _, g := range gate.Grants() {
		a, ok := catalogue.Act(g.Act)
		if !ok || g.Scope != gate.Own {
			continue
		}
		cmd := reflect.New(a.Command).Elem()
		for i := range a.Command.NumField() {
			if name, _, _ := strings.Cut(a.Command.Field(i).Tag.Get("json"), ","); name == "member" {
				cmd.Field(i).SetString("0042")
			}
		}
		target := a.Target(cmd.Interface(), act.Meta{})
		if a.Stream.Prefix == "case" { // it is decided on the case, which knows whom it is about
			foreign := cases.Case{ID: "2027-0007", Stage: cases.Charged, Member: "0043", Told: true}
			_, err := a.Decide(foreign, cases.Facts{}, cmd.Interface(), act.Meta{Actor: "person/0001", Role: g.Role, At: time.Unix(1e9, 0).UTC()})
			if r, _ := act.Refused(err); r == nil || r.Rule.ID != "CASE-06" {
				t.Errorf("%s in a case about another member: %v", g.Act, err)
			}
			continue
		}
		if a.Kind == "person.invite" && target.New {
			continue // it is about nobody who is there already
		}
		if rule, ok := kept[a.Kind]; ok {
			foreign := people.Person{Stage: people.Joined, Roles: []people.Held{{Role: people.Practitioner, Member: "0043"}}}
			facts := people.Facts{Person: "0007", Zone: time.UTC, Member: true}
			_, err := a.Decide(foreign, facts, cmd.Interface(), act.Meta{Actor: "person/0001", Role: g.Role, At: time.Unix(1e9, 0).UTC()})
			if r, _ := act.Refused(err); r == nil || r.Rule.ID != rule {
				t.Errorf("%s on somebody of another member: %v", g.Act, err)
			}
			continue
		}
		if got := a.Stream.Name(target.ID); got != "member/0042" {
			t.Errorf("%s, asked for member 0042, is decided on %q", g.Act, got)
		}
	}
}

func TestTheOperatorDoesNotActInCases(t *testing.T) {
	catalogue := flowbody.Catalogue()
	forAnyone := []string{"case.lodge", "case.write-in", "case.hand-in", "case.ask-review", "case.answer-name", "claim.report"}
	for _, kind := range kinds() {
		about, _, _ := strings.Cut(kind, ".")
		if !slices.Contains([]string{"order", "charge", "case", "claim", "panelist", "ballot", "notice", "standing"}, about) && kind != "member.readmit" {
			continue
		}
		if slices.Contains(forAnyone, kind) { // the gate lets everybody in: the decision turns the operator away
			a, _ := catalogue.Act(kind)
			_, err := a.Decide(a.Stream.Zero, cases.Facts{}, reflect.Zero(a.Command).Interface(), act.Meta{Actor: "operator", Role: gate.Operator})
			if r, _ := act.Refused(err); r == nil || r.Rule.ID != "CASE-08" {
				t.Errorf("the operator asks for %s: %v", kind, err)
			}
			continue
		}
		if err := gate.Allows(gate.Who{Actor: "operator", Role: gate.Operator}, kind, ""); err == nil {
			t.Errorf("the operator may ask for %s", kind)
		}
	}
}

func TestOnlyTheSystemStatesAndPublishes(t *testing.T) {
	for _, kind := range []string{"notice.publish", "standing.state"} {
		for _, role := range gate.Roles {
			allowed := gate.Allows(gate.Who{Role: role.Name, Member: "0042"}, kind, "0042") == nil
			if want := role.Name == gate.System || role.Name == gate.Clock; allowed != want {
				t.Errorf("%s: %s is %v", role.Name, kind, allowed)
			}
		}
	}
	byThemselves := []string{"notice.publish", "standing.state", "object.open", "object.recover", "person.register", "person.join", "domain.prove", "member.check",
		"order.enforce", "case.acknowledge", "case.take-in", "case.run-out", "case.destroy", "claim.unlist"}
	for _, g := range gate.Grants() {
		if (g.Role == gate.System || g.Role == gate.Clock) && !slices.Contains(byThemselves, g.Act) {
			t.Errorf("%s may ask for %s", g.Role, g.Act)
		}
	}
}

// Whoever asks, the vault records it as its last step before it opens: asked for by itself, an access would
// be recorded that there was not.
func TestOnlyTheVaultRecordsAccesses(t *testing.T) {
	for _, kind := range []string{"object.open", "object.recover"} {
		for _, role := range gate.Roles {
			allowed := gate.Allows(gate.Who{Role: role.Name, Member: "0042"}, kind, "") == nil
			if want := role.Name == gate.System; allowed != want {
				t.Errorf("%s: %s is %v", role.Name, kind, allowed)
			}
		}
	}
}

// TestOfficesAndRolesAreTheSame holds the roles that people are given to those that the table knows.
func TestOfficesAndRolesAreTheSame(t *testing.T) {
	var offices, atMembers []string
	for _, r := range gate.Roles {
		switch {
		case r.ForMember:
			atMembers = append(atMembers, r.Name)
		case r.ByToken && r.Name != gate.Monitor:
			offices = append(offices, r.Name)
		}
	}
	if !slices.Equal(offices, people.Offices) || !slices.Equal(atMembers, people.MemberRoles) {
		t.Errorf("the table knows %v and %v", offices, atMembers)
	}
}

func TestPeopleProveThemselvesBeforeTheyEjectAMember(t *testing.T) {
	for _, g := range gate.Grants() {
		ejects := []string{"order.confirm", "order.interim", "case.serve-charges", "case.vote", "case.decide", "case.sign", "case.decide-appeal", "case.serve-decision", "case.publish"}
		if slices.Contains(ejects, g.Act) && !g.StepUp {
			t.Errorf("%s may ask for %s without a step-up", g.Role, g.Act)
		}
	}
}

func TestAllows(t *testing.T) {
	ours := gate.Who{Actor: "token/1", Role: gate.Representative, Member: "0042"}
	for _, c := range []struct {
		name             string
		who              gate.Who
		what, concerning string
		refused          string // the sentence; "" if allowed
		foreign          bool
	}{
		{"its own member", ours, "member.subscribe", "0042", "", false},
		{"another member", ours, "member.subscribe", "0043", "A member's representative may ask for member.subscribe only for its own member, 0042.", true},
		{"no member", ours, "member.subscribe", "", "A member's representative may ask for member.subscribe only for its own member, 0042.", true},
		{"acts for nobody", gate.Who{Role: gate.Representative}, "member.subscribe", "", "A member's representative may ask for member.subscribe only for its own member, and none is named.", true},
		{"the number in other letters", gate.Who{Role: gate.Representative, Member: "A1"}, "member.subscribe", "a1", "A member's representative may ask for member.subscribe only for its own member, A1.", true},
		{"a registrar, on paper", gate.Who{Role: gate.Registrar}, "member.subscribe", "0043", "", false},
		{"an order by a registrar", gate.Who{Role: gate.Registrar}, "order.record", "", "A registrar may not ask for order.record; a case manager or the chair may.", false},
		{"a statement by a person", gate.Who{Role: gate.Chair}, "standing.state", "0042", "The chair may not ask for standing.state; the system or the clock may.", false},
		{"what is not listed", gate.Who{Role: gate.President}, "member.delete", "", `Nobody may ask for "member.delete".`, false},
		{"nothing", gate.Who{Role: gate.President}, "", "", `Nobody may ask for "".`, false},
		{"a role that is none", gate.Who{Role: "king"}, "code.adopt", "", `There is no role "king".`, false},
		{"no role", gate.Who{}, "GET /register", "", `There is no role "".`, false},
		{"a public page, by anyone", gate.Who{Role: gate.Anyone}, "GET /register", "", "", false},
		{"a public page, by a member", ours, "GET /register", "", "", false},
		{"an act, by anyone", gate.Who{Role: gate.Anyone}, "member.apply", "", "Anyone may not ask for member.apply; a person who signed in, a registrar or the operator may.", false},
		{"the record, by an auditor", gate.Who{Role: gate.Auditor}, "GET /api/v1/record", "", "", false},
		{"the record, by the president", gate.Who{Role: gate.President}, "GET /api/v1/record", "", "The president may not ask for GET /api/v1/record; an auditor may.", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := gate.Allows(c.who, c.what, c.concerning)
			var denied *gate.Denied
			switch {
			case c.refused == "":
				if err != nil {
					t.Error(err)
				}
			case !errors.As(err, &denied):
				t.Errorf("got %v", err)
			case err.Error() != c.refused || denied.Foreign != c.foreign || denied.What != c.what:
				t.Errorf("got %q, foreign %v", err, denied.Foreign)
			}
		})
	}
}

func TestMayHold(t *testing.T) {
	for _, c := range []struct{ role, member, field string }{
		{gate.Registrar, "", ""},
		{gate.Registrar, "0042", "member"},
		{gate.Representative, "0042", ""},
		{gate.Representative, "", "member"},
		{gate.Representative, "no such", "member"},
		{gate.Practitioner, "A-1", ""},
		{gate.Operator, "", "role"},
		{gate.System, "", "role"},
		{gate.Clock, "", "role"},
		{gate.Anyone, "", "role"},
		{"king", "", "role"},
		{"", "", "role"},
	} {
		err := gate.MayHold(c.role, c.member)
		var bad *act.BadField
		if c.field == "" && err != nil || c.field != "" && (!errors.As(err, &bad) || bad.Field != c.field) {
			t.Errorf("%s for %q: %v", c.role, c.member, err)
		}
	}
}

// TestMatrix tries every role on every act and page, and compares with a file that people have looked at.
func TestMatrix(t *testing.T) {
	var whats []string
	for _, g := range gate.Grants() {
		if !slices.Contains(whats, g.Act) {
			whats = append(whats, g.Act)
		}
	}
	width := 0
	for _, what := range whats {
		width = max(width, len(what))
	}
	var out strings.Builder
	out.WriteString("# Who may ask for what: any, own (its own member's), assigned (their own, or what they were assigned to), - (refused); * after proving afresh who they are.\n")
	out.WriteString("# Written by `go test ./internal/gate -update` from what the gate answers.\n\n")
	fmt.Fprintf(&out, "%-*s", width, "")
	for _, role := range gate.Roles {
		out.WriteString("  " + role.Name)
	}
	for _, what := range whats {
		fmt.Fprintf(&out, "\n%-*s", width, what)
		for _, role := range gate.Roles {
			fmt.Fprintf(&out, "  %-*s", len(role.Name), answer(role.Name, what))
		}
	}
	var lines []string
	for line := range strings.SplitSeq(out.String(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	got := strings.Join(lines, "\n") + "\n"
	path := filepath.Join("testdata", "matrix.golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the gate answers otherwise than %s says; if that is meant, run with -update and look at the difference\n%s", path, got)
	}
}

func answer(role, what string) string {
	who := gate.Who{Role: role, Member: "0042"}
	cell := "-"
	switch {
	case gate.Allows(who, what, "0043") == nil:
		cell = "any"
	case gate.Allows(who, what, "0042") == nil:
		cell = "own"
	case gate.Allows(gate.Who{Role: role, Assigned: []string{"person/0007"}}, what, "person/0007") == nil:
		cell = "assigned"
	}
	for _, g := range gate.Grants() {
		if g.Act == what && g.Role == role && g.StepUp {
			cell += "*"
		}
	}
	return cell
}
