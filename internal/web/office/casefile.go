package office

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// What people confide is sealed. Whoever may read it says what for, on a page of its own: that is recorded first, once
// for all that the page then shows, and only then is it opened. The page is kept nowhere.

// paper is something that was confided in a case: what was written, when and by whom.
type paper struct {
	ui.Moment
	Title string // "The complaint"
	By    string // "the complainant"
	Side  string // "complainant", "respondent", "body": who wrote it
	Words []section
	At    int64 // position in the record

	sealed []confidence
}

// section is one text of a paper.
type section struct{ Label, Text string }

// confidence is a private value of an event, and what it is.
type confidence struct {
	label string
	value act.Private
}

// labelsOf say what a private value is, by the name of its field.
var labelsOf = map[string]string{
	"Account": "What happened", "Name": "Name", "Contact": "How to reach them", "Plan": "Plan", "Text": "", "Reason": "Reasons", "Reasons": "Reasons", "Statement": "Statement",
	"What": "What it is", "Record": "Record of the hearing", "Terms": "What was agreed", "How": "How that was seen",
}

// titlesOf say what a paper is, by the kind of its event; any other has the sentence of the event.
var titlesOf = map[string]string{
	"case.lodged": "The complaint", "case.late-allowed": "Why it may be looked into although it came late", "case.message-sent": "Message", "case.dismissed": "The dismissal",
	"case.review-asked": "Why a review is asked for", "case.dismissal-reviewed": "The lay reviewer’s word", "case.offered": "What is offered, and why", "case.settled": "The settlement",
	"case.investigation-opened": "The plan of the investigation", "case.investigation-noted": "The log", "case.feedback-given": "Feedback to the complainant",
	"case.evidence-admitted": "Exhibit", "case.file-handed-in": "A file that was handed in", "case.charges-drafted": "The charges", "case.charges-answered": "The answer to the charges", "case.term-extended": "Why there is more time",
	"case.default-reopened": "Why the default is reopened", "case.panelist-challenged": "A challenge", "case.challenge-ruled": "The ruling on a challenge", "case.panelist-recused": "Why a panelist stepped down",
	"case.hearing-adjourned": "Why the hearing moved", "case.heard": "The hearing", "case.deliberation-noted": "Note to the panel", "case.decided": "The decision", "case.appealed": "The appeal",
	"case.appeal-decided": "The decision on the appeal", "case.consent-proposed": "The agreed order", "case.consent-approved": "Why the panel agrees", "case.consent-refused": "Why the panel does not agree",
	"case.joined": "Why it was joined", "case.split-off": "Why it is a case of its own", "case.extended-to": "Why it reaches a successor",
}

// panelReads are the papers that a panel reads: those that the respondent has, too.
var panelReads = []string{
	"case.charges-drafted", "case.charges-answered", "case.evidence-admitted", "case.default-reopened", "case.hearing-adjourned", "case.heard", "case.decided", "case.appealed",
	"case.appeal-decided", "case.consent-proposed", "case.consent-approved", "case.consent-refused",
}

// reviewerReads are those that a lay reviewer of a dismissal reads.
var reviewerReads = []string{"case.lodged", "case.evidence-admitted", "case.dismissed", "case.review-asked"}

// confided returns what is private in an event.
func confided(e act.Event) (all []confidence) {
	v := reflect.ValueOf(e)
	for i := range v.NumField() {
		if p, ok := v.Field(i).Interface().(act.Private); ok && !p.Empty() {
			name := v.Type().Field(i).Name
			label, known := labelsOf[name]
			if !known {
				label = name
			}
			all = append(all, confidence{label, p})
		}
	}
	return all
}

// mostPapers bounds how many events of a case are read for its papers.
const mostPapers = 2000

// papers gathers, sealed, what was confided in a case under the keys of some owners, the oldest first. kinds narrows
// them down, nil takes all; after is a position that they come behind.
func (o *Office) papers(ctx context.Context, c ui.Chrome, id string, owners, kinds []string, after int64) (all []paper, err error) {
	found, err := o.Desk.Counter.Record.Search(ctx, record.Wanted{Subject: "case/" + id, After: after, Forward: true}, mostPapers)
	if err != nil {
		return nil, err
	}
	for _, e := range found.Events {
		kind, _, _ := strings.Cut(e.Kind, "/")
		if e.Stream != "case/"+id || kinds != nil && !slices.Contains(kinds, kind) || kind == "case.vote-cast" {
			continue
		}
		p := paper{Moment: ui.MomentOf(e.At, c.Zone), Title: titlesOf[kind], At: e.Position}
		if p.Title == "" {
			p.Title = ui.Happens(e)
		}
		if p.By, p.Side, err = o.writer(ctx, e); err != nil {
			return nil, err
		}
		p.dress(e.Event)
		for _, one := range confided(e.Event) {
			if slices.Contains(owners, one.value.Owner) && !(kinds != nil && kind == "case.lodged" && one.label != "What happened") {
				p.sealed = append(p.sealed, one)
			}
		}
		if len(p.sealed) > 0 {
			all = append(all, p)
		}
	}
	return all, nil
}

// dress gives a paper a title that says more.
func (p *paper) dress(e act.Event) {
	switch e := e.(type) {
	case cases.MessageSent:
		p.Title = "Message to the " + e.To
		if e.To == "body" {
			p.Title = "Message of the " + e.From
		}
	case cases.InvestigationNoted:
		p.Title = map[string]string{"step": "The log: a step", "plan": "The log: the plan changes", "counsel": "Counsel’s note, privileged"}[e.Kind]
	case cases.EvidenceAdmitted:
		p.Title = exhibitTitle(e)
	}
}

// openPapers has papers opened, once what for is recorded.
func (o *Office) openPapers(ctx context.Context, who ui.Who, about, purpose string, papers []paper) error {
	var values []act.Private
	for _, p := range papers {
		for _, one := range p.sealed {
			values = append(values, one.value)
		}
	}
	if len(values) == 0 {
		return nil
	}
	texts, err := o.Reveal(ctx, who, about, purpose, values...)
	if err != nil {
		return err
	}
	for i := range papers {
		for _, one := range papers[i].sealed {
			papers[i].Words = append(papers[i].Words, section{one.label, texts[0]})
			texts = texts[1:]
		}
	}
	return nil
}

// filePage is what was confided in a case; before it is opened, it asks what for.
type filePage struct {
	ui.Chrome
	Case     cases.Case
	Purposes []string
	Purpose  string // what it was opened for, "" while it is not
	Fault    string
	Papers   []paper
	Sealed   int
	Room     bool
	Back     string
}

// filePurposes are what a file is opened for.
var filePurposes = []string{
	"To screen the complaint", "To investigate it", "To draft or serve charges", "To answer a party", "To prepare the hearing", "To decide what is asked of the chair", "To prepare the publication",
	"To look after the file",
}

func (o *Office) caseFile(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.caseHere(r, who)
	switch {
	case err != nil:
		return err
	case !ok:
		return o.Desk.NotFound(w, r, c)
	case !o.readsFile(who, k):
		o.Desk.Problem(w, r, c, ui.Problem{Type: "/problems/not-allowed", Title: "This file is not yours to read", Status: http.StatusForbidden,
			Detail: "What people confided in a case is read by its case manager and the chair alone. Nothing was opened.", Cure: "Have the case assigned to you."})
		return nil
	}
	c.Title = "The file of case " + k.ID
	p := filePage{Chrome: c, Case: k, Purposes: purposesFor(k, who), Back: caseLink(k.ID)}
	papers, err := o.papers(r.Context(), c, k.ID, []string{"case/" + k.ID, "counsel/" + k.ID}, nil, 0)
	if err != nil {
		return err
	}
	return o.showPapers(w, r, who, p, papers, "case/"+k.ID)
}

// showPapers shows papers once somebody has said what for, and asks for that before.
func (o *Office) showPapers(w http.ResponseWriter, r *http.Request, who ui.Who, p filePage, papers []paper, about string) error {
	sent, ok := o.Desk.Sent(w, r, p.Chrome)
	if !ok {
		return nil
	}
	for _, one := range papers {
		p.Sealed += len(one.sealed)
	}
	if sent == nil || p.Case.Stage == cases.Destroyed {
		o.Desk.Show(w, r, http.StatusOK, "casefile", p)
		return nil
	}
	purpose := strings.TrimSpace(sent.Get("purpose"))
	if own := strings.TrimSpace(sent.Get("other")); own != "" {
		purpose = own
	}
	if !act.OneLine(purpose, 3, 200) {
		p.Fault = "Say in a line what you read it for. Nothing was opened."
		o.Desk.Show(w, r, http.StatusUnprocessableEntity, "casefile", p)
		return nil
	}
	if err := o.openPapers(r.Context(), who, about, purpose, papers); err != nil {
		return err
	}
	p.Purpose, p.Papers = strings.ToLower(purpose[:1])+purpose[1:], papers
	o.Desk.Show(w, r, http.StatusOK, "casefile", p)
	return nil
}

// purposesFor are the purposes that stand to reason, the likeliest first.
func purposesFor(k cases.Case, who ui.Who) []string {
	first := map[cases.Stage]int{
		cases.Lodged: 0, cases.Offered: 3, cases.Dismissed: 3, cases.UnderReview: 3, cases.Investigating: 1, cases.Charged: 4, cases.Heard: 3, cases.Decided: 3, cases.Served: 3,
		cases.Appealed: 3, cases.AppealDecided: 3, cases.Final: 6, cases.Closed: 7,
	}[k.Stage]
	if who.Role == "chair" && k.Stage != cases.Final {
		first = 5
	}
	return append([]string{filePurposes[first]}, append(slices.Clone(filePurposes[:first]), filePurposes[first+1:]...)...)
}

// sourceWords says where an exhibit comes from.
var sourceWords = map[string]string{
	"complainant": "from the complainant", "respondent": "from the respondent", "witness": "from a witness", "body": "found by the body", "public": "from a public source",
}

// exhibitTitle says which exhibit it is, and where it comes from.
func exhibitTitle(e cases.EvidenceAdmitted) string {
	title := "Exhibit " + strconv.Itoa(e.Number) + ", " + sourceWords[e.Source]
	if e.Anonymous {
		title += ", nobody stands by it with a name"
	}
	if e.Exculpate {
		title += ", speaks for the respondent"
	}
	return title
}
