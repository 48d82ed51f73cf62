package portal

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/exhibit"
	"shingle/internal/web/ui"
)

// filings bounds how often files are taken of one company, and how often the papers of a case are put together for it.
var filings = account.Limit{Name: "respondent-file", Most: 60, In: time.Hour}

// filesPage takes files of the company.
type filesPage struct {
	ui.Chrome
	Case   string
	Said   string   // what was handed in
	Notes  []string // on it, sentences
	Wrong  string   // why it was not, sentences
	What   string   // as it was typed
	Opened bool     // something can be handed in
}

// mostWhat is how many characters it takes to say what a file is.
const mostWhat = 500

func (p *Portal) showFiles(w http.ResponseWriter, r *http.Request, c ui.Chrome, status int, page filesPage) error {
	c.Title, c.Active = "Hand in a file", casesPath
	if page.Wrong != "" {
		c.Title = "Error: " + c.Title
	}
	page.Chrome = c
	p.Desk.Show(w, r, status, "files", page)
	return nil
}

func (p *Portal) files(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	_, of, ok, err := p.against(r, who)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	return p.showFiles(w, r, c, http.StatusOK, filesPage{Case: of.ID, Opened: of.IsOpen()})
}

// produce takes a file: it is looked at, cleaned and sealed under the key of the case at once. What makes it part of
// the case is the act that follows; where that is refused, the file goes.
func (p *Portal) produce(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	_, of, ok, err := p.against(r, who)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	if err := p.Attempt(ctx, filings, "member/"+who.Member); err != nil {
		return p.often(w, r, c, err)
	}
	page, stream := filesPage{Case: of.ID, Opened: of.IsOpen()}, "case/"+of.ID
	var taken ui.Exhibit
	err = ui.Uploaded(r, func(sent url.Values, name string, file io.Reader) (err error) {
		if page.What = strings.TrimSpace(sent.Get("what")); utf8.RuneCountInString(page.What) > mostWhat {
			return &exhibit.Refused{Why: fmt.Sprintf("what it is takes more than %d characters to say", mostWhat), Cure: "say it in fewer"}
		}
		taken, err = p.Exhibits.Take(ctx, stream, name, file)
		return err
	})
	var refused *exhibit.Refused
	switch {
	case errors.Is(err, ui.ErrNoFile):
		page.Wrong = "No file came with the form, or it did not come whole. Choose a file and send it again."
	case errors.As(err, &refused):
		page.Wrong = capital(refused.Why) + ". Nothing was kept: " + refused.Cure + "."
	case err != nil:
		return err
	}
	if page.Wrong != "" {
		return p.showFiles(w, r, c, http.StatusUnprocessableEntity, page)
	}
	label := taken.Name
	if page.What != "" {
		label += ": " + page.What
	}
	_, err = p.Desk.Counter.Ask(ctx, who, ui.Asked{Expect: -1, Command: cases.Produce{
		Case: of.ID, Member: who.Member, Object: taken.Object, SHA256: taken.SHA256, What: act.NewPrivate("", label),
	}})
	if err != nil {
		if dropped := p.Exhibits.Drop(ctx, stream, taken.Object); dropped != nil {
			return errors.Join(err, dropped)
		}
		if refusal, no := act.Refused(err); no {
			page.Wrong = refusal.Rule.Text + " " + refusal.Rule.Cure
			return p.showFiles(w, r, c, http.StatusUnprocessableEntity, page)
		}
		return err
	}
	return p.showFiles(w, r, c, http.StatusOK, filesPage{Case: of.ID, Opened: page.Opened, Said: "“" + ui.Isolated(taken.Name) + "” was handed in.", Notes: taken.Notes})
}

// often tells whoever tried too often when they may again; any other error is left as it is.
func (p *Portal) often(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) error {
	var many *account.TooMany
	if !errors.As(err, &many) {
		return err
	}
	problem, wait := ui.TooMany(w, many.Again.Sub(c.Now), "Nothing was changed. It is counted by company, so it may have been a colleague.")
	problem.Cure = "Try again in " + wait + "."
	p.Desk.Problem(w, r, c, problem)
	return nil
}

// paperOf hands out a file of a case.
func (p *Portal) paperOf(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	_, of, ok, err := p.against(r, who)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	f, x, err := p.Exhibits.Open(r.Context(), who, "case/"+of.ID, r.PathValue("object"), "the respondent prepares its defence")
	if errors.Is(err, ui.ErrNoExhibit) {
		return p.Desk.NotFound(w, r, c)
	} else if err != nil {
		return err
	}
	ui.SendExhibit(w, f, x)
	return nil
}

// made hands out a document that is made of a case.
func (p *Portal) made(name, as string, of func(r *http.Request, who ui.Who, id string, w io.Writer) error) ui.DeskPage {
	return func(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
		row, _, ok, err := p.against(r, who)
		if err != nil || !ok {
			return p.notOurs(w, r, c, err)
		}
		if err := p.Attempt(r.Context(), filings, "member/"+who.Member); err != nil {
			return p.often(w, r, c, err)
		}
		err = ui.SendMade(w, fmt.Sprintf(name, row.ID), as, func(w io.Writer) error { return of(r, who, row.ID, w) })
		if errors.Is(err, ui.ErrNoExhibit) {
			return p.Desk.NotFound(w, r, c)
		}
		return err
	}
}

func (p *Portal) fileRoutes() {
	d, at := &p.Desk, casesPath+"/{case}/"
	d.Handle("GET "+at+"files", p.files)
	d.Handle("POST "+at+"files", p.produce)
	d.Handle("GET "+at+"files/{object}", p.paperOf)
	d.Handle("POST "+at+"bundle", p.made("case-%s-bundle.pdf", "application/pdf", func(r *http.Request, who ui.Who, id string, w io.Writer) error {
		return p.Exhibits.Bundle(r.Context(), who, id, w)
	}))
	d.Handle("POST "+at+"copy", p.made("case-%s.zip", "application/zip", func(r *http.Request, who ui.Who, id string, w io.Writer) error {
		return p.Exhibits.Subject(r.Context(), who, id, "respondent", w)
	}))
}
