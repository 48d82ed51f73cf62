package api_test

import (
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/people"
)

func TestTheCatalogueAndALedger(t *testing.T) {
	h := founded(t)
	h.do(people.Invite{Member: "0042", Role: people.Practitioner, Name: act.NewPersonal("", secretName), Email: act.NewPersonal("", secretMail)})
	h.do(people.Invite{Member: "0042", Role: people.Practitioner, Name: act.NewPersonal("", secretName), Email: act.NewPersonal("", secretMail)})
	h.do(education.Offer{Title: "Keys", Minutes: 60})
	h.do(education.Record{Person: "0001", Course: "C-0001", On: act.On(2026, 9, 1)})
	h.do(education.ClaimCredit{Person: "0001", Title: act.NewPersonal("", secretCause), On: act.On(2026, 8, 1), Minutes: 60})

	v := h.get("/api/v1/courses?q=key", "", 200)
	if all := v["courses"].([]any); len(all) != 1 || all[0].(map[string]any)["from"] != "2026-09-01" || all[0].(map[string]any)["provider"] != nil {
		t.Errorf("%v", v)
	}
	h.is(h.get("/api/v1/courses/C-0001", "", 200), "minutes", 60)
	h.get("/api/v1/courses/C-0009", "", 404)
	h.get("/api/v1/courses?cursor=x", "", 422)

	const at = "/api/v1/people/0001/education"
	v = h.get(at, "education-officer", 200)
	h.is(v, "not_set", true)
	h.is(v, "bound", true)
	h.is(v["credits"].([]any)[0].(map[string]any), "says", "0 of 1: kept; how much is owed was not set")
	h.get(at, "person#0001", 200)
	h.get(at, "", 401)
	h.get(at, "registrar", 403)
	h.get("/api/v1/people/0099/education", "education-officer", 404)
	for _, other := range []string{"0002", "0099"} { // another's is not told from nobody's
		if w := h.ask("GET", "/api/v1/people/"+other+"/education", "person#0001", ""); w.Code != 404 && w.Code != 403 {
			t.Errorf("person %s: %d", other, w.Code)
		}
	}
}
