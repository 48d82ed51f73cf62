// Package certs gets the certificates of a site from a certificate authority, by ACME (RFC 8555), and renews
// them in time.
//
//	c, err := certs.New(certs.Config{Domains: []string{"register.example"}, Storage: storage, …})
//	https := &tls.Config of c.TLS()     // answers TLS-ALPN-01 as well
//	http := c.Challenge(redirect)       // answers HTTP-01
//	c.Start(ctx)
//
// A server does not wait for its certificates: what it has it uses, what it lacks it asks for again and again,
// and an authority that is away for a while takes nothing from a certificate that is good for weeks.
//
// Certificates and their keys are kept in a folder, or, where several nodes speak for one site, in the
// database that they share ([Shared]): a challenge is answered by whichever node it meets, and each
// certificate is asked for once.
package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// Config says for what certificates are wanted, and of whom.
type Config struct {
	Domains   []string
	Directory string         // ACME directory of the authority; "" is Let's Encrypt
	Roots     *x509.CertPool // whom to trust as the authority's own server; nil for the system's
	Email     string         // where the authority writes if something is wrong; may be ""
	Storage   certmagic.Storage
	HTTP      net.Addr // where challenges by HTTP and by TLS arrive: our own listeners
	HTTPS     net.Addr
	Log       *slog.Logger
	// Every is how often it is looked whether a certificate is to be renewed; 0 is every ten minutes.
	Every time.Duration
}

// Certs are the certificates of a site.
type Certs struct {
	domains []string
	magic   *certmagic.Config
	issuer  *certmagic.ACMEIssuer
	cache   *certmagic.Cache
	log     *zap.Logger
}

// New returns the certificates that are wanted. Nothing is asked for before Start.
func New(c Config) (*Certs, error) {
	if len(c.Domains) == 0 {
		return nil, errors.New("a certificate is for at least one domain")
	}
	log := zap.New(&core{to: c.Log})
	made := &Certs{domains: c.Domains, log: log}
	made.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return made.magic, nil },
		RenewCheckInterval: c.Every, Logger: log,
	})
	made.magic = certmagic.New(made.cache, certmagic.Config{
		Storage: c.Storage, Logger: log, OnEvent: told(c.Log),
		// Who does not say whom they want is shown the first.
		DefaultServerName: c.Domains[0],
	})
	template := certmagic.ACMEIssuer{
		CA: c.Directory, TestCA: "", TrustedRoots: c.Roots, Email: c.Email, Agreed: true, Logger: log,
		AltHTTPPort: portOf(c.HTTP), AltTLSALPNPort: portOf(c.HTTPS), ListenHost: hostOf(c.HTTPS),
	}
	if template.CA == "" {
		template.CA, template.TestCA = certmagic.LetsEncryptProductionCA, certmagic.LetsEncryptStagingCA
	}
	made.issuer = certmagic.NewACMEIssuer(made.magic, template)
	made.magic.Issuers = []certmagic.Issuer{made.issuer}
	return made, nil
}

// told logs what happens to certificates.
func told(log *slog.Logger) func(context.Context, string, map[string]any) error {
	return func(_ context.Context, event string, data map[string]any) error {
		switch event {
		case "cert_obtained":
			log.Info("a certificate was obtained", "domain", data["identifier"], "renewal", data["renewal"])
		case "cert_failed":
			log.Error("a certificate was not obtained; it is asked for again", "domain", data["identifier"], "renewal", data["renewal"], "error", data["error"])
		}
		return nil
	}
}

// loading is how long Start waits for certificates to be loaded that are stored.
const loading = 5 * time.Second

// Start loads the certificates that there are, and asks for those that are missing until ctx ends. It waits for
// the former only, so that from the first stranger on they are shown.
func (c *Certs) Start(ctx context.Context) error {
	if err := c.magic.ManageAsync(ctx, c.domains); err != nil {
		return fmt.Errorf("the certificates cannot be managed: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, loading)
	defer cancel()
	for _, d := range c.domains {
		if !c.magic.Storage.Exists(ctx, certmagic.StorageKeys.SiteCert(c.issuer.IssuerKey(), d)) {
			continue
		}
		for c.newest(d) == nil && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}
	return nil
}

// Close ends the renewals, and gives back what they have locked.
func (c *Certs) Close() {
	c.cache.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	certmagic.CleanUpOwnLocks(ctx, c.log)
}

// TLS returns how to serve with the certificates: TLS 1.2 or newer, HTTP/2 where it is understood.
func (c *Certs) TLS() *tls.Config {
	config := c.magic.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	return config
}

// Challenge returns a handler for plain HTTP that answers the authority, and leaves the rest to next.
func (c *Certs) Challenge(next http.Handler) http.Handler { return c.issuer.HTTPChallengeHandler(next) }

// newest returns the certificate of a domain that expires last, nil if there is none.
func (c *Certs) newest(domain string) (leaf *x509.Certificate) {
	for _, cert := range c.cache.AllMatchingCertificates(domain) {
		if cert.Leaf != nil && (leaf == nil || cert.Leaf.NotAfter.After(leaf.NotAfter)) {
			leaf = cert.Leaf
		}
	}
	return leaf
}

// Expires returns when the first of the certificates expires; ok is false while one is missing.
func (c *Certs) Expires() (first time.Time, ok bool) {
	for _, d := range c.domains {
		leaf := c.newest(d)
		if leaf == nil {
			return first, false
		}
		if first.IsZero() || leaf.NotAfter.Before(first) {
			first = leaf.NotAfter
		}
	}
	return first, true
}

// Wrong says what is wrong with the certificates, "" if nothing is. They are renewed when a third of their
// life is left; that a sixth is left says that it does not succeed.
func (c *Certs) Wrong(now time.Time) string {
	for _, d := range c.domains {
		leaf := c.newest(d)
		switch {
		case leaf == nil:
			return "there is no certificate for " + d + " yet"
		case now.After(leaf.NotAfter):
			return "the certificate for " + d + " has expired"
		case leaf.NotAfter.Sub(now) < leaf.NotAfter.Sub(leaf.NotBefore)/6:
			return "the certificate for " + d + " could not be renewed, and expires at " + leaf.NotAfter.Format(time.RFC3339)
		}
	}
	return ""
}

// Redirect sends who asks over plain HTTP to the same address over HTTPS, at one of the domains. What was to
// be changed is not changed: it has been sent for everyone to read.
func Redirect(domains []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "This is answered over https only. Nothing was changed, and what you sent could be read on its way: if there was a token in it, revoke it.", http.StatusForbidden)
			return
		}
		to := domains[0] // whatever else somebody says we are called
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		for _, d := range domains {
			if host == d {
				to = d
			}
		}
		w.Header().Set("Cache-Control", "public, max-age=300")
		http.Redirect(w, r, "https://"+to+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}

// Strict returns next with the order to browsers to come back over HTTPS only, for a year.
func Strict(next http.Handler) http.Handler {
	year := []string{"max-age=31536000"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Strict-Transport-Security"] = year
		next.ServeHTTP(w, r)
	})
}

// Roots reads the certificates of an authority that the system does not know.
func Roots(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the authority's certificate cannot be read: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate; a PEM file with the authority's root is wanted", path)
	}
	return pool, nil
}

// Folder keeps certificates in a folder, for this user alone.
func Folder(path string) (certmagic.Storage, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for certificates cannot be made: %w", err)
	}
	return &certmagic.FileStorage{Path: path}, nil
}

func portOf(a net.Addr) int {
	_, port, _ := net.SplitHostPort(a.String())
	n, _ := strconv.Atoi(port)
	return n
}

// hostOf returns the address that is listened on, "" for all.
func hostOf(a net.Addr) string {
	host, _, _ := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		return ""
	}
	return host
}
