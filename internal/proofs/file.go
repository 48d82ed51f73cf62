package proofs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"shingle/internal/outbound"
)

// mostRead bounds what is read of the file, in bytes: it has one line.
const mostRead = 4 << 10

// onSite looks for the line in the file on the domain's site. A site that sends every visitor from the domain to
// www and the domain is followed there, since the domain itself says so; to anywhere else it is not.
func (k *Checker) onSite(ctx context.Context, c Challenge) Sight {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	status, text, to, err := k.fetch(ctx, c.Domain)
	if err == nil && to != nil && k.isPath(to, "www."+c.Domain) {
		status, text, to, err = k.fetch(ctx, "www."+c.Domain)
	}
	switch {
	case err != nil:
		return Sight{Words: unreachable(c, err)}
	case to != nil:
		return Sight{Words: "The site answers at " + c.Address() + " by sending the reader elsewhere. The file has to be at this address, or at the same one with www. before the domain."}
	case status == http.StatusNotFound || status == http.StatusGone:
		return Sight{Words: "There is no file at " + c.Address() + "."}
	case status != http.StatusOK:
		return Sight{Words: fmt.Sprintf("The site answers at %s with status %d. The file has to be readable for everybody.", c.Address(), status)}
	}
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if strings.TrimSpace(line) == c.Line() {
			return Sight{Found: true, Words: "The file is there."}
		}
	}
	return Sight{Words: "There is something at " + c.Address() + ", but it says " + quoted(text) + ". The file has to hold exactly the line that is shown here, and nothing else."}
}

// fetch returns how a host answers for the file: the beginning of the text, or where it sends the reader.
func (k *Checker) fetch(ctx context.Context, host string) (status int, text string, to *url.URL, err error) {
	if k.port != "" {
		host = net.JoinHostPort(host, k.port)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+Path, nil)
	if err != nil {
		return 0, "", nil, err
	}
	r.Header.Set("User-Agent", "shingle-domain-check")
	r.Header.Set("Accept", "text/plain")
	answer, err := k.client.Do(r)
	if err != nil {
		return 0, "", nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 && answer.StatusCode < 400 {
		if to, err = answer.Location(); err != nil {
			return answer.StatusCode, "", nil, nil // it names no place: a status like any other
		}
		return answer.StatusCode, "", to, nil
	}
	b, err := io.ReadAll(io.LimitReader(answer.Body, mostRead))
	return answer.StatusCode, string(b), nil, err
}

// isPath reports whether an address is that of the file on a host.
func (k *Checker) isPath(to *url.URL, host string) bool {
	port := k.port
	if port == "443" {
		port = ""
	}
	return to.Scheme == "https" && to.User == nil && strings.EqualFold(to.Hostname(), host) && (to.Port() == port || port == "" && to.Port() == "443") && to.Path == Path
}

// unreachable says why a site did not answer, and nothing of the network that it leads to.
func unreachable(c Challenge, err error) string {
	var name *net.DNSError
	var cert *tls.CertificateVerificationError
	var late net.Error
	switch {
	case errors.Is(err, outbound.ErrRefused):
		return c.Domain + " leads to an address that is not on the public internet. Nothing was called there."
	case errors.As(err, &name) && name.IsNotFound:
		return "The name " + c.Domain + " leads to no server."
	case errors.As(err, &cert):
		return "The site of " + c.Domain + " has no certificate that is good for this name. It has to be reachable over HTTPS."
	case errors.As(err, &late) && late.Timeout():
		return "The site of " + c.Domain + " did not answer in time."
	}
	return "The site of " + c.Domain + " could not be reached over HTTPS."
}
