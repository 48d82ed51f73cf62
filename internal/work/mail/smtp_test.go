package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// postOffice is a real SMTP server on this machine that keeps what it takes.
type postOffice struct {
	address string
	roots   *x509.CertPool
	kept    []*x509.Certificate // see hold

	mu       sync.Mutex
	taken    []taken
	later    map[string]int // how often who is put off
	sessions int
}

type taken struct {
	from, to string
	raw      string
	secure   bool // by TLS
	user     string
}

const smtpUser, smtpPassword = "office", "pa:ss/wörd%"

// openPostOffice starts a server that knows STARTTLS and AUTH, or no encryption at all.
func openPostOffice(t *testing.T, secure bool) *postOffice {
	t.Helper()
	p := &postOffice{later: map[string]int{}, roots: x509.NewCertPool()}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		_, encrypted := c.TLSConnectionState()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sessions++
		return &session{office: p, now: taken{secure: encrypted}}, nil
	}))
	s.Domain, s.AllowInsecureAuth, s.ReadTimeout, s.WriteTimeout = "post.example", !secure, 10*time.Second, 10*time.Second
	s.ErrorLog = quietly{}
	if secure {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{p.certificate(t)}}
		p.hold(t, s.TLSConfig)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = l.Addr().String()
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return p
}

// hold keeps the certificate as crypto/tls has it in memory, before there are goroutines: crypto/tls keeps it in
// a sync.Map, of which the race detector does not see that a value is stored before it is loaded.
func (p *postOffice) hold(t *testing.T, config *tls.Config) {
	t.Helper()
	here, there := net.Pipe()
	server := tls.Server(there, config)
	go func() { _ = server.Handshake() }()
	client := tls.Client(here, &tls.Config{RootCAs: p.roots, ServerName: "post.example"})
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	p.kept = client.ConnectionState().PeerCertificates
	_, _ = here.Close(), there.Close()
	t.Cleanup(func() { runtime.KeepAlive(p.kept) })
}

func (p *postOffice) certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"post.example"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	p.roots.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// server returns the server as it is configured.
func (p *postOffice) server(t *testing.T, password string) *Server {
	t.Helper()
	s, err := ParseServer((&url.URL{Scheme: "smtp", User: url.UserPassword(smtpUser, password), Host: p.address}).String())
	if err != nil {
		t.Fatal(err)
	}
	s.Roots = p.roots
	return s
}

// remote returns the server as if it were another machine.
func (p *postOffice) remote(t *testing.T, password string) *Server {
	s := p.server(t, password)
	dialer := net.Dialer{}
	s.host = "post.example"
	s.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, p.address)
	}
	return s
}

func (p *postOffice) letters() []taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]taken{}, p.taken...)
}

func (p *postOffice) putOff(to string, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.later[to] = times
}

type session struct {
	office *postOffice
	now    taken
}

var errWrong = &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong user or password"}

// AuthMechanisms implements [smtp.AuthSession].
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements [smtp.AuthSession].
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != smtpUser || password != smtpPassword {
			return errWrong
		}
		s.now.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.now.user == "" {
		return smtp.ErrAuthRequired
	}
	s.now.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	switch {
	case strings.HasPrefix(to, "gone"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user <" + to + ">"}
	case s.office.later[to] > 0:
		s.office.later[to]--
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, " + to}
	}
	s.now.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.now.raw = string(raw)
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.taken = append(s.office.taken, s.now)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

type quietly struct{}

func (quietly) Printf(string, ...any) {}
func (quietly) Println(...any)        {}

func TestAddressesOfServersAreRead(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://a:b@post.example": "post.example:587", "smtps://post.example": "post.example:465", "smtp://post.example:25/": "post.example:25", "smtp://[::1]:2525": "[::1]:2525",
	} {
		s, err := ParseServer(address)
		if err != nil || s.Where() != want {
			t.Errorf("%s: %v %v", address, s, err)
		}
	}
	if s, err := ParseServer("smtp://a%40b:p%3A%2F%25@h"); err != nil || s.user != "a@b" || s.password != "p:/%" {
		t.Error(s, err)
	}
	for _, address := range []string{"", "post.example", "http://post.example", "smtp://", "smtp://u:canarybird@h/x", "smtp://u:canarybird@h:0", "smtp://u:canarybird@h:99999", "smtp://u:canary%bird@h", "smtp://u:canarybird@h?x=y", "smtp://u:canarybird@ho st"} {
		if _, err := ParseServer(address); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for from, ok := range map[string]bool{"office@demo.example": true, "Demo Guild <office@demo.example>": true, "": false, "Demo": false, "a@b\r\nBcc: x@y.example": false, "a@b, c@d": false} {
		if err := CheckFrom(from); (err == nil) != ok {
			t.Errorf("%q: %v", from, err)
		}
	}
}
