package api_test

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/gate"
)

// A case that ends in public ends on the real record: what is published names the certificate, and nothing that was
// confided is told.
func TestACaseEndsInANoticeOverHTTP(t *testing.T) {
	h := newHouse(t)
	h.found()
	h.convene()
	id := h.complainOf("0042", "good") // charged and answered, with a panel
	sealed := act.NewPrivate("", secretCause)
	h.doIn("person/"+h.manager, gate.CaseManager, cases.ProposeConsent{
		Case: id, Charges: []string{"1"}, Sanction: cases.Reprimand, AgreedOn: act.DateIn(h.clock(), time.UTC), Proof: "signed letter", Terms: sealed,
	})
	h.at(start.AddDate(0, 0, 15))
	for _, n := range h.panel[:3] {
		body := `{"case":"` + id + `","panelist":"` + n + `","vote":"` + secretCause + `"}`
		h.json(h.ask("POST", "/api/v1/acts/case.vote", "panelist#"+n, body), 201, "a vote")
	}
	h.json(h.ask("POST", "/api/v1/acts/case.vote", "panelist#"+h.panel[0], `{"case":"`+id+`","panelist":"`+h.panel[1]+`","vote":"x"}`), 404, "another's vote")
	publish := `{"case":"` + id + `","findings":["1=It disclosed a customer's data."],"text":"The panel reprimands the member."}`
	v := h.json(h.ask("POST", "/api/v1/acts/case.publish", "chair#"+h.chair, publish), 422, "too early")
	h.is(v, "rule", "CASE-61")
	if detail, _ := v["detail"].(string); !strings.Contains(detail, "a quorum of the panel agreed to the order") && !strings.Contains(detail, "notice of the hearing") {
		t.Errorf("what is missing is told as %q", detail)
	}
	h.doIn("person/"+h.panel[0], gate.Panelist, cases.RuleOnConsent{Case: id, Panelist: h.panel[0], Result: "approved", Reasons: sealed})
	v = h.json(h.ask("POST", "/api/v1/acts/case.publish", "chair#"+h.chair, publish), 201, "published")
	var kinds []string
	hash := ""
	for _, e := range v["events"].([]any) {
		e := e.(map[string]any)
		kinds = append(kinds, e["kind"].(string))
		if data := e["data"].(map[string]any); e["kind"] == "case.published" {
			hash, _ = data["sha256"].(string)
		}
	}
	if got := strings.Join(kinds, " "); !strings.HasPrefix(got, "case.published order.enforced notice.published") || len(hash) != 64 {
		t.Errorf("publication made %s, under %q", got, hash)
	}
	for _, secret := range []string{caseReceipt, secretCause} {
		if strings.Contains(h.logged.String(), secret) {
			t.Error("the log tells what was confided")
		}
	}
}
