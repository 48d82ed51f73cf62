package complaints

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever is posted, it is read as far as it can be; a form that is whole is read as the standard library reads it.
func FuzzForms(f *testing.F) {
	for _, body := range []string{"", "a=b", "account=%F0%9F%90%9A", "account=%F0%9F%9", "a=b&a=c&&=&=x&x", "a=%zz&b=+", strings.Repeat("a=b&", 200), "\x00=\xff"} {
		f.Add(body, true)
		f.Add(body, false)
	}
	f.Fuzz(func(t *testing.T, body string, cut bool) {
		sent := parse(body, cut)
		if len(sent) > mostFields {
			t.Errorf("%d fields", len(sent))
		}
		want, err := url.ParseQuery(body)
		if err != nil || cut || len(want) >= mostFields {
			return
		}
		for name, values := range want {
			if name != "" && strings.Join(sent[name], "\n") != strings.Join(values, "\n") {
				t.Errorf("%q: %q is %q", body, name, sent[name])
			}
		}
	})
}
