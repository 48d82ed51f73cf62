package proofs_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"shingle/internal/outbound"
	"shingle/internal/proofs"
)

var challenge = proofs.Challenge{Domain: "acme.test", Token: "abc123"}

// names starts a DNS server that answers with these records, and returns a resolver that asks it alone. Of a name
// that has none it says that there is no such name; of one whose record is "-" it says nothing.
func names(t *testing.T, records ...string) *net.Resolver {
	t.Helper()
	listener, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all []dns.RR
	silent := map[string]bool{}
	for _, r := range records {
		if name, ok := strings.CutSuffix(r, " -"); ok {
			silent[name] = true
			continue
		}
		rr, err := dns.NewRR(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rr)
	}
	server := &dns.Server{PacketConn: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		known := false
		for _, rr := range all {
			if h := rr.Header(); strings.EqualFold(h.Name, q.Question[0].Name) {
				known = true
				if h.Rrtype == q.Question[0].Qtype {
					m.Answer = append(m.Answer, rr)
				}
			}
		}
		switch {
		case silent[q.Question[0].Name]:
			m.Rcode = dns.RcodeServerFailure
		case !known:
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

// site starts an HTTPS server that answers for all names, with a certificate that is good for none of them.
func site(t *testing.T, h http.HandlerFunc) (port string) {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}

// near checks servers on this machine and trusts their certificates.
func near(r *net.Resolver, port string) *proofs.Checker {
	return proofs.New(proofs.Config{Resolver: r, Reach: outbound.Loopback, Port: port, TLS: &tls.Config{InsecureSkipVerify: true}})
}

func checked(t *testing.T, k *proofs.Checker) proofs.Result {
	t.Helper()
	r, err := k.Check(t.Context(), challenge)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// says fails the test unless a sight holds words, and is no find.
func says(t *testing.T, where string, s proofs.Sight, words string) {
	t.Helper()
	if s.Found || !strings.Contains(s.Words, words) {
		t.Errorf("%s: %+v, want %q", where, s, words)
	}
}

func TestARecordProves(t *testing.T) {
	r := checked(t, near(names(t, `_shingle.acme.test. TXT "v=spf1 -all"`, `_shingle.acme.test. TXT " shingle-" "member=abc123"`), "1"))
	if r.How != proofs.ByDNS || !r.DNS.Found || r.Evidence != "TXT _shingle.acme.test shingle-member=abc123" {
		t.Errorf("%+v", r)
	}
}

func TestWhatDNSSaysOtherwise(t *testing.T) {
	for words, records := range map[string][]string{
		"There is no TXT record at _shingle.acme.test": {`acme.test. TXT "shingle-member=abc123"`, "acme.test. A 127.0.0.1"},
		"but it says “shingle-member=other”":           {`_shingle.acme.test. TXT "shingle-member=other"`},
		"but it says “evil text”":                      {"_shingle.acme.test. TXT \"\u202eevil\\010text\\255\""},
		"but it says nothing":                          {`_shingle.acme.test. TXT ""`},
		"did not give a usable answer":                 {"_shingle.acme.test. -"},
	} {
		r := checked(t, near(names(t, records...), "1"))
		says(t, words, r.DNS, words)
		if r.How != "" || r.Evidence != "" {
			t.Errorf("%s: %+v", words, r)
		}
	}
}

func TestAFileProves(t *testing.T) {
	for _, text := range []string{"shingle-member=abc123", "\ufeffshingle-member=abc123\r\n", "\n  shingle-member=abc123  \nmore\n"} {
		var host, path string
		port := site(t, func(w http.ResponseWriter, r *http.Request) {
			host, path = r.Host, r.URL.Path
			fmt.Fprint(w, text)
		})
		r := checked(t, near(names(t, "acme.test. A 127.0.0.1"), port))
		if r.How != proofs.ByFile || !r.File.Found || r.Evidence != "https://acme.test/.well-known/shingle-member.txt shingle-member=abc123" {
			t.Errorf("%q: %+v", text, r)
		}
		if host != "acme.test:"+port || path != proofs.Path {
			t.Errorf("asked for %s of %s", path, host)
		}
	}
}

func TestAFileIsFollowedToWWWAndNoFurther(t *testing.T) {
	var port string
	for to, found := range map[string]bool{
		"https://www.acme.test:PORT" + proofs.Path: true, "https://evil.test:PORT" + proofs.Path: false, "http://www.acme.test:PORT" + proofs.Path: false,
		"https://www.acme.test:PORT/elsewhere": false, "https://www.acme.test:1" + proofs.Path: false, "https://u:p@www.acme.test:PORT" + proofs.Path: false,
		"https://127.0.0.1:PORT" + proofs.Path: false, "/login": false,
	} {
		port = site(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Host, "acme.test") {
				http.Redirect(w, r, strings.ReplaceAll(to, "PORT", port), http.StatusMovedPermanently)
				return
			}
			fmt.Fprint(w, challenge.Line())
		})
		r := checked(t, near(names(t, "acme.test. A 127.0.0.1", "www.acme.test. A 127.0.0.1", "evil.test. A 127.0.0.1"), port))
		if r.File.Found != found || !found && !strings.Contains(r.File.Words, "sending the reader elsewhere") {
			t.Errorf("%s: %+v", to, r.File)
		}
	}
	// And there is no third step.
	port = site(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.acme.test:"+port+proofs.Path, http.StatusFound)
	})
	says(t, "round and round", checked(t, near(names(t, "acme.test. A 127.0.0.1", "www.acme.test. A 127.0.0.1"), port)).File, "sending the reader elsewhere")
}

func TestWhatASiteSaysOtherwise(t *testing.T) {
	for words, h := range map[string]http.HandlerFunc{
		"There is no file at https://acme.test/.well-known/shingle-member.txt": http.NotFound,
		"with status 403": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"with status 304": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"it says “<!doctype html> <title>Acme</title>": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<!doctype html>\n<title>Acme</title>\n"+strings.Repeat("x", 9000))
		},
		"it says “shingle-member=abc1234”": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, challenge.Line()+"4") },
		"it says nothing": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Repeat(" ", 5000), challenge.Line())
		},
	} {
		says(t, words, checked(t, near(names(t, "acme.test. A 127.0.0.1"), site(t, h))).File, words)
	}
}

func TestSitesThatCannotBeReached(t *testing.T) {
	port := site(t, http.NotFound)
	says(t, "no name", checked(t, near(names(t), port)).File, "leads to no server")
	says(t, "no server", checked(t, near(names(t, "acme.test. A 127.0.0.1"), "1")).File, "could not be reached over HTTPS")
	strict := proofs.New(proofs.Config{Resolver: names(t, "acme.test. A 127.0.0.1"), Reach: outbound.Loopback, Port: port})
	says(t, "no certificate", checked(t, strict).File, "no certificate that is good for this name")
}

// A domain's own servers say where it leads: what is private is not called, and which address it was is not told.
func TestNothingPrivateIsCalled(t *testing.T) {
	called := false
	port := site(t, func(http.ResponseWriter, *http.Request) { called = true })
	for _, address := range []string{"A 127.0.0.1", "A 10.0.0.7", "A 169.254.169.254", "AAAA ::1", "AAAA ::ffff:127.0.0.1", "A 192.168.1.1"} {
		k := proofs.New(proofs.Config{Resolver: names(t, "acme.test. "+address), Port: port, TLS: &tls.Config{InsecureSkipVerify: true}})
		r := checked(t, k)
		says(t, address, r.File, "not on the public internet")
		if _, ip, _ := strings.Cut(address, " "); strings.Contains(r.File.Words, ip) {
			t.Errorf("%s is told back: %s", address, r.File.Words)
		}
	}
	if called {
		t.Error("a private address was called")
	}
}
