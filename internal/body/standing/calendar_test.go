package standing

import (
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// bridged is a body whose grace for dues is counted in business days, and which set the holidays of 2027 on
// 10 December 2026.
func bridged() *Body {
	r := lasting()
	r.Membership.DuesGrace = code.Set(code.Duration{N: 5, Unit: code.BusinessDays})
	b := body(version("2026.1", "2026-01-01", r))
	b.Calendars = []Calendar{{day("2026-01-01"), nil}, {day("2026-12-10"), code.Holidays{act.On(2027, time.January, 1): "Holiday", act.On(2027, time.January, 4): "Holiday"}}}
	return b
}

func TestWhatWasAnsweredBeforeHolidaysWereSetStands(t *testing.T) {
	s := given(t, bridged(), joined("2026-01-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2026-12-30"))
	// The grace begins with 30 December. As far as was known before, it ended with 6 January; now with the 8th.
	s.knowing("2026-12-09").on("2027-01-07").is(Lapsed, Administrative)
	s.knowing("2026-12-10").on("2027-01-07").is(Good, "")
	s.knowing("2026-12-10").on("2027-01-09").is(Lapsed, Administrative)
}

func TestATermThatRunsKeepsItsEnd(t *testing.T) {
	b := bridged()
	s := given(t, b, joined("2026-01-01"), signed("2026-01-02", "2026.1"), paid("2026-01-02", "2026-12-30"))
	b.Calendars[1].Recorded = day("2026-12-31") // a day after the grace has begun
	s.on("2027-01-06").is(Good, "")
	s.on("2027-01-07").is(Lapsed, Administrative)
}
