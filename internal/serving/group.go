package serving

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"sync"
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
	Log *slog.Logger

	servers []*http.Server
	doors   []Door
	letting sync.WaitGroup // in, at each door
	ended   chan error
	conns   conns
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
	g.doors, g.ended = doors, make(chan error, len(doors))
	for _, d := range doors {
		s := &http.Server{
			Handler: d.Handler, ConnState: g.conns.note, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: 32 << 10,
			// What net/http complains of are strangers' handshakes and broken connections, with their addresses.
			ErrorLog: slog.NewLogLogger(g.Log.Handler(), slog.LevelDebug),
		}
		if !d.Open {
			s.ReadTimeout, s.WriteTimeout = readTime, writeTime
		}
		g.servers = append(g.servers, s)
		serve := func() error { return s.Serve(d.On) }
		if d.TLS != nil {
			s.TLSConfig, s.HTTP2 = d.TLS, &http.HTTP2Config{MaxConcurrentStreams: 100}
			serve = func() error { return s.ServeTLS(d.On, "", "") }
		}
		g.letting.Go(func() { g.ended <- serve() })
	}
}

// Ended says that a door fell shut by itself, and why.
func (g *Group) Ended() <-chan error { return g.ended }

// beginning is how long a connection that was let in has to say what it wants once the doors are closed.
const beginning = time.Second

// Stop closes the doors and waits until what runs is finished, or patience has run out; then it is cut off.
//
// [http.Server.Shutdown] alone would drop the requests that it has not read yet of connections that it has
// accepted. So the doors are closed first, and all that came in is answered.
func (g *Group) Stop(patience time.Duration) {
	until := time.Now().Add(patience)
	for i, s := range g.servers {
		_ = g.doors[i].On.Close()
		s.SetKeepAlivesEnabled(false)
	}
	g.letting.Wait() // whoever was let in is among the connections now
	for began := time.Now(); time.Now().Before(until); time.Sleep(time.Millisecond) {
		silent, active := g.conns.underWay()
		if active == 0 && (silent == 0 || time.Since(began) > beginning) {
			break
		}
	}
	ctx, cancel := context.WithDeadline(context.Background(), until)
	defer cancel()
	var stopped sync.WaitGroup
	for _, s := range g.servers {
		stopped.Go(func() {
			if s.Shutdown(ctx) != nil && ctx.Err() != nil {
				g.Log.Warn("a request took too long and was cut off", "patience", patience)
			}
			_ = s.Close()
		})
	}
	stopped.Wait()
}

// conns knows in what state each connection is.
type conns struct {
	mu  sync.Mutex
	all map[net.Conn]http.ConnState
}

func (c *conns) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[net.Conn]http.ConnState{}
	}
	if state == http.StateClosed || state == http.StateHijacked {
		delete(c.all, conn)
	} else {
		c.all[conn] = state
	}
}

// underWay counts the connections that have not asked anything yet, and those that wait for an answer.
func (c *conns) underWay() (silent, active int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, state := range c.all {
		switch state {
		case http.StateNew:
			silent++
		case http.StateActive:
			active++
		}
	}
	return silent, active
}
