package api_test

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

const renaming = `{"member":"0042","name":"Cobalt Ridge Limited"}`

func TestAnActIsRecorded(t *testing.T) {
	h := founded(t)
	w := h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming)
	v := h.json(w, 201, "rename")
	h.is(v, "stream", "member/0042")
	h.is(v, "position", h.record.Position())
	events := v["events"].([]any)
	first := events[0].(map[string]any)
	h.is(first, "kind", "member.renamed")
	h.is(first, "stream", "member/0042")
	h.is(first, "data.name", "Cobalt Ridge Limited")
	if len(events) < 2 || events[len(events)-1].(map[string]any)["kind"] != "standing.stated" {
		t.Errorf("what followed is not told: %v", events)
	}
	order := []string{`"position"`, `"stream"`, `"version"`, `"kind"`, `"at"`, `"effective"`, `"data"`}
	last, text := 0, w.Body.String()[strings.Index(w.Body.String(), "["):]
	for _, name := range order {
		i := strings.Index(text, name)
		if i < last {
			t.Errorf("%s stands in the wrong place: %s", name, text)
		}
		last = i
	}
	h.is(h.get(standing42, "", 200), "member.name", "Cobalt Ridge Limited")

	w = h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming)
	v = h.json(w, 200, "nothing to do")
	h.is(v, "events", "[]")
}

func TestPrivateValuesAreNotEchoed(t *testing.T) {
	h := founded(t)
	body := `{"number":"0100","name":"Third","admitted":"2025-01-01","contact_name":"` + secretName + `","contact_email":"` + secretMail + `"}`
	v := h.json(h.ask("POST", "/api/v1/acts/member.enrol", "registrar", body), 201, "enrol")
	data := v["events"].([]any)[0].(map[string]any)["data"].(map[string]any)
	if data["contact_name"] != nil || data["contact_email"] != nil {
		t.Errorf("values are echoed: %v", data)
	}
	w := h.ask("POST", "/api/v1/acts/order.interim", "chair", `{"member":"0042","reason":"`+secretCause+`"}`)
	if w.Code < 400 {
		t.Errorf("an incomplete interim order: %d %s", w.Code, w.Body)
	}
	h.ask("GET", "/api/v1/record?limit=1000", "auditor", "") // ask looks for them
	if s := h.logged.String(); strings.Contains(s, secretName) || strings.Contains(s, secretCause) {
		t.Errorf("the server's log holds a private value: %s", s)
	}
}

func TestTheSameKeyDoesItOnce(t *testing.T) {
	h := founded(t)
	first := h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "Idempotency-Key", "k1")
	v := h.json(first, 201, "first")
	again := h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "Idempotency-Key", "k1"), 200, "again")
	h.is(again, "replayed", true)
	if a, b := toText(t, v["events"]), toText(t, again["events"]); a != b {
		t.Errorf("the second answer is another:\n%s\n%s", a, b)
	}
	other := h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", `{"member":"0042","name":"Other"}`, "Idempotency-Key", "k1"), 422, "other")
	h.is(other, "type", "/problems/key-reused")
	h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "Idempotency-Key", strings.Repeat("k", 201)), 422, "long key")
}

func toText(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestARefusalNamesItsRule(t *testing.T) {
	h := founded(t)
	text, err := os.ReadFile("../../../examples/msp/code.md")
	h.must(err)
	changed := strings.Replace(string(text), "2026-03-01", "2026-02-01", 1)
	body, err := json.Marshal(map[string]string{"text": strings.Replace(changed, `"2026.1"`, `"2026.0"`, 1)})
	h.must(err)
	v := h.json(h.ask("POST", "/api/v1/acts/code.adopt", "president", string(body)), 422, "adopt")
	h.is(v, "type", "/problems/refused")
	for _, name := range []string{"rule", "cites", "detail", "cure"} {
		if v[name] == nil || v[name] == "" {
			t.Errorf("%s is missing: %v", name, v)
		}
	}
}

func TestAnActAtAnotherVersionIsAConflict(t *testing.T) {
	h := founded(t)
	_, version, err := h.record.State(t.Context(), "member/0042")
	h.must(err)
	for _, match := range []string{`"1"`, `"99"`} {
		v := h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "If-Match", match), 409, match)
		h.is(v, "type", "/problems/conflict")
	}
	for _, match := range []string{`3`, `W/"3"`, `"x"`, `"-1"`, `"1", "2"`} {
		h.is(h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "If-Match", match), 422, match), "field", "If-Match")
	}
	h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming, "If-Match", `"`+toText(t, version)+`"`), 201, "right version")
}

func TestWhoMayAsk(t *testing.T) {
	h := founded(t)
	for _, c := range []struct {
		token, kind, body string
		status            int
	}{
		{"", "member.rename", renaming, 401},
		{"wrong", "member.rename", renaming, 401},
		{"auditor", "member.rename", renaming, 403},
		{"auditor", "member.rename", `not even JSON`, 403},
		{"registrar", "order.confirm", `{"order":"2026-0001"}`, 403},
		{"operator", "order.confirm", `{"order":"2026-0001"}`, 403},
		{"registrar", "standing.state", `{"member":"0042"}`, 403},
		{"representative@0042", "services.set", `{"member":"0042","services":["backup"]}`, 201},
		{"representative@0042", "services.set", `{"member":"0007","services":["backup"]}`, 404}, // another's looks
		{"representative@0042", "services.set", `{"member":"9999","services":["backup"]}`, 404}, // like none
		{"practitioner@0042", "services.set", `{"member":"0042","services":["backup"]}`, 403},
		{"registrar", "member.unknown", `{}`, 404},
		{"", "member.unknown", `{}`, 401},
	} {
		w := h.ask("POST", "/api/v1/acts/"+c.kind, c.token, c.body)
		if w.Code != c.status {
			t.Errorf("%q asks for %s: %d, want %d: %s", c.token, c.kind, w.Code, c.status, w.Body)
		}
		if c.status == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%q: no WWW-Authenticate", c.token)
		}
	}
	w := h.ask("GET", "/api/v1/members", "", "", "Authorization", "Basic abc")
	h.json(w, 401, "another scheme")
	h.json(h.ask("GET", "/api/v1/members", "wrong", ""), 401, "a bad token, where none is needed")
	h.json(h.ask("GET", standing42, "wrong", ""), 401, "a bad token, where none is needed")
}

func TestBadActsChangeNothing(t *testing.T) {
	h := founded(t)
	before := h.record.Position()
	large := `{"member":"0042","name":"` + strings.Repeat("x", 1<<20) + `"}`
	for _, c := range []struct {
		name, body, kind string
		status           int
		field            string
	}{
		{"no body", "", "application/json", 400, ""},
		{"no JSON", "{", "application/json", 400, ""},
		{"a list", "[]", "application/json", 400, ""},
		{"null", "null", "application/json", 400, ""},
		{"two values", renaming + renaming, "application/json", 400, ""},
		{"an unknown field", `{"member":"0042","name":"x","nmae":"y"}`, "application/json", 400, "nmae"},
		{"a number for a text", `{"member":42,"name":"x"}`, "application/json", 400, "member"},
		{"a missing field", `{"member":"0042"}`, "application/json", 400, "name"},
		{"an object for a text", `{"member":"0042","name":{"sealed":"AAAA","owner":"x"}}`, "application/json", 400, "name"},
		{"XML", "<a/>", "text/xml", 415, ""},
		{"a kind that cannot be read", renaming, ";;", 415, ""},
		{"too much", large, "application/json", 413, ""},
		{"a form with an unknown field", "member=0042&nom=x", "application/x-www-form-urlencoded", 400, "nom"},
		{"a form with a field twice", "member=0042&name=x&name=y", "application/x-www-form-urlencoded", 400, "name"},
		{"a form that cannot be read", "member=%zz", "application/x-www-form-urlencoded", 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", c.body, "Content-Type", c.kind), c.status, c.name)
			if c.field != "" {
				h.is(v, "field", c.field)
			}
		})
	}
	h.json(h.ask("POST", "/api/v1/acts/member.rename?dry=1", "registrar", renaming), 422, "a query")
	if h.record.Position() != before {
		t.Error("something was recorded")
	}
}

func TestAFormIsReadLikeJSON(t *testing.T) {
	h := founded(t)
	form := url.Values{"member": {"0042"}, "services": {"backup", "helpdesk"}}.Encode()
	v := h.json(h.ask("POST", "/api/v1/acts/services.set", "registrar", form, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), 201, "form")
	h.is(v["events"].([]any)[0].(map[string]any), "data.services", "[backup helpdesk]")
}

func TestEveryActThatPeopleMayAskForIsListedAndDescribed(t *testing.T) {
	h := founded(t)
	listed := map[string]map[string]any{}
	for _, a := range h.get("/api/v1/acts", "", 200)["acts"].([]any) {
		listed[a.(map[string]any)["kind"].(string)] = a.(map[string]any)
	}
	paths := h.openapi()["paths"].(map[string]any)
	for _, a := range h.record.Catalogue.Acts {
		_, described := paths["/api/v1/acts/"+a.Kind]
		system := slices.Contains([]string{"standing.state", "notice.publish", "object.open", "object.recover", "person.register", "person.join", "order.enforce", "case.acknowledge", "case.take-in"}, a.Kind)
		if item := listed[a.Kind]; (item == nil) != system || described == system {
			t.Errorf("%s: listed %v, described %v", a.Kind, item != nil, described)
		} else if !system && len(item["fields"].([]any)) != len(a.Fields) {
			t.Errorf("%s: fields %v", a.Kind, item["fields"])
		}
	}
}

func TestAuditorsReadTheRecord(t *testing.T) {
	h := founded(t)
	h.json(h.ask("GET", "/api/v1/record", "", ""), 401, "anyone")
	h.json(h.ask("GET", "/api/v1/record", "registrar", ""), 403, "the registrar")
	var seen int64
	for after := "0"; ; {
		v := h.get("/api/v1/record?limit=3&after="+after, "auditor", 200)
		for _, e := range v["events"].([]any) {
			e := e.(map[string]any)
			seen++
			h.is(e, "position", seen)
			if len(e["chain"].(string)) != 64 || e["actor"] == "" || e["data"] == nil {
				t.Errorf("event %v", e)
			}
		}
		if v["next"] == nil {
			break
		}
		after = toText(t, v["next"])
	}
	if seen != h.record.Position() {
		t.Errorf("%d events of %d", seen, h.record.Position())
	}
	h.is(h.get("/api/v1/record?after=-1", "auditor", 422), "field", "after")
	h.is(h.get("/api/v1/record?limit=x", "auditor", 422), "field", "limit")
}
