package standing

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Facts is all that a standing follows from.
type Facts struct {
	Body   *Body  // shared by all members
	Member []Fact // in any order; in order of (effective, position) it is fastest
	// Learning returns how the education of the member's people stands over time, as it follows from what was known
	// at a time; in order. What is to come by the passing of time alone is part of it. Nil where nothing is owed.
	Learning func(known time.Time) []LearningSpan
}

// Body is what bears on every member alike.
type Body struct {
	Zone      *time.Location // deadlines end at 24:00 here
	Calendars []Calendar     // in the order in which they were recorded
	Versions  []Version      // in the order in which they take effect
	Opened    time.Time      // start of the day the register went live; zero in launch mode
	// OpenedRecorded is when the go-live was recorded.
	OpenedRecorded time.Time
}

// Calendar is the body's holidays as they stood from a time on. A term is counted with those known when it
// began, so that terms that run keep their end; one that is yet to begin, with those known last.
type Calendar struct {
	Recorded time.Time
	Holidays code.Holidays
}

// Version is one adopted text of the code.
type Version struct {
	Label        string
	SHA256       string // hex
	Requirements *code.Requirements
	Transition   code.Duration // to subscribe to it
	Recorded     time.Time     // when its adoption was recorded
	Effective    time.Time
	// TransitionUntil is when the time to subscribe to it ends.
	TransitionUntil time.Time
}

// Stamp is a fact's place and its two times.
type Stamp struct {
	Position  int64     // in the record
	Recorded  time.Time // when it became known
	Effective time.Time // from when it counts
}

func (s *Stamp) stamp() *Stamp { return s }

// StampOf returns a fact's place and its two times.
func StampOf(f Fact) Stamp { return *f.stamp() }

// Fact is something that happened to a member and bears on its standing. The types below are all there are.
type Fact interface{ stamp() *Stamp }

type (
	// Joined begins a membership: an admission, or a member taken over from the time before this system.
	Joined struct{ Stamp }

	// Readmitted begins a fresh membership and ends an expulsion.
	Readmitted struct{ Stamp }

	// Left ends a membership at the member's wish, or by merger.
	Left struct{ Stamp }

	// Subscribed is the signature under one exact text.
	Subscribed struct {
		Stamp
		Version string
		SHA256  string
	}

	// Renewed is the yearly declaration.
	Renewed struct{ Stamp }

	// PaidThrough says up to which day dues are paid; the latest one counts.
	PaidThrough struct {
		Stamp
		Date act.Date
	}

	// Attested says that the attestation for a period was given.
	Attested struct {
		Stamp
		Period Period
	}

	// Charged says that charges were served; it takes effect on the day of service.
	Charged struct {
		Stamp
		Charge string // e.g. "2026-0001"
	}

	// Discharged says that charges are no longer open, whatever the outcome.
	Discharged struct {
		Stamp
		Charge string
	}

	// Ordered puts an order in force.
	Ordered struct {
		Stamp
		Order      string // e.g. "2026-0001"
		Sanction   string // "expulsion", "suspension", "conditions", "probation"; others have no effect here
		Interim    bool   // a suspension that protects and finds nothing
		Provisions string // ids, comma separated
		Until      time.Time
		Latest     time.Time // until when an interim one may be continued on review; zero if it cannot be
		BarUntil   time.Time // before which an expelled member may not come back
	}

	// Reviewed continues an interim suspension.
	Reviewed struct {
		Stamp
		Order string
		Until time.Time // when it now ends by itself
	}

	// OrderEnded ends an order before its time.
	OrderEnded struct {
		Stamp
		Order   string
		Quashed bool // set aside by a court or on review, rather than complied with or lifted
	}

	// Stayed takes the effect from an order until the stay is lifted.
	Stayed struct {
		Stamp
		Order string
	}

	// StayLifted gives a stayed order its effect back.
	StayLifted struct {
		Stamp
		Order string
	}
)
