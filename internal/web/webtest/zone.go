package webtest

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// Zone is a DNS server of a test, with its TXT records by name.
type Zone struct {
	mu  sync.Mutex
	txt map[string]string
}

// Serve starts it, and returns a resolver that asks it alone.
func (z *Zone) Serve(t testing.TB) *net.Resolver {
	t.Helper()
	listener, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		z.mu.Lock()
		text, ok := z.txt[q.Question[0].Name]
		z.mu.Unlock()
		if ok && q.Question[0].Qtype == dns.TypeTXT {
			m.Answer = append(m.Answer, &dns.TXT{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET}, Txt: []string{text}})
		} else if !ok {
			m.Rcode = dns.RcodeNameError
		}
		_ = w.WriteMsg(m)
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", listener.LocalAddr().String())
	}}
}

// Set publishes a TXT record under a name that ends with a dot.
func (z *Zone) Set(name, text string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.txt == nil {
		z.txt = map[string]string{}
	}
	z.txt[name] = text
}
