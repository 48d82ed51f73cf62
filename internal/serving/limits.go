package serving

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
)

// Limits bound what strangers may take of a server at once. Zero values do not bound.
type Limits struct {
	Connections int // open at once
	Requests    int // running at once

	// Share is what one address may have of each, as a part of the whole: 8 is an eighth. An address is an
	// IPv4 address or an IPv6 network of 64 bits. Loopback addresses are not counted: behind them stand a proxy
	// and all that come through it.
	Share int

	// Spared are paths that are answered also beyond the limit of requests, because they say how we are.
	Spared []string
}

// tally counts what is in use, as a whole and by address.
type tally struct {
	most, each int64 // 0 does not bound
	used       atomic.Int64

	mu sync.Mutex
	by map[netip.Prefix]int64 // of those that are counted by address
}

func newTally(most, share int) *tally {
	t := &tally{most: int64(most), by: map[netip.Prefix]int64{}}
	if most > 0 && share > 1 {
		t.each = int64(max(most/share, 1))
	}
	return t
}

// take takes one more for an address, unless that is too much.
func (t *tally) take(of netip.Prefix) bool {
	if !t.takeShare(of) {
		return false
	}
	if n := t.used.Add(1); t.most > 0 && n > t.most {
		t.giveBack(of)
		return false
	}
	return true
}

func (t *tally) takeShare(of netip.Prefix) bool {
	if t.each == 0 || !of.IsValid() {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by[of] >= t.each {
		return false
	}
	t.by[of]++
	return true
}

func (t *tally) giveBack(of netip.Prefix) {
	t.used.Add(-1)
	if t.each == 0 || !of.IsValid() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by[of]--; t.by[of] <= 0 {
		delete(t.by, of)
	}
}

// inUse returns how many are in use.
func (t *tally) inUse() int { return int(t.used.Load()) }

// neighbourhood returns whom an address counts for; the zero prefix for those that are not counted.
func neighbourhood(address string) netip.Prefix {
	at, err := netip.ParseAddrPort(address)
	if err != nil || at.Addr().Unmap().IsLoopback() {
		return netip.Prefix{}
	}
	ip, bits := at.Addr().Unmap().WithZone(""), 64
	if ip.Is4() {
		bits = 32
	}
	p, _ := ip.Prefix(bits)
	return p
}

// Gate lets a bounded number of requests run, and has the others refused at once: who is told to come back
// waits better than who is not told. Nothing of a refused request has been read but its header.
type Gate struct {
	running *tally
	spared  []string
	busy    http.Handler
}

// NewGate returns a gate with the limits of l; busy answers what is refused.
func NewGate(l Limits, busy http.Handler) *Gate {
	return &Gate{newTally(l.Requests, l.Share), l.Spared, busy}
}

// Running returns how many requests run.
func (g *Gate) Running() int { return g.running.inUse() }

// Before returns a handler that lets through to next what the gate lets through.
func (g *Gate) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(g.spared, r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		of := neighbourhood(r.RemoteAddr)
		if !g.running.take(of) {
			g.busy.ServeHTTP(w, r)
			return
		}
		defer g.running.giveBack(of)
		next.ServeHTTP(w, r)
	})
}

// bounded is a listener that closes connections beyond its limits as they come.
type bounded struct {
	net.Listener
	open *tally
}

// Bounded returns l with the limits on connections.
func (l Limits) Bounded(on net.Listener) net.Listener {
	return &bounded{on, newTally(l.Connections, l.Share)}
}

// Accept implements [net.Listener].
func (b *bounded) Accept() (net.Conn, error) {
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		of := neighbourhood(conn.RemoteAddr().String())
		if b.open.take(of) {
			return &counted{Conn: conn, gone: sync.OnceFunc(func() { b.open.giveBack(of) })}, nil
		}
		_ = conn.Close()
	}
}

// counted is a connection that is given back when it closes.
type counted struct {
	net.Conn
	gone func()
}

// Close implements [net.Conn].
func (c *counted) Close() error {
	defer c.gone()
	return c.Conn.Close()
}
