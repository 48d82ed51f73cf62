package act_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
)

// A date is written as it was read, and its day is never empty, in any zone.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-03-01", "2024-02-29", "1800-01-01", "9999-12-31", "2026-02-30", "26-3-1", "2026-03-29T00:00:00Z", "+002026-03-01"} {
		f.Add(s)
	}
	var zones []*time.Location
	for _, name := range []string{"UTC", "America/Denver", "Africa/Cairo", "Pacific/Apia"} { // Apia left out a day
		zone, err := time.LoadLocation(name)
		if err != nil {
			f.Fatal(err)
		}
		zones = append(zones, zone)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := act.ParseDate(s)
		if err != nil {
			if !strings.Contains(err.Error(), "is not a date of the form") && !strings.Contains(err.Error(), "lies outside the years") {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if d.String() != s || d.IsZero() {
			t.Errorf("%q was read as %s", s, d)
		}
		for _, zone := range zones {
			start, end := d.Start(zone), d.End(zone)
			if end.Before(start) || act.DateIn(start, zone).Before(d) {
				t.Errorf("%s in %s is from %s to %s", d, zone, start, end)
			}
		}
	})
}

// What passes for a line, a number, a domain or a host is text that every store, page and log can hold.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"0042", "acme.example", "xn--bcher-kva.example", "localhost:8080", "a..b", "-a.example", "1.2.3.4", "Zoë \u202e", "a\x00b", "::1", "a:", strings.Repeat("a.", 127) + "b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if act.OneLine(s, 1, 200) && (!utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\n\u2028")) {
			t.Errorf("%q passes for a line", s)
		}
		if act.IsMemberNumber(s) && (strings.ToUpper(s) != s || strings.ContainsAny(s, "/ .%\\") || len(s) > 12) {
			t.Errorf("%q passes for a member's number", s)
		}
		if act.IsDomain(s) && (!act.IsHost(s) || !strings.Contains(s, ".") || strings.ContainsAny(s, ":/@ ")) {
			t.Errorf("%q passes for a domain", s)
		}
		if act.IsHost(s) && (strings.ToLower(s) != s || strings.ContainsAny(s, "/@ ") || len(s) > 253) {
			t.Errorf("%q passes for a host", s)
		}
	})
}

// Fields of a form or of the command line say the same as JSON, or are refused with the field's name.
func FuzzFromText(f *testing.F) {
	f.Add("number", "0042", "domains", "a.example; b.example")
	f.Add("paid-through", "2026-03-01", "number", "x\r\ny")
	f.Add("contact", "\xff", "nothing", "\x00")
	a := enrolAct()
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		cmd, err := a.FromText(map[string][]string{name1: {value1}, name2: {value2}})
		if err != nil {
			if _, ok := err.(*act.BadField); !ok || strings.TrimSpace(err.Error()) == "" {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		print, err := act.Fingerprint(cmd)
		if err != nil || !utf8.Valid(print) {
			t.Errorf("%q cannot be written: %v", print, err)
		}
	})
}
