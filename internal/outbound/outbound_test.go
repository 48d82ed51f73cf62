package outbound_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"shingle/internal/outbound"
)

func TestNetworksThatAreNotCalled(t *testing.T) {
	for _, ip := range []string{
		"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.0.1",
		"100.64.0.1", "100.127.255.254", "100.100.100.200", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1",
		"192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.88.99.1",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
		"ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "100::1", "5f00::1",
	} {
		if err := outbound.Public.Refuses(netip.MustParseAddr(ip)); !errors.Is(err, outbound.ErrRefused) {
			t.Errorf("%s would be called", ip)
		}
	}
	for _, ip := range []string{"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.254", "2606:4700::1111", "2a00:1450:4001::1"} {
		if err := outbound.Public.Refuses(netip.MustParseAddr(ip)); err != nil {
			t.Errorf("%s is refused", ip)
		}
	}
	for ip, refused := range map[string]bool{"127.0.0.1": false, "::1": false, "::ffff:127.0.0.1": false, "10.0.0.1": true, "169.254.169.254": true, "8.8.8.8": false} {
		if err := outbound.Loopback.Refuses(netip.MustParseAddr(ip)); (err != nil) != refused {
			t.Errorf("with loopback, %s: %v", ip, err)
		}
	}
}

func TestAddressesThatAreNotKept(t *testing.T) {
	for typed, reach := range map[string]outbound.Reach{
		"": 0, "example.org": 0, "https://": 0, "ftp://example.org": 0, "http://example.org/": 0, "https://u:p@example.org/": 0, "https://u@example.org/": 0,
		"https://example.org/#x": 0, "https://10.0.0.1/": 0, "https://[::1]/": 0, "https://localhost/": 0, "https://x.localhost/": 0, "https://metadata.google.internal/": 0,
		"https://printer.local/": 0, "https://intranet/": 0, "https://example.org:0/": 0, "https://example.org:70000/": 0, "javascript:alert(1)": 0, "https:example.org": 0,
		"http://example.org/hook": outbound.Loopback, "https://192.168.0.1/": outbound.Loopback, "https://example.org/" + strings.Repeat("x", 3000): 0, "https://exa mple.org/": 0, "\x00": 0,
	} {
		if outbound.CheckURL(typed, reach) == nil {
			t.Errorf("%q would be kept", typed)
		}
	}
	for typed, reach := range map[string]outbound.Reach{
		"https://example.org": 0, "https://hooks.example.org:8443/a?b=c": 0, "https://8.8.8.8/": 0, "http://127.0.0.1:9/": outbound.Loopback, "http://localhost:9/x": outbound.Loopback,
	} {
		if err := outbound.CheckURL(typed, reach); err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// rebinding answers, on loopback, every question for an address: the first time as given first, and then
// always with 127.0.0.1.
func rebinding(t *testing.T, first [4]byte) (*net.Resolver, *atomic.Int32) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	asked := new(atomic.Int32)
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				a := first
				if asked.Add(1) > 1 {
					a = [4]byte{127, 0, 0, 1}
				}
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: a}}}
			}
			if packed, err := m.Pack(); err == nil {
				_, _ = server.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}, asked
}

// TestANameThatIsReboundIsRefused looks a name up as a careless caller would, is told a public address, and
// then calls it: by then the name leads to a server on this machine, which must not be reached.
func TestANameThatIsReboundIsRefused(t *testing.T) {
	reached := new(atomic.Int32)
	inside := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { reached.Add(1) }))
	defer inside.Close()
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	trust := &tls.Config{InsecureSkipVerify: true} // whoever rebinds has a certificate for their name
	resolver, asked := rebinding(t, [4]byte{8, 8, 8, 8})
	ips, err := resolver.LookupNetIP(t.Context(), "ip4", "rebound.example.")
	if err != nil || len(ips) != 1 || outbound.Public.Refuses(ips[0].Unmap()) != nil {
		t.Fatal("the first answer should be a public address:", ips, err)
	}
	_, err = outbound.ClientWith(5*time.Second, outbound.Public, resolver, trust).Get("https://rebound.example.:" + port + "/")
	if !errors.Is(err, outbound.ErrRefused) {
		t.Errorf("got %v", err)
	}
	if reached.Load() != 0 || asked.Load() < 2 {
		t.Errorf("reached %d times after %d questions", reached.Load(), asked.Load())
	}
	if strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("it tells where the name leads: %v", err)
	}
	// The same server is reached where loopback is asked for, so that the test above proves something.
	resp, err := outbound.ClientWith(5*time.Second, outbound.Loopback, resolver, trust).Get("https://rebound.example.:" + port + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if reached.Load() != 1 {
		t.Error("not reached")
	}
}

func TestARedirectIsTheAnswer(t *testing.T) {
	followed := new(atomic.Int32)
	mux := http.NewServeMux()
	mux.HandleFunc("/secret", func(http.ResponseWriter, *http.Request) { followed.Add(1) })
	mux.Handle("/", http.RedirectHandler("/secret", http.StatusTemporaryRedirect))
	server := httptest.NewServer(mux)
	defer server.Close()
	resp, err := outbound.Client(5*time.Second, outbound.Loopback).Post(server.URL+"/", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusTemporaryRedirect || followed.Load() != 0 {
		t.Error(resp.Status, followed.Load())
	}
	// And a literal address is refused like a name.
	if _, err := outbound.Client(5*time.Second, outbound.Public).Get(server.URL); !errors.Is(err, outbound.ErrRefused) {
		t.Errorf("got %v", err)
	}
	t.Setenv("HTTPS_PROXY", server.URL)
	t.Setenv("HTTP_PROXY", server.URL)
	if _, err := outbound.Client(time.Second, outbound.Public).Get("http://169.254.169.254/latest/meta-data"); !errors.Is(err, outbound.ErrRefused) {
		t.Errorf("by way of a proxy: %v", err)
	}
}
