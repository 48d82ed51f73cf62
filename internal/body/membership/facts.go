package membership

import (
	"time"

	"shingle/internal/act"
)

// Facts is what decisions about a member must know from elsewhere. What an act does not ask for may be
// left out.
type Facts struct {
	Number  string            // of the member decided on
	Zone    *time.Location    // of the body; nil as long as there is none
	Code    []Text            // all adopted, in the order in which they take effect
	Holders map[string]string // of the domains asked about, and of those above them, that are held: the holder's number

	Expelled    bool      // expelled and not readmitted, stayed or set aside
	Lapsed      bool      // ended by omission
	UnderOrder  bool      // an order is in force, an interim one too, or is stayed
	Since       time.Time // since when its standing is what it is
	BarredUntil time.Time // the end of a readmission bar, under this number or that of its predecessor
	OpenCharges []string  // ids of charges served and not closed

	Period Period // the one that is attested
	Into   Other  // the member merged into
	Signer Signer // who asks in their own name
}

// Signer is a person who asks for something in their own name, and not an officer who enters what others have
// signed on paper. Its zero value is nobody.
type Signer struct {
	Stream string // e.g. "person/0007"
	Known  bool   // the body knows the person, and has not forgotten them
}

// Text is one adopted text of the code.
type Text struct {
	Version   string
	SHA256    string // hex
	Adopted   time.Time
	Effective time.Time
}

// Period is a period for which a member attests.
type Period struct {
	Set  bool      // the code in force at its end asks for attestations
	Fits bool      // its label names a period of the interval that the code asks for
	End  time.Time // its end
}

// Other is another member that an act names.
type Other struct {
	Current bool // a member, and not expelled
}

func (f Facts) today(m act.Meta) act.Date { return act.DateIn(m.At, f.zone()) }

func (f Facts) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// textAt returns the text in force at t.
func (f Facts) textAt(t time.Time) (Text, bool) {
	for i := len(f.Code) - 1; i >= 0; i-- {
		if !f.Code[i].Effective.After(t) {
			return f.Code[i], true
		}
	}
	return Text{}, false
}

// instant returns the moment a day stands for in an act: now for today and for no day, else its start.
func (f Facts) instant(day act.Date, m act.Meta) time.Time {
	if day.IsZero() || day == f.today(m) {
		return m.At
	}
	return day.Start(f.zone())
}
