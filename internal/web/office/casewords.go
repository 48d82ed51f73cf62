package office

import (
	"context"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

// stepWords say what happened in a case where the case need not be named, by the kind of the event. Another one has its
// sentence.
var stepWords = map[string]string{
	"case.lodged": "Complaint lodged", "case.acknowledged": "Complaint acknowledged", "case.late-allowed": "May be looked into although it came late", "case.assigned": "Given to a case manager",
	"case.dismissed": "Dismissed", "case.review-asked": "Review of the dismissal asked for", "case.dismissal-reviewed": "Dismissal reviewed", "case.dismissal-stood": "Closed: nobody asked for a review",
	"case.offered": "Advice or warning offered", "case.offer-accepted": "Offer accepted", "case.offer-declined": "Offer not accepted", "case.settled": "Settled",
	"case.investigation-opened": "Investigation opened", "case.investigation-noted": "Line in the log", "case.feedback-given": "Complainant told what was done", "case.evidence-admitted": "Evidence admitted",
	"case.file-handed-in": "File handed in", "case.name-asked": "Complainant asked about their name", "case.name-answered": "Word on the complainant’s name", "case.complaint-withdrawn": "Complaint withdrawn",
	"case.charges-drafted": "Charges drafted", "case.charges-served": "Charges served", "case.charges-answered": "Charges answered", "case.paused": "Paused", "case.resumed": "Resumed",
	"case.term-extended": "More time given", "case.default-noted": "No answer in time; that admits nothing", "case.default-reopened": "Default reopened", "case.panel-named": "Panel named",
	"case.seats-filled": "Seats filled", "case.panelist-challenged": "Panelist challenged", "case.challenge-ruled": "Challenge ruled on", "case.panelist-recused": "Panelist stepped down",
	"case.hearing-set": "Notice of the hearing", "case.hearing-adjourned": "Hearing moved", "case.heard": "Hearing held", "case.decided": "Decision written down", "case.decision-signed": "Decision signed by a panelist",
	"case.decision-served": "Decision served", "case.appealed": "Appeal lodged", "case.appeal-decided": "Appeal decided", "case.appeal-decision-served": "Decision on the appeal served",
	"case.sent-back": "Sent back, to be heard by others", "case.consent-proposed": "Agreed order before the panel", "case.consent-approved": "Panel agrees to the order", "case.consent-refused": "Panel does not agree",
	"case.finalized": "Final", "case.published": "In force", "case.joined": "Joined to another case", "case.took-in": "Another case taken in", "case.split-off": "Made of a part of another case",
	"case.extended-to": "Reaches a successor", "case.order-linked": "Order linked", "case.hold-set": "File held", "case.hold-released": "File released", "case.destroyed": "File destroyed",
	"claim.reported": "Reported", "claim.letter-served": "Letter served", "claim.answered": "Answer noted", "claim.listing-proposed": "Proposed to be listed", "claim.listed": "Listed", "claim.cured": "The mark is gone",
	"claim.dropped": "Dropped", "claim.unlisted": "Off the list",
}

// stepOf says what happened, and of a message between whom.
func stepOf(e act.Recorded) string {
	if m, ok := e.Event.(cases.MessageSent); ok {
		if m.To == "body" {
			return "Message of the " + m.From
		}
		return "Message to the " + m.To
	}
	kind, _, _ := strings.Cut(e.Kind, "/")
	if words, ok := stepWords[kind]; ok {
		return words
	}
	return strings.TrimSuffix(ui.Happens(e), ".")
}

// writer says who asked for something in a case: a party by its side, and who serves the body by name and role.
func (o *Office) writer(ctx context.Context, e act.Recorded) (by, side string, err error) {
	switch e.Role {
	case gate.Anyone, gate.Person:
		return "the complainant", "complainant", nil
	case gate.Representative, gate.ComplianceOfficer:
		return "the respondent", "respondent", nil
	case gate.System, gate.Clock:
		return "the system", "body", nil
	}
	name, err := o.nameOf(ctx, e.Actor)
	if name.Number == "" {
		return e.Actor, "body", err
	}
	return name.Words() + ", " + officeWords(e.Role), "body", err
}
