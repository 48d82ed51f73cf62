package discipline

import (
	"strings"
	"time"
)

// wording writes a notice in plain, complete sentences.
type wording struct {
	f    NoticeFacts
	o    Order
	turn Turn
	now  time.Time // when it is published
}

func (w wording) zone() *time.Location {
	if w.f.Zone == nil {
		return time.UTC
	}
	return w.f.Zone
}

const dayForm = "2 January 2006"

func (w wording) day(t time.Time) string { return t.In(w.zone()).Format(dayForm) }

// lastDay returns the day at whose end a term ends.
func (w wording) lastDay(end time.Time) string { return w.day(end.Add(-time.Microsecond)) }

func (w wording) who() string { return w.f.Name + " (member " + w.o.Member + ")" }

// measure returns what the order does, as a noun.
func (w wording) measure() string {
	if w.o.Interim {
		return "Interim suspension"
	}
	return map[string]string{
		Reprimand: "Reprimand", RequiredEducation: "Required education", Conditions: "Conditions",
		Probation: "Probation", Suspension: "Suspension", Expulsion: "Expulsion",
	}[w.o.Sanction]
}

func (w wording) title() string { return w.measure() + ": " + w.f.Name }

func (w wording) body() string {
	sentences := []string{w.effect()}
	p := w.o.Proposal
	if w.o.Interim {
		return strings.Join(append(sentences,
			"This is a protective measure while a matter is open. No finding has been made.",
			"The matter concerns "+w.provisions()+" of the code of ethics.",
			w.appeal(),
		), "\n\n")
	}
	return strings.Join(append(sentences,
		"The decision was taken on "+p.Decided.Start(time.UTC).Format(dayForm)+", under version "+p.CodeVersion+
			" of the code of ethics. It found a violation of "+w.provisions()+".",
		w.findings(),
		sentence(p.Text),
		w.appeal(),
		w.procedure(),
	), "\n\n")
}

// procedure says how the decision came about.
func (w wording) procedure() string {
	if w.o.Case != "" {
		return "The decision ends case " + w.o.Case + ". Each step of its procedure was taken in this system, and is listed in a certificate of procedure, whose SHA-256 is " +
			w.o.Certificate + "."
	}
	return "The procedure that led to this decision was not checked by this system. The decision was taken before the register went live. Two officers of the body compared this notice with the papers."
}

// findings says what was found of each provision.
func (w wording) findings() string {
	var all []string
	for _, f := range w.o.Proposal.Findings {
		word := "provision "
		if strings.Contains(f.Provision, ",") {
			word = "provisions "
		}
		all = append(all, "Finding on "+word+f.Provision+": "+sentence(f.Text))
	}
	return strings.Join(all, "\n\n")
}

// effect says what the order does and for how long: what has happened as done, what is to come as decided.
func (w wording) effect() string {
	since := w.day(w.o.From)
	until := ""
	if !w.o.Until.IsZero() {
		until = " until the end of " + w.lastDay(w.o.end())
	}
	is, was := " is ", " was "
	if w.toCome() {
		is, was = " will be ", " will be "
	}
	switch {
	case w.o.Interim:
		return w.who() + " is suspended for the time being, from " + since + until + "."
	case w.o.Sanction == Expulsion:
		return w.expulsion(since)
	case w.o.Sanction == Suspension:
		return w.who() + is + "suspended from " + since + until + "."
	case w.o.Sanction == Probation:
		return w.who() + is + "on probation from " + since + until + "."
	case w.o.Sanction == Conditions:
		return w.who() + is + "subject to conditions from " + since + until + "."
	case w.o.Sanction == RequiredEducation && w.toCome():
		return w.who() + " is ordered to complete further education, with effect from " + since + "."
	case w.o.Sanction == RequiredEducation:
		return w.who() + " was ordered on " + since + " to complete further education."
	}
	return w.who() + was + "reprimanded on " + since + "."
}

func (w wording) expulsion(since string) string {
	s := w.who() + " was expelled on " + since + ". It is no longer a member."
	if w.toCome() {
		s = w.who() + " is expelled with effect from " + since + ". Until then it remains a member."
	}
	if !w.o.BarUntil.IsZero() {
		s += " It cannot be readmitted before the end of " + w.lastDay(w.o.BarUntil) + "."
	}
	return s
}

// toCome reports whether the order is yet to come into force.
func (w wording) toCome() bool { return w.o.From.After(w.now) }

func (w wording) provisions() string {
	if len(w.o.Provisions) == 1 {
		return "provision " + w.o.Provisions[0]
	}
	last := len(w.o.Provisions) - 1
	return "provisions " + strings.Join(w.o.Provisions[:last], ", ") + " and " + w.o.Provisions[last]
}

// appeal says whether the order can still be appealed.
func (w wording) appeal() string {
	if w.o.Interim {
		return w.reviewed()
	}
	if decided := w.o.Proposal.AppealDecided; !decided.IsZero() {
		return "An appeal was decided on " + decided.Start(time.UTC).Format(dayForm) + ". The appeal has been closed since " +
			w.o.Proposal.AppealClosed.Start(time.UTC).Format(dayForm) + "."
	}
	return "The appeal has been closed since " + w.o.Proposal.AppealClosed.Start(time.UTC).Format(dayForm) + "."
}

// reviewed says by when an interim suspension is reviewed, and what happens if it is not.
func (w wording) reviewed() string {
	if w.o.Latest.IsZero() {
		return "The suspension ends with that day, unless it is lifted before."
	}
	return "The body reviews the suspension by the end of " + w.lastDay(w.o.Until) + ". If it does not, the suspension ends by itself with that day."
}

func (w wording) correctionTitle() string {
	return map[string]string{
		"order.stayed": "Order stayed by a court", "order.stay-lifted": "Stay of an order lifted",
		"order.quashed": "Order set aside", "order.interim-lifted": "Interim suspension lifted",
		"order.interim-reviewed": "Interim suspension continued",
		"order.conditions-met":   w.measure() + " ended",
	}[w.turn.Kind] + ": " + w.f.Name
}

func (w wording) correction() string {
	against := " against " + w.who() + " (" + strings.ToLower(w.measure()) + ")"
	order := "the order of " + w.day(w.o.From) + against
	stayed, again, over := "While the stay lasts, the order has no effect, and the standing before it is restored.",
		"The order has its effect again.", "The order has no effect any more."
	if w.toCome() {
		order = "the order" + against + ", which was to take effect on " + w.day(w.o.From) + ","
		stayed, again, over = "While the stay lasts, the order does not take effect.",
			"The order takes effect on its day.", "The order does not take effect."
	}
	on := w.day(w.turn.Effective)
	var s []string
	switch w.turn.Kind {
	case "order.stayed":
		s = []string{
			"On " + on + " " + order + " was stayed by " + w.turn.By + ", reference " + w.turn.Reference + ".",
			stayed,
		}
	case "order.stay-lifted":
		s = []string{
			"On " + on + " the stay of " + order + " ended, reference " + w.turn.Reference + ".",
			again,
		}
	case "order.quashed":
		s = []string{
			"On " + on + " " + order + " was set aside by " + w.turn.By + ", reference " + w.turn.Reference + ".",
			over,
		}
	case "order.interim-reviewed":
		s = []string{
			"On " + on + " the interim suspension of " + w.who() + " was reviewed by " + w.turn.By + " and continued until the end of " +
				w.lastDay(w.o.end()) + ". No finding has been made.",
			w.reviewed(),
		}
	case "order.interim-lifted":
		s = []string{"On " + on + " the interim suspension of " + w.who() + " was lifted. No finding has been made."}
	default:
		s = []string{"On " + on + " " + order + " ended, because what it asked for has been done."}
	}
	return strings.Join(append(s, "This corrects notice "+w.f.First.ID+"."), "\n\n")
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "”") {
		return s
	}
	return s + "."
}
