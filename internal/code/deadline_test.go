package code

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata" // the zones, wherever the tests run

	"pgregory.net/rapid"

	"shingle/internal/act"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDurationsReadAsTheyPrint(t *testing.T) {
	for _, s := range []string{"0d", "24h", "30d", "15bd", "3mo", "100y", ""} {
		var d Duration
		if err := d.UnmarshalText([]byte(s)); err != nil || d.String() != s {
			t.Errorf("%q reads as %q, %v", s, d, err)
		}
	}
	for _, s := range []string{"d", "30", "-3d", "+3d", "3 d", "3D", "3days", "1.5y", "3d3h", "10000d", "101y", "99999999999999999999d", "٣d"} {
		if d, err := ParseDuration(s); err == nil {
			t.Errorf("%q is no duration, but reads as %v", s, d)
		}
	}
	b, err := json.Marshal(struct{ A Duration }{Duration{3, Months}})
	if err != nil || string(b) != `{"A":"3mo"}` {
		t.Errorf("%s, %v", b, err)
	}
	if w := (Duration{15, BusinessDays}).Words() + ", " + (Duration{1, Years}).Words(); w != "15 business days, 1 year" {
		t.Error(w)
	}
}

func TestDeadline(t *testing.T) {
	holidays := Holidays{act.On(2026, 12, 25): "Christmas Day", act.On(2027, 1, 1): "New Year's Day"}
	for name, c := range map[string]struct {
		zone, from, term, want string
	}{
		"hours are exact":                         {"America/New_York", "2026-03-08T01:30:00-05:00", "24h", "2026-03-09T02:30:00-04:00"},
		"days end at 24:00":                       {"America/New_York", "2026-03-01T09:00:00-05:00", "10d", "2026-03-12T00:00:00-04:00"},
		"nought days end today":                   {"UTC", "2026-03-01T09:00:00Z", "0d", "2026-03-02T00:00:00Z"},
		"the zone says which day it is":           {"Asia/Tokyo", "2026-03-01T20:00:00Z", "1d", "2026-03-04T00:00:00+09:00"},
		"business days skip the weekend":          {"UTC", "2026-11-20T12:00:00Z", "1bd", "2026-11-24T00:00:00Z"},
		"from a Saturday, Monday is the first":    {"UTC", "2026-11-21T12:00:00Z", "1bd", "2026-11-24T00:00:00Z"},
		"business days skip holidays":             {"UTC", "2026-12-23T12:00:00Z", "7bd", "2027-01-06T00:00:00Z"},
		"a month may be too short":                {"UTC", "2026-01-31T12:00:00Z", "1mo", "2026-03-01T00:00:00Z"},
		"a leap day may be missing":               {"UTC", "2028-02-29T12:00:00Z", "1y", "2029-03-01T00:00:00Z"},
		"24:00 that the clocks skip, west":        {"America/Santiago", "2026-09-01T12:00:00-04:00", "4d", "2026-09-06T01:00:00-03:00"},
		"24:00 that the clocks skip, east":        {"Asia/Beirut", "2022-03-20T12:00:00+02:00", "6d", "2022-03-27T01:00:00+03:00"},
		"24:00 after an hour that is shown twice": {"America/Santiago", "2026-04-03T12:00:00-03:00", "1d", "2026-04-05T00:00:00-04:00"},
		"a day that never was":                    {"Pacific/Apia", "2011-12-28T12:00:00-10:00", "1d", "2011-12-31T00:00:00+14:00"},
	} {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, c.from)
			if err != nil {
				t.Fatal(err)
			}
			d, err := ParseDuration(c.term)
			if err != nil {
				t.Fatal(err)
			}
			got := Deadline(from, d, zone(t, c.zone), holidays)
			if s := got.In(zone(t, c.zone)).Format(time.RFC3339); s != c.want {
				t.Errorf("%s from %s is %s, want %s", c.term, c.from, s, c.want)
			}
			if got.Location() != time.UTC {
				t.Error("a deadline is in UTC")
			}
		})
	}
}

func TestDeadlinesHoldEverywhere(t *testing.T) {
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"America/New_York", "America/Santiago", "America/Havana", "America/Sao_Paulo", "Africa/Cairo",
		"Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/London", "Pacific/Apia", "Pacific/Kiritimati"} {
		zones = append(zones, zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		instant := rapid.Custom(func(t *rapid.T) time.Time {
			at := time.UnixMicro(rapid.Int64Range(1e15, 2.5e15).Draw(t, "µs")).UTC() // 2001 to 2049
			if _, change := at.In(z).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "near a change of the clocks") {
				return change.Add(time.Duration(rapid.IntRange(-72, 72).Draw(t, "hours")) * time.Hour).UTC()
			}
			return at
		})
		from, later := instant.Draw(t, "from"), instant.Draw(t, "later")
		if later.Before(from) {
			from, later = later, from
		}
		d := Duration{rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, 100)).Draw(t, "n"), rapid.SampledFrom([]Unit{Hours, Days, BusinessDays, Months, Years}).Draw(t, "unit")}
		cal := Holidays{}
		for range rapid.IntRange(0, 20).Draw(t, "holidays") {
			cal[act.DateIn(from, z).AddDays(rapid.IntRange(0, 60).Draw(t, "holiday"))] = "holiday"
		}
		end := Deadline(from, d, z, cal)
		switch longer := Deadline(from, Duration{d.N + 1, d.Unit}, z, cal); {
		case end.Before(from):
			t.Fatalf("%s from %s ends before it begins: %s", d, from, end)
		case Deadline(later, d, z, cal).Before(end):
			t.Fatalf("%s from %s ends after the same from %s", d, from, later)
		case !longer.After(end):
			t.Fatalf("%d%s from %s is no longer than %s", d.N+1, d.Unit, from, d)
		case d.Unit == Hours:
			if end.Sub(from) != time.Duration(d.N)*time.Hour {
				t.Fatal("hours are exact")
			}
			return
		}
		last := act.DateIn(end.Add(-time.Microsecond), z)
		if !act.DateIn(end, z).After(last) {
			t.Fatalf("%s from %s does not end with a day: %s", d, from, end.In(z))
		}
		if want := LastDay(act.DateIn(from, z), d, cal); last != want && z.String() != "Pacific/Apia" {
			t.Fatalf("%s from %s ends on %s, not on %s", d, from, last, want)
		}
		if d.Unit == BusinessDays && d.N > 0 && !cal.Works(LastDay(act.DateIn(from, z), d, cal)) {
			t.Fatalf("%s from %s ends on a day off", d, from)
		}
	})
}
