package servertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const pebble = "github.com/letsencrypt/pebble/v2/cmd/pebble"
const pebbleVersion = "@v2.10.1"

// Authority is a certificate authority that speaks ACME, for which every name leads to this machine.
type Authority struct {
	Directory string         // its ACME directory
	CA        string         // file with the certificate by which its own server is known
	Root      *x509.CertPool // by which what it signs is known
	HTTP      string         // address on which it looks for answers to challenges by HTTP
	HTTPS     string         // and by TLS

	t          testing.TB
	config     string
	dns        string
	management string
	server     *exec.Cmd
}

// ACME starts Let's Encrypt's own test authority, whose certificates are good for that long. Whoever wants one
// for a name answers its challenges on the addresses HTTP and HTTPS.
func ACME(t testing.TB, validity time.Duration) *Authority {
	t.Helper()
	a := &Authority{t: t, HTTP: freeAddress(t), HTTPS: freeAddress(t)}
	a.resolve()
	dir := t.TempDir()
	own, key := filepath.Join(dir, "own.pem"), filepath.Join(dir, "own.key")
	ownCertificate(t, own, key)
	at := freeAddress(t)
	a.management = freeAddress(t)
	a.Directory, a.CA, a.config = "https://"+at+"/dir", own, filepath.Join(dir, "pebble.json")
	text, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": at, "managementListenAddress": a.management, "certificate": own, "privateKey": key,
		"httpPort": portOf(t, a.HTTP), "tlsPort": portOf(t, a.HTTPS), "keyAlgorithm": "ecdsa",
		"retryAfter": map[string]int{"authz": 1, "order": 1},
		"profiles":   map[string]any{"default": map[string]any{"description": "short", "validityPeriod": int(validity.Seconds())}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	a.serve()
	return a
}

// resolve starts a name server that leads every name to this machine.
func (a *Authority) resolve() {
	a.t.Helper()
	program, err := binary(pebble + "-challtestsrv" + pebbleVersion)
	if err != nil {
		a.t.Fatal(err)
	}
	a.dns = freeAddress(a.t)
	start(a.t, a.dns, exec.Command(program, "-dnsserver", a.dns, "-management", freeAddress(a.t), "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "",
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""))
}

// Leave takes the authority away.
func (a *Authority) Leave() {
	_ = a.server.Process.Kill() // whoever started it waits for its end
	for range 100 {
		conn, err := net.Dial("tcp", a.management)
		if err != nil {
			return
		}
		_ = conn.Close()
		time.Sleep(20 * time.Millisecond)
	}
	a.t.Fatal("the authority does not leave")
}

func (a *Authority) serve() {
	a.t.Helper()
	program, err := binary(pebble + pebbleVersion)
	if err != nil {
		a.t.Fatal(err)
	}
	a.server = exec.Command(program, "-config", a.config, "-dnsserver", a.dns)
	a.server.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	start(a.t, a.management, a.server)
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: poolOf(a.t, a.CA)}}}
	resp, err := client.Get("https://" + a.management + "/roots/0")
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	root, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	a.Root = x509.NewCertPool()
	if !a.Root.AppendCertsFromPEM(root) {
		a.t.Fatalf("its root is no certificate: %.200q", root)
	}
}

// ownCertificate makes a certificate for a server on this machine.
func ownCertificate(t testing.TB, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "the authority's server"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: signed}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func poolOf(t testing.TB, file string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool
}

func portOf(t testing.TB, address string) int {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
