package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// canary is in everything that somebody types in this test: in names, addresses, tokens, texts, headers. It is
// in no log, no metric and no problem.
const canary = "canarybird"

// TestWhatSomebodyTypesIsInNoLog sends canaries in requests of every kind to a server that logs all it can, and
// looks for them in its logs, its metrics and the problems that it answers.
func TestWhatSomebodyTypesIsInNoLog(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			dir := newBody(t)
			run(t, dir, "act", "register.open")
			secret := strings.TrimSpace(run(t, dir, "token", "create", "--role", "registrar", "--name", "Ada "+canary))
			p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0", "--log-format", format, "--log-level", "debug")
			problems := typeEverywhere(t, p, secret)
			roster := filepath.Join(t.TempDir(), canary+".csv")
			must(t, os.WriteFile(roster, []byte("number,name,contact_name,contact_email,admitted,"+canary+"\n0010,Firm "+canary+",Zoe "+canary+","+canary+"@x.example,2020-01-01,x\n0011,,"+canary+",,"+canary+",\n"), 0o600))
			_, _, _ = try(dir, "import", "roster", roster)
			_, metrics := overTheSocket(t, dir)
			if !strings.Contains(metrics, "shingle_request_seconds_count") {
				t.Fatal("no metrics")
			}
			must(t, p.cmd.Process.Signal(os.Interrupt))
			_ = p.cmd.Wait()
			if n := strings.Count(p.said.String(), "request"); n < 30 {
				t.Fatalf("only %d lines about requests: %s", n, p.said)
			}
			for where, text := range map[string]string{"the log": p.said.String() + p.out.String(), "the metrics": metrics, "the problems": problems} {
				for line := range strings.Lines(text) {
					if strings.Contains(strings.ToLower(line), canary) || strings.Contains(line, secret) {
						t.Errorf("%s: %s", where, line)
					}
				}
			}
			if format == "json" && !strings.Contains(p.said.String(), `"route":"POST /api/v1/acts/{kind}"`) || format == "text" && !strings.Contains(p.said.String(), `route="POST /api/v1/acts/{kind}"`) {
				t.Error("a request leaves no line")
			}
		})
	}
}

// typeEverywhere sends canaries wherever something can be typed, and returns the problems that came back where
// what was typed is no business of the answer: who sent it gets it back only where a field of theirs is wrong.
func typeEverywhere(t *testing.T, p *process, secret string) (problems string) {
	t.Helper()
	send := func(method, path, body string, header ...string) {
		t.Helper()
		req, err := http.NewRequest(method, p.web+path, strings.NewReader(body))
		must(t, err)
		req.Header.Set("User-Agent", canary)
		req.Header.Set("Referer", "https://"+canary+".example/")
		req.Header.Set("Cookie", "a="+canary)
		req.Header.Set("X-Request-Id", canary)
		req.Header.Set("X-Forwarded-For", canary)
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		must(t, err)
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		must(t, err)
		if id := resp.Header.Get("X-Request-Id"); len(id) != 16 || id == canary {
			t.Errorf("%s: request id %q", path, id)
		}
		// A token, a name or a text of somebody is told back to nobody.
		if strings.Contains(string(b), "Zoe "+canary) || strings.Contains(string(b), canary+"@") || strings.Contains(string(b), secret) {
			problems += fmt.Sprintf("%s %s: %s\n", method, path, b)
		}
	}
	bearer := []string{"Authorization", "Bearer " + secret}
	for _, path := range []string{"/", "/register", "/register.csv", "/register/" + canary, "/code/" + canary, "/notices/" + canary, "/log/leaf/" + canary, "/log/tile/" + canary,
		"/seal/" + canary, "/" + canary, "/assets/" + canary, "/api/v1/" + canary, "/api/v1/members", "/api/v1/members/" + canary, "/api/v1/members/" + canary + "/receipt",
		"/api/v1/standing", "/problems/" + canary, "/healthz", "/readyz", "/metrics", "/openapi.json", "/%00" + canary} {
		for _, query := range []string{"", "?q=" + canary, "?domain=" + canary + ".example", "?at=" + canary, "?%00=" + canary} {
			send(http.MethodGet, path+query, "")
		}
		send("CANARYBIRD", path, "")
		send(http.MethodDelete, path, canary)
	}
	send(http.MethodGet, "/api/v1/record", "", "Authorization", "Bearer shingle_"+canary)
	send(http.MethodGet, "/api/v1/record", "", "Authorization", canary)
	send(http.MethodGet, "/api/v1/record", "", bearer...)
	act := func(kind, body string, header ...string) {
		send(http.MethodPost, "/api/v1/acts/"+kind, body, append(append(bearer, "Content-Type", "application/json"), header...)...)
	}
	enrol := `{"number":"0007","name":"Firm","admitted":"2020-01-01","contact_name":"Zoe ` + canary + `","contact_email":"` + canary + `@x.example"}`
	act("member.enrol", enrol)
	act("member.enrol", enrol) // refused
	act("member.enrol", enrol, "Idempotency-Key", canary)
	act("member.enrol", strings.Replace(enrol, "2020-01-01", "no date", 1))
	act("member.enrol", `{"`+canary+`":"`)
	act("member.enrol", canary, "Content-Type", "text/"+canary)
	act(canary, enrol)
	act("order.record", `{"member":"0001","text":"`+canary+`"}`)
	form := url.Values{"number": {canary}, "name": {canary}, "contact_email": {canary + "@x.example"}}.Encode()
	act("member.enrol", form, "Content-Type", "application/x-www-form-urlencoded")
	raw(t, p, "GET /"+canary+" HTTP/9.9\r\n\r\n", canary+"\r\n\r\n", "GET / HTTP/1.1\r\nHost: "+canary+"\r\n"+canary+"\r\n\r\n",
		"POST /api/v1/acts/member.enrol HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+secret+"\r\nContent-Length: 500\r\n\r\n{\""+canary)
	return problems
}

// raw sends what is no request, or half of one.
func raw(t *testing.T, p *process, texts ...string) {
	t.Helper()
	for _, text := range texts {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.web, "http://"))
		must(t, err)
		_, err = io.WriteString(conn, text)
		must(t, err)
		must(t, conn.SetReadDeadline(time.Now().Add(200*time.Millisecond)))
		_, _ = bufio.NewReader(conn).ReadString('\n')
		must(t, conn.Close())
	}
}

// overTheSocket returns the metrics as the operator sees them.
func overTheSocket(t *testing.T, dir string) (int, string) {
	t.Helper()
	client, done, err := (app.House{}).Connect(t.Context(), cli.Place{Data: dir})
	must(t, err)
	defer func() { must(t, done()) }()
	resp, err := client.Get("http://shingle/metrics")
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(b)
}
