package static

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Whatever a page holds, only its links change: once, and what leads to a file leads there for good.
func FuzzRelink(f *testing.F) {
	f.Add([]byte(`<a class="x" href="/register/0042">x</a><img src="/seal/1.svg"><form action="/register"><p title="/why">`))
	f.Add([]byte(`<a href='/x' href="/y"/><!-- href="/z" --><pre>&lt;a href="/x"&gt;</pre><textarea><a href="/q"></textarea>`))
	f.Add([]byte(`<a href="/log?before=25&amp;x=1"><a href="//x"><a href="/a%2fb?status=x"><a href="/register?status=&quot;">`))
	f.Fuzz(func(t *testing.T, page []byte) {
		once, err := relink(page)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := relink(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%q becomes %q, and then %q, %v", page, once, twice, err)
		}
		if a, b := shape(page), shape(once); a != b {
			t.Errorf("%q becomes %q", a, b)
		}
	})
}

// shape is a page without the values of its attributes.
func shape(page []byte) string {
	var out strings.Builder
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		token := tokens.Token()
		out.WriteString(kind.String() + token.Data)
		for _, a := range token.Attr {
			out.WriteString(" " + a.Key)
		}
	}
}

// A link leads to a file or out of here, and a file's own link to itself.
func FuzzLink(f *testing.F) {
	for _, s := range []string{"/", "/register?status=good", "/code/2026.1?as=text", "/why#words", "//x", "/a b", "/%zz", "/log?before=1&before=2", "/x?y#z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, href string) {
		to := link(href)
		if again := link(to); again != to {
			t.Errorf("%q leads to %q, which leads to %q", href, to, again)
		}
	})
}
