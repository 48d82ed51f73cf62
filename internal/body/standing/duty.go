package standing

import (
	"cmp"
	"time"

	"shingle/internal/act"
)

// DutyKind is a sort of duty.
type DutyKind string

// The kinds of duties.
const (
	DutyDues        DutyKind = "dues"
	DutyRenewal     DutyKind = "renewal"
	DutySubscribe   DutyKind = "subscribe"
	DutyAttestation DutyKind = "attestation"
	DutyDomain      DutyKind = "domain"
	DutyConditions  DutyKind = "conditions"
	DutyEducation   DutyKind = "education"
)

// Duty is something that a member owes. All times are UTC; a term ends at 24:00 of the body's zone, which is
// the first moment of the next day.
type Duty struct {
	Kind    DutyKind
	Subject string    // the version, the period, the domain or the order it is about; "" where the kind says it all
	Rule    string    // id of the rule by which the member then fails, or is warned; "" where no standing hangs on it
	From    time.Time // before which it cannot be done; zero: it can be done at any time
	Due     time.Time // by when it is owed; zero: no day is set
	Lapse   time.Time // when something follows from its omission: Due and the grace after it; zero for never

	What        string // a sentence to the member
	Consequence string // a sentence; "" where nothing is known to follow
	Cites       string // the parameter of the code behind it
	Act         string // kind of the act that fulfils it, e.g. "member.attest"
}

// Overdue reports whether the duty should have been done by now.
func (d Duty) Overdue(now time.Time) bool { return !d.Due.IsZero() && !now.Before(d.Due) }

// LastDay returns the last day on which the duty is done in time; no date where none is set.
func (d Duty) LastDay(zone *time.Location) act.Date { return lastDayOf(d.Due, zone) }

func lastDayOf(end time.Time, zone *time.Location) act.Date {
	if end.IsZero() {
		return act.Date{}
	}
	return act.DateIn(end.Add(-time.Microsecond), zone)
}

// Compare orders duties: the earliest due first, those without a day last.
func (d Duty) Compare(o Duty) int {
	if d.Due.IsZero() != o.Due.IsZero() {
		if d.Due.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(d.Due.Compare(o.Due), cmp.Compare(d.Kind, o.Kind), cmp.Compare(d.Subject, o.Subject))
}

// Worded returns the duty with the sentences, the rule's source and the act that follow from the rest of it. So
// whoever keeps a duty keeps its kind, subject, rule and times only.
func (d Duty) Worded(zone *time.Location) Duty {
	switch d.Kind {
	case DutyDues:
		d.What, d.Cites, d.Act = "Pay the dues; they are paid through "+longDay(d.Due, zone)+".", "membership.dues-grace", "dues.record"
		d.Consequence = d.follows(zone, "the membership lapses until they are paid")
	case DutyRenewal:
		d.What, d.Cites, d.Act = "Renew the membership with the yearly declaration.", "membership.renewal", "member.renew"
		d.Consequence = d.follows(zone, "the membership lapses until it is renewed")
	case DutySubscribe:
		d.What, d.Cites, d.Act = "Sign version "+d.Subject+" of the code of ethics.", "membership.subscription", "member.subscribe"
		d.Consequence = d.follows(zone, "the membership lapses until it is signed")
		if d.Rule == ruleNoSubscriber.ID {
			d.Consequence = d.follows(zone, "the register says that the member is no subscriber")
		}
	case DutyAttestation:
		d.What, d.Cites, d.Act = "Give the attestation for "+d.Subject+".", "confidentiality.attestation", "member.attest"
		d.Consequence = d.follows(zone, "the member is suspended until it is given")
	case DutyDomain:
		d.What, d.Cites, d.Act = "Prove anew that you control "+d.Subject+".", "membership.domain-proof", "domain.prove"
		d.Consequence = d.follows(zone, "the register and the seal no longer know the member by this domain")
	case DutyEducation:
		d.What, d.Cites, d.Act = "See to it that enough of your people earn the continuing education that is owed.", "education.who", "credit.record"
		d.Consequence = d.follows(zone, "the member is suspended until they have it")
	case DutyConditions:
		d.What, d.Cites, d.Act = "Meet the conditions of order "+d.Subject+".", "procedure", "order.conditions-met"
		d.Consequence = "The member stands on conditions until the body records that they are met"
		if !d.Due.IsZero() {
			d.Consequence += ", or until the end of " + longDay(d.Due, zone)
		}
		d.Consequence += "."
	}
	return d
}

// follows says what an omission brings about, and when.
func (d Duty) follows(zone *time.Location, what string) string {
	if d.Lapse.IsZero() {
		return ""
	}
	return "After " + longDay(d.Lapse, zone) + " " + what + "."
}

// longDay returns the day at whose end a term ends, e.g. "31 March 2026".
func longDay(end time.Time, zone *time.Location) string {
	if end.IsZero() {
		return "an unknown day"
	}
	return end.Add(-time.Microsecond).In(zone).Format("2 January 2006")
}
