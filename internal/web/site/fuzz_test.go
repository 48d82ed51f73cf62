package site_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Whatever address is asked for, the answer is a page with one heading and nothing that runs.
func FuzzAddresses(f *testing.F) {
	h := pages(f, opened(f, 20))
	for _, target := range []string{
		"/", "/register?q=cobalt&place=Denver&service=cloud&status=good&sort=newest&cursor=x", "/register/0013?at=2026-05-01", "/register/0013?at=soon", "/register.csv?status=expelled",
		"/code/2026.1?as=text", "/code/2026.1..2026.2", "/code/..", "/notices?before=2026-0001", "/notices/2026-0001", "/notices.atom", "/log?before=9223372036854775807", "/log/leaf/0",
		"/seal/0013.svg", "/seal/0013", "/why#words", "/assets/x/shingle.css", "/demo/clock", "/register?q=%3Cscript%3E", "/register/%2e%2e/x", "/robots.txt", "/favicon.ico",
	} {
		f.Add(target)
	}
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = u
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%q: %d %s", target, w.Code, w.Body)
		}
		if w.Code >= 300 && w.Code < 400 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			return
		}
		root, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		headings := 0
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" || n.Data == "style" {
				t.Errorf("%q: a %s", target, n.Data)
			}
			if n.Data == "h1" {
				headings++
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") && a.Key == "href" {
					t.Errorf("%q: %s=%q", target, a.Key, a.Val)
				}
			}
		}
		if headings != 1 {
			t.Errorf("%q: %d first headings", target, headings)
		}
	})
}
