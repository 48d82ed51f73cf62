package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
)

const standing42 = "/api/v1/members/0042/standing"

func TestStandingIsWrittenAsTheSurfaceSays(t *testing.T) {
	h := founded(t)
	h.at(start.Add(time.Hour + 400*time.Millisecond))
	w := h.ask("GET", standing42, "", "")
	v := h.json(w, 200, "standing")
	h.is(v, "member.number", "0042")
	h.is(v, "member.domains", "[cobaltridge.example]")
	h.is(v, "status", "good")
	h.is(v, "kind", nil)
	h.is(v, "at", "2026-09-01T10:00:00Z")
	h.is(v, "known", "2026-09-01T10:00:00Z")
	h.is(v, "code.version", "2026.1")
	h.is(v, "log.size", h.log.Head().Size)

	inOrder := regexp.MustCompile(`^\{"member":\{"number":.*,"name":.*,"domains":\[.*\]\},"status":.*,"kind":.*,"since":.*,"at":.*,"known":.*,` +
		`"code":\{"version":.*,"sha256":.*,"subscribed_at":.*\},"reasons":\[.*\],"next_change_at":.*,"log":\{"index":\d+,"size":\d+\}\}\n$`)
	if !inOrder.MatchString(w.Body.String()) {
		t.Errorf("the order is not the surface's: %s", w.Body)
	}
	for name, want := range map[string]string{"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if again := h.ask("GET", standing42, "", ""); again.Body.String() != w.Body.String() {
		t.Errorf("from memory it is another answer:\n%s\n%s", w.Body, again.Body)
	}
}

func TestNamesAreInertAndWhole(t *testing.T) {
	h := founded(t)
	v := h.get("/api/v1/members/0007/standing", "", 200)
	h.is(v, "member.name", "Zoë & Søn <b>MSP</b>")
	h.is(v, "status", "not-subscribed")
	h.is(v, "kind", "administrative")
	h.is(v, "code", nil)
}

func TestTheRequestAfterAnActSeesIt(t *testing.T) {
	h := founded(t)
	h.at(start.Add(time.Hour))
	for _, url := range []string{standing42, "/api/v1/standing?domain=cobaltridge.example", "/api/v1/members/0007/standing"} {
		h.get(url, "", 200) // now it is in memory
	}
	h.at(start.Add(time.Hour + 300*time.Millisecond)) // in the same second
	order := h.doAs("token/first", expulsion("0042")).Stream
	h.is(h.get(standing42, "", 200), "status", "good") // a proposal is nothing yet
	said := float64(h.log.Head().Size)
	h.doAs("token/second", discipline.Confirm{Order: strings.TrimPrefix(order, "order/")})
	h.at(start.Add(time.Hour + 700*time.Millisecond))
	for _, url := range []string{standing42, "/api/v1/standing?domain=cobaltridge.example"} {
		v := h.get(url, "", 200)
		h.is(v, "status", "expelled")
		h.is(v, "kind", "disciplinary")
		h.is(v, "at", "2026-09-01T10:00:00.7Z") // rounding it down would deny what had happened
		if index := v["log"].(map[string]any)["index"].(float64); index < said {
			t.Errorf("the log's leaf is %v, from before the expulsion", index)
		}
	}
	h.at(start.Add(time.Hour + 1500*time.Millisecond))
	h.is(h.get(standing42, "", 200), "at", "2026-09-01T10:00:01Z")
	h.is(h.get("/api/v1/members/0007/standing", "", 200), "status", "not-subscribed")

	h.is(h.get(standing42+"?at=2026-08-31", "", 200), "status", "good") // as of last month
	h.is(h.get(standing42+"?known=2026-09-01T09:30:00Z", "", 200), "status", "good")
	h.is(h.get(standing42+"?at=2026-09-01", "", 200), "status", "expelled") // today means now
}

func TestAnAnswerForThePastStays(t *testing.T) {
	h := founded(t)
	h.at(start.Add(48 * time.Hour))
	url := standing42 + "?at=2026-09-01T12:00:00Z&known=2026-09-02T00:00:00Z"
	before := h.ask("GET", url, "", "").Body.String()
	order := h.doAs("token/first", expulsion("0042")).Stream
	h.doAs("token/second", discipline.Confirm{Order: strings.TrimPrefix(order, "order/")})
	size := regexp.MustCompile(`"size":\d+`) // but for the log's size now
	if after := h.ask("GET", url, "", "").Body.String(); size.ReplaceAllString(after, "") != size.ReplaceAllString(before, "") {
		t.Errorf("the answer changed:\n%s\n%s", before, after)
	}
}

func TestAPastAnswerKeepsItsNameAndDomains(t *testing.T) {
	h := founded(t)
	h.at(start.Add(48 * time.Hour))
	size := regexp.MustCompile(`"size":\d+`) // but for the log's size now
	urls := []string{
		standing42 + "?at=2026-09-01T12:00:00Z&known=2026-09-02T00:00:00Z", standing42 + "?at=2026-08-31&known=2026-09-02T00:00:00Z",
		"/api/v1/standing?domain=cobaltridge.example&at=2026-09-01T12:00:00Z&known=2026-09-02T00:00:00Z",
	}
	before := map[string]string{}
	for _, url := range urls {
		w := h.ask("GET", url, "", "")
		h.is(h.json(w, 200, url), "member.name", "Cobalt Ridge IT")
		before[url] = size.ReplaceAllString(w.Body.String(), "")
	}
	h.do(membership.Rename{Member: "0042", Name: "Umber Valley IT"})
	h.do(membership.AddDomain{Member: "0042", Domain: "umbervalley.example"})
	h.do(membership.ProveDomain{Member: "0042", Domain: "umbervalley.example", How: "dns"})
	for _, url := range urls {
		if after := size.ReplaceAllString(h.ask("GET", url, "", "").Body.String(), ""); after != before[url] {
			t.Errorf("%s: the answer changed:\n%s\n%s", url, before[url], after)
		}
	}
	h.at(start.Add(49 * time.Hour))
	v := h.get(standing42, "", 200)
	h.is(v, "member.name", "Umber Valley IT")
	h.is(v, "member.domains", "[cobaltridge.example umbervalley.example]")
	// Its new domain leads to it, and it had another name then.
	v = h.get("/api/v1/standing?domain=umbervalley.example&at=2026-09-01T12:00:00Z", "", 200)
	h.is(v, "member.name", "Cobalt Ridge IT")
	h.is(v, "member.domains", "[cobaltridge.example]")
	h.get("/api/v1/standing?domain=umbervalley.example&at=2026-09-01T12:00:00Z&known=2026-09-02T00:00:00Z", "", 404)
}

func TestTimesOfAStanding(t *testing.T) {
	h := founded(t) // in Dublin it is summer: a day ends at 23:00 UTC
	h.at(start.Add(time.Hour))
	for url, want := range map[string]string{
		"?at=2026-08-31":                      "2026-08-31T22:59:59.999999Z",
		"?at=2026-02-28":                      "2026-02-28T23:59:59.999999Z",
		"?at=2026-08-31T12:00:00%2B02:00":     "2026-08-31T10:00:00Z",
		"?at=2026-08-31T12:00:00+02:00":       "2026-08-31T10:00:00Z",
		"?at=2026-08-31T12:00:00.1234567Z":    "2026-08-31T12:00:00.123456Z",
		"?at=2026-09-01":                      "2026-09-01T10:00:00Z",
		"?known=2030-01-01":                   "2026-09-01T10:00:00Z", // known is never later than now
		"?known=2030-01-01T00:00:00Z&at=":     "2026-09-01T10:00:00Z",
		"?at=2026-08-31T12:00:00Z&known=now2": "",
	} {
		if want == "" {
			h.is(h.get(standing42+url, "", 422), "field", "known")
			continue
		}
		h.is(h.get(standing42+url, "", 200), "at", want)
	}
	v := h.get(standing42+"?at=2026-09-02", "", 422)
	h.is(v, "field", "at")
	h.is(h.get(standing42+"?at=2026-09-02", "registrar", 200), "at", "2026-09-02T22:59:59.999999Z")
	h.is(h.get(standing42+"?at=2037-01-01", "registrar", 422), "field", "at")
	h.get(standing42+"?at=2024-12-31", "", 404) // before it joined
}

func TestBadQuestionsAboutStanding(t *testing.T) {
	h := founded(t)
	for url, field := range map[string]string{
		standing42 + "?at=yesterday":                    "at",
		standing42 + "?at=2026-02-30":                   "at",
		standing42 + "?at=0001-01-01T00:00:00Z":         "at",
		standing42 + "?at=2026-01-01&at=2026-01-02":     "at",
		standing42 + "?att=2026-01-01":                  "att",
		standing42 + "?%zz":                             "",
		standing42 + "?a;b":                             "",
		"/api/v1/standing":                              "domain",
		"/api/v1/standing?domain=":                      "domain",
		"/api/v1/standing?domain=nodots":                "domain",
		"/api/v1/standing?domain=a.example&domain=b.ex": "domain",
		"/api/v1/members/0042/receipt?at=2026-01-01":    "",
	} {
		v := h.get(url, "", 422)
		if field != "" {
			h.is(v, "field", field)
		}
	}
	for _, number := range []string{"0043", "nobody", "0042%2F..", strings.Repeat("9", 400), "0042%0a", "café"} {
		h.is(h.get("/api/v1/members/"+number+"/standing", "", 404), "type", "/problems/no-member-found")
		h.is(h.get("/api/v1/members/"+number+"/receipt", "", 404), "type", "/problems/no-member-found")
		h.is(h.get("/api/v1/members/"+number, "", 404), "type", "/problems/no-member-found")
	}
}

func TestStandingByDomain(t *testing.T) {
	h := founded(t)
	for _, host := range []string{"cobaltridge.example", "www.cobaltridge.example", "CobaltRidge.example", "https://www.cobaltridge.example/contact", "cobaltridge.example."} {
		for range 2 {
			h.is(h.get("/api/v1/standing?domain="+host, "", 200), "member.number", "0042")
		}
	}
	h.is(h.get("/api/v1/standing?domain=cobaltridge.example&at=2026-08-01", "", 200), "at", "2026-08-01T22:59:59.999999Z")
	for _, host := range []string{"other.example", "notcobaltridge.example", "example", "xn--fiq.example"} {
		if host == "example" {
			h.get("/api/v1/standing?domain="+host, "", 422)
			continue
		}
		v := h.get("/api/v1/standing?domain="+host, "", 404)
		h.is(v, "type", "/problems/no-member-found")
		if !strings.Contains(v["detail"].(string), "It may trade under another name.") {
			t.Errorf("a member not found is said to be none: %v", v["detail"])
		}
	}
}

func TestADomainThatChangesHandsIsAnsweredAtOnce(t *testing.T) {
	h := founded(t)
	url := "/api/v1/standing?domain=shop.fresh.example"
	h.get(url, "", 404)
	h.do(membership.AddDomain{Member: "0007", Domain: "shop.fresh.example"})
	h.get(url, "", 404) // merely added, it is nobody's
	h.do(membership.ProveDomain{Member: "0007", Domain: "shop.fresh.example", How: "dns"})
	h.is(h.get(url, "", 200), "member.number", "0007")
	h.do(membership.AddDomain{Member: "0042", Domain: "fresh.example"})
	h.do(membership.ProveDomain{Member: "0042", Domain: "fresh.example", How: "dns"})
	h.is(h.get(url, "", 200), "member.number", "0007") // who had it first
	h.do(membership.RemoveDomain{Member: "0007", Domain: "shop.fresh.example"})
	h.is(h.get(url, "", 200), "member.number", "0042")
}

func TestBeforeTheRegisterOpensOnlyTheBodysOwnPeopleSeeIt(t *testing.T) {
	h := newHouse(t)
	h.get(standing42, "", 404) // there is no body yet
	h.get("/api/v1/members", "", 404)
	h.found()
	for _, url := range []string{standing42, "/api/v1/standing?domain=cobaltridge.example", "/api/v1/members", "/api/v1/members/0042", "/api/v1/notices", "/api/v1/members/0042/receipt"} {
		for range 2 {
			h.is(h.get(url, "", 404), "type", "/problems/not-open")
		}
		h.get(url, "representative@0042", 404)
		if w := h.ask("GET", url, "registrar", ""); w.Code != 200 {
			t.Errorf("%s: the registrar gets %d %s", url, w.Code, w.Body)
		}
		h.is(h.get(url, "", 404), "type", "/problems/not-open")
	}
	h.get("/api/v1/code", "", 200)
	h.do(governance.Open{GoLive: act.On(2026, 9, 3)})
	h.is(h.get(standing42, "", 404), "type", "/problems/not-open")
	h.at(time.Date(2026, 9, 2, 23, 0, 0, 0, time.UTC)) // midnight in Dublin
	h.is(h.get(standing42, "", 200), "status", "good")
}

func TestTimeAloneChangesAnAnswerInMemory(t *testing.T) {
	h := founded(t)
	v := h.get(standing42, "", 200)
	h.is(v, "status", "good")
	lapses := time.Date(2027, 12, 1, 0, 0, 0, 0, time.UTC) // dues, renewal and their grace are long over
	h.at(lapses)
	v = h.get(standing42, "", 200)
	if v["status"] == "good" {
		t.Errorf("a year and a half later it is still good: %v", v)
	}
}

// The public is not told that grace runs, nor when it ends.
func TestGraceIsNotTold(t *testing.T) {
	h := founded(t)
	h.at(time.Date(2027, 3, 10, 0, 0, 0, 0, time.UTC)) // dues were paid through 1 March
	w := h.ask("GET", standing42, "", "")
	v := h.json(w, 200, "standing")
	if v["status"] == "good" {
		h.is(v, "next_change_at", nil)
	}
	if text := w.Body.String(); strings.Contains(strings.ToLower(text), "dues") || strings.Contains(text, "paid") {
		t.Errorf("the public reads of money: %s", text)
	}
}

func TestStandingIsDescribedAsItIs(t *testing.T) {
	h := founded(t)
	var doc struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, httptest.NewRequest("GET", "/openapi.json", nil))
	h.must(json.Unmarshal(w.Body.Bytes(), &doc))
	described := doc.Components.Schemas["Standing"].Properties
	for name := range h.get(standing42, "", 200) {
		if described[name] == nil {
			t.Errorf("%s is not described; described are %v", name, described)
		}
	}
}

func TestOnlyTheMemberAndOfficersAreToldOfGrace(t *testing.T) {
	h := founded(t)
	h.at(time.Date(2027, 3, 10, 12, 0, 0, 0, time.UTC)) // dues ran out on 1 March
	overdue := func(v map[string]any) bool {
		text, err := json.Marshal(v["reasons"])
		h.must(err)
		return strings.Contains(string(text), "Dues are paid through")
	}
	if public := h.get(standing42, "representative@0042", 200); overdue(public) {
		t.Error("the public answer speaks of dues")
	}
	for _, token := range []string{"representative@0042", "compliance-officer@0042", "registrar", "auditor"} {
		own := h.ask("GET", standing42+"/own", token, "")
		if v := h.json(own, 200, token); !overdue(v) || v["next_change_at"] == nil {
			t.Errorf("%s is not told: %s", token, own.Body)
		}
		if cache := own.Header().Get("Cache-Control"); cache != "no-store" {
			t.Errorf("it may be kept: %q", cache)
		}
	}
	h.get(standing42+"/own", "representative@0007", 404)
	h.get(standing42+"/own", "panelist", 403)
	h.get(standing42+"/own", "", 401)
}
