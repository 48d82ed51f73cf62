package verify

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Receipt is what a body signs about one member's standing, for anyone to check offline until it
// expires. Written down it is the text below, one fact a line, always in this order:
//
//	shingle-standing/v1
//	body demo.example
//	member 0042
//	name Cobalt Ridge IT
//	domain cobaltridge.example
//	status good
//	kind -
//	since 2026-03-01T00:00:00Z
//	code 2026.1 sha256:…
//	leaf 812
//	at 2026-11-23T12:00:00Z
//	until 2026-11-24T12:00:00Z
//
// The line domain repeats, or is missing when the member has proven none.
type Receipt struct {
	Body        string    // the body's name, one word, e.g. "demo.example"
	Member      string    // the member's number
	Name        string    // the member's name: any text of one line
	Domains     []string  // the member's proven domains, in the order of the leaf
	Status      string    // one of Statuses
	Kind        string    // one of Kinds; "" for none, written "-"
	Since       time.Time // since when the status holds
	CodeVersion string    // the version of the code that the member signed; "" if it signed none
	CodeSHA256  string    // the hash of that text, 64 hex digits
	Leaf        int64     // index of the leaf in the public log that says the same
	At          time.Time // when the receipt was issued; it is not valid before
	Until       time.Time // from when on it is no longer valid
}

const receiptHeader = "shingle-standing/v1"

// Text writes the receipt. It does not check the fields; [ParseReceipt] does.
func (r Receipt) Text() string {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(name + " " + value + "\n") }
	b.WriteString(receiptHeader + "\n")
	line("body", r.Body)
	line("member", r.Member)
	line("name", r.Name)
	for _, d := range r.Domains {
		line("domain", d)
	}
	line("status", r.Status)
	line("kind", dash(r.Kind))
	line("since", formatTime(r.Since))
	if r.CodeVersion == "" && r.CodeSHA256 == "" {
		line("code", "-")
	} else {
		line("code", r.CodeVersion+" sha256:"+r.CodeSHA256)
	}
	line("leaf", strconv.FormatInt(r.Leaf, 10))
	line("at", formatTime(r.At))
	line("until", formatTime(r.Until))
	return b.String()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// ParseReceipt reads the text of a receipt, without signature and proof. It accepts exactly what Text
// writes of a sound receipt; every error wraps [ErrMalformed] and names the line and the reason.
func ParseReceipt(text string) (Receipt, error) {
	var r Receipt
	p := receiptParser{rest: text}
	p.header()
	r.Body = p.take("body", checkToken)
	r.Member = p.take("member", checkMember)
	r.Name = p.take("name", checkName)
	for p.at("domain") {
		r.Domains = append(r.Domains, p.take("domain", checkDomain))
	}
	r.Status = p.take("status", func(s string) error { return checkStanding(s, "") })
	r.Kind = p.take("kind", func(s string) error {
		if s == "-" {
			return nil
		}
		if s == "" {
			return fmt.Errorf(`is empty; write "-" for none`)
		}
		return checkStanding(r.Status, s)
	})
	if r.Kind == "-" {
		r.Kind = ""
	}
	r.Since = p.time("since")
	p.take("code", func(s string) error {
		if s == "-" {
			return nil
		}
		version, hash, ok := strings.Cut(s, " sha256:")
		if !ok {
			return fmt.Errorf(`%q is neither "-" nor "VERSION sha256:HASH"`, s)
		}
		r.CodeVersion, r.CodeSHA256 = version, hash
		if err := checkToken(version); err != nil {
			return err
		}
		return checkHash(hash)
	})
	p.take("leaf", func(s string) (err error) {
		r.Leaf, err = strconv.ParseInt(s, 10, 64)
		if err != nil || r.Leaf < 0 || strconv.FormatInt(r.Leaf, 10) != s {
			return fmt.Errorf("%q is not the index of a leaf", s)
		}
		return nil
	})
	r.At = p.time("at")
	r.Until = p.time("until")
	switch {
	case p.err != nil:
	case p.rest != "":
		p.fail(p.line+1, "nothing may follow the line until")
	case !r.Until.After(r.At):
		p.fail(p.line, "until is not after at")
	case r.Since.After(r.At):
		p.fail(p.line, "since is after at")
	}
	if p.err != nil {
		return Receipt{}, p.err
	}
	return r, nil
}

// receiptParser takes line after line; after the first error it takes nothing more.
type receiptParser struct {
	rest string
	line int // number of the last line taken
	err  error
}

func (p *receiptParser) fail(line int, format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("%w receipt: line %d: %s", ErrMalformed, line, fmt.Sprintf(format, args...))
	}
}

func (p *receiptParser) header() {
	line, rest, _ := strings.Cut(p.rest, "\n")
	if p.line, p.rest = 1, rest; line != receiptHeader {
		p.fail(1, "expected %q", receiptHeader)
	}
}

func (p *receiptParser) at(name string) bool {
	return p.err == nil && strings.HasPrefix(p.rest, name+" ")
}

func (p *receiptParser) take(name string, check func(string) error) string {
	if p.err != nil {
		return ""
	}
	p.line++
	line, rest, ended := strings.Cut(p.rest, "\n")
	value, ok := strings.CutPrefix(line, name+" ")
	if !ok {
		p.fail(p.line, "expected %q", name+" …")
		return ""
	}
	if !ended {
		p.fail(p.line, "the line does not end")
		return ""
	}
	if err := check(value); err != nil {
		p.fail(p.line, "%s: %v", name, err)
		return ""
	}
	p.rest = rest
	return value
}

func (p *receiptParser) time(name string) (t time.Time) {
	p.take(name, func(s string) (err error) {
		t, err = parseTime(s)
		return err
	})
	return t
}
