package office

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// Whatever is sent as a form or stands in the address of one, is answered, and not by a fault of ours.
func FuzzForms(f *testing.F) {
	b := founded(f, 20)
	o := open(b)
	for _, seed := range []struct{ query, body string }{
		{"member=0042", "member=0042&name=Acme"},
		{"member=%00&name=%ff", "member=%ff&name=%00&_step=do&_version=1&_key=x"},
		{"name=%E2%80%AE", "name=%E2%80%AEx&trading_names=a%0Ab%3Bc&admitted=2026-02-30&number=0900"},
		{"at=x;y", "order=2026-0001&_step=change"},
		{"%zz", "%zz"},
		{"member=0042", "member=0042&provisions=1&notified=2026-03-01T10%3A00&heard=x&until=2026-04-01&reason=y&imminent=yes"},
	} {
		f.Add(0, seed.query, seed.body)
		f.Add(17, seed.query, seed.body)
	}
	acts := b.Record.Catalogue.Acts
	f.Fuzz(func(t *testing.T, which int, query, body string) {
		path := "/office/acts/" + acts[(which%len(acts)+len(acts))%len(acts)].Kind
		for _, who := range []ui.Who{registrar, chair, president} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				r := httptest.NewRequest(method, path, strings.NewReader(body))
				r.URL.RawQuery = query
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				w := httptest.NewRecorder()
				webtest.As(who, o).ServeHTTP(w, r)
				if w.Code >= 500 {
					t.Errorf("%s %s?%s %q as %s: %d", method, path, query, body, who.Role, w.Code)
				}
			}
		}
	})
}
