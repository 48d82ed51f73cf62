package cli

import (
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"shingle/internal/work/mail"
)

// Operating says how a server is operated: under which names and with whose certificates, how much strangers
// may take of it, and what it logs. Zero values are the defaults.
type Operating struct {
	Domain        []string `help:"Serve HTTPS for this host name; may be given again. The certificate is obtained and renewed automatically; by giving a name you agree to the terms of the authority, which is Let's Encrypt unless --acme-directory names another." placeholder:"NAME"`
	ListenHTTP    string   `help:"With --domain, the address for plain HTTP, which leads to HTTPS." default:":80" placeholder:"ADDR"`
	AcmeDirectory string   `help:"ACME directory of another certificate authority." placeholder:"URL"`
	AcmeCA        string   `help:"File with the certificate by which that authority's own server is known, if the system does not know it." type:"existingfile" placeholder:"FILE"`
	AcmeEmail     string   `help:"Address to which the authority writes when something is wrong." placeholder:"ADDRESS"`

	Provider     []string `help:"Identity provider (OpenID Connect) that people may link to their account and sign in with, as \"ID ISSUER CLIENT FILE\": FILE holds the secret that it gave you. May be given again." sep:"none" placeholder:"'ID ISSUER CLIENT FILE'"`
	TrustedProxy []string `help:"Address, or network such as 10.0.0.0/8, of a proxy before this server; by whose header X-Forwarded-For it is told who asks. Whoever else sends that header is not believed. May be given again." placeholder:"NETWORK"`

	MaxRequests    int           `help:"Requests that may run at once; others are told to come again. One address may have an eighth of them." default:"512" placeholder:"N"`
	MaxConnections int           `help:"Connections that may be open at once. One address may have an eighth of them." default:"4096" placeholder:"N"`
	DrainWait      time.Duration `help:"After a request to stop, how long to go on answering while /readyz says no, so that a load balancer can look elsewhere first." default:"0s" placeholder:"DURATION"`

	SMTP     string `name:"smtp" help:"Mail server that takes the body's letters: smtp://user:password@host:587, encrypted by STARTTLS, or smtps://…; without one letters lie in the folder mail." placeholder:"URL"`
	SMTPFile string `name:"smtp-file" help:"Read --smtp from this file: it holds a password." type:"existingfile" placeholder:"FILE"`
	SMTPCA   string `name:"smtp-ca" help:"File with the certificate by which the mail server is known, if the system does not know it." type:"existingfile" placeholder:"FILE"`
	MailFrom string `help:"Whose letters they are, such as 'Demo Guild <office@demo.example>'." placeholder:"ADDRESS"`

	MailReturn string `help:"Address that letters come back to which cannot be delivered, if not to that of --mail-from: one of \"shingle mail bounced\"." placeholder:"ADDRESS"`

	LogFormat string `help:"Form of the log on stderr: text or json." enum:"text,json" default:"text"`
	LogLevel  string `help:"What to log: debug, info (a line for each request that is more than a quick look, too), warn or error." enum:"debug,info,warn,error" default:"info"`

	Check bool `help:"Only say whether this could be served, and change nothing."`
}

// AfterApply implements kong's hook: the mail server may stand in a file.
func (o *Operating) AfterApply(k *kong.Context, r *run) error {
	r.given = givenIn(k)
	if err := r.readInto(&o.SMTP, "smtp", o.SMTPFile); err != nil {
		return err
	}
	switch {
	case o.SMTP == "" && o.SMTPCA != "":
		return fmt.Errorf("--smtp-ca vouches for a mail server, and none is given: add --smtp URL")
	case o.SMTP != "" && o.MailFrom == "":
		return fmt.Errorf("say whose letters the mail server is to send: --mail-from 'NAME <ADDRESS>'")
	}
	if o.MailFrom != "" {
		if err := mail.CheckFrom(o.MailFrom); err != nil {
			return fmt.Errorf("--mail-from: %w", err)
		}
	}
	if o.MailReturn != "" {
		a, err := netmail.ParseAddress(o.MailReturn)
		if err != nil || a.Name != "" || mail.CheckFrom(o.MailReturn) != nil {
			return fmt.Errorf("--mail-return is no mail address; give one such as bounces@demo.example, without a name")
		}
		o.MailReturn = a.Address
	}
	if o.SMTP != "" {
		if _, err := mail.ParseServer(o.SMTP); err != nil {
			return fmt.Errorf("--smtp: %w", err)
		}
	}
	return nil
}

// Limits of what can be sensible.
const mostRequests, mostConnections = 100_000, 1_000_000

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Validate implements kong's hook.
func (o *Operating) Validate() error {
	for i, d := range o.Domain {
		o.Domain[i] = strings.ToLower(strings.TrimSuffix(d, "."))
		if !hostName.MatchString(o.Domain[i]) || len(d) > 253 {
			return fmt.Errorf("--domain %q is not a host name; give one such as register.example.org, without https:// and port", d)
		}
	}
	if len(o.Domain) == 0 && (o.AcmeDirectory != "" || o.AcmeCA != "" || o.AcmeEmail != "") {
		return fmt.Errorf("--acme-… says who vouches for a name, and no name is given: add --domain NAME")
	}
	if o.MaxRequests < 1 || o.MaxRequests > mostRequests {
		return fmt.Errorf("--max-requests is a number from 1 to %d, not %d", mostRequests, o.MaxRequests)
	}
	if o.MaxConnections < 1 || o.MaxConnections > mostConnections {
		return fmt.Errorf("--max-connections is a number from 1 to %d, not %d", mostConnections, o.MaxConnections)
	}
	if o.DrainWait < 0 || o.DrainWait > time.Hour {
		return fmt.Errorf("--drain-wait is a time up to an hour, such as 10s, not %s", o.DrainWait)
	}
	return nil
}
