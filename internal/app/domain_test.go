package app_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shingle/internal/pgtest"
	"shingle/internal/servertest"
)

// strangers returns clients of a site that an authority certifies: one that opens a connection for each
// request, and one that speaks HTTP/2 over a single one.
func strangers(at *servertest.Authority) (alone, together *http.Client) {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		to := at.HTTPS
		if strings.HasSuffix(address, ":80") {
			to = at.HTTP
		}
		return (&net.Dialer{}).DialContext(ctx, network, to)
	}
	trust := &tls.Config{RootCAs: at.Root}
	alone = &http.Client{Transport: &http.Transport{DialContext: dial, TLSClientConfig: trust, DisableKeepAlives: true}}
	together = &http.Client{Transport: &http.Transport{DialContext: dial, TLSClientConfig: trust.Clone(), ForceAttemptHTTP2: true}}
	return alone, together
}

// inTime asks until it is answered with 200.
func inTime(t *testing.T, client *http.Client, address string) *http.Response {
	t.Helper()
	for range 300 {
		resp, err := client.Get(address)
		if err == nil && resp.StatusCode == http.StatusOK {
			_ = resp.Body.Close()
			return resp
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s is not answered in time", address)
	return nil
}

// TestADomainIsServedWithACertificateOfItsOwn starts with nothing but a name, and starts anew while strangers ask.
func TestADomainIsServedWithACertificateOfItsOwn(t *testing.T) {
	dir, at := newBody(t), servertest.ACME(t, time.Hour)
	p := begin(t, shingleAt(t, t.TempDir()), "serve", "body", "--data", dir, "--domain", "small.example", "--listen", at.HTTPS, "--listen-http", at.HTTP,
		"--acme-directory", at.Directory, "--acme-ca", at.CA, "--acme-email", "operator@small.example", "--log-level", "warn")
	if p.web != "https://small.example" {
		t.Errorf("it says %s", p.web)
	}
	alone, together := strangers(at)
	resp := inTime(t, together, p.web+"/code")
	if resp.ProtoMajor != 2 || resp.Header.Get("Strict-Transport-Security") != "max-age=31536000" {
		t.Errorf("%s %v", resp.Proto, resp.Header)
	}
	if resp := inTime(t, alone, "http://small.example/why"); resp.Request.URL.String() != p.web+"/why" {
		t.Errorf("plain HTTP leads to %s", resp.Request.URL)
	}
	info, err := os.Stat(filepath.Join(dir, "tls"))
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the certificates' folder is %s", info.Mode())
	}
	inTime(t, together, p.web+"/healthz")
	var wrong sync.Map
	var asked atomic.Int64
	over := make(chan struct{})
	var work sync.WaitGroup
	for name, client := range map[string]*http.Client{"alone": alone, "together": together} {
		work.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				resp, err := client.Get(p.web + "/why")
				if err != nil {
					wrong.Store(name+": "+err.Error(), true)
					continue
				}
				_ = resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					wrong.Store(name+": "+resp.Status, true)
				}
				asked.Add(1)
			}
		})
	}
	for range 3 {
		before := asked.Load()
		p.await("load", func() bool { return asked.Load() > before+20 })
		p.restart()
	}
	close(over)
	work.Wait()
	wrong.Range(func(what, _ any) bool { t.Error(what); return true })
	p.end()
}

// TestNodesOnOneDatabaseShareTheirCertificate starts a second node after the authority has left.
func TestNodesOnOneDatabaseShareTheirCertificate(t *testing.T) {
	at, database := servertest.ACME(t, time.Hour), pgtest.URL(t)
	dir := filepath.Join(t.TempDir(), "body")
	run(t, dir, "init", "body", "--name", "Shared", "--web", "small.example", "--database", database)
	args := func(data string) []string {
		return []string{"serve", "body", "--data", data, "--database", database, "--domain", "small.example", "--listen", at.HTTPS, "--listen-http", at.HTTP,
			"--acme-directory", at.Directory, "--acme-ca", at.CA, "--log-level", "warn"}
	}
	program := shingleAt(t, t.TempDir())
	first := begin(t, program, args(dir)...)
	alone, _ := strangers(at)
	inTime(t, alone, first.web+"/why")
	if _, err := os.Stat(filepath.Join(dir, "tls")); !os.IsNotExist(err) {
		t.Errorf("the folder holds certificates too: %v", err)
	}
	first.end()
	at.Leave()
	second := filepath.Join(t.TempDir(), "second")
	must(t, os.CopyFS(second, os.DirFS(dir)))
	must(t, os.Chmod(filepath.Join(second, "root.key"), 0o600))
	node := begin(t, program, args(second)...)
	inTime(t, alone, node.web+"/why")
	node.end()
}

func TestWhatIsNoDomainIsRefusedInWords(t *testing.T) {
	dir := newBody(t)
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"--domain", "https://a.example/"}, "is not a host name"},
		{[]string{"--domain", "a.example:443"}, "is not a host name"},
		{[]string{"--acme-email", "a@b.example"}, "add --domain NAME"},
		{[]string{"--max-requests", "0"}, "--max-requests is a number"},
		{[]string{"--drain-wait", "25h"}, "--drain-wait is a time"},
		{[]string{"--domain", "a.example", "--acme-ca", dir + "/root.key", "--listen", "127.0.0.1:0", "--listen-http", "127.0.0.1:0"}, "holds no certificate"},
		{[]string{"--log-format", "xml"}, "--log-format must be one of"},
	} {
		status, _, errs := try(dir, append([]string{"serve", "body"}, test.args...)...)
		if status != 2 || !strings.Contains(errs, test.says) {
			t.Errorf("%v: exit %d: %s", test.args, status, errs)
		}
	}
}
