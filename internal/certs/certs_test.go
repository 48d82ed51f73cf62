package certs_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/certmagic"

	"shingle/internal/certs"
	"shingle/internal/servertest"
)

// site is a server with certificates of an authority.
type site struct {
	t     *testing.T
	name  string
	at    *servertest.Authority
	certs *certs.Certs
	said  *said
}

// said is a log that can be read while it is written.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// nameAt returns the name of the one site that an authority certifies. What certmagic has under way it knows by
// names, in the whole process.
func nameAt(at *servertest.Authority) string {
	_, port, _ := net.SplitHostPort(at.HTTPS)
	return "register-" + port + ".example"
}

// open serves with certificates from storage, or that the authority gives for challenges it finds at the
// addresses. Only the named doors are open: "http", "https".
func open(t *testing.T, at *servertest.Authority, storage certmagic.Storage, doors string) *site {
	t.Helper()
	s := &site{t: t, name: nameAt(at), at: at, said: &said{}}
	httpOn, httpsOn := listen(t, at.HTTP), listen(t, at.HTTPS)
	roots, err := certs.Roots(at.CA)
	must(t, err)
	s.certs, err = certs.New(certs.Config{
		Domains: []string{s.name}, Directory: at.Directory, Roots: roots, Email: "operator@secret.example", Storage: storage,
		HTTP: httpOn.Addr(), HTTPS: httpsOn.Addr(), Log: slog.New(slog.NewTextHandler(s.said, nil)), Every: 300 * time.Millisecond,
	})
	must(t, err)
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.Proto)) })
	plain := http.Handler(certs.Redirect([]string{s.name}))
	if strings.Contains(doors, "http ") {
		plain = s.certs.Challenge(plain)
	}
	secure := &http.Server{Handler: certs.Strict(hello), TLSConfig: s.certs.TLS(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	if !strings.Contains(doors, "https") {
		// Whoever cannot speak acme-tls/1 cannot answer by TLS.
		secure.TLSConfig.NextProtos = []string{"h2", "http/1.1"}
	}
	other := &http.Server{Handler: plain}
	go func() { _ = secure.ServeTLS(httpsOn, "", "") }()
	go func() { _ = other.Serve(httpOn) }()
	ctx, cancel := context.WithCancel(context.Background())
	must(t, s.certs.Start(ctx))
	t.Cleanup(func() {
		cancel()
		_, _ = secure.Close(), other.Close()
		s.certs.Close()
		if t.Failed() {
			t.Log(s.said)
		}
	})
	return s
}

func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	must(t, err)
	return l
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shown returns the certificate that the site shows, nil if it shows none that the authority signed.
func (s *site) shown() *x509.Certificate {
	conn, err := tls.Dial("tcp", s.at.HTTPS, &tls.Config{ServerName: s.name, RootCAs: s.at.Root})
	if err != nil {
		return nil
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0]
}

// await waits until the site shows a certificate that passes.
func (s *site) await(passes func(*x509.Certificate) bool) *x509.Certificate {
	s.t.Helper()
	for range 300 {
		if c := s.shown(); c != nil && passes(c) {
			return c
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatal("the certificate does not come")
	return nil
}

func any(*x509.Certificate) bool { return true }

func folder(t *testing.T) (certmagic.Storage, string) {
	dir := filepath.Join(t.TempDir(), "tls")
	storage, err := certs.Folder(dir)
	must(t, err)
	return storage, dir
}

func TestACertificateIsObtainedByEitherChallengeAndServed(t *testing.T) {
	for _, door := range []string{"http ", "https"} {
		t.Run(strings.TrimSpace(door), func(t *testing.T) {
			t.Parallel()
			storage, dir := folder(t)
			s := open(t, servertest.ACME(t, time.Hour), storage, door)
			leaf := s.await(any)
			must(t, leaf.VerifyHostname(s.name))
			if says := s.certs.Wrong(time.Now()); says != "" {
				t.Error(says)
			}
			if says := s.certs.Wrong(leaf.NotAfter.Add(-time.Minute)); !strings.Contains(says, "could not be renewed") {
				t.Errorf("a minute before it expires: %q", says)
			}
			if says := s.certs.Wrong(leaf.NotAfter.Add(time.Minute)); !strings.Contains(says, "has expired") {
				t.Errorf("a minute after it expired: %q", says)
			}
			must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
				if err != nil {
					return err
				}
				if info, err := d.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
					t.Errorf("%s can be read by others: %s", path, info.Mode())
				}
				return nil
			}))
			s.answers()
			if log := s.said.String(); !strings.Contains(log, "a certificate was obtained") || strings.Contains(log, "operator@") {
				t.Errorf("the log: %s", log)
			}
		})
	}
}

// answers looks at what is answered with the certificate, and without.
func (s *site) answers() {
	s.t.Helper()
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.at.Root}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			to := s.at.HTTPS
			if strings.HasSuffix(address, ":80") {
				to = s.at.HTTP
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Get("https://" + s.name + "/")
	must(s.t, err)
	_ = resp.Body.Close()
	if resp.ProtoMajor != 2 || resp.Header.Get("Strict-Transport-Security") == "" {
		s.t.Errorf("%s, %v", resp.Proto, resp.Header)
	}
	resp, err = client.Get("http://" + s.name + "/register?q=1")
	must(s.t, err)
	_ = resp.Body.Close()
	if to := resp.Header.Get("Location"); resp.StatusCode != http.StatusMovedPermanently || to != "https://"+s.name+"/register?q=1" {
		s.t.Errorf("%s to %q", resp.Status, to)
	}
	resp, err = client.Post("http://"+s.name+"/api/v1/acts/x", "application/json", nil)
	must(s.t, err)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || resp.Header.Get("Location") != "" {
		s.t.Errorf("something to be done over plain HTTP: %s", resp.Status)
	}
	old := &tls.Config{ServerName: s.name, RootCAs: s.at.Root, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", s.at.HTTPS, old); err == nil {
		_ = conn.Close()
		s.t.Error("TLS 1.1 was spoken")
	}
}

func TestARedirectLeadsToNoOtherSite(t *testing.T) {
	const name = "register.example"
	for host, to := range map[string]string{name: name, name + ":8080": name, "www." + name: "www." + name, "evil.example": name, "": name} {
		req, err := http.NewRequest("GET", "http://x/a?b", nil)
		must(t, err)
		req.Host = host
		w := httptest.NewRecorder()
		certs.Redirect([]string{name, "www." + name}).ServeHTTP(w, req)
		if got := w.Header().Get("Location"); got != "https://"+to+"/a?b" {
			t.Errorf("from %q to %q", host, got)
		}
	}
}

// short is for how long certificates are good that are renewed within a test.
const short = 15 * time.Second

func TestACertificateIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	storage, _ := folder(t)
	s := open(t, servertest.ACME(t, short), storage, "http https")
	first := s.await(any)
	s.await(func(c *x509.Certificate) bool { return c.SerialNumber.Cmp(first.SerialNumber) != 0 })
	if now := time.Now(); !now.Before(first.NotAfter) {
		t.Errorf("it was renewed at %s, after it had expired at %s", now, first.NotAfter)
	}
}

func TestAnAuthorityThatIsAwayStopsNothing(t *testing.T) {
	t.Parallel()
	at := servertest.ACME(t, short)
	storage, _ := folder(t)
	s := open(t, at, storage, "http https")
	leaf := s.await(any)
	at.Leave()
	for until := leaf.NotAfter.Add(-time.Second); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		if s.shown() == nil {
			t.Fatal("the authority is away, and nothing is served")
		}
	}
	if says := s.certs.Wrong(time.Now()); !strings.Contains(says, "could not be renewed") || !strings.Contains(s.said.String(), "a certificate was not obtained") {
		t.Errorf("nobody is told: %q", says)
	}
}

func TestAStoredCertificateIsServedAtOnceWithoutTheAuthority(t *testing.T) {
	t.Parallel()
	at := servertest.ACME(t, time.Hour)
	storage, _ := folder(t)
	var first *x509.Certificate
	t.Run("before", func(t *testing.T) { first = open(t, at, storage, "http https").await(any) })
	at.Leave()
	s := open(t, at, storage, "http https")
	if c := s.await(any); c.SerialNumber.Cmp(first.SerialNumber) != 0 {
		t.Error("another certificate")
	}
}
