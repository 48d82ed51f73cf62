package ui

import (
	"fmt"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/standing"
)

// happens says what an event means to whatever its stream is about, as it is said before and after it: "member
// 0042 is renamed". Later shapes of an event have the words of the first.
var happens = map[string]string{
	"body.founded":           "is founded",
	"register.opened":        "opens its register to the public",
	"holidays.set":           "has these holidays",
	"code.adopted":           "has a new version",
	"member.applied":         "asks to be let in",
	"member.checked":         "has a check on record",
	"member.admitted":        "is admitted",
	"member.declined":        "is turned down",
	"member.enrolled":        "is taken over as a member from before",
	"member.subscribed":      "accepts the code",
	"member.paid-through":    "has paid its dues through that day",
	"member.renewed":         "renews its membership",
	"member.attested":        "attests how it met the code",
	"member.renamed":         "has a new name",
	"member.moved":           "has a new address",
	"member.services-set":    "offers these services",
	"member.domain-added":    "has one more domain, yet to be proven",
	"member.domain-removed":  "has a domain less",
	"member.domain-proven":   "is shown to control a domain",
	"member.withdrawn":       "leaves",
	"member.readmitted":      "is let in again",
	"member.merged":          "becomes part of another member",
	"order.proposed":         "is proposed, and waits for a second officer to confirm it",
	"order.withdrawn":        "is taken back before it was in force",
	"order.confirmed":        "is confirmed and takes effect",
	"order.interim-imposed":  "suspends a member for the time being",
	"order.interim-reviewed": "is reviewed",
	"order.interim-lifted":   "ends before its time",
	"order.stayed":           "is stayed by a court",
	"order.stay-lifted":      "is in force again: the stay is lifted",
	"order.quashed":          "is set aside for good",
	"order.conditions-met":   "has its conditions met",
	"charge.recorded":        "is recorded as served",
	"charge.closed":          "is closed",
	"notice.published":       "is published",
	"notice.corrected":       "is published as a correction",
	"person.invited":         "is invited",
	"person.registered":      "is taken in",
	"person.reinvited":       "is invited anew",
	"person.joined":          "accepts the invitation",
	"person.appointed":       "has one more role",
	"person.ended":           "has a role less",
	"person.corrected":       "has a new name or e-mail address",
	"person.forgotten":       "is forgotten: what is personal to them can never be read again",
	"object.opened":          "is opened",
	"object.recovered":       "has its key handed out",
}

// Happens says in a sentence what an event means, whether it did happen or would.
func Happens(e act.Recorded) string {
	prefix, id, _ := strings.Cut(e.Stream, "/")
	about := map[string]string{"body": "The body", "code": "The code"}[prefix]
	if about == "" {
		about = strings.ToUpper(prefix[:1]) + prefix[1:]
	}
	if id != "" {
		about += " " + id
	}
	if stated, ok := e.Event.(standing.Stated); ok {
		return fmt.Sprintf("The public log states: %s", Sentence(stated.Name, stated.Status, stated.Kind, true))
	}
	kind, _, _ := strings.Cut(e.Kind, "/")
	words, ok := happens[kind]
	if !ok { // said less well, and still true
		_, what, _ := strings.Cut(kind, ".")
		words = "has on record: " + strings.ReplaceAll(what, "-", " ")
	}
	return about + " " + words + "."
}

// happenings says what all events mean, each thing once.
func happenings(events []act.Recorded) (all []string) {
	said := map[string]bool{}
	for _, e := range events {
		if s := Happens(e); !said[s] {
			said[s] = true
			all = append(all, s)
		}
	}
	return all
}
