package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
)

// inProcess is a transport that hands requests to a handler in this process: the same API that a running
// server offers on its socket.
type inProcess struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper]. The answer's body is read while it is being written.
func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
		req.Body = http.NoBody
	}
	req.RequestURI = req.URL.RequestURI()
	req.RemoteAddr = "@"
	body, out := io.Pipe()
	w := &pipeWriter{header: http.Header{}, out: out, started: make(chan struct{})}
	go func() {
		defer func() { _ = out.Close() }()
		defer w.WriteHeader(http.StatusOK)
		t.handler.ServeHTTP(w, req)
	}()
	select {
	case <-w.started:
	case <-req.Context().Done():
		_ = body.CloseWithError(req.Context().Err())
		return nil, req.Context().Err()
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: -1, Request: req,
	}, nil
}

type pipeWriter struct {
	header  http.Header
	sent    http.Header
	status  int
	out     *io.PipeWriter
	once    sync.Once
	started chan struct{}
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.started)
	})
}

func (w *pipeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.out.Write(b)
}

// Flush implements [http.Flusher]: what is written is on its way at once.
func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }

// overSocket returns a client of the server that listens on a Unix socket.
func overSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		},
	}}
}
