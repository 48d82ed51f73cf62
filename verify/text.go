package verify

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Statuses are all the answers that a register gives about a member, the worst last.
var Statuses = []string{
	"good", "not-subscribed", "conditional", "lapsed", "withdrawn", "withdrawn-under-investigation", "suspended", "expelled",
}

// Kinds say of a status other than good what lies behind it: an omission, a protective measure without a
// finding, or an order.
var Kinds = []string{"administrative", "interim", "disciplinary"}

func checkStanding(status, kind string) error {
	switch {
	case !slices.Contains(Statuses, status):
		return fmt.Errorf("%q is not a status", status)
	case kind != "" && !slices.Contains(Kinds, kind):
		return fmt.Errorf("%q is not a kind of status", kind)
	case kind != "" && status == "good":
		return fmt.Errorf("good standing has no kind, %q was given", kind)
	}
	return nil
}

func checkMember(s string) error {
	ok := len(s) >= 1 && len(s) <= 12
	for i := range len(s) {
		ok = ok && (s[i] >= '0' && s[i] <= '9' || s[i] >= 'A' && s[i] <= 'Z' || s[i] == '-')
	}
	if !ok {
		return fmt.Errorf("%q is not a member's number (1 to 12 of 0-9, A-Z and -)", s)
	}
	return nil
}

// checkName accepts any text of one line: letters of any script, but nothing that could start a new
// line or move a terminal's cursor.
func checkName(s string) error {
	if s == "" {
		return fmt.Errorf("is empty")
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%q is not UTF-8", s)
	}
	if i := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}); i >= 0 {
		return fmt.Errorf("%q holds a control character or line break", s)
	}
	return nil
}

// checkToken accepts a name without spaces.
func checkToken(s string) error {
	if err := checkName(s); err != nil {
		return err
	}
	if strings.ContainsFunc(s, unicode.IsSpace) || s == "-" {
		return fmt.Errorf("%q is not a single word", s)
	}
	return nil
}

func checkDomain(s string) error {
	ok := len(s) >= 1 && len(s) <= 253
	for i := range len(s) {
		ok = ok && (s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'z' || s[i] == '-' || s[i] == '.' || s[i] == '_')
	}
	if !ok {
		return fmt.Errorf("%q is not a domain name in lower case", s)
	}
	return nil
}

func checkHash(s string) error {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 || s != strings.ToLower(s) {
		return fmt.Errorf("%q is not a SHA-256 in 64 lower-case hex digits", s)
	}
	return nil
}

func checkDate(s string) error {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Format(time.DateOnly) != s {
		return fmt.Errorf("%q is not a date such as 2026-03-01", s)
	}
	return nil
}

func checkTime(t time.Time) error {
	if _, offset := t.Zone(); offset != 0 {
		return fmt.Errorf("%s is not in UTC", t.Format(time.RFC3339Nano))
	}
	if y := t.Year(); y < 1800 || y > 9999 {
		return fmt.Errorf("the year %d lies outside 1800 to 9999", y)
	}
	if !t.Truncate(time.Microsecond).Equal(t) {
		return fmt.Errorf("%s is finer than microseconds", t.Format(time.RFC3339Nano))
	}
	return nil
}

// formatTime writes a time in its one form: UTC, and a fraction of the second only if there is one.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time such as 2026-03-01T12:00:00Z", s)
	}
	if err := checkTime(t); err != nil {
		return time.Time{}, err
	}
	if formatTime(t) != s {
		return time.Time{}, fmt.Errorf("%q is not written as %s", s, formatTime(t))
	}
	return t.UTC(), nil
}
