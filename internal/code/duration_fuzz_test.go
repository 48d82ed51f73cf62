package code

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
)

// A duration is written as it was read, but for leading zeros, and a deadline is never before its beginning.
func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"24h", "30d", "15bd", "3mo", "2y", "0d", "007d", "9999h", "99999d", "-1d", "1", "d", "1 d", "1D"} {
		f.Add(s)
	}
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		f.Fatal(err)
	}
	from := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC) // the day before the clocks change
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			if !strings.Contains(err.Error(), "is not a duration such as") && !strings.Contains(err.Error(), "is too long") {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := ParseDuration(d.String())
		if err != nil || again != d || d.IsZero() {
			t.Errorf("%q is %v, which is read as %v, %v", s, d, again, err)
		}
		if end := Deadline(from, d, zone, Holidays{}); end.Before(from) || end.Year() > 2130 {
			t.Errorf("%v from %s ends at %s", d, from, end)
		}
	})
}

// A redline says how the one text becomes the other: without what is inserted it is the first, without what is
// deleted the second.
func FuzzDiff(f *testing.F) {
	f.Add([]byte(small), Template(act.On(2026, 1, 1)))
	f.Add([]byte(small), []byte(strings.Replace(small, "the", "every", 3)))
	f.Fuzz(func(t *testing.T, from, to []byte) {
		a, _ := Parse(from)
		b, _ := Parse(to)
		if a == nil || b == nil {
			return
		}
		seen := map[string]bool{}
		for _, c := range Diff(a, b).Provisions {
			if seen[c.ID] {
				t.Errorf("%q is there twice", c.ID)
			}
			seen[c.ID] = true
			var before, after strings.Builder
			for _, r := range c.Text {
				if r.Op != Inserted {
					before.WriteString(" " + r.Text)
				}
				if r.Op != Deleted {
					after.WriteString(" " + r.Text)
				}
			}
			words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
			if c.Kind == Unchanged && words(before.String()) != words(after.String()) {
				t.Errorf("%q is unchanged from %q to %q", c.ID, &before, &after)
			}
			if c.Kind == Added && words(before.String()) != "" || c.Kind == Removed && words(after.String()) != "" {
				t.Errorf("%q is %s, and goes from %q to %q", c.ID, c.Kind, &before, &after)
			}
		}
		for _, p := range b.Provisions {
			if !seen[p.ID] {
				t.Errorf("%q is missing", p.ID)
			}
		}
		if text, err := Redate(b.Text, "2099.9", act.On(2099, 9, 9)); err != nil {
			t.Errorf("it cannot be redated: %v", err)
		} else if v, problems := Parse(text); v == nil || v.Label != "2099.9" {
			t.Errorf("redated, it reads otherwise: %v", problems)
		}
	})
}
