package office

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"shingle/internal/body/cases"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// Cases are confidential. Who looks after them (case managers and the chair) sees all of them but those of a company
// where they work, and those of which they complained themselves; an auditor sees how each was handled, and nothing
// that was confided; a panelist sees the room of the cases in which they sit. Everybody else finds nothing here, and
// it looks the same as what is not there.
//
// What may be done in a case is nowhere said in these pages: an act is tried at the counter (see [Office.try]), and
// what the rules would allow is offered.

const (
	atCases       = "GET /office/cases"
	atCase        = "GET /office/cases/{id}"
	atFile        = "GET /office/cases/{id}/file"
	atRoom        = "GET /office/cases/{id}/room"
	atCertificate = "GET /office/cases/{id}/certificate"
	atClaims      = "GET /office/claims"
	atPool        = "GET /office/panelists"
)

// caseRoutes adds the pages about cases.
func (o *Office) caseRoutes() {
	d := &o.Desk
	d.Handle(atCases, o.cases)
	d.Handle(atCase, o.caseOne)
	d.Handle(atCertificate, o.certificate)
	d.Handle(atFile, o.caseFile)
	d.Handle("POST /office/cases/{id}/file", o.caseFile)
	o.handleActs("/office/cases/{id}/acts/{kind}", o.caseAct)
	o.evidenceRoutes()
	d.Handle(atRoom, o.room)
	d.Handle("POST /office/cases/{id}/room", o.room)
	o.handleActs("/office/cases/{id}/room/acts/{kind}", o.roomAct)
	d.Handle("GET /office/cases.csv", o.casesCSV)
	d.Handle("GET /office/cases/dates", o.caseDates)
	d.Handle(atClaims, o.claims)
	d.Handle("GET /office/claims/{id}", o.claim)
	o.handleActs("/office/claims/{id}/acts/{kind}", o.claimAct)
	d.Handle(atPool, o.pool)
	o.handleActs("/office/panelists/{person}/acts/{kind}", o.poolAct)
}

var caseNumber = regexp.MustCompile(`^[0-9]{4}-[0-9]{4,9}$`)

// caseState returns a case as the record has it; a number that is none's has no stage.
func (o *Office) caseState(ctx context.Context, id string) (cases.Case, error) {
	if !caseNumber.MatchString(id) {
		return cases.Case{}, nil
	}
	state, _, err := o.Desk.Counter.Record.State(ctx, "case/"+id)
	if err != nil {
		return cases.Case{}, err
	}
	return state.(cases.Case), nil
}

// caseHere returns the case that the address names. ok is false where there is none, and where it is not for who
// looks: the two are answered alike.
func (o *Office) caseHere(r *http.Request, who ui.Who) (c cases.Case, ok bool, err error) {
	c, err = o.caseState(r.Context(), r.PathValue("id"))
	if err != nil || c.Stage == "" {
		return c, false, err
	}
	near, err := o.nearTo(r.Context(), who, c)
	return c, !near, err
}

// nearTo reports whether somebody is so close to a case that it is not theirs to look after: they work at a party, or
// complained.
func (o *Office) nearTo(ctx context.Context, who ui.Who, c cases.Case) (bool, error) {
	number, ok := who.Person()
	if !ok {
		return false, nil
	}
	if c.Complainant.Actor == who.Actor {
		return true, nil
	}
	w := o.Desk.Counter.Record.Look(ctx)
	works := flowbody.WorksAt(w, number, o.Desk.Now())
	return slices.ContainsFunc(partiesOf(c), func(m string) bool { return slices.Contains(works, m) }), w.Err()
}

// partiesOf are the members that have a stake in a case.
func partiesOf(c cases.Case) []string {
	all := append([]string{c.Member}, c.Heirs...)
	if c.Complainant.Member != "" {
		all = append(all, c.Complainant.Member)
	}
	return all
}

// sitsIn reports whether somebody has a seat in a case now.
func sitsIn(who ui.Who, c cases.Case) bool {
	number, ok := who.Person()
	return ok && who.Role == gate.Panelist && slices.ContainsFunc(c.Panel.Seats, func(s cases.Seat) bool { return s.Person == number })
}

// caseDoor returns where somebody finds a case: its page or its room; false for who has no business in it.
func (o *Office) caseDoor(ctx context.Context, who ui.Who, chrome ui.Chrome, id string) (href string, ok bool, err error) {
	c, err := o.caseState(ctx, id)
	if err != nil || c.Stage == "" {
		return "", false, err
	}
	if who.Role == gate.Panelist {
		ok, err := o.inRoom(ctx, who, chrome, c)
		return caseLink(id) + "/room", ok, err
	}
	if !o.sees(who, atCase) {
		return "", false, nil
	}
	near, err := o.nearTo(ctx, who, c)
	return caseLink(id), !near, err
}

// caseWaits returns where somebody finds a case that waits for their role; false where it waits for a colleague.
func (o *Office) caseWaits(ctx context.Context, who ui.Who, chrome ui.Chrome, id string) (href string, mine bool, err error) {
	href, mine, err = o.caseDoor(ctx, who, chrome, id)
	if err != nil || !mine || who.Role != gate.CaseManager {
		return href, mine, err
	}
	c, err := o.caseState(ctx, id)
	return href, c.Manager == "" || c.Manager == who.Actor, err
}

func caseLink(id string) string { return "/office/cases/" + url.PathEscape(id) }

func caseActLink(id, kind string, values ...string) string {
	return caseLink(id) + "/acts/" + kind + query(values...)
}

func roomActLink(id, kind string, values ...string) string {
	return caseLink(id) + "/room/acts/" + kind + query(values...)
}

// named is a person as a page names them.
type named struct{ Number, Name string }

// Words is the name, or the number where there is none to be told.
func (n named) Words() string {
	if n.Name == "" {
		return "Person " + n.Number
	}
	return ui.Isolated(n.Name)
}

// nameOf returns what a person is called; an actor that is no person has no name.
func (o *Office) nameOf(ctx context.Context, actor string) (named, error) {
	number, ok := strings.CutPrefix(actor, "person/")
	if !ok {
		return named{}, nil
	}
	p, err := o.Register.Person(ctx, number)
	if err != nil && !errors.Is(err, view.ErrNotFound) {
		return named{}, err
	}
	return named{number, p.Name}, nil
}

// caseStages says how far a case is, and what tone that has.
var caseStages = map[cases.Stage]struct{ label, tone string }{
	cases.Lodged:        {"To be screened", "plain"},
	cases.Offered:       {"An offer is out", "plain"},
	cases.Dismissed:     {"Dismissed", "plain"},
	cases.UnderReview:   {"Dismissal under review", "caution"},
	cases.Investigating: {"Investigated", "caution"},
	cases.Charged:       {"Charged", "caution"},
	cases.Heard:         {"Heard, deliberated", "caution"},
	cases.Decided:       {"Decided, to be served", "caution"},
	cases.Served:        {"Decided, may be appealed", "caution"},
	cases.Appealed:      {"On appeal", "caution"},
	cases.AppealDecided: {"Appeal decided, to be served", "caution"},
	cases.Final:         {"Final, to be put in force", "grave"},
	cases.Closed:        {"Closed", "plain"},
	cases.Destroyed:     {"File destroyed", "plain"},
}

// outcomeWords says how a case ended.
var outcomeWords = map[string]string{
	cases.OutcomeDismissed: "dismissed", cases.OutcomeAccepted: "accepted by the respondent", cases.OutcomeSettled: "settled", cases.OutcomeConsent: "ended by an order by consent",
	cases.OutcomeProven: "proven", cases.OutcomeNotProven: "not proven", cases.OutcomeSetAside: "set aside on appeal", cases.OutcomeJoined: "joined to another case",
}

// stageTitle is the stage in words; of a case that is over, with how it ended.
func stageTitle(c cases.Case) string {
	words := caseStages[c.Stage].label
	if c.Stage == cases.Closed && c.Outcome != "" {
		words += ": " + outcomeWords[c.Outcome]
	}
	return words
}

// measureWords is a sanction in words, e.g. "suspension for 60 days".
func measureWords(s cases.Sanction) string {
	if s.Measure == "" {
		return "no sanction"
	}
	words := strings.ReplaceAll(s.Measure, "-", " ")
	if s.Term.N > 0 {
		words += " for " + s.Term.Words()
	}
	return words
}

// termOf says for each term of a case what it is, and whom it binds.
var termWords = map[string]struct{ what, whose string }{
	cases.TermAcknowledge: {"Acknowledge the complaint", "the body"},
	cases.TermScreening:   {"Screen the complaint", "the body"},
	cases.TermFeedback:    {"Tell the complainant what was done", "the body"},
	cases.TermReview:      {"Ask for a review of the dismissal", "the complainant"},
	cases.TermOffer:       {"Accept what is offered", "the respondent"},
	cases.TermAnswer:      {"Answer the charges", "the respondent"},
	cases.TermReopen:      {"Have the default reopened", "the respondent"},
	cases.TermChallenge:   {"Challenge the panel", "the respondent"},
	cases.TermDecision:    {"Serve the decision", "the body"},
	cases.TermAppeal:      {"Appeal", "the respondent"},
}
