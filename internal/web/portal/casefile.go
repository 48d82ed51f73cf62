package portal

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// casePage is one case as the company that it is about knows it.
type casePage struct {
	ui.Chrome
	Row     view.CaseRow
	Stands  string
	Next    string // what comes next, sentences
	Line    caseLine
	Said    []string
	Can     []deed // what the company can do now, the most urgent first
	Words   []word // in order
	Charges []provision
	Named   string // the complainant's name, where it was told; ""
	Bench   []panelist
	Facts   []fact
	Papers  []paper
	Bundle  bool // there is one, and it is theirs to read
}

// deed is something that the company can do in a case.
type deed struct {
	Href, Do string
	Text     string // a sentence
	Grave    bool
	First    bool // it is what the case waits for
	Other    string
}

// word is something that was written, by whom and when.
type word struct {
	At    time.Time
	Whose string
	Mine  bool
	Title string
	Text  string
}

type provision struct {
	N        int // of the charge
	ID, Name string
	Finding  string // "" while there is none that was served
}

type panelist struct {
	Number, Name, Side string
	Works              string // name of the member where they work, ""
	Alternate          bool
	Presides           bool
	Challenged         bool
	CanChallenge       bool
}

type paper struct {
	Number int // of the exhibit, 0 for a file that was handed in
	Object string
	What   string
	Whose  string
	At     time.Time
}

func (p *Portal) caseFile(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	row, of, ok, err := p.against(r, who)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	stream := "case/" + row.ID
	events, err := p.Desk.Counter.Record.Concerning(ctx, stream, p.Desk.Counter.Record.Position())
	if err != nil {
		return err
	}
	c.Title, c.Active = "Case "+row.ID, casesPath
	page := casePage{Chrome: c, Row: row, Line: lineOf(row, c), Stands: stood(row.Stage, row.Outcome, row.Sanction), Next: nextOf(of, c)}
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	f := fileOf(events)
	page.Can = p.deeds(who, of, c)
	page.Facts = factsOf(of, f, c)
	if page.Charges, err = p.charges(ctx, of, f); err != nil {
		return err
	}
	if page.Bench, err = p.bench(ctx, who, of, c); err != nil {
		return err
	}
	page.Bundle = !of.Charges.Served.IsZero() && len(of.Evidence) > 0 && of.Stage != cases.Destroyed
	if err := p.open(ctx, who, stream, of, f, &page); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "case", page)
	return nil
}

// open opens what is sealed of a case and its respondent's to read, in one access.
func (p *Portal) open(ctx context.Context, who ui.Who, stream string, of cases.Case, f file, page *casePage) error {
	if of.Stage == cases.Destroyed {
		return nil
	}
	reader := cases.Reader{Actor: who.Actor, Role: who.Role, Member: of.Member} // for which they answer, perhaps as its heir
	sealed := append([]act.Private{}, f.texts...)
	var papers []paper
	for i, one := range f.papers {
		if of.Reads(reader, one.Object) && !(one.Number > 0 && contains(papers, one.Object)) {
			papers = append(papers, one)
			sealed = append(sealed, f.whats[i])
		}
	}
	named := of.Charges.Named && !f.name.Empty()
	if named {
		sealed = append(sealed, f.name)
	}
	if len(sealed) == 0 {
		return nil
	}
	texts, err := p.Reveal(ctx, who, stream, "the respondent reads its case", sealed...)
	if err != nil {
		return err
	}
	page.Words = f.words
	for i := range page.Words {
		page.Words[i].Text = texts[i]
	}
	for i := range papers {
		papers[i].What = texts[len(f.words)+i]
	}
	page.Papers = papers
	if named {
		page.Named = texts[len(texts)-1]
	}
	return nil
}

func contains(papers []paper, object string) bool {
	for _, one := range papers {
		if one.Object == object {
			return true
		}
	}
	return false
}

// charges are what the company is to answer, in the words of the text that bound it, and what was found on each.
func (p *Portal) charges(ctx context.Context, of cases.Case, f file) (all []provision, err error) {
	ids := of.Charges.Provisions
	if of.Charges.Served.IsZero() {
		if ids = nil; of.Stage == cases.Offered || of.Outcome == cases.OutcomeAccepted {
			ids = of.Offer.Provisions
		}
	}
	state, _, err := p.Desk.Counter.Record.State(ctx, "code")
	texts, _ := state.(governance.Code)
	for i, id := range ids {
		one := provision{N: i + 1, ID: id, Name: id}
		for _, v := range texts.Versions {
			if found, ok := v.Provision(id); ok && v.Label == of.Version {
				one.Name = found.Name()
			}
		}
		for _, found := range f.findings {
			if found.Charge == i+1 {
				if one.Finding = "not proven"; found.Proven {
					one.Finding = "proven"
				}
			}
		}
		all = append(all, one)
	}
	return all, err
}

// bench is who hears the case, by name: the company is told, and may object.
func (p *Portal) bench(ctx context.Context, who ui.Who, of cases.Case, c ui.Chrome) (all []panelist, err error) {
	may := p.may(who, "POST "+casesPath+"/{case}/challenge/{person}") && runs(of, cases.TermChallenge, c.Now)
	for i, seat := range of.Panel.Seats {
		person, err := p.Register.Person(ctx, seat.Person)
		if err != nil {
			return nil, err
		}
		one := panelist{Number: seat.Person, Name: person.Name, Side: "from the trade", Alternate: seat.Alternate, Presides: i == 0 && !seat.Alternate}
		if seat.Lay {
			one.Side = "from the public"
		}
		state, _, err := p.Desk.Counter.Record.State(ctx, "panelist/"+seat.Person)
		if err != nil {
			return nil, err
		}
		if pool, ok := state.(cases.Seated); ok && pool.Employer != "" {
			if m, err := p.Desk.Member(ctx, pool.Employer); err == nil {
				one.Works = m.Name
			}
		}
		for _, n := range of.Panel.Challenged {
			one.Challenged = one.Challenged || n == seat.Person
		}
		one.CanChallenge = may && !one.Challenged
		all = append(all, one)
	}
	return all, nil
}

// runs reports whether a term of a case runs, also while the case is paused.
func runs(of cases.Case, term string, now time.Time) bool {
	if !of.Paused.IsZero() {
		now = of.Paused
	}
	for _, t := range of.Terms {
		if t.Name == term && t.Done.IsZero() {
			return now.Before(t.Due)
		}
	}
	return false
}

// grounds say why a case is paused.
var grounds = map[string]string{
	"barred": "the law forbids you to answer", "court": "a court is seized of it", "illness": "somebody who is needed is ill", "mediation": "the parties mediate",
	"other-body": "another body goes first",
}

func factsOf(of cases.Case, f file, c ui.Chrome) (all []fact) {
	add := func(label, text string) {
		if text != "" {
			all = append(all, fact{label, text})
		}
	}
	day := func(d act.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.Start(c.Zone).In(c.Zone).Format("2 January 2006")
	}
	when := day(of.From)
	if to := day(of.To); to != when {
		when += " to " + to
	}
	add("About what happened", when)
	add("Judged by", "version "+of.Version+" of the code")
	if !of.Charges.Served.IsZero() {
		add("Charges served", of.Charges.Served.In(c.Zone).Format("2 January 2006"))
	}
	if !of.Hearing.On.IsZero() {
		add("Hearing", of.Hearing.On.In(c.Zone).Format("2 January 2006, 15:04 MST"))
		add("Where", f.hearing)
	}
	if !of.Decision.Service.On.IsZero() {
		add("Decision served", day(of.Decision.Service.On))
		add("Order", sanctionWords(of.Decision.Sanction))
	}
	if !of.Paused.IsZero() {
		add("Paused", of.Paused.In(c.Zone).Format("2 January 2006")+": "+grounds[f.paused])
	}
	return all
}

func sanctionWords(s cases.Sanction) string {
	if s.Measure == "" {
		return "None: nothing was proven"
	}
	text := strings.TrimPrefix(strings.TrimPrefix(measures[s.Measure], "an "), "a ")
	text = strings.ToUpper(text[:1]) + text[1:]
	if !s.Term.IsZero() {
		text += " for " + s.Term.Words()
	}
	if !s.Bar.IsZero() {
		text += fmt.Sprintf("; no readmission before %s have passed", s.Bar.Words())
	}
	return text
}
