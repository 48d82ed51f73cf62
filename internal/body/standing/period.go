package standing

import (
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Period is a part of a calendar year for which a member attests.
type Period struct {
	year, n int // n from 0
	months  int // its length, a divisor of 12
}

// letters say what a period is in its label, by months: a month, two months, a quarter, four months, a half.
var letters = map[int]string{1: "M", 2: "B", 3: "Q", 4: "T", 6: "H"}

// ParsePeriod reads a label such as "2026-Q3" or "2026"; ok says whether it is one.
func ParsePeriod(label string) (p Period, ok bool) {
	digits, part, _ := strings.Cut(label, "-")
	year, err := strconv.Atoi(digits)
	if err != nil || year < 1800 || year > 9998 {
		return Period{}, false
	}
	p = Period{year: year, months: 12}
	if part != "" {
		for months, letter := range letters {
			if letter == part[:1] {
				p.months = months
			}
		}
		n, err := strconv.Atoi(part[1:])
		if err != nil || p.months == 12 || n < 1 || n > 12/p.months {
			return Period{}, false
		}
		p.n = n - 1
	}
	return p, p.String() == label
}

// Fits reports whether the period has the length of the interval.
func (p Period) Fits(interval code.Duration) bool {
	months, ok := monthsOf(interval)
	return ok && months == p.months
}

// periodAt returns the period in which day lies.
func periodAt(day act.Date, interval code.Duration) (Period, bool) {
	months, ok := monthsOf(interval)
	if !ok {
		return Period{}, false
	}
	return Period{day.Year(), (int(day.Month()) - 1) / months, months}, true
}

// monthsOf returns the length of an interval that divides the calendar year evenly.
func monthsOf(interval code.Duration) (int, bool) {
	switch {
	case interval.Unit == code.Years && interval.N == 1:
		return 12, true
	case interval.Unit == code.Months && interval.N > 0 && interval.N <= 12 && 12%interval.N == 0:
		return interval.N, true
	}
	return 0, false
}

// First returns the first day of the period.
func (p Period) First() act.Date { return act.On(p.year, time.Month(p.n*p.months+1), 1) }

// Last returns the last day of the period.
func (p Period) Last() act.Date { return p.next().First().AddDays(-1) }

// String returns the label of the period, e.g. "2026-Q3" or "2026".
func (p Period) String() string {
	year := strconv.Itoa(p.year)
	if p.months == 12 {
		return year
	}
	n := strconv.Itoa(p.n + 1)
	if p.months == 1 && len(n) < 2 {
		n = "0" + n
	}
	return year + "-" + letters[p.months] + n
}

func (p Period) next() Period {
	if p.n++; p.n*p.months >= 12 {
		p.year, p.n = p.year+1, 0
	}
	return p
}
