package proofs

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// inDNS looks for the line among the TXT records of its name.
func (k *Checker) inDNS(ctx context.Context, c Challenge) Sight {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	records, err := k.resolver.LookupTXT(ctx, c.Record()+".") // the dot: no search list is tried
	var failed *net.DNSError
	switch {
	case errors.As(err, &failed) && failed.IsNotFound, err == nil && len(records) == 0:
		return Sight{Words: "There is no TXT record at " + c.Record() + ". A new record can take up to an hour to be seen; check that the host is exactly “_shingle”."}
	case errors.As(err, &failed) && failed.IsTimeout || errors.Is(err, context.DeadlineExceeded):
		return Sight{Words: "The name servers of " + c.Domain + " did not answer in time. Try again in a few minutes."}
	case err != nil:
		return Sight{Words: "The name servers of " + c.Domain + " did not give a usable answer. Ask whoever runs them."}
	case slices.ContainsFunc(records, func(r string) bool { return strings.TrimSpace(r) == c.Line() }):
		return Sight{Found: true, Words: "The record is there."}
	}
	return Sight{Words: "There is a TXT record at " + c.Record() + ", but it says " + quoted(records[0]) + ". It has to say exactly the line that is shown here."}
}

// quoted is something that a stranger wrote, so that it can be shown: on one line, and not much of it.
func quoted(s string) string {
	const most = 80 // letters
	clean := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return ' '
	}, s))
	if letters := []rune(clean); len(letters) > most {
		clean = string(letters[:most]) + "…"
	}
	if clean == "" {
		return "nothing"
	}
	return "“" + clean + "”"
}
