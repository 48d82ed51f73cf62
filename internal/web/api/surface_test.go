package api_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/jba/templatecheck"
	"golang.org/x/net/html"

	"shingle/internal/body/discipline"
	"shingle/internal/gate"
	"shingle/internal/web/api"
	"shingle/internal/web/webtest"
	"shingle/verify"
)

var update = flag.Bool("update", false, "write the golden files anew")

func (h *house) openapi() map[string]any {
	h.t.Helper()
	w := h.ask("GET", "/openapi.json", "", "")
	var doc map[string]any
	h.must(json.Unmarshal(w.Body.Bytes(), &doc))
	return doc
}

// The acts are left out: they follow from the catalogue, and another test compares them with it.
func TestTheDescriptionIsTheGoldenOne(t *testing.T) {
	h := founded(t)
	doc := h.openapi()
	paths := doc["paths"].(map[string]any)
	for path := range paths {
		if strings.HasPrefix(path, "/api/v1/acts/") {
			delete(paths, path)
		}
	}
	got, err := json.MarshalIndent(doc, "", " ")
	h.must(err)
	got = append(got, '\n')
	const golden = "testdata/openapi.json"
	if *update {
		h.must(os.MkdirAll("testdata", 0o755))
		h.must(os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	h.must(err)
	if !bytes.Equal(got, want) {
		t.Errorf("the description changed: look at the difference, then run go test ./internal/web/api -update\n%s", firstDifference(got, want))
	}
	if doc["openapi"] != "3.1.0" {
		t.Errorf("version %v", doc["openapi"])
	}
}

func firstDifference(got, want []byte) string {
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "- " + b[i] + "\n+ " + a[i]
		}
	}
	return "one is longer"
}

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	h := founded(t)
	// An act is asked for under its kind, and what is under /api/ besides is nothing.
	webtest.Listed(t, h.mux, "POST /api/v1/acts/{kind}", "/api/")
	if err := gate.CheckTable(kindsOf(h)); err != nil {
		t.Error(err)
	}
}

func kindsOf(h *house) (kinds []string) {
	for _, k := range h.record.Catalogue.Acts {
		kinds = append(kinds, k.Kind)
	}
	return kinds
}

func TestReadsOfTheRegister(t *testing.T) {
	h := founded(t)
	v := h.get("/api/v1/members", "", 200)
	h.is(v, "total", 2)
	h.is(v, "next", nil)
	first := v["members"].([]any)[0].(map[string]any)
	h.is(first, "number", "0042")
	h.is(first, "domains", "[cobaltridge.example]")

	v = h.get("/api/v1/members?limit=1&sort=number", "", 200)
	h.is(v["members"].([]any)[0].(map[string]any), "number", "0007")
	v = h.get("/api/v1/members?limit=1&sort=number&cursor="+v["next"].(string), "", 200)
	h.is(v["members"].([]any)[0].(map[string]any), "number", "0042")
	h.is(h.get("/api/v1/members?q=cobalt", "", 200), "total", 1)
	h.is(h.get("/api/v1/members?status=good", "", 200), "total", 1)
	h.is(h.get("/api/v1/members?place=denver&service=helpdesk", "", 200), "total", 2)
	h.is(h.get("/api/v1/members?q=nobody", "", 200), "members", "[]")

	for url, field := range map[string]string{
		"?limit=0": "limit", "?limit=501": "limit", "?limit=x": "limit", "?status=bad": "status", "?sort=age": "sort", "?foo=1": "foo",
	} {
		h.is(h.get("/api/v1/members"+url, "", 422), "field", field)
	}
	h.get("/api/v1/members?cursor=!!", "", 422)

	m := h.get("/api/v1/members/0042", "", 200)
	h.is(m, "standing.status", "good")
	h.is(m, "code.version", "2026.1")
	history := m["history"].([]any)
	h.is(history[len(history)-1].(map[string]any), "until", nil)
	if _, leaks := m["paid_through"]; leaks {
		t.Error("dues are public")
	}
	c := h.get("/api/v1/code", "", 200)
	h.is(c, "in_force", "2026.1")
	text := h.get("/api/v1/code/2026.1", "", 200)
	h.is(text, "in_force", true)
	if !strings.Contains(text["text"].(string), "version: ") {
		t.Error("the text is not there")
	}
	h.get("/api/v1/code/1999", "", 404)
	h.is(h.get("/api/v1/log", "", 200), "size", h.log.Head().Size)
}

func TestNoticesOverTheAPI(t *testing.T) {
	h := founded(t)
	h.is(h.get("/api/v1/notices", "", 200), "notices", "[]")
	order := h.doAs("token/first", expulsion("0042")).Stream
	h.doAs("token/second", discipline.Confirm{Order: strings.TrimPrefix(order, "order/")})
	all := h.get("/api/v1/notices?member=0042", "", 200)["notices"].([]any)
	if len(all) != 1 {
		t.Fatalf("%d notices", len(all))
	}
	n := h.get("/api/v1/notices/"+all[0].(map[string]any)["id"].(string), "", 200)
	h.is(n, "member", "0042")
	h.is(n, "class", "expulsion")
	if !strings.Contains(n["text"].(string), "not checked by this system") {
		t.Errorf("the notice does not say that the procedure was not checked: %v", n["text"])
	}
	h.is(h.get("/api/v1/notices?member=0007", "", 200), "notices", "[]")
	h.get("/api/v1/notices/1999-0001", "", 404)
}

func TestWhereNothingIs(t *testing.T) {
	h := founded(t)
	for _, path := range []string{"/api/", "/api/v1", "/api/v1/", "/api/v2/members", "/api/v1/benchmark", "/api/v1/members/0042/secrets"} {
		h.get(path, "", 404)
	}
	for path, allow := range map[string]string{
		"/api/v1/members": "GET,HEAD,OPTIONS", standing42: "GET,HEAD,OPTIONS", "/api/v1/acts/member.rename": "POST,OPTIONS", "/api/v1/acts": "GET,HEAD,OPTIONS",
	} {
		w := h.ask("DELETE", path, "", "")
		h.json(w, 405, path)
		if got := strings.Join(w.Header().Values("Allow"), ","); got != allow {
			t.Errorf("%s: Allow %q, want %q", path, got, allow)
		}
		w = h.ask("OPTIONS", path, "", "")
		if w.Code != 204 || w.Header().Get("Access-Control-Allow-Methods") != "GET, HEAD" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("OPTIONS %s: %d %v", path, w.Code, w.Header())
		}
	}
}

func TestAHeadHasTheHeadersOfAGet(t *testing.T) {
	h := founded(t)
	s := httptest.NewServer(h.mux)
	defer s.Close()
	for _, path := range []string{standing42, receipt42, "/api/v1/members"} {
		get, err := http.Get(s.URL + path)
		h.must(err)
		_ = get.Body.Close()
		head, err := http.Head(s.URL + path)
		h.must(err)
		_ = head.Body.Close()
		if head.StatusCode != 200 || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") || get.ContentLength <= 0 {
			t.Errorf("%s: %v, %v, length %d", path, head.Header, get.Header, get.ContentLength)
		}
	}
}

func TestWhatIsPublishedAboutTheBody(t *testing.T) {
	h := founded(t)
	w := h.ask("GET", "/.well-known/shingle.json", "", "")
	b, err := verify.ParseBody(w.Body.Bytes())
	h.must(err)
	if b.Body != "demo.example" || b.API != "https://demo.example/api/v1" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%+v %v", b, w.Header())
	}
}

func TestHealth(t *testing.T) {
	h := founded(t)
	if w := h.ask("GET", "/healthz", "", ""); w.Code != 200 || w.Body.String() != "ok\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	h.is(h.get("/readyz", "", 200), "ready", true)
	h.must(h.record.Close()) // the database with it
	w := h.ask("GET", "/readyz", "", "")
	if w.Code != 503 || !strings.Contains(w.Body.String(), `"record":"failing`) {
		t.Errorf("without a database: %d %s", w.Code, w.Body)
	}
	v := h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", renaming), 503, "closed")
	h.is(v, "type", "/problems/unavailable")
	h.is(h.get("/api/v1/members", "", 500), "type", "/problems/fault")
	if body := h.ask("GET", "/api/v1/members", "", "").Body.String(); strings.Contains(body, "sql") || strings.Contains(body, "goroutine") {
		t.Errorf("a fault tells its particulars: %s", body)
	}
	if !strings.Contains(h.logged.String(), "closed") {
		t.Errorf("the fault is not in the server's log: %s", &h.logged)
	}
}

func TestTheDocumentationIsAPage(t *testing.T) {
	h := founded(t)
	w := h.ask("GET", "/docs", "", "")
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the page has no strict policy: %q", policy)
	}
	page := w.Body.String()
	for _, want := range []string{"/api/v1/members/{number}/standing", "/api/v1/acts/member.subscribe", "GET /api/v1/record", `id="problem-refused"`, "last moment of that day"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("an address was not accepted by the template")
	}
	doc, err := html.Parse(strings.NewReader(page))
	h.must(err)
	for n := range doc.Descendants() {
		if n.Data == "script" || n.Data == "style" {
			t.Errorf("the page has a %s, which its policy forbids", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "src" || a.Key == "href") && strings.Contains(a.Val, "//") {
				t.Errorf("%s=%q comes from elsewhere or runs", a.Key, a.Val)
			}
		}
	}
	if w := h.ask("GET", "/problems/refused", "", ""); w.Header().Get("Location") != "/docs#problem-refused" {
		t.Errorf("%v", w.Header())
	}
	if w := h.ask("GET", "/problems/none", "", ""); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}

func TestThePageFitsItsTemplate(t *testing.T) {
	if err := templatecheck.CheckHTML(api.DocsTemplate(), api.DocsPage()); err != nil {
		t.Error(err)
	}
}

func TestAPanicIsAProblemWithoutItsStack(t *testing.T) {
	h := founded(t)
	for _, path := range []string{standing42, "/api/v1/members", "/api/v1/acts"} {
		h.json(h.ask("GET", path, "panic", ""), 500, path)
		if body := h.ask("GET", path, "panic", "").Body.String(); strings.Contains(body, "goroutine") || strings.Contains(body, "on fire") {
			t.Errorf("%s tells its particulars: %s", path, body)
		}
	}
	if !strings.Contains(h.logged.String(), "on fire") {
		t.Error("the panic is not in the server's log")
	}
}

func TestAddressesAreText(t *testing.T) {
	h := founded(t)
	for _, path := range []string{
		"/api/v1/members/%00/standing", "/api/v1/members/00%ff/standing", "/api/v1/members/0042%00/receipt", "/api/v1/members/%ff",
		"/api/v1/notices/%00", "/api/v1/notices/%c3", "/api/v1/code/%00", "/api/v1/%00", "/problems/%00",
	} {
		h.is(h.get(path, "", 404), "type", "/problems/not-found")
	}
	h.json(h.ask("POST", "/api/v1/acts/%00", "registrar", "{}"), 404, "an act of no name")
	for _, path := range []string{
		standing42, "/api/v1/standing", "/api/v1/members/0042/receipt", "/api/v1/members/0042", "/api/v1/members", "/api/v1/notices",
		"/api/v1/notices/2026-0001", "/api/v1/code", "/api/v1/code/2026.1", "/api/v1/log", "/api/v1/acts", "/.well-known/shingle.json",
		"/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/api/v1/nothing",
	} {
		for _, query := range []string{"?q=%00", "?domain=a%00.example", "?cursor=%ff", "?member=%c3%28", "?%00=1", "?at=2026-01-01%00"} {
			h.is(h.get(path+query, "", 400), "type", "/problems/bad-request")
		}
	}
	for _, cursor := range []string{"0042\nyesterday", "0042\n1e9", "00\x0042\n1", "0042"} {
		h.get("/api/v1/members?sort=newest&cursor="+base64.RawURLEncoding.EncodeToString([]byte(cursor)), "", 422)
	}
	rename := `{"member":"0042","name":"A\u0000B"}`
	h.is(h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", rename), 400, "a name with a NUL"), "field", "name")
	rename = `{"member":"0042","name":"Umber"}`
	h.is(h.json(h.ask("POST", "/api/v1/acts/member.rename", "registrar", rename, "Idempotency-Key", "k\xff"), 422, "a key that is no text"), "field", "Idempotency-Key")
	h.is(h.get(standing42, "", 200), "member.name", "Cobalt Ridge IT")
}
