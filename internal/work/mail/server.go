package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"shingle/internal/work/letters"
)

// Server is a mail server that takes our letters.
type Server struct {
	host           string
	port           int
	implicit       bool // TLS from the first byte
	user, password string
	Roots          *x509.CertPool         // who vouches for it; nil for those of the system
	dial           gomail.DialContextFunc // nil is the machine's
}

// ParseServer reads the address of a mail server: smtp://user:password@host:587, by which TLS is begun with
// STARTTLS and required unless the server is this machine, or smtps://… with TLS from the first byte. Errors
// do not hold what was given: there is a password in it.
func ParseServer(address string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the mail server cannot be read; give one such as smtp://user:password@host:587, with %XX for special characters of the password")
	}
	s := &Server{host: u.Hostname(), implicit: u.Scheme == "smtps", port: 587}
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return nil, errors.New("the address of the mail server begins with smtp:// or smtps://")
	case s.host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the address of the mail server is such as smtp://user:password@host:587, and nothing more")
	}
	if s.implicit {
		s.port = 465
	}
	if port := u.Port(); port != "" {
		if s.port, err = strconv.Atoi(port); err != nil || s.port < 1 || s.port > 65535 {
			return nil, errors.New("the port of the mail server is a number from 1 to 65535")
		}
	}
	if u.User != nil {
		s.user = u.User.Username()
		s.password, _ = u.User.Password()
	}
	return s, nil
}

// Where says where the server is, without its password.
func (s *Server) Where() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

// CheckFrom fails unless letters can come from an address.
func CheckFrom(from string) error {
	a, err := netmail.ParseAddress(from)
	if err != nil || strings.ContainsFunc(from, func(r rune) bool { return r < ' ' }) {
		return errors.New("it is no mail address; give one such as \"Demo Guild <office@demo.example>\"")
	}
	if at := strings.LastIndexByte(a.Address, '@'); at < 1 || at == len(a.Address)-1 {
		return errors.New("it is no mail address")
	}
	return nil
}

// envelope is a letter ready to be handed on.
type envelope struct{ msg *gomail.Msg }

// envelope puts a letter into one. It fails, in words without the address, where that is none.
func (m *Mailer) envelope(l Letter, to Person, letter letters.Letter) (envelope, error) {
	from, err := netmail.ParseAddress(m.From)
	if err != nil {
		return envelope{}, errors.New("the address that letters come from is none; see --mail-from")
	}
	// Parsed as it stands and taken as one address: nothing that it holds becomes a header or a second one.
	address, err := netmail.ParseAddress("<" + to.Email + ">")
	if err != nil || address.Name != "" || letters.Line(to.Email) != to.Email || strings.ContainsAny(address.Address, " <>,") {
		return envelope{}, errors.New("the person's mail address is none")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.EnvelopeFromMailAddress(&netmail.Address{Address: cmp.Or(m.Return, from.Address)})
	msg.ToMailAddress(&netmail.Address{Name: letters.Line(to.Name), Address: address.Address})
	msg.Subject(letters.Line(letter.Subject))
	msg.SetDateWithValue(m.Now().UTC())
	msg.SetMessageIDWithValue(l.ID() + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no machine answers
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if to.Unsubscribe != "" {
		msg.SetListUnsubscribe(to.Unsubscribe)
		if strings.HasPrefix(to.Unsubscribe, "https://") {
			msg.SetListUnsubscribePost() // RFC 8058
		}
	}
	msg.SetBodyString(gomail.TypeTextPlain, letter.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	return envelope{msg}, nil
}

// send hands a letter to the server. It says what came of it in words of ours: what servers answer may hold
// the address.
func (s *Server) send(ctx context.Context, e envelope) (state, says string) {
	client, err := s.client()
	if err != nil {
		return Retrying, "the mail server's address cannot be used"
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return Retrying, s.unreached(err)
	}
	defer func() { _ = client.CloseWithSMTPClient(conn) }()
	err = client.SendWithSMTPClient(conn, e.msg)
	if err == nil || e.msg.IsDelivered() {
		return Sent, ""
	}
	var answer *gomail.SendError
	if !errors.As(err, &answer) {
		return Retrying, "the mail server broke off"
	}
	code := strings.TrimSpace(fmt.Sprintf("%d %s", answer.ErrorCode(), answer.EnhancedStatusCode()))
	switch {
	case answer.ErrorCode() >= 500 && answer.Reason == gomail.ErrSMTPMailFrom:
		return Retrying, "the mail server does not take letters from the address in --mail-from (" + code + ")"
	case answer.ErrorCode() >= 500 && answer.Reason == gomail.ErrSMTPRcptTo:
		return Bounced, "the mail server refuses the person's address (" + code + ")"
	case answer.ErrorCode() >= 500:
		return Bounced, "the mail server refuses the letter (" + code + ")"
	case answer.ErrorCode() >= 400:
		return Retrying, "the mail server asks to come again later (" + code + ")"
	}
	return Retrying, "the mail server broke off"
}

// unreached says why a server was not reached.
func (s *Server) unreached(err error) string {
	var names *net.DNSError
	var refused *net.OpError
	var unknown x509.UnknownAuthorityError
	var mismatch x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return "the mail server's certificate is of an authority that is not known"
	case errors.As(err, &mismatch):
		return "the mail server's certificate is for another name"
	case errors.As(err, &names):
		return "the mail server's name is not found"
	case strings.Contains(err.Error(), "STARTTLS"):
		return "the mail server offers no encryption (STARTTLS), and nothing is sent without"
	case strings.Contains(err.Error(), "AUTH"):
		return "the mail server does not let us in: user or password are wrong, or it knows no way to ask for them"
	case errors.As(err, &refused):
		return "the mail server cannot be reached"
	}
	return "the mail server cannot be reached, or broke off"
}

func (s *Server) client() (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(30 * time.Second), gomail.WithoutNoop(),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}),
	}
	if s.dial != nil {
		options = append(options, gomail.WithDialContextFunc(s.dial))
	}
	local := s.isLoopback()
	switch {
	case s.implicit:
		options = append(options, gomail.WithSSL())
	case local:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.user != "" {
		how := gomail.SMTPAuthAutoDiscover
		if local && !s.implicit {
			how = gomail.SMTPAuthPlain // go-mail sends it unencrypted to this machine only
		}
		options = append(options, gomail.WithSMTPAuth(how), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
	}
	return gomail.NewClient(s.host, options...)
}

func (s *Server) isLoopback() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}
