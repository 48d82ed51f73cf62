package education

import (
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Facts is what decisions about education must know from elsewhere. What an act does not ask for may be left
// out.
type Facts struct {
	ID     string         // of the stream decided on, e.g. "0007" for "learner/0007"
	Zone   *time.Location // of the body; nil as long as there is none
	Scheme code.Education // of the code in force
	// Known says that the person named by the act takes part in the body, and was not forgotten.
	Known bool
	// Person is from when the scheme binds them, and their cohort; leaves and the like are in the state.
	Person Person
	// Members are the numbers of the members at which the person named by the act has a role.
	Members []string
	// Course is the one that the act names, Provider the one that it names or that gives the course.
	Course   Course
	Provider Provider
	// People are the numbers of all whom the scheme binds; for a draw.
	People []string
}

func (f Facts) founded() error {
	if f.Zone == nil {
		return bodyFounded.Refuse("there is no body yet")
	}
	return nil
}

// learner refuses what is about nobody.
func (f Facts) learner() error {
	if err := f.founded(); err != nil {
		return err
	}
	if !f.Known {
		return personKnown.Refuse("person %q", f.ID)
	}
	return nil
}

// at returns the streams of members.
func at(numbers []string) (streams []string) {
	for _, n := range numbers {
		streams = append(streams, "member/"+n)
	}
	return streams
}

func (f Facts) today(m act.Meta) act.Date { return act.DateIn(m.At, f.Zone) }

// backFrom returns the day that lies a term before another.
func backFrom(day act.Date, d code.Duration) act.Date {
	if n, ok := d.MonthsLong(); ok {
		return day.AddMonths(-n)
	}
	return day.AddDays(-d.N)
}

// until returns the last day of a term that begins on a day; none for no term.
func until(from act.Date, d code.Duration) act.Date {
	if d.IsZero() {
		return act.Date{}
	}
	return code.LastDay(from, d, nil).AddDays(-1)
}

// The rules that several acts share; each of the others stands with its act.

var bodyFounded = act.Rule{
	ID: "EDU-01", Cites: "governance",
	Text: "A body must be founded before anyone learns in it.",
	Cure: "Found the body with body.found.",
}

var personKnown = act.Rule{
	ID: "EDU-02", Cites: "education",
	Text: "A ledger belongs to somebody who takes part in the body.",
	Cure: "Check the person's number, or invite them.",
}

var plainWords = act.Rule{
	ID: "EDU-03", Cites: "education",
	Text: "A name or a reason is one line of at most 200 characters.",
	Cure: "Shorten it, and leave out what cannot be seen.",
}

var wordsOfScheme = act.Rule{
	ID: "EDU-04", Cites: "education.topics",
	Text: "Topics, deliveries and kinds are those that the code in force names.",
	Cure: "Use one of its words, or leave the field empty.",
}

var sensibleTime = act.Rule{
	ID: "EDU-05", Cites: "education.unit",
	Text: "An activity has a length in minutes, or credits, and no day has more than 24 hours.",
	Cure: "Give the minutes of that day, or the credits; split what lasted several days.",
}

var notToCome = act.Rule{
	ID: "EDU-06", Cites: "education",
	Text: "Only what is completed is recorded.",
	Cure: "Record it after the day on which it ends.",
}

// line returns a trimmed line, and says what is wrong with it.
func line(field, s string, least int, wrong *act.Refusals) string {
	s = strings.TrimSpace(s)
	if !act.OneLine(s, least, 200) {
		wrong.Add(field, plainWords.Refuse("%s is empty, too long or of several lines", field))
	}
	return s
}

// words checks the words of a scheme. A scheme without such words takes none.
func (f Facts) words(topics []string, delivery, kind string, wrong *act.Refusals) {
	for _, topic := range topics {
		if !named(f.Scheme.Topics, topic) {
			wrong.Add("topics", wordsOfScheme.Refuse("%q is no topic", topic))
			break
		}
	}
	if delivery != "" && !hasDelivery(f.Scheme, delivery) {
		wrong.Add("delivery", wordsOfScheme.Refuse("%q is no delivery", delivery))
	}
	if kind != "" && !hasKind(f.Scheme, kind) {
		wrong.Add("kind", wordsOfScheme.Refuse("%q is no kind", kind))
	}
}

// named reports whether a topic, or a part of it, stands in the list.
func named(topics code.Words, topic string) bool {
	for _, t := range topics {
		if t == topic || strings.HasPrefix(t, topic+"/") {
			return true
		}
	}
	return false
}

func hasDelivery(e code.Education, name string) bool {
	for _, d := range e.Deliveries {
		if d.Name == name {
			return true
		}
	}
	return false
}

func hasKind(e code.Education, name string) bool {
	for _, k := range e.Kinds {
		if k.Name == name {
			return true
		}
	}
	return false
}

// length reads the minutes or credits of an activity.
func (f Facts) length(minutes int, credits string, wrong *act.Refusals) code.Amount {
	amount, err := code.ParseAmount(strings.TrimSpace(credits))
	switch {
	case credits != "" && (err != nil || amount == 0):
		wrong.Add("credits", sensibleTime.Refuse("%q is no number of credits", credits))
	case minutes < 0 || minutes > 24*60:
		wrong.Add("minutes", sensibleTime.Refuse("%d minutes", minutes))
	case credits == "" && minutes == 0 && f.Scheme.Unit.Minutes > 0:
		wrong.Add("minutes", sensibleTime.Refuse("neither minutes nor credits are given"))
	}
	return amount
}

// percent reads a percentage; "" is none.
func percent(field, s string, wrong *act.Refusals) (p code.Setting[code.Percent]) {
	s = strings.TrimSpace(s)
	if s == "" {
		return p
	}
	if !strings.HasSuffix(s, "%") {
		s += "%"
	}
	var n code.Percent
	if err := n.UnmarshalText([]byte(s)); err != nil {
		wrong.Add(field, percentage.Refuse("%q", s))
		return p
	}
	return code.Set(n)
}

var percentage = act.Rule{
	ID: "EDU-07", Cites: "education.completion",
	Text: "Attendance and marks are whole percentages from 0 to 100.",
	Cure: "Write for example 80, or leave it empty where there was none.",
}
