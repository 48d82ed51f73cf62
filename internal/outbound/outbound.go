// Package outbound calls strangers' servers, and nobody else's: whoever names an address to call, for a
// webhook or the proof of a domain, must not reach through us what only we can reach.
//
//	client := outbound.Client(10*time.Second, outbound.Public)
//	err := outbound.CheckURL(typed, outbound.Public) // before it is kept
//
// The check is made on the address of each connection, at the moment of connecting: what a name resolved
// to before, or resolves to for somebody else, does not matter. Redirects are answers and are not
// followed; proxies in the environment are not used.
package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrRefused says that an address leads to a network that is never called: private, loopback, link-local,
// or set aside for something else.
var ErrRefused = errors.New("the address leads to a network that is not called from here")

// Reach says which networks are called.
type Reach int

const (
	// Public is the internet, over HTTPS.
	Public Reach = iota
	// Loopback is this machine as well, also over plain HTTP: for demos and tests.
	Loopback
)

// Refuses returns ErrRefused if an IP address is none that is called, else nil.
func (r Reach) Refuses(ip netip.Addr) error {
	if ip.Is4In6() && !(r == Loopback && ip.Unmap().IsLoopback()) {
		return ErrRefused // no honest name resolves to one
	}
	ip = ip.Unmap()
	switch {
	case r == Loopback && ip.IsLoopback():
		return nil
	case ip.Zone() != "", !ip.IsGlobalUnicast(), ip.IsPrivate():
		return ErrRefused
	case ip.Is6() && !unicast6.Contains(ip):
		return ErrRefused
	}
	for _, p := range setAside {
		if p.Contains(ip) {
			return ErrRefused
		}
	}
	return nil
}

// unicast6 is the part of IPv6 that is the internet (RFC 4291, IANA's registry).
var unicast6 = netip.MustParsePrefix("2000::/3")

// setAside are the networks in IANA's registries of special-purpose addresses (RFC 6890 and its updates)
// that netip does not know. Cloud metadata lies at link-local and private addresses.
var setAside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // behind a carrier's NAT, RFC 6598
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // examples
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // examples
	netip.MustParsePrefix("203.0.113.0/24"),  // examples
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, among them Teredo, which holds an IPv4 address
	netip.MustParsePrefix("2001:db8::/32"),   // examples
	netip.MustParsePrefix("2002::/16"),       // 6to4, which holds an IPv4 address
	netip.MustParsePrefix("3fff::/20"),       // examples
}

// Dialer returns what connects to an address, unless the reach refuses it; then it fails with ErrRefused.
// A resolver of nil is the machine's.
func Dialer(reach Reach, resolver *net.Resolver) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		Timeout: 10 * time.Second, Resolver: resolver,
		Control: func(network, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || !strings.HasPrefix(network, "tcp") {
				return ErrRefused
			}
			return reach.Refuses(to.Addr())
		},
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if errors.Is(err, ErrRefused) {
			return nil, ErrRefused // and not which address it was
		}
		return conn, err
	}
}

// Client returns a client that calls what the reach allows and answers within a time. It follows no
// redirect: that one is the answer.
func Client(timeout time.Duration, reach Reach) *http.Client {
	return ClientWith(timeout, reach, nil, nil)
}

// ClientWith is Client with a resolver and the settings of TLS; nil is the machine's.
func ClientWith(timeout time.Duration, reach Reach, resolver *net.Resolver, secure *tls.Config) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: Dialer(reach, resolver), TLSClientConfig: secure, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns: 100, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute,
		},
	}
}

// CheckURL says in words what is wrong with an address that is to be called, as far as can be seen before
// calling it.
func CheckURL(typed string, reach Reach) error {
	u, err := url.Parse(typed)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || len(typed) > 2000:
		return errors.New("it is not a web address; give one such as https://example.org/hooks")
	case u.User != nil:
		return errors.New("it holds a user's name or a password; leave it out")
	case u.Fragment != "":
		return errors.New("it has a part behind #, which no server sees; leave it out")
	case u.Scheme == "http" && reach == Loopback && isLoopback(u.Hostname()):
	case u.Scheme != "https":
		return errors.New("it does not begin with https://; nothing is sent unencrypted")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("%q is no port", port)
		}
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return reach.Refuses(ip)
	}
	if name := strings.TrimSuffix(strings.ToLower(host), "."); reach == Public &&
		(!strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".internal") || strings.HasSuffix(name, ".local")) {
		return ErrRefused
	}
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
