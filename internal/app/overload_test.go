package app_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestOverloadIsRefusedAndPasses sends many more acts at once than may run: some are told to come again, health
// is answered all the while, what was acknowledged is there, and afterwards all is as before.
func TestOverloadIsRefusedAndPasses(t *testing.T) {
	dir := newBody(t)
	run(t, dir, "act", "register.open")
	registrar := strings.TrimSpace(run(t, dir, "token", "create", "--role", "registrar", "--name", "Ada"))
	monitor := strings.TrimSpace(run(t, dir, "token", "create", "--role", "monitor", "--name", "A watchman"))
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--listen", "127.0.0.1:0", "--max-requests", "2", "--log-level", "error")

	const callers, each = 24, 10
	var busy, odd atomic.Int64
	var acknowledged sync.Map
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	var work, watch sync.WaitGroup
	over := make(chan struct{})
	watch.Go(func() {
		for {
			select {
			case <-over:
				return
			case <-time.After(20 * time.Millisecond):
			}
			for _, path := range []string{"/healthz", "/readyz"} {
				if status, body := answered(t, p.web+path); status != 200 {
					t.Errorf("%s under load: %d %s", path, status, body)
				}
			}
		}
	})
	for c := range callers {
		work.Go(func() {
			for n := range each {
				number := fmt.Sprintf("O%02d-%02d", c, n)
				req, err := http.NewRequest(http.MethodPost, p.web+"/api/v1/acts/member.enrol",
					strings.NewReader(`{"number":"`+number+`","name":"Firm `+number+`","admitted":"2020-01-01"}`))
				must(t, err)
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("Authorization", "Bearer "+registrar)
				resp, err := client.Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				body, _ := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				switch resp.StatusCode {
				case http.StatusCreated:
					acknowledged.Store(number, true)
				case http.StatusServiceUnavailable:
					busy.Add(1)
					if resp.Header.Get("Retry-After") == "" || resp.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(string(body), `"/problems/busy"`) {
						t.Errorf("%v %s", resp.Header, body)
					}
				default:
					odd.Add(1)
				}
			}
		})
	}
	work.Wait()
	close(over)
	watch.Wait()
	if busy.Load() == 0 || odd.Load() > 0 {
		t.Errorf("%d were told to come again, %d got another answer", busy.Load(), odd.Load())
	}
	kept := 0
	acknowledged.Range(func(number, _ any) bool {
		kept++
		fetch(t, p.web+"/api/v1/members/"+number.(string))
		return true
	})
	if kept == 0 {
		t.Error("nothing at all was done under load")
	}
	for range 20 { // it has recovered by itself
		fetch(t, p.web+"/register/0001")
	}
	if _, page := answered(t, p.web+"/metrics", "Authorization", "Bearer "+monitor); !strings.Contains(page, fmt.Sprintf("shingle_busy_total %d", busy.Load())) {
		t.Errorf("%d refusals are not counted", busy.Load())
	}
	t.Logf("%d acknowledged, %d told to come again", kept, busy.Load())
	p.end()
}

// TestAReaderIsToldInWords looks at what a browser is shown when there is no room.
func TestAReaderIsToldInWords(t *testing.T) {
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", newBody(t), "--listen", "127.0.0.1:0", "--max-requests", "1", "--log-level", "error")
	// Somebody takes the only place by sending half of a request, and is asked for the rest.
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.web, "http://"))
	must(t, err)
	defer conn.Close()
	secret := strings.TrimSpace(run(t, p.cmd.Args[4], "token", "create", "--role", "registrar", "--name", "Ada"))
	_, err = fmt.Fprintf(conn, "POST /api/v1/acts/member.enrol HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n", secret)
	must(t, err)
	asked := make([]byte, len("HTTP/1.1 100"))
	if _, err := io.ReadFull(conn, asked); err != nil || string(asked) != "HTTP/1.1 100" { // it waits for the rest, and has its place
		t.Fatalf("%s %v", asked, err)
	}
	soon(t, p.web+"/code", 503, "Load this page again")
	if status, body := answered(t, p.web+"/code", "Accept", "application/json"); status != 503 || !strings.Contains(body, `"/problems/busy"`) {
		t.Errorf("a program: %d %s", status, body)
	}
	soon(t, p.web+"/healthz", 200, "ok")
	must(t, conn.Close())
	soon(t, p.web+"/code", 200, "This text")
}
