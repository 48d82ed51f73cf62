package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/gate"
)

// subjects founds the body, and returns members in all states that a member can be in. The one that has lapsed
// was taken over half a year ago, and the register opened a quarter ago: until then nobody lapses.
func (h *house) subjects() []subject {
	h.t.Helper()
	paper := func(number, sanction string) discipline.Record {
		r := expulsion(number)
		r.Sanction = sanction
		if sanction == discipline.Suspension {
			r.Until = act.On(2027, 1, 31)
		}
		return r
	}
	propose := func(number, sanction string) string {
		return strings.TrimPrefix(h.doAs("token/case-manager", paper(number, sanction)).Stream, "order/")
	}
	enrol := func(number string, paid act.Date) subject {
		e := h.enrolment(number, "Company "+number, act.On(2026, 3, 1))
		e.PaidThrough = paid
		h.do(e)
		return subject{number: number}
	}
	paid := act.On(2027, 3, 1)
	h.at(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	h.found()
	h.convene()
	lapsed := enrol("0202", act.On(2025, 12, 31))
	h.do(education.Apply{Name: "Courses Inc.", Contact: act.NewPersonal("", secretMail)})
	h.do(education.Apply{Name: "More Courses", Contact: act.NewPersonal("", secretMail)})
	h.do(education.Approve{Provider: "P-0002"})
	h.do(education.Offer{Title: "Keys", Minutes: 60})
	h.do(education.Commit{Commitment: education.Commitment([]byte("seed"))})
	h.at(time.Date(2026, 5, 29, 9, 0, 0, 0, time.UTC))
	h.do(governance.Open{})
	h.at(start)
	h.do(governance.Adopt{Text: h.codeOf("2026.2", "2026-10-01")})
	applicant := subject{number: strings.TrimPrefix(h.do(membership.Apply{Name: "Applicant", Domains: []string{"applicant.example"}}).Stream, "member/")}
	good := enrol("0201", paid)
	suspended, withdrawn, expelled := enrol("0203", paid), enrol("0204", paid), enrol("0205", paid)
	for _, s := range []*subject{&suspended, &expelled} {
		sanction := discipline.Suspension
		if s == &expelled {
			sanction = discipline.Expulsion
		}
		s.order = propose(s.number, sanction)
	}
	all := []subject{{state: "none", number: "9999"}}
	for _, s := range []struct {
		state string
		subject
	}{{"applicant", applicant}, {"good", good}, {"lapsed", lapsed}, {"suspended", suspended}, {"withdrawn", withdrawn}, {"expelled", expelled}} {
		s.subject.state = s.state
		all = append(all, s.subject)
	}
	for i := range all {
		s := &all[i]
		s.charge, s.proposed, s.interim, s.person, s.complain = nowhere, nowhere, nowhere, "9999", nowhere
		if s.state != "none" {
			invited := h.do(people.Invite{
				Member: s.number, Role: people.Practitioner, Name: act.NewPersonal("", "Somebody"), Email: act.NewPersonal("", "somebody@m"+s.number+".example"),
			})
			s.person = strings.TrimPrefix(invited.Stream, "person/")
			h.do(people.Join{Person: s.person})
			h.do(education.Record{Person: s.person, Course: "C-0001", On: act.On(2026, 8, 31)})
			h.do(education.ClaimCredit{Person: s.person, Title: act.NewPersonal("", secretCause), On: act.On(2026, 8, 3), Minutes: 60})
		}
		if s.state != "none" && s.state != "applicant" {
			s.proposed = propose(s.number, discipline.Reprimand)
			done := h.doAs("officer-1", discipline.Charge{Member: s.number, Provisions: []string{"1"}, Served: act.On(2026, 8, 3), ServiceProof: "by courier"})
			s.charge = strings.TrimPrefix(done.Stream, "charge/")
			if s.state == "withdrawn" { // it would be under investigation
				h.doAs("officer-1", discipline.CloseCharge{Charge: s.charge, Outcome: "settled"})
			}
		}
		switch {
		case s.order != "":
			h.doAs("officer-2", discipline.Confirm{Order: s.order})
		default:
			s.order = s.proposed
		}
		switch s.state {
		case "suspended":
			done := h.doAs("officer-1", discipline.Impose{
				Member: s.number, Provisions: []string{"1"}, Reason: act.NewPrivate("", secretCause), Imminent: true,
				Notified: start.AddDate(0, 0, -7), Heard: act.NewPrivate("", "it said nothing"), Until: act.On(2026, 11, 30),
			})
			s.interim = strings.TrimPrefix(done.Stream, "order/")
		case "withdrawn":
			h.do(membership.Withdraw{Member: s.number})
		}
		if s.state != "none" && s.state != "applicant" {
			s.complain = h.complainOf(s.number, s.state)
		}
		if s.state == "applicant" || s.state == "withdrawn" {
			for _, check := range []string{"domain", "identity", "references", "sanctions"} {
				h.do(membership.RecordCheck{Member: s.number, Check: check, How: "looked", Result: "passed"})
			}
		}
		if s.state != "none" && s.state != "applicant" {
			v := h.get("/api/v1/members/"+s.number+"/standing", "", 200)
			h.is(v, "status", s.state)
		}
	}
	return all
}

// TestTheMatrix tries every role on every act in every state of a member, over HTTP, and compares what came of
// it with a file that people have looked at. Nothing is recorded.
func TestTheMatrix(t *testing.T) {
	h := newHouse(t)
	subjects := h.subjects()
	var roles []gate.Role
	for _, role := range gate.Roles {
		if role.ByToken || role.Name == gate.Person || role.Name == gate.Operator {
			roles = append(roles, role)
		}
	}
	var out bytes.Buffer
	out.WriteString("# What came of it when a role asked for an act about a member in some state: done, nothing (it is so already), the rule that\n" +
		"# refused it, - (refused by the gate); * after proving afresh who they are. Written by `go test ./internal/web/api -update`.\n")
	before := h.record.Position()
	for _, kind := range h.record.Catalogue.Acts {
		sample := samples[kind.Kind]
		switch {
		case sample != nil:
		case byItself(kind.Kind):
			sample = func(*house, subject) fields { return fields{} }
		default:
			t.Errorf("there is no sample of %s: add one to the table above", kind.Kind)
			continue
		}
		fmt.Fprintf(&out, "\n%-22s", kind.Kind)
		for _, role := range roles {
			out.WriteString("  " + role.Name)
		}
		for _, s := range subjects {
			fmt.Fprintf(&out, "\n  %-20s", s.state)
			body, err := json.Marshal(sample(h, s))
			h.must(err)
			for _, role := range roles {
				token := role.Name
				switch {
				case role.ForMember:
					token += "@" + s.number
				case role.Name == gate.Person:
					token += "#" + s.person
				case h.inOwnName(kind.Kind, role.Name) != "":
					token += "#" + h.inOwnName(kind.Kind, role.Name)
				}
				fmt.Fprintf(&out, "  %-*s", len(role.Name), h.cell(kind.Kind, token, string(body)))
			}
		}
		out.WriteString("\n")
	}
	if h.record.Position() != before {
		t.Error("a preview recorded something")
	}
	var lines []string
	for line := range strings.SplitSeq(out.String(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
	}
	got := strings.Join(lines, "\n")
	const golden = "testdata/matrix.golden"
	if *update {
		h.must(os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	h.must(err)
	if got != string(want) {
		t.Errorf("the matrix changed: look at the difference, then run go test ./internal/web/api -update\n%s", firstDifference([]byte(got), want))
	}
}

// byItself reports whether an act is asked for by the system alone.
func byItself(kind string) bool {
	return !slices.ContainsFunc(gate.Grants(), func(g gate.Grant) bool {
		return g.Act == kind && g.Role != gate.System && g.Role != gate.Clock
	})
}

// cell says what comes of it when an act is asked for.
func (h *house) cell(kind, token, body string) string {
	h.t.Helper()
	said := h.tried(kind, token, body)
	if said == "-" {
		return said
	}
	switch stale := h.tried(kind, token+"~", body); stale {
	case said:
		return said
	case "step-up":
		return said + "*"
	default:
		h.t.Errorf("%s as %s: %s, and when the proof is old %s", kind, token, said, stale)
		return "?"
	}
}

func (h *house) tried(kind, token, body string) string {
	h.t.Helper()
	w := h.ask("POST", "/api/v1/acts/"+kind+"?preview=true", token, body)
	var v struct {
		Type, Rule, Detail string
		Preview            bool
		Events             []any
	}
	h.must(json.Unmarshal(w.Body.Bytes(), &v))
	switch {
	case w.Code == http.StatusOK && v.Preview && len(v.Events) > 0:
		return "done"
	case w.Code == http.StatusOK && v.Preview:
		return "nothing"
	case w.Code == http.StatusUnprocessableEntity && v.Rule != "":
		return v.Rule
	case w.Code == http.StatusUnauthorized && v.Type == "/problems/step-up":
		return "step-up"
	case w.Code == http.StatusForbidden:
		return "-"
	}
	h.t.Errorf("%s as %s: %d %s", kind, token, w.Code, w.Body)
	return "?"
}

func TestAPreviewRecordsNothing(t *testing.T) {
	h := founded(t)
	before := h.record.Position()
	v := h.json(h.ask("POST", "/api/v1/acts/member.rename?preview=true", "registrar", renaming, "Idempotency-Key", "k1"), 200, "preview")
	h.is(v, "preview", true)
	h.is(v, "stream", "member/0042")
	h.is(v, "position", before)
	if events := v["events"].([]any); len(events) < 2 {
		t.Errorf("what would follow is not told: %v", events)
	}
	if h.record.Position() != before {
		t.Error("it was recorded")
	}
	h.is(h.json(h.ask("POST", "/api/v1/acts/member.rename?preview=yes", "registrar", renaming), 422, "another value"), "field", "preview")
	h.json(h.ask("POST", "/api/v1/acts/member.rename?preview=true", "auditor", renaming), 403, "not allowed")
	h.json(h.ask("POST", "/api/v1/acts/member.rename?preview=true", "registrar", renaming, "If-Match", `"1"`), 409, "another version")
	v = h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "Idempotency-Key", "k1"), 201, "then it is done")
	if _, said := v["preview"]; said {
		t.Error("what was recorded is called a preview")
	}
}

// Another member's affairs look like none: the answers are the same, byte for byte.
func TestAnothersAffairsLookLikeNone(t *testing.T) {
	h := newHouse(t)
	subjects := h.subjects()
	tried := 0
	for _, g := range gate.Grants() {
		sample := samples[g.Act]
		if g.Scope != gate.Own || sample == nil {
			continue
		}
		answer := func(number string) string {
			body, err := json.Marshal(sample(h, subject{number: number, order: nowhere, proposed: nowhere, charge: nowhere, complain: nowhere, person: "9999"}))
			h.must(err)
			w := h.ask("POST", "/api/v1/acts/"+g.Act, g.Role+"@0042", string(body))
			if w.Code != http.StatusNotFound {
				t.Errorf("%s as %s about %s: %d %s", g.Act, g.Role, number, w.Code, w.Body)
			}
			return w.Body.String() + fmt.Sprint(w.Header())
		}
		none := answer("9999")
		for _, number := range []string{"0201", "0202", "0203", "0204", "0205", "0007"} {
			tried++
			if theirs := answer(number); theirs != none {
				t.Errorf("%s as %s: member %s is told from none:\n%s\n%s", g.Act, g.Role, number, theirs, none)
			}
		}
	}
	if tried == 0 {
		t.Error("nothing was tried")
	}
	// Nor is somebody of another member told from nobody, by whoever acts for their own.
	tried = 0
	for _, g := range gate.Grants() {
		sample := samples[g.Act]
		if g.Scope == gate.Any || sample == nil || g.Role == gate.Anyone || g.Act == "person.invite" || !strings.HasPrefix(g.Act, "person.") {
			continue
		}
		token := g.Role + "@0042"
		if g.Role == gate.Person {
			token = "person#0001"
		}
		answer := func(person string) string {
			body, err := json.Marshal(sample(h, subject{number: "0042", person: person}))
			h.must(err)
			w := h.ask("POST", "/api/v1/acts/"+g.Act, token, string(body))
			return strings.ReplaceAll(fmt.Sprint(w.Code, w.Header(), w.Body), person, "PERSON")
		}
		tried++
		if theirs, none := answer(subjects[2].person), answer("9999"); theirs != none {
			t.Errorf("%s as %s: a person is told from nobody:\n%s\n%s", g.Act, g.Role, theirs, none)
		}
	}
	if tried == 0 {
		t.Error("no person's act was tried")
	}
	for _, path := range []string{"/api/v1/members/{number}/standing/own"} {
		at := func(number string) string {
			w := h.ask("GET", strings.Replace(path, "{number}", number, 1), "representative@0042", "")
			return fmt.Sprint(w.Code, w.Header(), w.Body)
		}
		if theirs, none := at("0201"), at("9999"); theirs != none || !strings.HasPrefix(none, "404") {
			t.Errorf("%s: another's is told from none:\n%s\n%s", path, theirs, none)
		}
	}
}
