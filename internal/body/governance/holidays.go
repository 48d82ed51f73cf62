package governance

import (
	"time"

	"shingle/internal/act"
)

// SetHolidays says on which days of a year the body does not work, besides weekends.
type SetHolidays struct {
	Year     int      `json:"year" label:"Year"`
	Holidays []string `json:"holidays,omitempty" label:"Holidays" hint:"dates of that year"`
}

// HolidaysSet replaces the holidays of a year.
type HolidaysSet struct {
	Year     int        `json:"year"`
	Holidays []act.Date `json:"holidays,omitempty"`
	At       time.Time  `json:"at"`
}

var calendarAhead = act.Rule{
	ID:    "GOV-09",
	Cites: "governance",
	Text:  "The calendar is set for a year that has not begun: terms that run already keep their end.",
	Cure:  "Set the holidays of a coming year.",
}

var holidaysOfYear = act.Rule{
	ID:    "GOV-10",
	Cites: "governance",
	Text:  "The holidays of a year lie in that year.",
	Cure:  "Give the year its own dates.",
}

var setHolidaysAct = act.Define(bodyStream, "holidays.set", "Sets the holidays of a coming year.",
	func(SetHolidays, act.Meta) act.Target { return act.To("") }, setHolidays)

func setHolidays(b Body, _ act.None, cmd SetHolidays, m act.Meta) ([]act.Event, error) {
	if b.Founded.IsZero() {
		return nil, notFounded.Refuse("there is no body yet")
	}
	days, bad := dates(cmd.Holidays)
	if bad != nil {
		return nil, holidaysAreDates.Refuse("%v", bad)
	}
	if this := act.DateIn(m.At, b.Location).Year(); cmd.Year <= this {
		return nil, calendarAhead.Refuse("%d is not after %d", cmd.Year, this)
	}
	for _, d := range days {
		if d.Year() != cmd.Year {
			return nil, holidaysOfYear.Refuse("%s does not lie in %d", d, cmd.Year)
		}
	}
	held := 0
	for d := range b.Holidays {
		if d.Year() == cmd.Year {
			held++
		}
	}
	same := held == len(days)
	for _, d := range days {
		_, ok := b.Holidays[d]
		same = same && ok
	}
	if same {
		return nil, nil
	}
	return []act.Event{HolidaysSet{Year: cmd.Year, Holidays: days, At: m.At}}, nil
}
