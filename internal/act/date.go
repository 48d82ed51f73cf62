package act

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a calendar day without a time zone. The zero Date is "no date".
type Date struct {
	year  int
	month time.Month
	day   int
}

// On returns the date of the given day; days out of range roll over as in [time.Date].
func On(year int, month time.Month, day int) Date {
	return dateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateIn returns the day on which t falls in loc.
func DateIn(t time.Time, loc *time.Location) Date { return dateOf(t.In(loc)) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Dates lie within these years: terms that begin in the last of them still end before the year 10000, which
// RFC 3339 cannot write.
const firstYear, lastYear = 1800, 2999

// ParseDate reads an ISO 8601 calendar date, e.g. "2026-03-01".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date of the form 2026-03-01", s)
	}
	if t.Year() < firstYear || t.Year() > lastYear {
		return Date{}, fmt.Errorf("%q lies outside the years %d to %d", s, firstYear, lastYear)
	}
	return dateOf(t), nil
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the date as 2026-03-01, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Start returns the instant at which the day begins in loc, in UTC. Where the clocks are put forward at
// midnight, so that 0:00 is never shown, it is the instant at which they are.
func (d Date) Start(loc *time.Location) time.Time {
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, loc)
	if dateOf(t).Before(d) {
		// time.Date answers a skipped midnight with an earlier time: the end of its offset is meant.
		if _, end := t.ZoneBounds(); !end.IsZero() {
			t = end
		}
	}
	return t.UTC()
}

// End returns the instant at which the day ends in loc (its 24:00, the next day's start), in UTC.
// Deadlines end there.
func (d Date) End(loc *time.Location) time.Time { return d.AddDays(1).Start(loc) }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return On(d.year, d.month, d.day+n) }

// AddMonths returns the date n months later; where that month is too short, its last day.
func (d Date) AddMonths(n int) Date {
	last := On(d.year, d.month+time.Month(n)+1, 0)
	if d.day < last.day {
		last.day = d.day
	}
	return last
}

// Year returns the calendar year.
func (d Date) Year() int { return d.year }

// Month returns the month.
func (d Date) Month() time.Month { return d.month }

// Day returns the day of the month.
func (d Date) Day() int { return d.day }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Compare returns -1, 0 or +1 as d is before, on or after o. No date is before every date.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.year, o.year), cmp.Compare(d.month, o.month), cmp.Compare(d.day, o.day))
}

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// MarshalText writes the date as 2026-03-01, no date as "".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}
