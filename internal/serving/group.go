package serving

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Door is one listener and what answers on it.
type Door struct {
	On      net.Listener
	Handler http.Handler
	// TLS, if not nil, secures the door.
	TLS *tls.Config
	// Open is a door for those who may take their time: it has no bounds but that for the header.
	Open bool
}

// Group serves several doors together.
type Group struct {
	Log   *slog.Logger
	doors []*http.Server
	ended chan error
}

// Times that strangers are given: to say what they want, to send it, and to take in the largest answer (an
// export of the register) on a slow phone; and how long they may hold a connection between requests.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 2 * time.Minute
	idleTime   = time.Minute
)

// Start serves the doors until Stop.
func (g *Group) Start(doors ...Door) {
	g.ended = make(chan error, len(doors))
	for _, d := range doors {
		s := &http.Server{
			Handler: d.Handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: 32 << 10,
			// What net/http complains of are strangers' handshakes and broken connections, with their addresses.
			ErrorLog: slog.NewLogLogger(g.Log.Handler(), slog.LevelDebug),
		}
		if !d.Open {
			s.ReadTimeout, s.WriteTimeout = readTime, writeTime
		}
		g.doors = append(g.doors, s)
		serve := func() error { return s.Serve(d.On) }
		if d.TLS != nil {
			s.TLSConfig, s.HTTP2 = d.TLS, &http.HTTP2Config{MaxConcurrentStreams: 100}
			serve = func() error { return s.ServeTLS(d.On, "", "") }
		}
		go func() { g.ended <- serve() }()
	}
}

// Ended says that a door fell shut by itself, and why.
func (g *Group) Ended() <-chan error { return g.ended }

// Stop closes the doors and waits until what runs is finished, or patience has run out; then it is cut off.
func (g *Group) Stop(patience time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	done := make(chan struct{}, len(g.doors))
	for _, s := range g.doors {
		go func() {
			if err := s.Shutdown(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
				g.Log.Warn("a request took too long and was cut off", "patience", patience)
				_ = s.Close()
			}
			done <- struct{}{}
		}()
	}
	for range g.doors {
		<-done
	}
}
