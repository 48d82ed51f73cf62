package governance

import (
	"testing"

	"shingle/internal/act"
)

func TestHolidaysOfAComingYearAreSet(t *testing.T) {
	set := HolidaysSet{Year: 2027, Holidays: []act.Date{date("2027-12-24"), date("2027-12-27")}, At: noon("2026-06-01")}
	asking(t).Given(founding).When(SetHolidays{2027, []string{"2027-12-27", "2027-12-24"}}, on("2026-06-01")).Then(set)
	asking(t).Given(founding, set).When(SetHolidays{2027, []string{"2027-12-24", "2027-12-27"}}, on("2026-06-02")).Nothing()
	asking(t).Given(founding, set).When(SetHolidays{2027, nil}, on("2026-06-02")).Then(HolidaysSet{Year: 2027, At: noon("2026-06-02")})
}

func TestTheCalendarOfThisYearStands(t *testing.T) {
	asking(t).Given(founding).When(SetHolidays{2026, []string{"2026-12-24"}}, on("2026-06-01")).Refused(calendarAhead)
}

func TestHolidaysLieInTheirYear(t *testing.T) {
	asking(t).Given(founding).When(SetHolidays{2027, []string{"2028-12-24"}}, on("2026-06-01")).Refused(holidaysOfYear)
	asking(t).Given(founding).When(SetHolidays{2027, []string{"soon"}}, on("2026-06-01")).Refused(holidaysAreDates)
}

func TestTheCalendarOfATimeIsTheOneKnownThen(t *testing.T) {
	b := demo("")
	b = evolveBody(b, HolidaysSet{Year: 2027, Holidays: []act.Date{date("2027-12-24")}, At: noon("2026-06-01")})
	for when, works := range map[string]bool{"2026-01-09": true, "2026-05-31": true, "2026-06-01": false, "2030-01-01": false} {
		if got := b.HolidaysAt(noon(when)).Works(date("2027-12-24")); got != works {
			t.Errorf("as known on %s, 24 December 2027 is worked: %v", when, got)
		}
	}
}
