// Package proofs looks whether somebody controls an internet domain.
//
// Whoever says that a domain is theirs is given a line to publish that nobody else can know ([Challenge]): as a TXT
// record below the domain, or as a file on its site. [Checker.Check] looks for it, in both places at once, and says
// in words what it saw, so that a mistake can be mended without asking anybody.
//
// What is called was named by a stranger. So it is called as package outbound calls: nothing private, whatever the
// domain's own servers answer, nothing unencrypted, not for long, and few at a time. How often a member may ask is
// counted by whoever asks for it, where all nodes count.
package proofs

import (
	"context"
	"crypto/tls"
	"encoding/base32"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"shingle/internal/outbound"
)

// Challenge is a line that whoever controls a domain publishes there.
type Challenge struct {
	Domain string // in lower case, as punycode
	Token  string // letters and digits; nobody guesses it
}

// ChallengeOf returns what a member publishes on a domain: the same every year, and nobody else's. digest returns a
// hash of a text that only the body can make.
func ChallengeOf(digest func(text []byte) ([]byte, error), member, domain string) (Challenge, error) {
	sum, err := digest([]byte("control of a domain, version 1\n" + member + "\n" + domain))
	if err != nil {
		return Challenge{}, err
	}
	const size = 20 // bytes: 160 bits, 32 letters
	token := base32.StdEncoding.EncodeToString(sum[:size])
	return Challenge{Domain: domain, Token: strings.ToLower(token)}, nil
}

// Line is what is published, in either place.
func (c Challenge) Line() string { return "shingle-member=" + c.Token }

// Record is the name of the TXT record that holds the line.
func (c Challenge) Record() string { return "_shingle." + c.Domain }

// Path is where on a site the file with the line lies.
const Path = "/.well-known/shingle-member.txt"

// Address is the address of the file that holds the line.
func (c Challenge) Address() string { return "https://" + c.Domain + Path }

// The ways in which control is shown, as the record names them.
const (
	ByDNS  = "dns"
	ByFile = "well-known"
)

// Result is what a check saw.
type Result struct {
	How       string // ByDNS or ByFile; "" if the line was in neither place
	Evidence  string // where it was and what it said, on one line; "" if it was in neither place
	DNS, File Sight  // what was seen in each place
}

// Sight is what was seen in one place.
type Sight struct {
	Found bool
	Words string // a sentence or two: what was seen and, if it was not the line, what to do
}

const (
	// patience is how long each place has to answer.
	patience = 10 * time.Second
	// abreast is how many checks run at a time.
	abreast = 8
)

// Config is what a checker is made of. Its zero value is what a body uses: the machine's resolver, and the public
// internet over HTTPS.
type Config struct {
	Resolver *net.Resolver // nil for the machine's
	// Reach, Port and TLS are for tests, whose servers are on this machine. The port of HTTPS if "".
	Reach outbound.Reach
	Port  string
	TLS   *tls.Config
}

// Checker looks for challenges. Its methods may be called from many goroutines.
type Checker struct {
	resolver *net.Resolver
	client   *http.Client
	port     string
	room     chan struct{}
}

// New returns a checker.
func New(c Config) *Checker {
	k := &Checker{
		resolver: c.Resolver, client: outbound.ClientWith(patience, c.Reach, c.Resolver, c.TLS), port: c.Port,
		room: make(chan struct{}, abreast),
	}
	if k.resolver == nil {
		k.resolver = net.DefaultResolver
	}
	return k
}

// Check looks for a challenge in both places. What keeps a place from answering is in the result; the error is that
// of the context, if it ends while others are being checked.
func (k *Checker) Check(ctx context.Context, c Challenge) (Result, error) {
	select {
	case k.room <- struct{}{}:
		defer func() { <-k.room }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	var r Result
	var both sync.WaitGroup
	both.Go(func() { r.DNS = k.inDNS(ctx, c) })
	both.Go(func() { r.File = k.onSite(ctx, c) })
	both.Wait()
	switch {
	case r.DNS.Found:
		r.How, r.Evidence = ByDNS, "TXT "+c.Record()+" "+c.Line()
	case r.File.Found:
		r.How, r.Evidence = ByFile, c.Address()+" "+c.Line()
	}
	return r, nil
}
