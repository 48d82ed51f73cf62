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
	complain string // a case about it
}

// nowhere is the number of an order or a charge that does not exist.
const nowhere = "2026-9999"

// about returns the fields of a command with the number of the member.
func (s subject) about(fields map[string]any) map[string]any {
	fields["member"] = s.number
	return fields
}

type fields = map[string]any

// ofCase returns the fields of a command with the number of the case about the member.
func (s subject) ofCase(f fields) fields {
	f["case"] = s.complain
	return f
}

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
	"case.lodge": func(_ *house, s subject) fields {
		return fields{"respondent": s.number, "from": "2026-08-01", "known": "2026-08-10", "account": secretCause, "anonymous": true, "receipt": "cedar otter violet 4711"}
	},
	"case.allow-late": func(_ *house, s subject) fields { return s.ofCase(fields{"reason": secretCause}) },
	"case.assign":     func(h *house, s subject) fields { return s.ofCase(fields{"person": h.manager}) },
	"case.write": func(_ *house, s subject) fields {
		return s.ofCase(fields{"to": "complainant", "text": secretCause})
	},
	"case.write-in": func(_ *house, s subject) fields { return s.ofCase(fields{"receipt": caseReceipt, "text": secretCause}) },
	"case.hand-in": func(_ *house, s subject) fields {
		return s.ofCase(fields{"receipt": caseReceipt, "object": "obj-2", "sha256": strings.Repeat("0b", 32), "what": secretCause})
	},
	"case.produce": func(_ *house, s subject) fields {
		return s.about(s.ofCase(fields{"object": "obj-3", "sha256": strings.Repeat("0c", 32), "what": secretCause}))
	},
	"case.write-back": func(_ *house, s subject) fields { return s.about(s.ofCase(fields{"text": secretCause})) },
	"case.dismiss": func(_ *house, s subject) fields {
		return s.ofCase(fields{"ground": "no-evidence", "reason": secretCause})
	},
	"case.ask-review": func(_ *house, s subject) fields {
		return s.ofCase(fields{"receipt": caseReceipt, "reason": secretCause})
	},
	"case.review-dismissal": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "result": "stands", "reason": secretCause})
	},
	"case.offer": func(_ *house, s subject) fields {
		return s.ofCase(fields{"sanction": "warning", "provisions": []string{"1"}, "reason": secretCause})
	},
	"case.answer-offer": func(_ *house, s subject) fields { return s.about(s.ofCase(fields{"answer": "accept"})) },
	"case.settle": func(_ *house, s subject) fields {
		return s.ofCase(fields{"terms": secretCause, "complainant": true, "respondent": true})
	},
	"case.investigate": func(_ *house, s subject) fields { return s.ofCase(fields{"plan": secretCause}) },
	"case.note":        func(_ *house, s subject) fields { return s.ofCase(fields{"kind": "step", "text": secretCause}) },
	"case.feedback":    func(_ *house, s subject) fields { return s.ofCase(fields{"text": secretCause}) },
	"case.admit-evidence": func(_ *house, s subject) fields {
		return s.ofCase(fields{"object": "obj-1", "sha256": strings.Repeat("ab", 32), "what": secretCause, "source": "witness", "basis": "redacted"})
	},
	"case.ask-name": func(_ *house, s subject) fields { return s.ofCase(fields{}) },
	"case.answer-name": func(_ *house, s subject) fields {
		return s.ofCase(fields{"receipt": caseReceipt, "answer": "withdraw"})
	},
	"case.draft-charges": func(_ *house, s subject) fields {
		return s.ofCase(fields{"provisions": []string{"1"}, "statement": secretCause})
	},
	"case.serve-charges": func(_ *house, s subject) fields {
		return s.ofCase(fields{"on": "2026-08-31", "proof": "courier receipt 11"})
	},
	"case.answer":     func(_ *house, s subject) fields { return s.about(s.ofCase(fields{"text": secretCause})) },
	"case.bar-answer": func(_ *house, s subject) fields { return s.about(s.ofCase(fields{"law": "18 USC 2705"})) },
	"case.pause":      func(_ *house, s subject) fields { return s.ofCase(fields{"ground": "court", "detail": "2026 No. 9"}) },
	"case.resume":     func(_ *house, s subject) fields { return s.ofCase(fields{}) },
	"case.extend": func(_ *house, s subject) fields {
		return s.ofCase(fields{"term": "answer", "until": "2026-12-01", "reason": secretCause})
	},
	"case.reopen-default": func(_ *house, s subject) fields { return s.ofCase(fields{"reason": secretCause}) },
	"case.run-out":        func(_ *house, s subject) fields { return s.ofCase(fields{}) },
	"panelist.enlist":     func(h *house, _ subject) fields { return fields{"person": h.panelist, "side": "member"} },
	"panelist.declare": func(h *house, s subject) fields {
		return fields{"panelist": h.panelist, "interests": []string{s.number}}
	},
	"panelist.strike": func(h *house, _ subject) fields { return fields{"person": h.panelist} },
	"case.name-panel": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelists": h.panel[:3], "alternates": h.panel[3:]})
	},
	"case.fill-seats": func(h *house, s subject) fields { return s.ofCase(fields{"panelists": h.panel[:1]}) },
	"case.challenge": func(h *house, s subject) fields {
		return s.about(s.ofCase(fields{"panelist": h.panelist, "reason": secretCause}))
	},
	"case.rule-on-challenge": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "result": "upheld", "reason": secretCause})
	},
	"case.recuse": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "reason": secretCause})
	},
	"case.set-hearing": func(_ *house, s subject) fields {
		return s.ofCase(fields{"on": "2026-10-01T09:00:00Z", "place": "Room 1", "notice_on": "2026-09-01", "proof": "courier receipt 12"})
	},
	"case.adjourn": func(_ *house, s subject) fields {
		return s.ofCase(fields{"on": "2026-11-01T09:00:00Z", "reason": secretCause})
	},
	"case.hear": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "present": h.panel[:3], "respondent": true, "record": secretCause})
	},
	"case.deliberate": func(h *house, s subject) fields { return s.ofCase(fields{"panelist": h.panelist, "text": secretCause}) },
	"case.vote":       func(h *house, s subject) fields { return s.ofCase(fields{"panelist": h.panelist, "vote": secretCause}) },
	"case.decide": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "findings": []string{"1=proven"}, "sanction": "reprimand", "reasons": secretCause})
	},
	"case.sign": func(h *house, s subject) fields { return s.ofCase(fields{"panelist": h.panelist}) },
	"case.serve-decision": func(_ *house, s subject) fields {
		return s.ofCase(fields{"on": "2026-09-01", "proof": "courier receipt 13"})
	},
	"case.appeal": func(_ *house, s subject) fields {
		return s.about(s.ofCase(fields{"grounds": []string{"procedure"}, "reasons": secretCause}))
	},
	"case.decide-appeal": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "outcome": "affirmed", "reasons": secretCause})
	},
	"case.propose-consent": func(_ *house, s subject) fields {
		return s.ofCase(fields{"charges": []string{"1"}, "sanction": "reprimand", "agreed_on": "2026-09-01", "proof": "signed letter", "terms": secretCause})
	},
	"case.rule-on-consent": func(h *house, s subject) fields {
		return s.ofCase(fields{"panelist": h.panelist, "result": "approved", "reasons": secretCause})
	},
	"case.publish": func(_ *house, s subject) fields {
		return s.ofCase(fields{"findings": []string{"1=It disclosed a customer's data"}, "text": "The panel reprimands the member."})
	},
	"case.join": func(_ *house, s subject) fields { return s.ofCase(fields{"into": nowhere, "reason": secretCause}) },
	"case.split": func(_ *house, s subject) fields {
		return fields{"from": s.complain, "provisions": []string{"1"}, "reason": secretCause}
	},
	"case.extend-to":  func(_ *house, s subject) fields { return s.ofCase(fields{"member": "0007", "reason": secretCause}) },
	"case.link-order": func(_ *house, s subject) fields { return s.ofCase(fields{"order": s.order}) },
	"case.hold":       func(_ *house, s subject) fields { return s.ofCase(fields{"reason": "2026 No. 10"}) },
	"case.release":    func(_ *house, s subject) fields { return s.ofCase(fields{"reason": "it is over"}) },
	"case.destroy":    func(_ *house, s subject) fields { return s.ofCase(fields{}) },
	"claim.report": func(*house, subject) fields {
		return fields{"company": "Copper Fjord IT", "address": "https://copperfjord.example/about", "captured": "2026-08-20"}
	},
	"claim.letter": func(h *house, _ subject) fields {
		return fields{"claim": h.claim, "on": "2026-09-01", "proof": "courier receipt 14"}
	},
	"claim.answer":  func(h *house, _ subject) fields { return fields{"claim": h.claim, "text": secretCause} },
	"claim.propose": func(h *house, _ subject) fields { return fields{"claim": h.claim} },
	"claim.list":    func(h *house, _ subject) fields { return fields{"claim": h.claim} },
	"claim.cure":    func(h *house, _ subject) fields { return fields{"claim": h.claim, "how": secretCause} },
	"claim.drop":    func(h *house, _ subject) fields { return fields{"claim": h.claim, "reason": secretCause} },
	"claim.unlist":  func(h *house, _ subject) fields { return fields{"claim": h.claim} },
	"provider.apply": func(*house, subject) fields {
		return fields{"name": "Courses Inc.", "site": "courses.example", "contact": secretMail}
	},
	"provider.approve": func(*house, subject) fields { return fields{"provider": "P-0001"} },
	"provider.decline": func(*house, subject) fields { return fields{"provider": "P-0001", "reason": "no syllabus"} },
	"provider.end":     func(*house, subject) fields { return fields{"provider": "P-0002", "reason": "it closed"} },
	"course.offer":     func(*house, subject) fields { return fields{"title": "Keys", "minutes": 60} },
	"course.approve":   func(*house, subject) fields { return fields{"course": "C-0001"} },
	"course.decline":   func(*house, subject) fields { return fields{"course": "C-0001", "reason": "too short"} },
	"course.withdraw":  func(*house, subject) fields { return fields{"course": "C-0001", "reason": "outdated"} },
	"credit.record": func(_ *house, s subject) fields {
		return fields{"person": s.person, "course": "C-0001", "on": "2026-09-01"}
	},
	"credit.claim": func(_ *house, s subject) fields {
		return fields{"person": s.person, "title": secretCause, "on": "2026-08-03", "minutes": 90}
	},
	"credit.decide": func(_ *house, s subject) fields {
		return fields{"person": s.person, "claim": 1, "answer": "return", "reason": secretCause}
	},
	"credit.reverse": func(_ *house, s subject) fields {
		return fields{"person": s.person, "credit": 1, "reason": "not-attended"}
	},
	"credit.hold": func(_ *house, s subject) fields { return fields{"person": s.person, "credit": 1, "held": true} },
	"learner.waive": func(_ *house, s subject) fields {
		return fields{"person": s.person, "in": "2026-09-01", "reason": secretCause}
	},
	"learner.excuse": func(_ *house, s subject) fields {
		return fields{"person": s.person, "from": "2026-10-01", "until": "2026-12-31", "reason": secretCause}
	},
	"learner.plan": func(_ *house, s subject) fields {
		return fields{"person": s.person, "for": "2025-12-31", "until": "2026-12-31"}
	},
	"audit.commit":         func(*house, subject) fields { return fields{"commitment": strings.Repeat("ab", 32)} },
	"audit.draw":           func(*house, subject) fields { return fields{"audit": "2026-0001", "seed": "73656564"} },
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
