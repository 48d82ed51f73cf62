// Package gate says who may ask for which act, and see which page.
//
// There is one table, grants.csv, that can be read in a spreadsheet: an act or a page, a role, whose
// affairs it may be used on (its own, those it was assigned, any), and whether the person must prove
// afresh who they are. What is not in the table is refused.
//
// The gate may only refuse earlier. That nobody confirms their own proposal, sits on a case they are
// conflicted in, or acts out of time, is decided with the act itself, under the record's write lock.
package gate

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
)

//go:embed grants.csv
var grantsCSV string

// Scope says whose affairs a grant is good for.
type Scope string

// The scopes.
const (
	Own      Scope = "own"      // those of the member that one acts for
	Assigned Scope = "assigned" // those that one was assigned to, such as a case
	Any      Scope = "any"
)

// Grant is a line of the table: a role may ask for an act, or see a page.
type Grant struct {
	Act    string // kind of an act, or a page as its route names it: "GET /register/{number}"
	Role   string
	Scope  Scope
	StepUp bool // the person proves afresh who they are, just before
}

// Who asks.
type Who struct {
	Actor    string   // e.g. "operator", "token/4f2a"
	Role     string   // one of Roles
	Member   string   // number of the member that a member's role acts for, else ""
	Assigned []string // what they were assigned to, as Allows is told it concerns
	Stale    bool     // it is long ago that they proved who they are
}

// Denied says that the table does not grant what was asked for.
type Denied struct {
	Who    Who
	What   string
	Reason string // a sentence
	// Foreign says that the role may do this, but not here: the affair is somebody else's. Whoever must
	// not learn that the affair exists is told that it does not.
	Foreign bool
	// StepUp says that whoever asks may do this once they have proven afresh who they are.
	StepUp bool
}

func (d *Denied) Error() string { return d.Reason }

// all is grants.csv. A test holds the file to its form, so that reading it here cannot fail.
var all = func() []Grant {
	grants, err := read(grantsCSV)
	if err != nil {
		panic("gate: grants.csv: " + err.Error())
	}
	return grants
}()

// table is all by act.
var table = func() map[string][]Grant {
	byAct := map[string][]Grant{}
	for _, g := range all {
		byAct[g.Act] = append(byAct[g.Act], g)
	}
	return byAct
}()

// Allows returns nil if the table lets who ask for an act or see a page, else a [*Denied]. concerning is whose
// affair it is: the number of a member, what an officer is assigned to; nothing if it is nobody's.
func Allows(who Who, what string, concerning ...string) error {
	denied := &Denied{Who: who, What: what}
	role, ok := roleNamed(who.Role)
	grants := table[what]
	switch {
	case !ok:
		denied.Reason = fmt.Sprintf("There is no role %q.", who.Role)
		return denied
	case len(grants) == 0:
		denied.Reason = fmt.Sprintf("Nobody may ask for %q.", what)
		return denied
	}
	for _, g := range grants {
		if g.Role != role.Name && g.Role != Anyone && !(g.Role == Person && who.signedIn()) {
			continue
		}
		if g.covers(who, concerning) {
			if !g.StepUp || !who.Stale {
				return nil
			}
			return &Denied{Who: who, What: what, StepUp: true, Reason: "Before this you prove afresh that it is you."}
		}
		denied.Foreign = true
		switch {
		case g.Scope == Assigned:
			denied.Reason = fmt.Sprintf("%s may ask for %s only where assigned.", role.titled(), what)
		case who.Member == "":
			denied.Reason = fmt.Sprintf("%s may ask for %s only for its own member, and none is named.", role.titled(), what)
		default:
			denied.Reason = fmt.Sprintf("%s may ask for %s only for its own member, %s.", role.titled(), what, who.Member)
		}
	}
	if !denied.Foreign {
		denied.Reason = fmt.Sprintf("%s may not ask for %s; %s may.", role.titled(), what, inWords(grants))
	}
	return denied
}

// signedIn reports whether a person asks, in whatever role.
func (w Who) signedIn() bool { return strings.HasPrefix(w.Actor, "person/") }

func (g Grant) covers(who Who, concerning []string) bool {
	switch g.Scope {
	case Any:
		return true
	case Own:
		return who.Member != "" && slices.Contains(concerning, who.Member)
	case Assigned:
		return slices.ContainsFunc(who.Assigned, func(to string) bool { return to != "" && slices.Contains(concerning, to) })
	}
	return false
}

// AsOneself reports whether a role asks for an act only as everybody does who signed in, about what is their own.
func AsOneself(role, what string) bool {
	mine := func(role string) bool {
		return slices.ContainsFunc(table[what], func(g Grant) bool { return g.Role == role })
	}
	return mine(Person) && !mine(role)
}

// Grants returns the table, line by line.
func Grants() []Grant { return slices.Clone(all) }

// CheckTable returns all that is wrong with the table: lines that contradict a role, acts without a line,
// lines without an act. kinds are all acts that there are.
func CheckTable(kinds []string) error { return check(all, kinds) }

func check(grants []Grant, kinds []string) error {
	var wrong []error
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	lines := map[[2]string]bool{}
	granted := map[string]bool{}
	for _, g := range grants {
		role, ok := roleNamed(g.Role)
		switch {
		case !ok:
			complain("%s: there is no role %q", g.Act, g.Role)
		case role.ForMember && g.Scope != Own:
			complain("%s: a %s acts for its own member, and not for %s", g.Act, g.Role, g.Scope)
		case !role.ForMember && g.Scope == Own:
			complain("%s: a %s has no member of its own", g.Act, g.Role)
		case g.Role == Anyone && (g.Scope != Any || g.StepUp):
			complain("%s: anyone is nobody in particular", g.Act)
		}
		if line := [2]string{g.Act, g.Role}; lines[line] {
			complain("%s: a second line for %s", g.Act, g.Role)
		} else {
			lines[line] = true
		}
		granted[g.Act] = true
		if !isPage(g.Act) && !slices.Contains(kinds, g.Act) {
			complain("%s: there is no such act", g.Act)
		}
	}
	for _, kind := range kinds {
		if !granted[kind] {
			complain("%s: no line says who may ask for it", kind)
		}
	}
	return errors.Join(wrong...)
}

// isPage reports whether a line is about a page: a route has a method, a space and a path.
func isPage(what string) bool { return strings.Contains(what, " /") }

// read reads the table. Errors name the line.
func read(text string) ([]Grant, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = 4
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"act", "role", "scope", "step_up"}) {
		return nil, errors.New("line 1: the columns are act, role, scope, step_up")
	}
	var grants []Grant
	for i, row := range rows[1:] {
		g := Grant{Act: row[0], Role: row[1], Scope: Scope(row[2]), StepUp: row[3] == "yes"}
		switch {
		case g.Act == "":
			return nil, fmt.Errorf("line %d: the act is missing", i+2)
		case g.Scope != Own && g.Scope != Assigned && g.Scope != Any:
			return nil, fmt.Errorf("line %d: the scope is own, assigned or any, not %q", i+2, row[2])
		case row[3] != "yes" && row[3] != "no":
			return nil, fmt.Errorf("line %d: step_up is yes or no, not %q", i+2, row[3])
		}
		grants = append(grants, g)
	}
	return grants, nil
}

// inWords lists who is granted something: "a registrar or the operator".
func inWords(grants []Grant) string {
	var names []string
	for _, g := range grants {
		role, _ := roleNamed(g.Role)
		names = append(names, role.Title)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}
