package app_test

import (
	"bufio"
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/web/webtest"
)

// visit is a running demo and what it printed.
type visit struct {
	t       *testing.T
	web     string
	data    string
	printed string
}

// demo runs a demo until the test ends.
func demo(t *testing.T) *visit {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var err error
	ended := make(chan struct{})
	v := &visit{t: t, data: t.TempDir()}
	go func() {
		defer close(ended)
		err = app.House{}.Demo(ctx, cli.Demo{Listen: "127.0.0.1:0", Data: v.data}, in)
		_ = in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		v.printed += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "Stop with Ctrl-C") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			v.web = strings.TrimSuffix(v.find(`the body's site +(http://\S+)`), "/")
			return v
		}
	}
	<-ended
	t.Fatalf("the demo did not start: %v\n%s", err, v.printed)
	return nil
}

// find returns the first group of a pattern in what the demo printed.
func (v *visit) find(pattern string) string {
	v.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(v.printed)
	if m == nil {
		v.t.Fatalf("the demo printed nothing like %s:\n%s", pattern, v.printed)
	}
	return m[1]
}

// TestAVisitorEjectsAMember does what the demo invites to, with the commands it printed, and looks at
// what a customer sees.
func TestAVisitorEjectsAMember(t *testing.T) {
	v := demo(t)
	b := webtest.Open(t)
	b.Visit(v.web+"/register/0117", webtest.Desk)
	if said := b.Text("h1"); !strings.HasSuffix(said, "is a member in good standing.") {
		t.Fatalf("before: %q", said)
	}
	command := v.find(`(?s)shingle (act order\.record .*?--text "[^"]*")`)
	out := run(t, "", append(words(command), "--data", filepath.Join(v.data, "body"))...)
	order := regexp.MustCompile(`"stream":"order/([0-9-]+)"`).FindStringSubmatch(out)
	if order == nil {
		t.Fatal(out)
	}
	b.Visit(v.web+"/register/0117", webtest.Desk)
	if said := b.Text("h1"); !strings.HasSuffix(said, "is a member in good standing.") {
		t.Fatalf("one officer is not enough, and yet: %q", said)
	}
	confirm := strings.Replace(v.find(`shingle (act order\.confirm .*NUMBER)`), "NUMBER", order[1], 1)
	run(t, "", append(words(confirm), "--data", filepath.Join(v.data, "body"))...)

	b.Visit(v.web+"/register/0117", webtest.Desk)
	if said := b.Text("h1"); !strings.Contains(said, "expelled") {
		t.Errorf("after: %q", said)
	}
	b.Accessible("an expelled member")
	b.Visit(v.web+"/notices", webtest.PhoneDark)
	if said := b.Text("main"); !strings.Contains(said, "Expulsion") {
		t.Errorf("the notices say %q", said)
	}
	b.Accessible("the notices")
}

// TestEveryLinkLeadsSomewhere follows the links of the demo's pages, as a visitor could.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	v := demo(t)
	link := regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)
	from := map[string]string{"/": "the address bar"}
	queue := []string{"/"}
	const most = 600 // the register's pages of single members are all alike
	for len(queue) > 0 && len(from) < most {
		path := queue[0]
		queue = queue[1:]
		resp, err := http.Get(v.web + html.UnescapeString(path))
		must(t, err)
		body, err := io.ReadAll(resp.Body)
		must(t, errors.Join(err, resp.Body.Close()))
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s, linked from %s: %s", path, from[path], resp.Status)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(string(body), -1) {
			if _, seen := from[m[1]]; !seen {
				from[m[1]] = path
				queue = append(queue, m[1])
			}
		}
	}
	for _, path := range []string{"/register", "/code", "/notices", "/why", "/log", "/docs", "/notices.atom", "/demo/clock"} {
		if from[path] == "" {
			t.Errorf("nothing leads to %s", path)
		}
	}
	t.Logf("%d links followed", len(from))
}

// words splits a command line as a shell does, for the quotation marks that the demo prints.
func words(line string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`"([^"]*)"|([^\s\\]+)`).FindAllStringSubmatch(line, -1) {
		list = append(list, m[1]+m[2])
	}
	return list
}
