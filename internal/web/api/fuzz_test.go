package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// answered fails the test unless an answer is what the documentation promises: no fault of ours, and a
// problem that says what it is.
func answered(t *testing.T, what string, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 {
		t.Errorf("%s: %d %s", what, w.Code, w.Body)
	}
	for _, secret := range []string{secretName, secretMail, secretCause, "goroutine ", ".go:", "sql:"} {
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s: the answer tells %q: %s", what, secret, w.Body)
		}
	}
	if w.Code < 400 {
		return
	}
	var p struct{ Type, Title, Detail string }
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Type == "" || p.Title == "" {
		t.Errorf("%s: %d is no problem that can be read: %v %s", what, w.Code, err, w.Body)
	}
}

// An act of any kind, in any words, is done, refused or not understood; what is not done changes nothing.
func FuzzActs(f *testing.F) {
	h := founded(f)
	for _, k := range h.record.Catalogue.Acts {
		f.Add(k.Kind, `{}`, "application/json", "", "")
	}
	f.Add("member.rename", `{"member":"0042","name":"Cobalt"}`, "application/json", "key-1", `"3"`)
	f.Add("member.enrol", `number=0050&name=Fifty&admitted=2026-01-01&domains=fifty.example;b`, "application/x-www-form-urlencoded", "", "*")
	f.Add("member.enrol", `{"number":"0051","name":"Z","admitted":"2026-01-01","contact_name":{"owner":"x","sealed":"eA=="}}`, "", "\u2028", `"x"`)
	f.Add("order.record", `{"member":"0042","sanction":"expulsion","provisions":["1"],"finding":"x","decided":"2026-05-04","served":"2026-05-06","service_proof":"y","appeal_closed":"2026-07-01","text":"z"}`, "", "", "")
	f.Add("code.adopt", `{"text":"---\ntitle: a\nversion: \"3\"\neffective: 2027-03-01\n---\n# One {#1}\n"}`, "", "", "")
	f.Fuzz(func(t *testing.T, kind, body, mediaType, key, match string) {
		before := h.record.Position()
		r := httptest.NewRequest(http.MethodPost, "/api/v1/acts/x", strings.NewReader(body))
		r.URL = &url.URL{Path: "/api/v1/acts/" + kind}
		if clean := (&url.URL{Path: r.URL.Path}).EscapedPath(); strings.Contains(clean, "//") || strings.Contains(kind, "/") || strings.HasPrefix(kind, ".") && len(kind) < 3 {
			return // the mux leads to another address
		}
		r.Header.Set("Authorization", "Bearer operator")
		for name, value := range map[string]string{"Content-Type": mediaType, "Idempotency-Key": key, "If-Match": match} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		h.mux.ServeHTTP(w, r)
		answered(t, kind+" "+body, w)
		if w.Code >= 400 && h.record.Position() != before {
			t.Errorf("%s %s: %d, and something was recorded", kind, body, w.Code)
		}
		if w.Code == http.StatusCreated && h.record.Position() == before {
			t.Errorf("%s %s: done, and nothing was recorded", kind, body)
		}
	})
}

// Whatever address is asked for, the answer is one that the documentation knows.
func FuzzQueries(f *testing.F) {
	h := founded(f)
	for _, target := range []string{
		"/api/v1/members?q=cobalt&status=good&limit=5&cursor=x", "/api/v1/members/0042/standing?at=2026-03-01&known=2026-04-01T00:00:00+02:00",
		"/api/v1/standing?domain=cobaltridge.example&at=2026-02-30", "/api/v1/standing?domain=https%3A%2F%2FWWW.acme.example%2F", "/api/v1/members/0042/receipt?x=1",
		"/api/v1/notices?member=0042&limit=201&cursor=2026-0001", "/api/v1/code/2026.1", "/api/v1/log", "/.well-known/shingle.json", "/api/v1/record?after=-1&limit=9999999999999999999",
		"/api/v1/members/0042/standing?at=9999-12-31T23:59:59.999999999Z", "/api/v1/members?limit=%00", "/api/v1/members?q=a&q=b", "/api/v1/acts", "/problems/refused", "/openapi.json",
	} {
		f.Add(target, "")
		f.Add(target, "auditor")
	}
	f.Fuzz(func(t *testing.T, target, token string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = u
		if token != "" && token != "panic" && !strings.ContainsAny(token, "\r\n") {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		h.mux.ServeHTTP(w, r)
		if w.Code == http.StatusNotFound && !strings.HasPrefix(u.Path, "/api/") || w.Code >= 300 && w.Code < 400 {
			return // the mux itself
		}
		answered(t, target, w)
	})
}
