package act

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

// OneLine reports whether s is a line of between least and most characters, all of which can be seen.
func OneLine(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n >= least && n <= most && !strings.ContainsFunc(s, unwritable)
}

// unwritable reports whether a character is none that a line of text holds: a control, a line or paragraph
// separator, one of Unicode's noncharacters (section 23.7), which XML cannot carry, or what stands where a
// character was lost.
func unwritable(r rune) bool {
	return unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}

// IsMemberNumber reports whether s can be a member's number: at most 12 capital letters, digits and hyphens.
func IsMemberNumber(s string) bool {
	if len(s) < 1 || len(s) > 12 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '-') {
			return false
		}
	}
	return true
}

// IsDomain reports whether s, in lower case, is a domain (RFC 1123 section 2.1): a host name of at least
// two labels, the last of which is no number.
func IsDomain(s string) bool {
	last := s[strings.LastIndexByte(s, '.')+1:]
	return isHostName(s) && len(last) < len(s) && strings.Trim(last, "0123456789") != ""
}

// IsHost reports whether s, in lower case, is a host name, with a port perhaps.
func IsHost(s string) bool {
	name, port, _ := strings.Cut(s, ":")
	return len(s) <= 253 && isHostName(name) && strings.Trim(port, "0123456789") == ""
}

func isHostName(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}

// IsPublicSuffix reports whether a domain is one below which anybody may have a name, such as co.uk or
// github.io, and so nobody's own (publicsuffix.org).
func IsPublicSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// DomainsAbove returns the domains above a domain that can be somebody's own, the nearest first.
func DomainsAbove(domain string) (above []string) {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	for {
		_, rest, ok := strings.Cut(domain, ".")
		if !ok || len(rest) <= len(suffix) {
			return above
		}
		above, domain = append(above, rest), rest
	}
}

// tidy returns a text as it is kept: its lines end in \n, and one that is a single line, as names are, is in
// Unicode's normal form C, so that a name that looks the same is the same. Longer texts, which are signed and
// hashed as they were written, stay so. It fails on what no text holds and not every store can keep. The error
// never tells the text.
func tidy(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errNotUTF8
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, r := range s {
		if unwritable(r) && r != '\n' && r != '\t' {
			return "", fmt.Errorf("holds the character %U, which no text holds; line breaks and tabs are fine", r)
		}
	}
	if !strings.Contains(s, "\n") {
		s = norm.NFC.String(s)
	}
	return s, nil
}
