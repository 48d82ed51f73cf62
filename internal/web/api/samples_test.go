package api_test

import (
	"encoding/json"
	"os"
	"strings"
)

// subject is a member in one of its states, and what there is about it.
type subject struct {
	state    string
	number   string
	proposed string // an order that waits for a second officer
	order    string // one in force, else the proposed one
	interim  string // an interim suspension
	charge   string
	person   string // somebody who acts for it
}

// nowhere is the number of an order or a charge that does not exist.
const nowhere = "2026-9999"

// about returns the fields of a command with the number of the member.
func (s subject) about(fields map[string]any) map[string]any {
	fields["member"] = s.number
	return fields
}

type fields = map[string]any

// samples are a command for every act: one that is lawful where the state allows the act at all.
var samples = map[string]func(h *house, s subject) map[string]any{
	"body.found": func(*house, subject) fields {
		return fields{"name": "Another", "zone": "Europe/Dublin", "web": "another.example"}
	},
	"register.open": func(*house, subject) fields { return fields{} },
	"holidays.set":  func(*house, subject) fields { return fields{"year": 2027, "holidays": []string{"2027-01-01"}} },
	"code.adopt":    func(h *house, _ subject) fields { return fields{"text": h.nextCode()} },
	"member.apply":  func(*house, subject) fields { return fields{"name": "A New Company", "place": "Galway"} },
	"member.check": func(_ *house, s subject) fields {
		return s.about(fields{"check": "identity", "how": "company register", "result": "passed"})
	},
	"member.admit":   func(_ *house, s subject) fields { return s.about(fields{}) },
	"member.decline": func(_ *house, s subject) fields { return s.about(fields{"reason": "not a provider"}) },
	"member.enrol": func(_ *house, s subject) fields {
		return fields{"number": s.number, "name": "From Before", "admitted": "2020-01-01"}
	},
	"member.subscribe": func(h *house, s subject) fields {
		return s.about(fields{"version": "2026.2", "sha256": h.codeHash(), "representative": secretName, "capacity": "director"})
	},
	"member.renew": func(_ *house, s subject) fields {
		return s.about(fields{"representative": secretName, "capacity": "director", "declaration": true})
	},
	"member.attest": func(_ *house, s subject) fields {
		return s.about(fields{"period": "2026-Q2", "undertakings_share": 100, "requests_handled": true})
	},
	"dues.record":   func(_ *house, s subject) fields { return s.about(fields{"paid_through": "2028-03-01"}) },
	"member.rename": func(_ *house, s subject) fields { return s.about(fields{"name": "Another Name"}) },
	"member.move": func(_ *house, s subject) fields {
		return s.about(fields{"address": "1 Quay", "place": "Galway", "country": "Ireland"})
	},
	"services.set":  func(_ *house, s subject) fields { return s.about(fields{"services": []string{"backup"}}) },
	"domain.add":    func(_ *house, s subject) fields { return s.about(fields{"domain": "new.example"}) },
	"domain.remove": func(_ *house, s subject) fields { return s.about(fields{"domain": "m" + s.number + ".example"}) },
	"domain.prove": func(_ *house, s subject) fields {
		return s.about(fields{"domain": "m" + s.number + ".example", "how": "paper"})
	},
	"member.withdraw": func(_ *house, s subject) fields { return s.about(fields{}) },
	"member.merge":    func(_ *house, s subject) fields { return s.about(fields{"into": "0007"}) },
	"member.readmit": func(_ *house, s subject) fields {
		return s.about(fields{"decision": "the board, on the whole history"})
	},
	"charge.record": func(_ *house, s subject) fields {
		return s.about(fields{"provisions": []string{"1"}, "served": "2026-08-20", "service_proof": "courier receipt 7"})
	},
	"charge.close": func(_ *house, s subject) fields { return fields{"charge": s.charge, "outcome": "dismissed"} },
	"order.record": func(_ *house, s subject) fields {
		return s.about(fields{"sanction": "reprimand", "findings": []string{"1=It disclosed a customer's data."}, "decided": "2026-05-04", "served": "2026-05-06",
			"service_proof": "courier receipt 9", "appeal_closed": "2026-07-01", "text": "The panel reprimands the member."})
	},
	"person.invite": func(_ *house, s subject) fields {
		return s.about(fields{"role": "practitioner", "name": secretName, "email": secretMail})
	},
	"person.appoint": func(_ *house, s subject) fields {
		return s.about(fields{"person": s.person, "role": "compliance-officer"})
	},
	"person.end":   func(_ *house, s subject) fields { return s.about(fields{"person": s.person, "role": "practitioner"}) },
	"person.leave": func(_ *house, s subject) fields { return s.about(fields{"person": s.person}) },
	"person.move": func(_ *house, s subject) fields {
		return fields{"person": s.person, "from": s.number, "to": "0042", "role": "practitioner"}
	},
	"person.correct": func(_ *house, s subject) fields {
		return fields{"person": s.person, "name": secretName, "email": secretMail}
	},
	"person.reinvite": func(_ *house, s subject) fields { return s.about(fields{"person": s.person}) },
	"person.forget":   func(_ *house, s subject) fields { return fields{"person": s.person, "reason": "consent-withdrawn"} },
	"officer.invite": func(*house, subject) fields {
		return fields{"role": "auditor", "name": secretName, "email": secretMail, "until": "2028-08-31"}
	},
	"officer.appoint": func(_ *house, s subject) fields {
		return fields{"person": s.person, "role": "auditor", "until": "2028-08-31"}
	},
	"officer.end":    func(_ *house, s subject) fields { return fields{"person": s.person, "role": "auditor"} },
	"order.withdraw": func(_ *house, s subject) fields { return fields{"order": s.proposed} },
	"order.confirm":  func(_ *house, s subject) fields { return fields{"order": s.proposed} },
	"order.interim": func(_ *house, s subject) fields {
		return s.about(fields{"provisions": []string{"1"}, "reason": secretCause, "imminent": true, "notified": "2026-08-25T09:00:00Z", "heard": "it said nothing", "until": "2026-11-30"})
	},
	"order.interim-review": func(_ *house, s subject) fields {
		return fields{"order": s.interim, "decision": "end", "by": "the interim panel", "reason": secretCause}
	},
	"order.interim-lift": func(_ *house, s subject) fields { return fields{"order": s.interim, "reason": secretCause} },
	"order.stay-by-court": func(_ *house, s subject) fields {
		return fields{"order": s.order, "court": "High Court", "reference": "2026 No. 7"}
	},
	"order.lift-stay": func(_ *house, s subject) fields { return fields{"order": s.order, "reference": "2026 No. 7"} },
	"order.quash": func(_ *house, s subject) fields {
		return fields{"order": s.order, "by": "High Court", "reference": "2026 No. 8"}
	},
	"order.conditions-met": func(_ *house, s subject) fields { return fields{"order": s.order, "how": "it shut the door"} },
}

func (h *house) nextCode() string { return h.codeOf("2027.1", "2027-03-01") }

// codeOf returns the example code under another version.
func (h *house) codeOf(version, effective string) string {
	text, err := os.ReadFile("../../../examples/msp/code.md")
	h.must(err)
	later := strings.Replace(string(text), "2026-03-01", effective, 1)
	return strings.Replace(later, `"2026.1"`, `"`+version+`"`, 1)
}

func (h *house) codeHash() string {
	var v struct{ SHA256 string }
	h.must(json.Unmarshal(h.ask("GET", "/api/v1/code/2026.2", "", "").Body.Bytes(), &v))
	return v.SHA256
}
