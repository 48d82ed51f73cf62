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
	"body.founded":                "is founded",
	"register.opened":             "opens its register to the public",
	"holidays.set":                "has these holidays",
	"code.adopted":                "has a new version",
	"member.applied":              "asks to be let in",
	"member.checked":              "has a check on record",
	"member.admitted":             "is admitted",
	"member.declined":             "is turned down",
	"member.enrolled":             "is taken over as a member from before",
	"member.subscribed":           "accepts the code",
	"member.paid-through":         "has paid its dues through that day",
	"member.renewed":              "renews its membership",
	"member.attested":             "attests how it met the code",
	"member.renamed":              "has a new name",
	"member.moved":                "has a new address",
	"member.services-set":         "offers these services",
	"member.domain-added":         "has one more domain, yet to be proven",
	"member.domain-removed":       "has a domain less",
	"member.domain-proven":        "is shown to control a domain",
	"member.withdrawn":            "leaves",
	"member.readmitted":           "is let in again",
	"member.merged":               "becomes part of another member",
	"order.proposed":              "is proposed, and waits for a second officer to confirm it",
	"order.withdrawn":             "is taken back before it was in force",
	"order.confirmed":             "is confirmed and takes effect",
	"order.interim-imposed":       "suspends a member for the time being",
	"order.interim-reviewed":      "is reviewed",
	"order.interim-lifted":        "ends before its time",
	"order.stayed":                "is stayed by a court",
	"order.stay-lifted":           "is in force again: the stay is lifted",
	"order.quashed":               "is set aside for good",
	"order.conditions-met":        "has its conditions met",
	"order.enforced":              "ends a case and takes effect",
	"case.lodged":                 "is lodged",
	"case.acknowledged":           "is acknowledged: the complainant was told that the complaint has come",
	"case.late-allowed":           "may be looked into although it came late",
	"case.assigned":               "has its case manager",
	"case.message-sent":           "has one more message",
	"case.file-handed-in":         "has one more file of a party",
	"case.dismissed":              "is dismissed",
	"case.review-asked":           "is to be looked at by a lay reviewer",
	"case.dismissal-reviewed":     "was looked at by a lay reviewer",
	"case.dismissal-stood":        "is closed: nobody asked for a review",
	"case.offered":                "waits for the respondent to accept an advice or a warning",
	"case.offer-accepted":         "ends with an advice or a warning that the respondent accepts",
	"case.offer-declined":         "is investigated: the respondent did not accept what was offered",
	"case.settled":                "is settled",
	"case.investigation-opened":   "is investigated",
	"case.investigation-noted":    "has one more line in its log",
	"case.feedback-given":         "has been told of to the complainant",
	"case.evidence-admitted":      "has one more exhibit",
	"case.name-asked":             "waits for the complainant to say whether their name may be told",
	"case.name-answered":          "has the complainant's word on their name",
	"case.complaint-withdrawn":    "has no complainant any more",
	"case.charges-drafted":        "has its charges drafted",
	"case.charges-served":         "has its charges served",
	"case.charges-answered":       "has an answer to its charges",
	"case.paused":                 "is paused",
	"case.resumed":                "goes on",
	"case.term-extended":          "has a longer term",
	"case.default-noted":          "has no answer to its charges in time; silence admits nothing",
	"case.default-reopened":       "can be answered after all",
	"case.panel-named":            "has its panel",
	"case.seats-filled":           "has more people on its panel",
	"case.panelist-challenged":    "has a panelist challenged",
	"case.challenge-ruled":        "has a challenge ruled on",
	"case.panelist-recused":       "loses a panelist",
	"case.hearing-set":            "has a day for its hearing",
	"case.hearing-adjourned":      "has a later day for its hearing",
	"case.heard":                  "is heard",
	"case.deliberation-noted":     "has a note of its panel",
	"case.vote-cast":              "has one more vote",
	"case.decided":                "is decided",
	"case.decision-signed":        "has its decision signed by a panelist",
	"case.decision-served":        "has its decision served",
	"case.appealed":               "is appealed",
	"case.appeal-decided":         "is decided on appeal",
	"case.appeal-decision-served": "has the decision on its appeal served",
	"case.sent-back":              "is to be heard anew, by others",
	"case.consent-proposed":       "has an order to which the respondent agrees, and the panel has yet to",
	"case.consent-approved":       "ends with an order to which respondent and panel agree",
	"case.consent-refused":        "is to be heard: the panel does not agree",
	"case.finalized":              "is final",
	"case.published":              "has its outcome put in force",
	"case.joined":                 "goes on as part of another case",
	"case.took-in":                "takes in another case",
	"case.split-off":              "is made of a part of another case",
	"case.extended-to":            "reaches another company of the same people",
	"case.order-linked":           "has an order that belongs to it",
	"case.hold-set":               "has its file held",
	"case.hold-released":          "has its file held no longer",
	"case.destroyed":              "has its file destroyed",
	"panelist.enlisted":           "is in the pool of panelists",
	"panelist.interests-declared": "has declared their interests",
	"panelist.struck":             "is in the pool no longer",
	"claim.reported":              "is reported",
	"claim.letter-served":         "has its letter served",
	"claim.answered":              "is answered",
	"claim.listing-proposed":      "is to be listed, and waits for a second officer",
	"claim.listed":                "is on the list of false claims",
	"claim.cured":                 "is cured, and comes off the list",
	"claim.dropped":               "is dropped",
	"claim.unlisted":              "is off the list",
	"charge.recorded":             "is recorded as served",
	"charge.closed":               "is closed",
	"notice.published":            "is published",
	"notice.corrected":            "is published as a correction",
	"person.invited":              "is invited",
	"person.registered":           "is taken in",
	"person.reinvited":            "is invited anew",
	"person.joined":               "accepts the invitation",
	"person.appointed":            "has one more role",
	"person.ended":                "has a role less",
	"person.corrected":            "has a new name or e-mail address",
	"person.forgotten":            "is forgotten: what is personal to them can never be read again",
	"provider.applied":            "asks to be approved as a provider of courses",
	"provider.approved":           "is approved: completions of its courses count",
	"provider.declined":           "is turned down as a provider of courses",
	"provider.ended":              "is approved no longer: what is completed from then on does not count",
	"course.offered":              "is put forward",
	"course.approved":             "is in the catalogue: its completions count",
	"course.declined":             "is turned down",
	"course.withdrawn":            "is withdrawn: what is completed from then on does not count",
	"credit.recorded":             "has one more credit on the ledger",
	"credit.claimed":              "asks for credit",
	"credit.decided":              "has a claim answered",
	"credit.reversed":             "has a credit reversed: it counts for nothing",
	"credit.held":                 "has a credit held, or let go, while an audit looks at it",
	"learner.waived":              "is freed of something that is owed",
	"learner.excused":             "is granted a leave",
	"learner.planned":             "may make up for a period that was missed",
	"audit.committed":             "has the hash of its seed on record",
	"audit.drawn":                 "has its sample drawn",
	"object.opened":               "is opened",
	"object.recovered":            "has its key handed out",
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
	if strings.Contains(id, "/") && e.Kind == "object.opened" { // words, and no object
		return fmt.Sprintf("What was confided in %s is read.", strings.Replace(id, "/", " ", 1))
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
