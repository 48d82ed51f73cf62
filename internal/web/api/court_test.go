package api_test

import (
	"context"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/gate"
	"shingle/internal/record"
)

// court are the people whom a case needs, by number, and what waits for them.
type court struct {
	manager, chair, panelist string
	panel                    []string // a whole one, with an alternate
	claim                    string   // a false claim that was reported
}

// caseReceipt is the code that came with each complaint.
const caseReceipt = "amber falcon granite 2203"

// inOwnName returns the number of the officer who asks for an act of a case in a role; "" where a token does.
func (h *house) inOwnName(kind, role string) string {
	if about, _, _ := strings.Cut(kind, "."); about != "case" && about != "panelist" {
		return ""
	}
	return map[string]string{gate.CaseManager: h.manager, gate.Chair: h.chair, gate.Panelist: h.panelist}[role]
}

// doIn asks for an act in a role.
func (h *house) doIn(actor, role string, cmd any) record.Done {
	h.t.Helper()
	done, err := h.record.Do(context.Background(), record.Request{Command: cmd, Actor: actor, Role: role, Expect: -1})
	if r, ok := act.Refused(err); ok {
		h.t.Fatalf("%T: %s: %s", cmd, r.Rule.ID, r.Detail)
	}
	h.must(err)
	return done
}

// convene appoints the people whom a case needs.
func (h *house) convene() {
	h.t.Helper()
	serve := func(role string) string {
		done := h.do(people.InviteOfficer{Role: role, Name: act.NewPersonal("", "Somebody"), Email: act.NewPersonal("", "x@example.com"), Until: act.On(2030, 1, 1)})
		number := strings.TrimPrefix(done.Stream, "person/")
		h.do(people.Join{Person: number})
		return number
	}
	h.manager, h.chair = serve(people.CaseManager), serve(people.Chair)
	for _, side := range []string{cases.Trade, cases.Public, cases.Trade, cases.Public} {
		number := serve(people.Panelist)
		h.panel = append(h.panel, number)
		h.doIn("person/"+h.chair, gate.Chair, cases.Enlist{Person: number, Side: side})
		h.doIn("person/"+number, gate.Panelist, cases.DeclareInterests{Panelist: number})
	}
	h.panelist = h.panel[0]
	report := cases.Report{Company: "Copper Fjord IT", Address: "https://copperfjord.example", Captured: act.On(2026, 2, 20)}
	h.claim = strings.TrimPrefix(h.doIn("anyone", gate.Anyone, report).Stream, "claim/")
}

// complainOf opens a case about a member, and brings it to a stage that goes with the member's state: each state
// another one.
func (h *house) complainOf(number, state string) string {
	h.t.Helper()
	done := h.doIn("anyone", gate.Anyone, cases.Lodge{
		Respondent: number, From: act.On(2026, 6, 1), Known: act.On(2026, 6, 10), Account: act.NewPrivate("", secretCause), Anonymous: true,
		Receipt: act.NewPersonal("", caseReceipt),
	})
	id := strings.TrimPrefix(done.Stream, "case/")
	chair := func(cmd any) { h.doIn("person/"+h.chair, gate.Chair, cmd) }
	manager := func(cmd any) { h.doIn("person/"+h.manager, gate.CaseManager, cmd) }
	chair(cases.Assign{Case: id, Person: h.manager})
	sealed := act.NewPrivate("", secretCause)
	switch state {
	case "good":
		manager(cases.Investigate{Case: id, Plan: sealed})
		manager(cases.DraftCharges{Case: id, Provisions: []string{"1"}, Statement: sealed})
		manager(cases.ServeCharges{Case: id, On: act.DateIn(h.clock(), time.UTC), Proof: "courier receipt 10"})
		h.doIn("person/9000", gate.Representative, cases.Answer{Case: id, Member: number, Text: sealed})
		chair(cases.NamePanel{Case: id, Panelists: h.panel[:3], Alternates: h.panel[3:]})
	case "suspended":
		manager(cases.Investigate{Case: id, Plan: sealed})
		manager(cases.DraftCharges{Case: id, Provisions: []string{"1"}, Statement: sealed})
	case "withdrawn":
		manager(cases.Offer{Case: id, Sanction: cases.Warning, Provisions: []string{"1"}, Reason: sealed})
	case "expelled":
		manager(cases.Dismiss{Case: id, Ground: "no-evidence", Reason: sealed})
	}
	return id
}
