package complaints

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// Case returns the address of the page of a case. Without the code it shows nothing but the question for it.
func Case(number string) string { return "/complaints/" + url.PathEscape(number) }

// readings bounds how often the words of a case are opened, which is recorded each time.
var readings = account.Limit{Name: "complaint-read", Most: 120, In: time.Hour}

// casePage shows the complainant where their case stands, and takes what they have to say.
type casePage struct {
	ui.Chrome
	Number  string
	Company string // name of the member
	Stands  stands
	Due     *ui.Moment // by when they are told what was done; nil once they were
	Said    string     // what has just been done, a sentence
	Notes   []string   // on a file that was handed in, sentences
	Files   []file     // that they handed in
	Takes   bool       // files are taken
	Wrong   []ui.Fault // why it was not
	Words   []word     // in order
	History []passage
	Typed   map[string]string // what was typed and not taken, by what it was for
	Keys    map[string]string // idempotency keys, by what is asked for

	Writes, Names, Withdraws, Reviews bool       // what they can do now
	ReviewBy                          *ui.Moment // until when they can ask for a review
	Agreed                            bool       // their name may be told
}

// word is something that was written, by whom and when.
type word struct {
	At    ui.Moment
	Whose string // "You", "The body", …
	Mine  bool
	Title string // what it is
	Text  string
}

// file is one that the complainant handed in.
type file struct {
	Object, What string
	At           ui.Moment
}

// passage is something that happened.
type passage struct {
	At   ui.Moment
	What string // a sentence
}

// caseVisit is a visit to a case by its complainant.
type caseVisit struct {
	*visit
	c      cases.Case
	stream string
}

// ofCase is a page for whoever complained. A case of somebody else's looks like none: the code is asked for.
func (x *Complaints) ofCase(p func(*caseVisit) error) page {
	return func(v *visit) error {
		number := v.r.PathValue("case")
		if !v.in || v.session.Case == "" || v.session.Case != number {
			return x.strayed(v)
		}
		state, _, err := x.Counter.Record.State(v.r.Context(), "case/"+number)
		if err != nil {
			return err
		}
		c, _ := state.(cases.Case)
		if c.Complainant.Receipt == "" || c.Complainant.Receipt != cases.ReceiptHash(v.receipt()) {
			return x.strayed(v)
		}
		return p(&caseVisit{v, c, "case/" + number})
	}
}

// receipt is the code by which the acts of a complainant are theirs.
func (v *visit) receipt() act.Personal { return act.NewPersonal("", v.session.Code) }

func (x *Complaints) followed(v *caseVisit) error {
	said := map[string]string{
		"sent": "Your complaint was sent. Its number is " + v.c.ID + ". You come back to this page with the code that you have kept.", "write": "Your message was sent.",
		"agree": "You have said that your name may be told with the charges.", "withhold": "You have said that your name stays untold.",
		"withdraw": "You have withdrawn your complaint.", "review": "A lay reviewer is asked to look at it.",
	}
	query := v.r.URL.Query()
	key := query.Get("done")
	if query.Get("sent") == "yes" {
		key = "sent"
	}
	return x.showCase(v, http.StatusOK, casePage{Said: said[key]})
}

func (x *Complaints) showCase(v *caseVisit, status int, p casePage) error {
	ctx, c := v.r.Context(), v.c
	v.Title, p.Number = "Your case "+c.ID, c.ID
	if len(p.Wrong) > 0 {
		v.Title = "Error: " + v.Title
	}
	m, ok, err := x.memberOf(v.visit, c.Member)
	if err != nil {
		return err
	}
	if p.Company = c.Member; ok {
		p.Company = m.Name
	}
	events, err := x.Counter.Record.Concerning(ctx, v.stream, x.Counter.Record.Position())
	if err != nil {
		return err
	}
	p.Chrome, p.Stands = v.Chrome, standing(c)
	if p.Words, p.Files, err = x.words(v, events); err != nil {
		return err
	}
	p.History = happened(events, v.Zone)
	early := c.Stage == cases.Lodged || c.Stage == cases.Offered || c.Stage == cases.Investigating
	p.Takes = c.IsOpen()
	p.Writes, p.Agreed = c.Stage != cases.Destroyed, c.Complainant.Agreed
	p.Names, p.Withdraws = early && c.Complainant.Asked && !c.Complainant.Withdrawn, early && !c.Complainant.Withdrawn
	for _, t := range c.Terms {
		if !t.Done.IsZero() {
			continue
		}
		due := ui.MomentOf(t.Due.Add(-time.Microsecond), v.Zone)
		switch t.Name {
		case cases.TermFeedback:
			p.Due = &due
		case cases.TermReview:
			p.Reviews, p.ReviewBy = c.Stage == cases.Dismissed && v.Now.Before(t.Due), &due
		}
	}
	p.Keys = map[string]string{}
	for _, what := range []string{"write", "name", "withdraw", "review", "file"} {
		p.Keys[what] = rand.Text()
	}
	x.show(v.visit, status, "case", p)
	return nil
}

// words opens what was written to and by the complainant, and what the files are that they handed in.
func (x *Complaints) words(v *caseVisit, events []act.Recorded) (all []word, files []file, err error) {
	var sealed, whats []act.Private
	add := func(e act.Recorded, whose, title string, text act.Private) {
		if text.Empty() {
			return
		}
		all = append(all, word{At: ui.MomentOf(e.At, v.Zone), Whose: whose, Mine: whose == "You", Title: title})
		sealed = append(sealed, text)
	}
	for _, e := range events {
		switch of := e.Event.(type) {
		case cases.CaseLodged:
			add(e, "You", "Your complaint", of.Account)
		case cases.MessageSent:
			switch {
			case of.From == "complainant":
				add(e, "You", "Message", of.Text)
			case of.To == "complainant":
				add(e, "The case manager", "Message", of.Text)
			}
		case cases.CaseDismissed:
			add(e, "The case manager", "Why the complaint was dismissed", of.Reason)
		case cases.ReviewAsked:
			add(e, "You", "Why it should be looked at again", of.Reason)
		case cases.DismissalReviewed:
			add(e, "The lay reviewer", "What the review found", of.Reason)
		case cases.FeedbackGiven:
			add(e, "The case manager", "What was done", of.Text)
		case cases.CaseSettled:
			add(e, "The case manager", "What was agreed", of.Terms)
		case cases.FileHandedIn:
			if of.From == "complainant" {
				files, whats = append(files, file{Object: of.Object, At: ui.MomentOf(e.At, v.Zone)}), append(whats, of.What)
			}
		}
	}
	if sealed = append(sealed, whats...); v.c.Stage == cases.Destroyed || len(sealed) == 0 {
		return nil, nil, nil
	}
	if err := x.Attempt(v.r.Context(), readings, v.stream); err != nil {
		return nil, nil, err
	}
	texts, err := x.Reveal(v.r.Context(), anyone, v.stream, "the complainant reads their case", sealed...)
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		all[i].Text = texts[i]
	}
	for i := range files {
		files[i].What = texts[len(all)+i]
	}
	return all, files, nil
}

// acted does what the complainant asks for on the page of their case.
func (x *Complaints) acted(v *caseVisit) error {
	if v.cut {
		return x.refuse(v, http.StatusRequestEntityTooLarge, "More was sent than is taken. The first part stands below: shorten it, or hand it in as a file.", nil)
	}
	text := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(v.sent.Get("text"), "\r\n", "\n"), "\ufffd"))
	what, key := v.sent.Get("_do"), v.sent.Get("_key")
	if !act.OneLine(key, 1, 100) {
		key = rand.Text()
	}
	if _, long := shortened(text, mostTyped); long {
		return x.refuse(v, http.StatusRequestEntityTooLarge, "This is longer than the "+thousands(mostTyped)+" characters that are taken. The first of them stand below: shorten it, or send it in parts. Nothing was sent.", nil)
	}
	var cmd any
	switch what {
	case "write":
		cmd = cases.WriteIn{Case: v.c.ID, Receipt: v.receipt(), Text: act.NewPrivate("", text)}
	case "review":
		cmd = cases.AskReview{Case: v.c.ID, Receipt: v.receipt(), Reason: act.NewPrivate("", text)}
	case "agree", "withhold", "withdraw":
		cmd = cases.AnswerName{Case: v.c.ID, Receipt: v.receipt(), Answer: what}
	case "": // the code was typed on the way
		v.to(Case(v.c.ID))
		return nil
	default:
		return x.missing(v.visit)
	}
	if err := x.Attempt(v.r.Context(), writings, v.stream); err != nil {
		return err
	}
	_, err := x.Counter.Ask(v.r.Context(), anyone, ui.Asked{Command: cmd, Key: "complainant-" + key, Expect: -1})
	if errors.Is(err, record.ErrKeyReused) { // not pressed twice, but written anew in a page that was sent before
		_, err = x.Counter.Ask(v.r.Context(), anyone, ui.Asked{Command: cmd, Key: "complainant-" + rand.Text(), Expect: -1})
	}
	if refusal, ok := act.Refused(err); ok {
		return x.refuse(v, http.StatusUnprocessableEntity, "", refusal)
	} else if err != nil {
		return err
	}
	v.to(Case(v.c.ID) + "?done=" + what)
	return nil
}

// refuse shows the page again with why something was not done. What was typed stands in it.
func (x *Complaints) refuse(v *caseVisit, status int, why string, refusal *act.Refusal) error {
	p := casePage{Typed: map[string]string{}}
	kept, _ := shortened(strings.ToValidUTF8(v.sent.Get("text"), "\ufffd"), mostTyped)
	p.Typed[v.sent.Get("_do")] = kept
	if refusal == nil {
		p.Wrong = []ui.Fault{{Text: why, Field: "text-" + v.sent.Get("_do")}}
	} else {
		for _, one := range refusal.All() {
			rule := one.Rule
			p.Wrong = append(p.Wrong, ui.Fault{Text: sentence(one.Detail), Rule: &rule})
		}
	}
	return x.showCase(v, status, p)
}
