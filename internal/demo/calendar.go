package demo

import (
	"fmt"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// calendar tells the days of the history, all counted back from the day of now.
type calendar struct {
	zone     *time.Location
	now      time.Time
	today    act.Date
	holidays code.Holidays
}

// zone is where the body has its office.
const zone = "America/Chicago"

func newCalendar(now time.Time) (calendar, error) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return calendar{}, fmt.Errorf("demo: the time zone of the body is not known: %w", err)
	}
	c := calendar{zone: loc, now: now.UTC().Truncate(time.Microsecond), today: act.DateIn(now, loc), holidays: code.Holidays{}}
	for year := c.today.Year() - 3; year <= c.today.Year()+3; year++ {
		for _, day := range federal(year) {
			c.holidays[day] = "Holiday"
		}
	}
	return c, nil
}

// month returns the first day of the month so many months before the present one.
func (c calendar) month(ago int) act.Date {
	return act.On(c.today.Year(), c.today.Month()-time.Month(ago), 1)
}

// ago returns the day so many days before today.
func (c calendar) ago(days int) act.Date { return c.today.AddDays(-days) }

// The days on which everything else hangs. Decisions on paper are dated between firstText and goLive:
// earlier there was no code, later they would have been taken in this system.
func (c calendar) founding() act.Date   { return c.workday(c.month(25).AddDays(5)) }
func (c calendar) firstText() act.Date  { return c.month(24) }
func (c calendar) goLive() act.Date     { return c.workday(c.month(23).AddDays(9)) }
func (c calendar) secondText() act.Date { return c.month(8) }

// workday returns d, or the next day on which the body works.
func (c calendar) workday(d act.Date) act.Date {
	for !c.holidays.Works(d) {
		d = d.AddDays(1)
	}
	return d
}

// at returns a time of day in the office.
func (c calendar) at(d act.Date, hour, minute int) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, c.zone).UTC()
}

// office returns when the office deals with what is due on d: that day or the next working day, at one
// time in the course of it. What falls on one day is recorded together.
func (c calendar) office(d act.Date) time.Time {
	d = c.workday(d)
	minute := (d.Year()*372 + int(d.Month())*31 + d.Day()) * 97 % 420 // a different one each day
	return c.at(d, 9, 30+minute)
}

// post returns when the office deals with the everyday things that reach it on d: the next Tuesday or
// Thursday.
func (c calendar) post(d act.Date) time.Time {
	for d.Weekday() != time.Tuesday && d.Weekday() != time.Thursday {
		d = d.AddDays(1)
	}
	return c.office(d)
}

// words returns a day as a sentence says it.
func words(d act.Date) string { return d.Start(time.UTC).Format("2 January 2006") }

// federal returns the federal holidays of the United States in a year, as they are observed: on Friday
// for Saturday, on Monday for Sunday (5 USC 6103).
func federal(year int) []act.Date {
	nth := func(month time.Month, weekday time.Weekday, n int) act.Date {
		first := act.On(year, month, 1)
		return first.AddDays((int(weekday-first.Weekday())+7)%7 + 7*(n-1))
	}
	fixed := func(year int, month time.Month, day int) act.Date {
		d := act.On(year, month, day)
		switch d.Weekday() {
		case time.Saturday:
			return d.AddDays(-1)
		case time.Sunday:
			return d.AddDays(1)
		}
		return d
	}
	lastOfMay := act.On(year, time.May, 31)
	all := []act.Date{
		fixed(year, time.January, 1),
		nth(time.January, time.Monday, 3),
		nth(time.February, time.Monday, 3),
		lastOfMay.AddDays(-(int(lastOfMay.Weekday()-time.Monday) + 7) % 7),
		fixed(year, time.June, 19),
		fixed(year, time.July, 4),
		nth(time.September, time.Monday, 1),
		nth(time.October, time.Monday, 2),
		fixed(year, time.November, 11),
		nth(time.November, time.Thursday, 4),
		fixed(year, time.December, 25),
		fixed(year+1, time.January, 1), // on New Year's Eve when that is a Friday
	}
	var days []act.Date
	for _, d := range all {
		if d.Year() == year {
			days = append(days, d)
		}
	}
	return days
}
