package code

import (
	"time"

	"shingle/internal/act"
)

// Holidays are the days on which the body does not work, besides Saturdays and Sundays, with their
// names. Nil means none.
type Holidays map[act.Date]string

// Works reports whether day is a business day.
func (h Holidays) Works(day act.Date) bool {
	_, holiday := h[day]
	return !holiday && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// Deadline returns the instant at which the term d, begun at from, has run, in UTC. What is done before
// it is in time.
//
// Hours are exact. All other terms end with their last day, at 24:00 of the body's zone, and the day on
// which they begin does not count (as in Regulation (EEC) 1182/71 art. 3). A month or year ends on the
// day of the same number or, where that month is too short, on its last day.
func Deadline(from time.Time, d Duration, zone *time.Location, cal Holidays) time.Time {
	if d.Unit == Hours {
		return from.Add(time.Duration(d.N) * time.Hour).UTC()
	}
	return EndOf(LastDay(act.DateIn(from, zone), d, cal), zone)
}

// LastDay returns the last day of the term d that begins on from. Hours count as the days they begin.
func LastDay(from act.Date, d Duration, cal Holidays) act.Date {
	switch d.Unit {
	case Hours:
		return from.AddDays((d.N + 23) / 24)
	case Months:
		return from.AddMonths(d.N)
	case Years:
		return from.AddMonths(12 * d.N)
	case BusinessDays:
		day := from
		for left := d.N; left > 0; {
			day = day.AddDays(1)
			if cal.Works(day) {
				left--
			}
		}
		return day
	}
	return from.AddDays(d.N)
}

// EndOf returns the instant at which day ends in zone (24:00), in UTC.
func EndOf(day act.Date, zone *time.Location) time.Time { return day.End(zone) }
