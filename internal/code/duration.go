package code

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a [Duration] counts.
type Unit string

// The units of durations, as a code file writes them.
const (
	Hours        Unit = "h"
	Days         Unit = "d"
	BusinessDays Unit = "bd"
	Months       Unit = "mo"
	Years        Unit = "y"
)

var unitNames = map[Unit]string{Hours: "hour", Days: "day", BusinessDays: "business day", Months: "month", Years: "year"}

// most is the largest number of each unit, about a hundred years at most: what lies beyond is a slip of
// the pen, and would leave the years that times can be written in.
var most = map[Unit]int{Hours: 9999, Days: 9999, BusinessDays: 9999, Months: 1200, Years: 100}

// Duration is a term as a code sets it, e.g. 15 business days. What it comes to depends on when it
// starts: see [Deadline]. The zero Duration is "no duration".
type Duration struct {
	N    int
	Unit Unit
}

// ParseDuration reads a duration such as "24h", "30d", "15bd", "3mo" or "2y".
func ParseDuration(s string) (Duration, error) {
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	unit := Unit(s[len(number):])
	n, err := strconv.ParseUint(number, 10, 31)
	if _, known := unitNames[unit]; err != nil || !known {
		return Duration{}, fmt.Errorf("%q is not a duration such as 24h, 30d, 15bd, 3mo or 2y", s)
	}
	if int(n) > most[unit] {
		return Duration{}, fmt.Errorf("%q is too long: at most %d%s", s, most[unit], unit)
	}
	return Duration{int(n), unit}, nil
}

// IsZero reports whether there is no duration. "0d" is one.
func (d Duration) IsZero() bool { return d == Duration{} }

// String returns the duration as a code file writes it, e.g. "15bd"; no duration as "".
func (d Duration) String() string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.N) + string(d.Unit)
}

// Words returns the duration as a sentence says it, e.g. "15 business days".
func (d Duration) Words() string {
	switch {
	case d.IsZero():
		return ""
	case d.N == 1:
		return "1 " + unitNames[d.Unit]
	}
	return strconv.Itoa(d.N) + " " + unitNames[d.Unit] + "s"
}

// MarshalText writes the duration as String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Duration) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Duration{}
		return nil
	}
	*d, err = ParseDuration(string(b))
	return err
}

// roughly returns the duration in hours, to tell a longer one from a shorter one. A business day is
// taken as 24 hours, a month as 30 days, a year as 365.
func (d Duration) roughly() int {
	return d.N * map[Unit]int{Hours: 1, Days: 24, BusinessDays: 24, Months: 30 * 24, Years: 365 * 24}[d.Unit]
}

// DividesYear reports whether periods of this length fill a calendar year evenly: whole months that divide
// twelve, or one year.
func (d Duration) DividesYear() bool {
	return d.Unit == Years && d.N == 1 || d.Unit == Months && d.N > 0 && 12%d.N == 0
}
