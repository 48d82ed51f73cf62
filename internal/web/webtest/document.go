package webtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Document is a page that a handler answered with.
type Document struct {
	Status int
	Header http.Header
	Text   string // as it was sent

	t    testing.TB
	what string
	root *html.Node
}

// Get asks a handler for an address, the way a browser does.
func Get(t testing.TB, h http.Handler, address string) *Document {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	return Send(t, h, r)
}

// Send asks a handler.
func Send(t testing.TB, h http.Handler, r *http.Request) *Document {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{Status: w.Code, Header: w.Result().Header, Text: string(body), t: t, what: r.Method + " " + r.URL.String()}
	if d.root, err = html.Parse(strings.NewReader(d.Text)); err != nil {
		t.Fatal(err)
	}
	return d
}

// Is fails the test if the answer has another status.
func (d *Document) Is(status int) *Document {
	d.t.Helper()
	if d.Status != status {
		d.t.Errorf("%s: status %d, want %d", d.what, d.Status, status)
	}
	return d
}

// Has fails the test unless an element that matches the selector says the words.
func (d *Document) Has(selector, words string) *Document {
	d.t.Helper()
	all := d.All(selector)
	for _, text := range all {
		if strings.Contains(text, words) {
			return d
		}
	}
	d.t.Errorf("%s: no %s says %q; there are %q", d.what, selector, words, all)
	return d
}

// HasNo fails the test if an element matches the selector.
func (d *Document) HasNo(selector string) *Document {
	d.t.Helper()
	if all := d.All(selector); len(all) > 0 {
		d.t.Errorf("%s: %s should not be there, and says %q", d.what, selector, all)
	}
	return d
}

// All returns what the elements that match a selector say, white space folded. A selector is a list of
// steps down the tree, each of the form tag.class[attribute=value].
func (d *Document) All(selector string) (texts []string) {
	for _, n := range find([]*html.Node{d.root}, strings.Fields(selector)) {
		texts = append(texts, strings.Join(strings.Fields(textOf(n)), " "))
	}
	return texts
}

// Attributes returns the values of an attribute of the elements that match a selector.
func (d *Document) Attributes(selector, name string) (values []string) {
	for _, n := range find([]*html.Node{d.root}, strings.Fields(selector)) {
		if v, ok := attribute(n, name); ok {
			values = append(values, v)
		}
	}
	return values
}

func find(from []*html.Node, steps []string) []*html.Node {
	if len(steps) == 0 {
		return from
	}
	var found []*html.Node
	seen := map[*html.Node]bool{}
	for _, n := range from {
		for c := range n.Descendants() {
			if !seen[c] && matches(c, steps[0]) {
				seen[c] = true
				found = append(found, c)
			}
		}
	}
	return find(found, steps[1:])
}

func matches(n *html.Node, step string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	step, condition, conditional := strings.Cut(strings.TrimSuffix(step, "]"), "[")
	if conditional {
		name, want, valued := strings.Cut(condition, "=")
		if got, ok := attribute(n, name); !ok || valued && got != want {
			return false
		}
	}
	parts := strings.Split(step, ".")
	if parts[0] != "" && parts[0] != n.Data {
		return false
	}
	class, _ := attribute(n, "class")
	for _, c := range parts[1:] {
		if !strings.Contains(" "+class+" ", " "+c+" ") {
			return false
		}
	}
	return true
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
