package serving_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shingle/internal/serving"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var busy = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })

// at sends a request from an address and returns the status.
func at(h http.Handler, from, path string) int {
	req, w := httptest.NewRequest(http.MethodGet, path, nil), httptest.NewRecorder()
	req.RemoteAddr = from
	h.ServeHTTP(w, req)
	return w.Code
}

func TestOneAddressTakesNothingFromTheOthers(t *testing.T) {
	hold := make(chan struct{})
	var running sync.WaitGroup
	began := make(chan bool, 20)
	gate := serving.NewGate(serving.Limits{Requests: 16, Share: 8, Spared: []string{"/healthz"}}, busy)
	h := gate.Before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			began <- true
			<-hold
		}
	}))
	slow := func(from string) {
		running.Go(func() { at(h, from, "/slow") })
		<-began
	}
	// Two are an eighth of sixteen. The third from the same network has no place; others have.
	slow("[2001:db8::1]:1")
	slow("[2001:db8::2]:1")
	slow("192.0.2.1:1")
	slow("192.0.2.1:2")
	for from, want := range map[string]int{"[2001:db8::3]:1": 503, "[2001:db8:0:1::3]:1": 200, "192.0.2.1:9": 503, "[::ffff:192.0.2.1]:9": 503, "192.0.2.2:1": 200, "127.0.0.1:1": 200, "@": 200} {
		if got := at(h, from, "/"); got != want {
			t.Errorf("%s: %d, want %d", from, got, want)
		}
	}
	// A proxy on this machine speaks for many.
	for range 12 {
		slow("127.0.0.1:1")
	}
	if gate.Running() != 16 {
		t.Errorf("%d run", gate.Running())
	}
	for path, want := range map[string]int{"/": 503, "/healthz": 200} {
		if got := at(h, "192.0.2.7:1", path); got != want {
			t.Errorf("%s when all places are taken: %d", path, got)
		}
	}
	close(hold)
	running.Wait()
	if got := at(h, "192.0.2.1:1", "/"); got != 200 || gate.Running() != 0 {
		t.Errorf("afterwards: %d, %d run", got, gate.Running())
	}
}

// group serves a handler on a socket of ours and returns its address.
func group(t *testing.T, h http.Handler, limits serving.Limits) (*serving.Group, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	g := &serving.Group{Log: slog.New(slog.DiscardHandler)}
	g.Start(serving.Door{On: limits.Bounded(l), Handler: h})
	return g, l.Addr().String()
}

func TestConnectionsBeyondTheLimitAreClosedAndMakeRoomAgain(t *testing.T) {
	g, address := group(t, http.NotFoundHandler(), serving.Limits{Connections: 2})
	defer g.Stop(time.Second)
	dial := func() net.Conn {
		c, err := net.Dial("tcp", address)
		must(t, err)
		return c
	}
	closed := func(c net.Conn) bool {
		must(t, c.SetReadDeadline(time.Now().Add(300*time.Millisecond)))
		_, err := c.Read(make([]byte, 1))
		return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
	}
	first, second := dial(), dial() // they say nothing, as who wants to starve others does
	third := dial()
	if !closed(third) || closed(first) || closed(second) {
		t.Error("the third was let in, or another was thrown out")
	}
	must(t, first.Close())
	for range 100 {
		if c := dial(); !closed(c) {
			_ = c.Close()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("no room was made")
}

// TestEverythingThatCameInIsAnswered connects, stops the server, and only then asks.
func TestEverythingThatCameInIsAnswered(t *testing.T) {
	var let sync.WaitGroup
	hold := make(chan struct{})
	g, address := group(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-hold
		}
		_, _ = io.WriteString(w, "done")
	}), serving.Limits{})
	begun, err := net.Dial("tcp", address)
	must(t, err)
	defer begun.Close()
	answers := make(chan string, 1)
	let.Go(func() {
		resp, err := http.Get("http://" + address + "/slow")
		if err != nil {
			answers <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answers <- string(b)
	})
	time.Sleep(100 * time.Millisecond)
	stopped := make(chan struct{})
	go func() { defer close(stopped); g.Stop(5 * time.Second) }()
	time.Sleep(100 * time.Millisecond)
	if c, err := net.Dial("tcp", address); err == nil {
		_ = c.Close()
		t.Error("somebody was let in after the door was closed")
	}
	_, err = fmt.Fprint(begun, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	must(t, err)
	if b, _ := io.ReadAll(begun); !strings.HasSuffix(string(b), "done") || !strings.Contains(string(b), "Connection: close") {
		t.Errorf("who was in before the door closed: %q", b)
	}
	select {
	case <-stopped:
		t.Error("it did not wait")
	default:
	}
	close(hold)
	if got := <-answers; got != "done" {
		t.Error(got)
	}
	<-stopped
	let.Wait()
}

func TestWhoTakesTooLongIsCutOff(t *testing.T) {
	var log bytes.Buffer
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	began := make(chan struct{})
	g := &serving.Group{Log: slog.New(slog.NewTextHandler(&log, nil))}
	g.Start(serving.Door{On: l, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
	})})
	failed := make(chan error, 1)
	go func() {
		_, err := http.Get("http://" + l.Addr().String())
		failed <- err
	}()
	<-began
	now := time.Now()
	g.Stop(200 * time.Millisecond)
	if took := time.Since(now); took < 150*time.Millisecond || took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
	if <-failed == nil || !strings.Contains(log.String(), "cut off") {
		t.Errorf("nobody was cut off: %s", &log)
	}
}

func TestAPanicIsNotedAndAnswered(t *testing.T) {
	var log bytes.Buffer
	var told serving.Request
	h := serving.Noted(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("on fire") }),
		slog.New(slog.NewTextHandler(&log, nil)), slog.LevelDebug, func(r serving.Request) { told = r })
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "fire") || !strings.Contains(log.String(), "on fire") || told.Status != 500 || w.Header().Get("X-Request-Id") != told.ID {
		t.Errorf("%d %s %+v %s", w.Code, w.Body, told, &log)
	}
}

func TestWhatAnyoneReadsQuicklyIsCountedAndNotNoted(t *testing.T) { synctest.Test(t, reads) }

func reads(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "fine") })
	mux.HandleFunc("GET /gone", http.NotFound)
	mux.HandleFunc("GET /slow", func(http.ResponseWriter, *http.Request) { time.Sleep(time.Second) })
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	for _, c := range []struct {
		method, path, header, anyone string
		noted                        bool
	}{
		{"GET", "/", "", "DEBUG", false},
		{"HEAD", "/", "", "DEBUG", false},
		{"GET", "/", "", "INFO", true}, // at a door for those who are known
		{"GET", "/", "Authorization", "DEBUG", true},
		{"GET", "/", "Cookie", "DEBUG", true},
		{"POST", "/", "", "DEBUG", true},
		{"BREW", "/", "", "DEBUG", true},
		{"GET", "/gone", "", "DEBUG", true},
		{"GET", "/slow", "", "DEBUG", true},
		{"GET", "/healthz", "Authorization", "INFO", false},
	} {
		var log bytes.Buffer
		var told serving.Request
		var anyone slog.Level
		must(t, anyone.UnmarshalText([]byte(c.anyone)))
		req, w := httptest.NewRequest(c.method, c.path, nil), httptest.NewRecorder()
		if c.header != "" {
			req.Header.Set(c.header, "x")
		}
		serving.Noted(mux, slog.New(slog.NewTextHandler(&log, nil)), anyone, func(r serving.Request) { told = r }).ServeHTTP(w, req)
		if noted := strings.Contains(log.String(), told.ID); noted != c.noted || log.Len() > 0 != c.noted {
			t.Errorf("%+v: %q", c, &log)
		}
		if told.Status != w.Code || len(told.ID) != 16 || w.Header().Get("X-Request-Id") != told.ID || told.Bytes != int64(w.Body.Len()) {
			t.Errorf("%+v: told %+v", c, told)
		}
	}
}

func TestSystemdIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "40000")
	heard := func() string {
		must(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
		b := make([]byte, 100)
		n, err := conn.Read(b)
		must(t, err)
		return string(b[:n])
	}
	serving.Notify("READY=1")
	if got := heard(); got != "READY=1" {
		t.Error(got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var dog sync.WaitGroup
	dog.Go(func() { serving.Watchdog(ctx) })
	for range 3 {
		if got := heard(); got != "WATCHDOG=1" {
			t.Error(got)
		}
	}
	cancel()
	dog.Wait()
	t.Setenv("WATCHDOG_PID", "1")
	serving.Watchdog(t.Context()) // returns at once: it is another's
	serving.Notify("READY=1")
	if got := heard(); got != "READY=1" {
		t.Errorf("another's watchdog was fed: %s", got)
	}
}
